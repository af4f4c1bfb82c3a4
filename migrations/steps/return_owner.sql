-- Adoption only. Run by the administrator with the same setting as steps/lend_owner.sql, also after a failure.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
BEGIN
    EXECUTE format('REVOKE atalaya_owner FROM %I', current_setting('atalaya.step_login'));
END
$$;
