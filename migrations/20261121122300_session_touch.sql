-- run as upkeep_session_touch
-- Upkeep: notes that the caller's session is alive, at most once a minute. FALSE: it has been ended, or is not the caller's.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION atalaya.touch_session(id UUID) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    UPDATE atalaya.sessions AS s SET last_seen_at = now()
    WHERE s.id = id AND s.user_id = caller AND s.ended_at IS NULL AND s.last_seen_at < now() - INTERVAL '1 minute';
    RETURN EXISTS (SELECT FROM atalaya.sessions s WHERE s.id = id AND s.user_id = caller AND s.ended_at IS NULL);
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.touch_session(UUID) TO atalaya_operator, atalaya_api;
