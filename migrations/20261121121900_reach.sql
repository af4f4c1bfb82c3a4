-- run as gate
-- How far the caller may go: what the policies ask, once per statement (`(SELECT tenants_where(..))` is an InitPlan; a call
-- per row is a thousand times slower). The same grants as model::access reads.

-- Tenants in which the caller holds a permission by a grant for that tenant (or, in a limited API request, by any grant).
CREATE FUNCTION atalaya.tenants_where(wanted TEXT) RETURNS INTEGER[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    signed CONSTANT INTEGER[] := CASE WHEN caller IS NOT NULL THEN atalaya.signed_tenants() END;
BEGIN
    IF caller IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT t.tenant)
        FROM atalaya.grants g
        JOIN atalaya.role_permissions p ON p.role = g.role AND p.permission = wanted
        CROSS JOIN LATERAL (SELECT g.tenant_id AS tenant WHERE g.tenant_id IS NOT NULL AND (signed IS NULL OR g.tenant_id = ANY (signed))
                            UNION ALL
                            SELECT unnest(signed) WHERE g.tenant_id IS NULL AND signed IS NOT NULL) t
        WHERE g.user_id = caller), '{}');
END
$$;

-- Whether the caller holds a permission for all tenants. A limited API request never does.
CREATE FUNCTION atalaya.holds_all(wanted TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    RETURN caller IS NOT NULL
        AND EXISTS (SELECT FROM atalaya.grants g
                    JOIN atalaya.role_permissions p ON p.role = g.role AND p.permission = wanted
                    WHERE g.user_id = caller AND g.tenant_id IS NULL)
        AND atalaya.signed_tenants() IS NULL;
END
$$;

-- Whether the caller sees rows without a tenant.
CREATE FUNCTION atalaya.sees_system() RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN atalaya.holds_all('audit.system');
END
$$;

-- The floor: tenants in which the caller holds anything at all, and whether that is everywhere. The RESTRICTIVE policies
-- ask these, so that a careless permissive policy still lets nobody out of their tenants.
CREATE FUNCTION atalaya.reached_tenants() RETURNS INTEGER[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    signed CONSTANT INTEGER[] := CASE WHEN caller IS NOT NULL THEN atalaya.signed_tenants() END;
BEGIN
    IF caller IS NULL THEN
        RETURN '{}';
    END IF;
    IF signed IS NOT NULL AND EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = caller AND g.tenant_id IS NULL) THEN
        RETURN signed;
    END IF;
    RETURN coalesce((SELECT array_agg(DISTINCT g.tenant_id) FROM atalaya.grants g
                     WHERE g.user_id = caller AND g.tenant_id IS NOT NULL
                       AND (signed IS NULL OR g.tenant_id = ANY (signed))), '{}');
END
$$;

CREATE FUNCTION atalaya.reaches_all() RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    RETURN caller IS NOT NULL
        AND EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = caller AND g.tenant_id IS NULL)
        AND atalaya.signed_tenants() IS NULL;
END
$$;

-- Names of the tenants that the caller reaches, for filters and labels; tenants.list is not needed to know where one works.
CREATE FUNCTION atalaya.tenant_names() RETURNS TABLE (id INTEGER, name TEXT, status TEXT)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    everywhere CONSTANT BOOLEAN := atalaya.reaches_all();
    reached CONSTANT INTEGER[] := atalaya.reached_tenants();
BEGIN
    RETURN QUERY SELECT t.id, t.clinic_name, t.status FROM public.tenants t
                 WHERE everywhere OR t.id = ANY (reached) ORDER BY t.id;
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.tenants_where(TEXT), atalaya.holds_all(TEXT), atalaya.sees_system(),
    atalaya.reached_tenants(), atalaya.reaches_all(), atalaya.tenant_names() TO atalaya_operator, atalaya_api;
GRANT EXECUTE ON FUNCTION atalaya.holds_all(TEXT) TO atalaya_roles;
