-- run as gate
-- The documented programs believe users.role, so naming a role there is granting it: whoever approves a user, or moves one to
-- another tenant, must be able to grant the role that stands in the row.

-- Whether the caller may let somebody be `named_role` in a tenant. To the CRM a CEO is one everywhere, whatever tenant the row names.
CREATE FUNCTION atalaya.may_name(named_role TEXT, place INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN atalaya.may_grant(named_role, CASE WHEN named_role <> 'ceo' THEN place END);
END
$$;

-- Whether the caller may put a user into a tenant: the one in which they are, or one where the caller may name their role.
-- STABLE, so it reads the row as it was before the statement that asks.
CREATE FUNCTION atalaya.may_place(target UUID, named_role TEXT, place INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.users u WHERE u.id = target AND u.tenant_id IS NOT DISTINCT FROM place)
        OR atalaya.may_name(named_role, place);
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.may_name(TEXT, INTEGER), atalaya.may_place(UUID, TEXT, INTEGER) TO atalaya_operator, atalaya_api;
