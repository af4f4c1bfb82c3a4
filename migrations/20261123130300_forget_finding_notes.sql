-- run as gate
-- Takes a note back, or makes room for a new one: notes are not rewritten, so each says who wrote it.
CREATE FUNCTION atalaya.forget_finding_note(tenant_id INTEGER, rule TEXT, subject TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    IF NOT (atalaya.holds_all('audit.review') OR coalesce(tenant_id = ANY (atalaya.tenants_where('audit.review')), FALSE)) THEN
        RAISE EXCEPTION 'notes on findings ask for audit.review' USING ERRCODE = 'AT002';
    END IF;
    DELETE FROM atalaya.finding_notes n
    WHERE n.tenant_id IS NOT DISTINCT FROM tenant_id AND n.rule = rule AND n.subject = subject;
    RETURN FOUND;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.forget_finding_note(INTEGER, TEXT, TEXT) TO atalaya_operator, atalaya_api;
