-- Adoption only. Run by the administrator with the same setting as steps/lend_owner.sql, after the migrations: the CRM's
-- login becomes a member of atalaya_legacy, whose grants and policies its documented statements need.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login CONSTANT TEXT := current_setting('atalaya.step_login');
    held pg_catalog.pg_roles;
BEGIN
    SELECT * INTO held FROM pg_catalog.pg_roles WHERE rolname = login;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no role %', login USING ERRCODE = 'AT005';
    END IF;
    IF held.rolsuper OR held.rolbypassrls THEN
        RAISE EXCEPTION 'the CRM signs in as %, whom no policy binds', login
            USING ERRCODE = 'AT005', HINT = 'Give the CRM a login without SUPERUSER and BYPASSRLS first.';
    END IF;
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT atalaya_legacy TO %I WITH INHERIT TRUE, SET FALSE', login);
    ELSE
        IF NOT held.rolinherit THEN
            RAISE EXCEPTION 'role % is NOINHERIT and would use none of its grants', login
                USING ERRCODE = 'AT005', HINT = 'ALTER ROLE .. INHERIT first.';
        END IF;
        EXECUTE format('GRANT atalaya_legacy TO %I', login);
    END IF;
END
$$;
