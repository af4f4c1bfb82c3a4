-- Run by the administrator before migrations and set-up functions, and again after each file that says
-- "run as administrator" (it may have made a role). Lends the administrator the roles that own things; steps/close.sql
-- takes them back. Idempotent.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    lent NAME;
    modern CONSTANT BOOLEAN := current_setting('server_version_num')::int >= 160000;
BEGIN
    FOR lent IN
        SELECT rolname FROM pg_catalog.pg_roles
        WHERE rolname IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles') OR rolname LIKE 'atalaya\_upkeep\_%'
        ORDER BY rolname
    LOOP
        IF modern THEN
            -- INHERIT FALSE: the administrator's own statements gain nothing, only SET ROLE does.
            EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT FALSE, SET TRUE', lent);
        ELSE
            EXECUTE format('GRANT %I TO CURRENT_USER', lent);
        END IF;
    END LOOP;
    -- A further run finds the schema, whose CREATE the last run took back.
    IF to_regnamespace('atalaya') IS NOT NULL THEN
        SET LOCAL ROLE atalaya_owner;
        FOR lent IN
            SELECT rolname FROM pg_catalog.pg_roles
            WHERE rolname IN ('atalaya_gate', 'atalaya_roles') OR rolname LIKE 'atalaya\_upkeep\_%'
        LOOP
            EXECUTE format('GRANT USAGE, CREATE ON SCHEMA atalaya TO %I', lent);
        END LOOP;
        RESET ROLE;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'this administrator may not use the roles of Atalaya: %', SQLERRM
        USING ERRCODE = 'AT002', HINT = 'Another administrator of this cluster made them. Let that one, or a DBA, grant them WITH ADMIN OPTION.';
END
$$;
