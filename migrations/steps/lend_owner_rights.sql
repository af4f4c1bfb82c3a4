-- Reverting. Run by the administrator with the same setting as steps/lend_owner.sql: the CRM's login may do what atalaya_owner
-- may, and gets its tables back by itself. steps/return_owner.sql follows.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login CONSTANT TEXT := current_setting('atalaya.step_login');
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT atalaya_owner TO %I WITH INHERIT TRUE, SET TRUE', login);
    ELSE
        EXECUTE format('GRANT atalaya_owner TO %I', login);
    END IF;
END
$$;
