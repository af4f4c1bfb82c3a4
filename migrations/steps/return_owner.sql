-- Adoption only. Run by the administrator with the same setting as steps/lend_owner.sql, also after a failure.
DO $$
BEGIN
    EXECUTE format('REVOKE atalaya_owner FROM %I', current_setting('atalaya.step_login'));
END
$$;
