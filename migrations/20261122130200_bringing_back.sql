-- run as gate
-- Bringing a suspended user back gives them all that they hold, so it asks for the right to give it.
CREATE FUNCTION atalaya.may_bring_back(target UUID) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN atalaya.caller_id() IS NOT NULL
        AND NOT EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = target AND NOT atalaya.may_grant(g.role, g.tenant_id));
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.may_bring_back(UUID) TO atalaya_operator, atalaya_api;
