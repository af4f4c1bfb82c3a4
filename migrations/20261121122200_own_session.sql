-- run as gate
-- What callers do to themselves: open and end their session, keep their own name.
CREATE FUNCTION atalaya.open_session(id UUID, kind TEXT, client TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    wanted CONSTANT TEXT := CASE WHEN pg_has_role(session_user, 'atalaya_operator', 'USAGE') THEN 'console' ELSE 'api' END;
BEGIN
    IF caller IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF id IS NULL OR kind IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'a session of this login has an id and is of kind %', wanted USING ERRCODE = 'AT005';
    END IF;
    INSERT INTO atalaya.sessions (tenant_id, id, user_id, kind, client, ip)
    SELECT u.tenant_id, id, caller, kind, left(client, 200), inet_client_addr()
    FROM public.users u WHERE u.id = caller;
END
$$;

-- TRUE when it ended now; FALSE when it is somebody else's, unknown, or over already.
CREATE FUNCTION atalaya.end_session(id UUID, reason TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    UPDATE atalaya.sessions AS s SET ended_at = clock_timestamp(), end_reason = left(reason, 200)
    WHERE s.id = id AND s.user_id = atalaya.caller_id() AND s.ended_at IS NULL;
    RETURN FOUND;
END
$$;

CREATE FUNCTION atalaya.update_own_profile(first_name TEXT, last_name TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    IF caller IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF length(first_name) > 200 OR length(last_name) > 200 THEN
        RAISE EXCEPTION 'a name has at most 200 characters' USING ERRCODE = 'AT005';
    END IF;
    UPDATE public.users AS u SET first_name = first_name, last_name = last_name, updated_at = now() WHERE u.id = caller;
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.open_session(UUID, TEXT, TEXT), atalaya.end_session(UUID, TEXT),
    atalaya.update_own_profile(TEXT, TEXT) TO atalaya_operator, atalaya_api;
