-- run as administrator
-- Makes the group roles with fixed names. They are cluster-wide, so another database of the same cluster may have made
-- them already: every statement is idempotent, and a role that has grown a power it must not have stops the run.
-- They open nothing by themselves: CONNECT is granted per login, and rights are rows (DESIGN 3, table of roles).
DO $$
DECLARE
    wanted record;
    present pg_catalog.pg_roles;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('atalaya_owner', FALSE, 'owns the tables of Atalaya'),
            ('atalaya_gate', FALSE, 'owns the functions that callers may use, and the keys they check with'),
            ('atalaya_roles', TRUE, 'owns enrol_operator and revoke_operator; granted to nobody'),
            ('atalaya_operator', FALSE, 'group of the console operators; each has a login of their own'),
            ('atalaya_api', FALSE, 'group of the API logins; they act for a user by a signed context'),
            ('atalaya_sealer', FALSE, 'seals the log'),
            ('atalaya_retention', FALSE, 'drops payloads that are past their retention'),
            ('atalaya_backup', FALSE, 'reads all tables by policy'),
            ('atalaya_legacy', FALSE, 'group of the login of the CRM that was there before'),
            ('atalaya_bi', FALSE, 'reporting views, read only'),
            ('atalaya_upkeep_session_touch', FALSE, 'owns the function that notes when a session was last seen'),
            ('atalaya_upkeep_direct_change', FALSE, 'owns the function that reports changes made past the programs')
        ) AS r (name, makes_roles, purpose)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT %s', wanted.name,
                               CASE WHEN wanted.makes_roles THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END);
                EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, 'Atalaya: ' || wanted.purpose);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- Another database of this cluster was quicker.
            END;
        END IF;
        SELECT * INTO STRICT present FROM pg_catalog.pg_roles WHERE rolname = wanted.name;
        IF present.rolsuper OR present.rolbypassrls OR present.rolcanlogin OR present.rolreplication
           OR (present.rolcreaterole AND NOT wanted.makes_roles) THEN
            RAISE EXCEPTION 'role % exists with rights it must not have', wanted.name
                USING ERRCODE = 'AT005', HINT = 'Let a DBA take LOGIN, SUPERUSER, BYPASSRLS, REPLICATION and CREATEROLE away.';
        END IF;
    END LOOP;
END
$$;

-- atalaya_roles may put logins into atalaya_operator, and neither use nor become it.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_auth_members m
        WHERE m.roleid = 'atalaya_operator'::regrole AND m.member = 'atalaya_roles'::regrole AND m.admin_option
    ) THEN
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE 'GRANT atalaya_operator TO atalaya_roles WITH ADMIN TRUE, INHERIT FALSE, SET FALSE';
        ELSE
            EXECUTE 'GRANT atalaya_operator TO atalaya_roles WITH ADMIN OPTION';
        END IF;
    END IF;
END
$$;
