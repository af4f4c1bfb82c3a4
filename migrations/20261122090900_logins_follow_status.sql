-- run as roles
-- A suspended user's login is shut, and opened again with the user: their rights end with the status anyway (caller_id), but
-- a login that still comes in can still hold locks and connections.
CREATE FUNCTION atalaya.follow_status() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    opened CONSTANT NAME := CASE WHEN NEW.status = 'active' THEN NEW.db_role END;
    shut CONSTANT NAME := CASE WHEN OLD.db_role IS DISTINCT FROM opened THEN OLD.db_role END;
    -- Only logins of this installation, as check_operator_call knows them.
    ours CONSTANT TEXT := (SELECT '^atalaya_' || i.id || '_[a-z0-9_]{1,40}$' FROM atalaya.installation i);
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = opened AND opened::text ~ ours AND NOT r.rolsuper
               AND pg_has_role(r.oid, 'atalaya_operator', 'USAGE')) THEN
        EXECUTE format('ALTER ROLE %I LOGIN', opened);
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), opened);
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = shut AND shut::text ~ ours AND NOT r.rolsuper) THEN
        EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), shut);
        -- Logins are cluster-wide: where a copy of this database lets the login in too, only this door closes.
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
                       WHERE d.datname <> current_database() AND a.grantee = shut::regrole AND a.privilege_type = 'CONNECT') THEN
            EXECUTE format('ALTER ROLE %I NOLOGIN', shut);
        END IF;
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    -- Whoever set the status, the CRM included, must not fail because of a role: the status by itself shuts the console.
    RAISE WARNING 'the login of this user could not follow the status: %', SQLERRM;
    RETURN NULL;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.follow_status() TO atalaya_owner;
