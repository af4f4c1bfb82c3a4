-- run as gate
-- A view is removed by its owner; a shared one also by whoever may change the settings, because its owner may have left.
CREATE FUNCTION atalaya.remove_audit_view(view UUID) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM atalaya.audit_views v
    WHERE v.id = view
      AND (atalaya.holds_all('audit.list') OR v.tenant_id = ANY (atalaya.tenants_where('audit.list')))
      AND (v.owner_id = atalaya.caller_id()
           OR v.shared AND (atalaya.holds_all('settings.update') OR v.tenant_id = ANY (atalaya.tenants_where('settings.update'))));
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.remove_audit_view(UUID) TO atalaya_operator, atalaya_api;
