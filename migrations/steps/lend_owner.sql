-- Adoption only. Run by the administrator in one transaction with
--   SELECT set_config('atalaya.step_login', '<login of the CRM>', TRUE);
-- so that the CRM's login can hand its tables over (ALTER TABLE .. OWNER asks for that). steps/return_owner.sql follows.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login CONSTANT TEXT := current_setting('atalaya.step_login');
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT atalaya_owner TO %I WITH INHERIT FALSE, SET TRUE', login);
    ELSE
        EXECUTE format('GRANT atalaya_owner TO %I', login);
    END IF;
END
$$;
