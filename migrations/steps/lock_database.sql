-- Run by the owner of the database, after the migrations, with
--   SELECT set_config('atalaya.step_login', '<login that keeps CONNECT: the CRM's, or empty>', TRUE);
--   SELECT set_config('atalaya.step_administrator', '<the administrator>', TRUE);
--   SELECT set_config('atalaya.step_logins', '<a JSON array of other logins that keep CONNECT, or empty>', TRUE);
-- CONNECT and TEMPORARY leave PUBLIC: from here on each login is let in by name. atalaya_roles may pass CONNECT on, to the
-- operators it enrols. Idempotent.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login TEXT;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO atalaya_roles WITH GRANT OPTION', current_database());
    FOREACH login IN ARRAY ARRAY[current_setting('atalaya.step_login', TRUE), current_setting('atalaya.step_administrator', TRUE)]
        || ARRAY(SELECT jsonb_array_elements_text(coalesce(nullif(current_setting('atalaya.step_logins', TRUE), ''), '[]')::jsonb)) LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = login) THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
        END IF;
    END LOOP;
    -- Not being the owner of the database is a warning there, and an error here.
    IF EXISTS (SELECT FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
               WHERE d.datname = current_database() AND a.grantee = 0)
       OR NOT has_database_privilege('atalaya_roles', current_database(), 'CONNECT WITH GRANT OPTION') THEN
        RAISE EXCEPTION 'this login may not say who connects to %', current_database()
            USING ERRCODE = 'AT002', HINT = 'Run this as the owner of the database, or let a DBA do it.';
    END IF;
END
$$;
