-- run as gate
-- A transaction that shows the past, or a statement that takes long, still finds a caller whom somebody suspended meanwhile.
-- What is written last in either, the change record and the event, asks again, of the present.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Internal. Volatile: each of its statements sees what is committed by then, where the transaction lets it.
CREATE FUNCTION atalaya.assert_caller_is_active() RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Logins of operators are called so, by their installation (check_operator_call), also when nothing else of theirs is left.
    -- The API is nobody at all while somebody signs in; whom it acts for is signed for one transaction.
    IF session_user::text !~ '^atalaya_[0-9a-f]{12}_' OR pg_has_role(session_user, 'atalaya_api', 'USAGE') THEN
        RETURN;
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'an operator writes in READ COMMITTED only' USING ERRCODE = 'AT006';
    END IF;
    IF atalaya.caller_id() IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
END
$$;

CREATE FUNCTION atalaya.check_author() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM atalaya.assert_caller_is_active();
    RETURN NULL;
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.check_author() TO atalaya_owner;

CREATE OR REPLACE FUNCTION atalaya.write_event(
    event_type TEXT, severity TEXT, outcome TEXT, tenant_id INTEGER, actor_id TEXT, actor_label TEXT, actor_role TEXT,
    actor_kind TEXT, resource_type TEXT, resource_id TEXT, request_id UUID, origin TEXT, ip INET, note JSONB)
RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    written BIGINT;
BEGIN
    PERFORM atalaya.assert_caller_is_active();
    INSERT INTO public.system_events (event_type, severity, message, payload, tenant_id, actor_id, actor_label, actor_kind,
                                      resource_type, resource_id, ip, request_id, origin, outcome)
    VALUES (event_type, severity,
            format('%s@%s: %s', coalesce(actor_role, actor_kind), coalesce(actor_label, 'unknown'), event_type),
            -- The documented keys, for the readers that know only these.
            jsonb_build_object(
                'user_id', actor_id, 'user_email', actor_label, 'user_role', actor_role, 'resource_id', resource_id,
                'details', note, 'ip_address', host(ip), 'user_agent', note -> 'user_agent', 'path', note -> 'path',
                'method', note -> 'method', 'tenant_id', tenant_id),
            tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, ip, request_id, origin, outcome)
    RETURNING id INTO written;
    RETURN written;
END
$$;
