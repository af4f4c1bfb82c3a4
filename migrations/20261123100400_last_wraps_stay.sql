-- run as gate
-- Whoever removed the recipients one by one took with each what only that one could open, in the end everything. What nobody
-- else can open stays encrypted to a removed recipient now: their key still opens it, and nobody adds to it. To refuse the
-- whole call instead would let whoever writes one version to a single recipient keep that recipient from being removed.
CREATE OR REPLACE FUNCTION atalaya.forget_wraps(recipient UUID) RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    forgotten INTEGER;
    kept INTEGER;
BEGIN
    IF NOT atalaya.holds_all('keys.delete') THEN
        RAISE EXCEPTION 'forgetting what was encrypted to a recipient asks for keys.delete over all tenants' USING ERRCODE = 'AT002';
    END IF;
    -- An older snapshot would count on wraps that are gone by now.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'forgetting asks for READ COMMITTED' USING ERRCODE = 'AT005';
    END IF;
    -- Two at once would each count on the other's.
    PERFORM FROM atalaya.recipients r ORDER BY r.id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM atalaya.recipients r WHERE r.id = recipient AND r.removed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'there is no removed recipient %', recipient USING ERRCODE = 'AT005';
    END IF;
    DELETE FROM atalaya.secret_wraps w
    WHERE w.recipient_id = recipient
      AND EXISTS (SELECT FROM atalaya.secret_wraps o JOIN atalaya.recipients r ON r.id = o.recipient_id
                  WHERE o.secret_version_id = w.secret_version_id AND r.removed_at IS NULL);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    SELECT count(*) INTO kept FROM atalaya.secret_wraps w WHERE w.recipient_id = recipient;
    IF kept > 0 THEN
        RAISE WARNING '% versions that nobody else can open stay encrypted to this recipient', kept;
    END IF;
    RETURN forgotten;
END
$$;
