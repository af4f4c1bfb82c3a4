-- run as gate
-- The index of texts looks at rows before anybody asks whose they are: what it found tells something of other tenants' texts,
-- by an error of the pattern or by the counters of the server. So only who sees the whole log may search by it; the others'
-- searches look through their own rows (store::audit::search).
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION atalaya.sees_whole_log() RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN atalaya.caller_id() IS NOT NULL AND atalaya.reaches_all() AND atalaya.sees_system()
       AND (atalaya.holds_all('audit.list') OR atalaya.holds_all('audit.read'));
END
$$;

ALTER FUNCTION atalaya.search_log(JSONB, TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT, INTEGER) RENAME TO search_whole_log;
REVOKE EXECUTE ON FUNCTION atalaya.search_whole_log(JSONB, TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT, INTEGER)
    FROM atalaya_operator, atalaya_api;

CREATE FUNCTION atalaya.search_log(
    filter JSONB, after TIMESTAMPTZ, before TIMESTAMPTZ, cursor_at TIMESTAMPTZ, cursor_id BIGINT, most INTEGER)
RETURNS TABLE (occurred_at TIMESTAMPTZ, id BIGINT)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF atalaya.caller_id() IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF NOT atalaya.sees_whole_log() THEN
        RAISE EXCEPTION 'the index of texts is for those who see the whole log' USING ERRCODE = 'AT002';
    END IF;
    RETURN QUERY SELECT * FROM atalaya.search_whole_log(filter, after, before, cursor_at, cursor_id, most);
END
$$;

GRANT EXECUTE ON FUNCTION
    atalaya.sees_whole_log(),
    atalaya.search_log(JSONB, TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ, BIGINT, INTEGER) TO atalaya_operator, atalaya_api;
