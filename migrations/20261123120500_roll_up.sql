-- run as upkeep_roll_up
-- Keeps the sums of the log. First the base: the rows that one snapshot sees, in batches, so that it can be broken off and
-- resumed. Then, each time, the rows that came since: those of transactions which the last snapshot did not see and this
-- statement's does. Neither waits for a long transaction, and none of its rows is missed or counted twice.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Internal: the snapshot, seeing nothing of one transaction. A snapshot may or may not count the transaction that takes it among
-- the finished ones; what that writes later must not be taken for counted.
CREATE FUNCTION atalaya.snapshot_without(seen PG_SNAPSHOT, own XID8) RETURNS PG_SNAPSHOT
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF own >= pg_snapshot_xmax(seen) THEN
        RETURN seen;
    END IF;
    RETURN (SELECT format('%s:%s:%s', least(pg_snapshot_xmin(seen), own), pg_snapshot_xmax(seen), string_agg(u.running::text, ',' ORDER BY u.running))::pg_snapshot
            FROM (SELECT r.running FROM pg_snapshot_xip(seen) AS r (running) UNION SELECT own) u);
END
$$;

-- Adds up to `batch` rows of the base, or everything that came since the last time; answers how many rows that were. As long as
-- it answers `batch` or more, there may be more.
CREATE FUNCTION atalaya.roll_up(batch INTEGER) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = 'force_custom_plan'
AS $$
DECLARE
    here CONSTANT BIGINT := (pg_control_system()).system_identifier;
    own CONSTANT XID8 := pg_current_xact_id();
    state atalaya.event_roll_up;
    next_at TIMESTAMPTZ;
    next_id BIGINT;
    looked BIGINT;
    added BIGINT := 0;
BEGIN
    IF atalaya.caller_id() IS NULL AND NOT pg_has_role(session_user, 'atalaya_api', 'USAGE')
       AND NOT pg_has_role(session_user, 'atalaya_owner', 'MEMBER') THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF batch IS NULL OR batch NOT BETWEEN 1 AND 1000000 THEN
        RAISE EXCEPTION 'batch is from 1 to 1000000' USING ERRCODE = 'AT005';
    END IF;
    -- One at a time. Who holds it for long delays nothing but this: readers count what is missing.
    IF NOT pg_try_advisory_xact_lock(hashtextextended('atalaya.roll_up', 0)) THEN
        RETURN 0;
    END IF;
    INSERT INTO atalaya.event_roll_up (cluster, base) VALUES (here, atalaya.snapshot_without(pg_current_snapshot(), own))
    ON CONFLICT ON CONSTRAINT event_roll_up_pkey DO NOTHING;
    SELECT * INTO STRICT state FROM atalaya.event_roll_up FOR UPDATE;
    IF state.cluster <> here THEN
        -- Restored into another cluster, whose transactions have other numbers: everything anew.
        DELETE FROM atalaya.event_hours;
        DELETE FROM atalaya.event_days;
        DELETE FROM atalaya.event_roll_up;
        INSERT INTO atalaya.event_roll_up (cluster, base) VALUES (here, atalaya.snapshot_without(pg_current_snapshot(), own))
        RETURNING * INTO STRICT state;
    END IF;

    IF state.last IS NULL THEN
        WITH part AS MATERIALIZED (
            SELECT e.occurred_at, e.id, e.tenant_id, e.event_type, e.severity, e.outcome,
                   e.tx IS NULL OR e.cluster IS DISTINCT FROM here OR pg_visible_in_snapshot(e.tx, state.base) AS based
            FROM public.system_events e
            WHERE (e.occurred_at, e.id) > (state.reached_at, state.reached_id)
            ORDER BY e.occurred_at, e.id LIMIT batch
        ), hours AS (
            INSERT INTO atalaya.event_hours AS h (tenant_id, hour, event_type, severity, outcome, n)
            SELECT p.tenant_id, date_trunc('hour', p.occurred_at), p.event_type, p.severity, p.outcome, count(*) FROM part p WHERE p.based
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT ON CONSTRAINT event_hours_key DO UPDATE SET n = h.n + excluded.n
        ), days AS (
            INSERT INTO atalaya.event_days AS d (tenant_id, day, event_type, severity, outcome, n)
            SELECT p.tenant_id, date_trunc('day', p.occurred_at), p.event_type, p.severity, p.outcome, count(*) FROM part p WHERE p.based
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT ON CONSTRAINT event_days_key DO UPDATE SET n = d.n + excluded.n
        ), furthest AS (
            SELECT p.occurred_at, p.id FROM part p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 1
        )
        SELECT (SELECT count(*) FROM part), f.occurred_at, f.id INTO looked, next_at, next_id
        FROM (VALUES (1)) AS one LEFT JOIN furthest f ON TRUE;
        UPDATE atalaya.event_roll_up r SET
            reached_at = coalesce(next_at, r.reached_at), reached_id = coalesce(next_id, r.reached_id), rolled_at = clock_timestamp(),
            last = CASE WHEN looked < batch THEN r.base END;
        IF looked = batch THEN
            RETURN looked;
        END IF;
        state.last := state.base;
        added := looked;
    END IF;

    -- The snapshot of this statement is what pg_current_snapshot() gives in it.
    WITH fresh AS MATERIALIZED (
        SELECT e.occurred_at, e.tenant_id, e.event_type, e.severity, e.outcome
        FROM public.system_events e
        WHERE e.tx >= pg_snapshot_xmin(state.last) AND NOT pg_visible_in_snapshot(e.tx, state.last)
          AND e.cluster = here AND e.tx <> own
    ), hours AS (
        INSERT INTO atalaya.event_hours AS h (tenant_id, hour, event_type, severity, outcome, n)
        SELECT f.tenant_id, date_trunc('hour', f.occurred_at), f.event_type, f.severity, f.outcome, count(*) FROM fresh f
        GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT event_hours_key DO UPDATE SET n = h.n + excluded.n
    ), days AS (
        INSERT INTO atalaya.event_days AS d (tenant_id, day, event_type, severity, outcome, n)
        SELECT f.tenant_id, date_trunc('day', f.occurred_at), f.event_type, f.severity, f.outcome, count(*) FROM fresh f
        GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT event_days_key DO UPDATE SET n = d.n + excluded.n
    ), marked AS (
        UPDATE atalaya.event_roll_up r SET last = atalaya.snapshot_without(pg_current_snapshot(), own), rolled_at = clock_timestamp()
    )
    SELECT count(*) INTO looked FROM fresh;
    RETURN added + looked;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.roll_up(INTEGER) TO atalaya_operator, atalaya_api;
