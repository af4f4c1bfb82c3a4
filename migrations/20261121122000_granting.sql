-- run as gate
-- Nobody grants above their own rights, and nobody changes their own (DESIGN 1). Asked by the policies on grants, roles,
-- role_permissions and users.

-- Whether the caller may give (or take) a role in a tenant, NULL for all: they may assign roles there, and hold there, for
-- at least as many rows, everything that the role contains.
CREATE FUNCTION atalaya.may_grant(given_role TEXT, given_tenant INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    signed CONSTANT INTEGER[] := atalaya.signed_tenants();
    breadth CONSTANT TEXT[] := '{own,team,all}';
BEGIN
    IF caller IS NULL OR NOT EXISTS (SELECT FROM atalaya.roles r WHERE r.name = given_role)
       OR (signed IS NOT NULL AND (given_tenant IS NULL OR given_tenant <> ALL (signed))) THEN
        RETURN FALSE;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM (SELECT p.permission, p.rows FROM atalaya.role_permissions p WHERE p.role = given_role
                     UNION ALL VALUES ('roles.assign', 'own')) needed
        WHERE NOT EXISTS (
            SELECT FROM atalaya.grants g
            JOIN atalaya.role_permissions h ON h.role = g.role AND h.permission = needed.permission
            WHERE g.user_id = caller AND (g.tenant_id IS NULL OR g.tenant_id = given_tenant)
              AND array_position(breadth, h.rows) >= array_position(breadth, needed.rows)));
END
$$;

-- Whether the caller may put a permission into a role or take it out, which reaches everybody who has the role: they hold
-- it for all tenants and all rows, the role is not built in, and it is none of their own.
CREATE FUNCTION atalaya.may_shape_role(shaped_role TEXT, given_permission TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    RETURN caller IS NOT NULL
        AND atalaya.signed_tenants() IS NULL
        AND EXISTS (SELECT FROM atalaya.roles r WHERE r.name = shaped_role AND NOT r.built_in)
        AND NOT EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = caller AND g.role = shaped_role)
        AND (given_permission IS NULL
             OR EXISTS (SELECT FROM atalaya.grants g JOIN atalaya.role_permissions p ON p.role = g.role
                        WHERE g.user_id = caller AND g.tenant_id IS NULL AND p.permission = given_permission AND p.rows = 'all'));
END
$$;

-- Whether the caller may change another user's row: not their own, and only when every grant of that user lies where the
-- caller holds users.update. So nobody who runs one tenant can suspend somebody who works in another.
CREATE FUNCTION atalaya.may_administer(target UUID) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    everywhere CONSTANT BOOLEAN := atalaya.holds_all('users.update');
    tenants CONSTANT INTEGER[] := atalaya.tenants_where('users.update');
BEGIN
    RETURN caller IS NOT NULL AND target <> caller
        AND (everywhere OR NOT EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = target
                                       AND (g.tenant_id IS NULL OR g.tenant_id <> ALL (tenants))));
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.may_grant(TEXT, INTEGER), atalaya.may_shape_role(TEXT, TEXT), atalaya.may_administer(UUID)
    TO atalaya_operator, atalaya_api;
GRANT EXECUTE ON FUNCTION atalaya.may_grant(TEXT, INTEGER) TO atalaya_roles;

-- Cached facts go stale by version. Row by row, because UPDATE OF and transition tables exclude each other, and these
-- tables change rarely.
CREATE FUNCTION atalaya.bump_facts() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    touched UUID[];
BEGIN
    IF TG_ARGV[0] = 'everybody' OR TG_LEVEL = 'STATEMENT' THEN
        touched := ARRAY['00000000-0000-0000-0000-000000000000'::uuid];
    ELSIF TG_OP = 'INSERT' THEN
        touched := ARRAY[(to_jsonb(NEW) ->> TG_ARGV[0])::uuid];
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY[(to_jsonb(OLD) ->> TG_ARGV[0])::uuid];
    ELSE
        touched := ARRAY[(to_jsonb(OLD) ->> TG_ARGV[0])::uuid, (to_jsonb(NEW) ->> TG_ARGV[0])::uuid];
    END IF;
    INSERT INTO atalaya.facts_versions AS f (user_id, version)
    SELECT DISTINCT u, 1 FROM unnest(touched) u
    ON CONFLICT ON CONSTRAINT facts_versions_pkey DO UPDATE SET version = f.version + 1;
    RETURN NULL;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.bump_facts() TO atalaya_owner;
