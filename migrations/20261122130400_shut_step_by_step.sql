-- run as roles
-- A login's owner could hold its row in pg_authid (ALTER ROLE CURRENT_USER in an open transaction), and shutting or revoking
-- it failed as a whole. Each step stands by itself now, CONNECT first, and whoever set the status, the CRM included, does not
-- fail because of a role: the status by itself shuts the console.
CREATE OR REPLACE FUNCTION atalaya.follow_status() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    opened CONSTANT NAME := CASE WHEN NEW.status = 'active' THEN NEW.db_role END;
    shut CONSTANT NAME := CASE WHEN OLD.db_role IS DISTINCT FROM opened THEN OLD.db_role END;
    -- Only logins of this installation, as check_operator_call knows them.
    ours CONSTANT TEXT := (SELECT '^atalaya_' || i.id || '_[a-z0-9_]{1,40}$' FROM atalaya.installation i);
BEGIN
    BEGIN
        IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = opened AND opened::text ~ ours AND NOT r.rolsuper
                   AND pg_has_role(r.oid, 'atalaya_operator', 'USAGE')) THEN
            EXECUTE format('ALTER ROLE %I LOGIN', opened);
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), opened);
        END IF;
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'the login of this user could not be opened: %', SQLERRM;
    END;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = shut AND shut::text ~ ours AND NOT r.rolsuper) THEN
        BEGIN
            EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), shut);
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'the login of this user still connects: %', SQLERRM;
        END;
        BEGIN
            -- Logins are cluster-wide: where a copy of this database lets the login in too, only this door closes.
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
                           WHERE d.datname <> current_database() AND a.grantee = shut::regrole AND a.privilege_type = 'CONNECT') THEN
                EXECUTE format('ALTER ROLE %I NOLOGIN', shut);
            END IF;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'the login of this user is not shut, only this database is: %', SQLERRM;
        END;
    END IF;
    RETURN NULL;
END
$$;

-- The role stays, without a way in: its name stands in events and must never mean somebody else.
CREATE OR REPLACE FUNCTION atalaya.revoke_operator(login NAME) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
BEGIN
    PERFORM atalaya.check_operator_call('operators.delete', login);
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), login);
    EXECUTE format('REVOKE atalaya_operator FROM %I', login);
    UPDATE public.users AS u SET db_role = NULL WHERE u.db_role = login;
    BEGIN
        EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);
    EXCEPTION WHEN lock_not_available THEN
        RAISE WARNING 'this login has no way in any more, but keeps its password: %', SQLERRM;
    END;
END
$$;
