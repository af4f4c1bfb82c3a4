-- run as gate
-- forget_wraps left a secret without anybody who could open it when all its recipients were removed at once.
CREATE OR REPLACE FUNCTION atalaya.forget_wraps(recipient UUID) RETURNS INTEGER
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
    IF EXISTS (SELECT FROM atalaya.secret_wraps w WHERE w.recipient_id = recipient AND NOT EXISTS (
            SELECT FROM atalaya.secret_wraps o JOIN atalaya.recipients r ON r.id = o.recipient_id AND r.removed_at IS NULL
            WHERE o.secret_version_id = w.secret_version_id)) THEN
        RAISE EXCEPTION 'nobody else could open what is encrypted to this recipient' USING ERRCODE = 'AT002';
    END IF;
    DELETE FROM atalaya.secret_wraps w WHERE w.recipient_id = recipient;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;
