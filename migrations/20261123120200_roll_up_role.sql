-- run as administrator
-- The role that owns the function which keeps sums of the log. Like those of group_roles: cluster-wide, memberless, idempotent.
DO $$
DECLARE
    present pg_catalog.pg_roles;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'atalaya_upkeep_roll_up') THEN
        BEGIN
            CREATE ROLE atalaya_upkeep_roll_up NOLOGIN NOINHERIT NOCREATEROLE;
            COMMENT ON ROLE atalaya_upkeep_roll_up IS 'Atalaya: owns the function that keeps sums of the log';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- Another database of this cluster was quicker.
        END;
    END IF;
    SELECT * INTO STRICT present FROM pg_catalog.pg_roles WHERE rolname = 'atalaya_upkeep_roll_up';
    IF present.rolsuper OR present.rolbypassrls OR present.rolcanlogin OR present.rolreplication OR present.rolcreaterole THEN
        RAISE EXCEPTION 'role % exists with rights it must not have', present.rolname
            USING ERRCODE = 'AT005', HINT = 'Let a DBA take LOGIN, SUPERUSER, BYPASSRLS, REPLICATION and CREATEROLE away.';
    END IF;
END
$$;
