-- run as gate
-- A counted read asks whether its caller's rights are still those that it was decided on, and counts itself, in one call: who the
-- caller is is looked up once, not four times, and the plans of the few statements in it are kept. It takes the place of
-- record_view.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether `decided_for` is the caller and `decided_on` the version of what they may, now; otherwise nothing was counted. The first
-- read per caller, type, tenant and minute is an event, the others add to the count.
CREATE FUNCTION atalaya.count_view(
    event_type TEXT, tenant_id INTEGER, request_id UUID, origin TEXT, decided_for UUID, decided_on BIGINT) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
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
    -- As facts_version() has it.
    IF decided_for IS DISTINCT FROM caller
        OR decided_on IS DISTINCT FROM (SELECT sum(f.version)::bigint FROM atalaya.facts_versions f
                                        WHERE f.user_id IN (caller, '00000000-0000-0000-0000-000000000000')) THEN
        RETURN FALSE;
    END IF;
    INSERT INTO atalaya.view_counts AS v (tenant_id, user_id, event_type, minute)
    VALUES (tenant_id, caller, event_type, date_trunc('minute', now(), 'UTC'))
    ON CONFLICT ON CONSTRAINT view_counts_key DO UPDATE SET count = v.count + 1
    RETURNING v.count INTO counted;
    IF counted = 1 THEN
        PERFORM atalaya.record_event(event_type, 'ok', tenant_id, NULL, NULL, request_id, origin, NULL, NULL);
    END IF;
    RETURN TRUE;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.count_view(TEXT, INTEGER, UUID, TEXT, UUID, BIGINT) TO atalaya_operator, atalaya_api;

DROP FUNCTION atalaya.record_view(TEXT, INTEGER, UUID, TEXT);
