-- run as gate
-- A recipient who is removed loses what was encrypted to them. Callers have no DELETE on a table (no_delete_for_callers); this
-- deletes by name, for whoever may remove recipients, and only of one who is removed.
CREATE FUNCTION atalaya.forget_wraps(recipient UUID) RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    forgotten INTEGER;
BEGIN
    IF NOT atalaya.holds_all('keys.delete') THEN
        RAISE EXCEPTION 'forgetting what was encrypted to a recipient asks for keys.delete over all tenants' USING ERRCODE = 'AT002';
    END IF;
    IF NOT EXISTS (SELECT FROM atalaya.recipients r WHERE r.id = recipient AND r.removed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'there is no removed recipient %', recipient USING ERRCODE = 'AT005';
    END IF;
    DELETE FROM atalaya.secret_wraps w WHERE w.recipient_id = recipient;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.forget_wraps(UUID) TO atalaya_operator, atalaya_api;
