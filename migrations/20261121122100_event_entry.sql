-- run as gate
-- How events enter: only through here (and, by column grants, the legacy login's documented INSERT). The writer says what
-- was done, to what, with which outcome; who did it is taken from the session, never from an argument.

-- Internal: the one INSERT. Set-up functions and upkeep come straight here, with an actor of their own.
CREATE FUNCTION atalaya.write_event(
    event_type TEXT, severity TEXT, outcome TEXT, tenant_id INTEGER, actor_id TEXT, actor_label TEXT, actor_role TEXT,
    actor_kind TEXT, resource_type TEXT, resource_id TEXT, request_id UUID, origin TEXT, ip INET, note JSONB)
RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    written BIGINT;
BEGIN
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

CREATE FUNCTION atalaya.record_event(
    event_type TEXT, outcome TEXT, tenant_id INTEGER, resource_type TEXT, resource_id TEXT, request_id UUID, origin TEXT,
    ip INET, note JSONB)
RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    by_operator CONSTANT BOOLEAN := pg_has_role(session_user, 'atalaya_operator', 'USAGE');
    known atalaya.event_types;
    who RECORD;
    place INTEGER := tenant_id;
    details JSONB := note;
BEGIN
    IF caller IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    SELECT * INTO known FROM atalaya.event_types t WHERE t.event_type = event_type;
    IF NOT FOUND OR known.entry <> 'caller' THEN
        RAISE EXCEPTION 'event type % is not one that a caller records', event_type USING ERRCODE = 'AT003';
    END IF;
    IF outcome IS NULL OR outcome NOT IN ('ok', 'denied', 'failed') THEN
        RAISE EXCEPTION 'outcome is ok, denied or failed' USING ERRCODE = 'AT005';
    END IF;
    IF origin IS NULL OR origin <> ALL (CASE WHEN by_operator THEN '{console,cli}' ELSE '{api}' END::text[]) THEN
        RAISE EXCEPTION 'origin % is not one of this login', origin USING ERRCODE = 'AT005';
    END IF;
    IF octet_length(note::text) > 65536 OR length(resource_type) > 100 OR length(resource_id) > 400 THEN
        RAISE EXCEPTION 'the event is too large' USING ERRCODE = 'AT005';
    END IF;

    IF place IS NOT NULL AND NOT (atalaya.reaches_all() AND EXISTS (SELECT FROM public.tenants t WHERE t.id = place)
                                  OR place = ANY (atalaya.reached_tenants())) THEN
        -- What was refused in a tenant out of reach must be recorded, but not in that tenant's log.
        IF outcome = 'ok' THEN
            RAISE EXCEPTION 'tenant % is out of reach', place USING ERRCODE = 'AT002';
        END IF;
        details := jsonb_build_object('attempted_tenant', place, 'note', note);
        place := NULL;
    END IF;
    -- Nobody claims to have done what they may not do.
    IF outcome = 'ok' AND known.permission IS NOT NULL AND NOT (
        atalaya.holds_all(known.permission)
        OR CASE WHEN place IS NULL THEN cardinality(atalaya.tenants_where(known.permission)) > 0
                ELSE place = ANY (atalaya.tenants_where(known.permission)) END) THEN
        RAISE EXCEPTION 'event type % asks for %', event_type, known.permission USING ERRCODE = 'AT002';
    END IF;

    SELECT u.email, u.role INTO STRICT who FROM public.users u WHERE u.id = caller;
    RETURN atalaya.write_event(
        event_type,
        CASE WHEN outcome <> 'ok' AND known.severity = 'info' THEN 'warning' ELSE known.severity END,
        outcome, place, caller::text, who.email, who.role, CASE WHEN by_operator THEN 'operator' ELSE 'user' END,
        coalesce(resource_type, known.resource_type), resource_id, request_id, origin,
        -- An operator's address is the connection's own; the API reports its client's.
        CASE WHEN by_operator THEN inet_client_addr() ELSE ip END, details);
END
$$;

-- Counted reads: the first per caller, type, tenant and minute is an event, the others add to the count.
CREATE FUNCTION atalaya.record_view(event_type TEXT, tenant_id INTEGER, request_id UUID, origin TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
    counted BIGINT;
BEGIN
    IF caller IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF NOT EXISTS (SELECT FROM atalaya.event_types t WHERE t.event_type = event_type AND t.audit = 'counted') THEN
        RAISE EXCEPTION 'event type % is not counted', event_type USING ERRCODE = 'AT003';
    END IF;
    INSERT INTO atalaya.view_counts AS v (tenant_id, user_id, event_type, minute)
    VALUES (tenant_id, caller, event_type, date_trunc('minute', now()))
    ON CONFLICT ON CONSTRAINT view_counts_key DO UPDATE SET count = v.count + 1
    RETURNING v.count INTO counted;
    IF counted = 1 THEN
        PERFORM atalaya.record_event(event_type, 'ok', tenant_id, NULL, NULL, request_id, origin, NULL, NULL);
    END IF;
END
$$;

GRANT EXECUTE ON FUNCTION
    atalaya.record_event(TEXT, TEXT, INTEGER, TEXT, TEXT, UUID, TEXT, INET, JSONB),
    atalaya.record_view(TEXT, INTEGER, UUID, TEXT) TO atalaya_operator, atalaya_api;
GRANT EXECUTE ON FUNCTION
    atalaya.write_event(TEXT, TEXT, TEXT, INTEGER, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, UUID, TEXT, INET, JSONB)
    TO atalaya_owner, atalaya_upkeep_direct_change;
