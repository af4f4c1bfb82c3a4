-- run as upkeep_direct_change
-- Explained changes took the place of the others in the queue: 1,000 a run, one event for as many as anybody likes, so that a
-- flood of them kept an alarm away. They are passed as a set.

-- Internal: marks what an event explains, judged once for each transaction, table and operation. What own_row
-- explains is left for the rounds.
CREATE FUNCTION atalaya.pass_explained_changes() RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WITH waiting AS MATERIALIZED (
        SELECT c.id, c.tx, c.cluster, c.db_user, c.table_name, c.operation FROM atalaya.change_records c
        WHERE NOT c.checked AND c.tx IS DISTINCT FROM pg_current_xact_id_if_assigned()
        ORDER BY c.id LIMIT 50000 FOR UPDATE SKIP LOCKED
    ), kinds AS MATERIALIZED (
        SELECT DISTINCT w.tx, w.cluster, w.db_user, w.table_name, w.operation FROM waiting w
    ), passed AS MATERIALIZED (
        SELECT k.* FROM kinds k
        WHERE EXISTS (
            SELECT FROM public.system_events e
            JOIN atalaya.event_types t ON t.event_type = e.event_type
            JOIN atalaya.event_changes x ON x.event_type = e.event_type
            WHERE e.tx = k.tx AND e.cluster = k.cluster AND e.db_user = k.db_user
              AND e.outcome = 'ok' AND e.origin IN ('console', 'cli', 'api', 'upkeep')
              AND x.table_name = k.table_name AND x.operation = k.operation AND x.own_row IS NULL
              AND (t.permission IS NOT NULL OR t.entry <> 'caller'))
    )
    UPDATE atalaya.change_records c SET checked = TRUE
    FROM waiting w JOIN passed p ON p.tx = w.tx AND p.cluster = w.cluster AND p.db_user = w.db_user
        AND p.table_name = w.table_name AND p.operation = w.operation
    WHERE c.id = w.id;
END
$$;

CREATE OR REPLACE FUNCTION atalaya.note_direct_changes() RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s'
AS $$
DECLARE
    -- The CRM's own login works on these as it always did; elsewhere it alarms like anybody (CONTRACT, Database).
    documented CONSTANT TEXT[] := '{public.tenants,public.users,public.leads,public.credentials}';
    most CONSTANT INTEGER := 1000;
    seen INTEGER := 0;
    reached BIGINT := 9223372036854775807;
    found_record atalaya.change_records;
    held BOOLEAN;
    noted INTEGER := 0;
BEGIN
    -- An operator who is not active is nobody. The API's server and set-up do upkeep without a user.
    IF atalaya.caller_id() IS NULL AND NOT pg_has_role(session_user, 'atalaya_api', 'USAGE')
       AND NOT pg_has_role(session_user, 'atalaya_owner', 'MEMBER') THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    -- One at a time: what one console is about to commit looks to the next like records that somebody holds. Whoever never
    -- lets go is not waited for.
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('atalaya.note_direct_changes', 0));
    EXCEPTION WHEN lock_not_available THEN
        NULL;
    END;
    PERFORM atalaya.pass_explained_changes();
    FOREACH held IN ARRAY ARRAY[FALSE, TRUE] LOOP
        FOR found_record IN EXECUTE
            'SELECT * FROM atalaya.change_records c
             WHERE NOT c.checked AND c.tx IS DISTINCT FROM pg_current_xact_id_if_assigned() '
            || CASE WHEN held
                    -- What the first round could not take. Not marked: its holder would be waited for.
                    THEN 'AND c.id <= $1 AND c.recorded_at < clock_timestamp() - INTERVAL ''1 minute'' ORDER BY c.id'
                    ELSE 'AND c.id <= $1 ORDER BY c.id LIMIT $2 FOR UPDATE SKIP LOCKED' END
            USING reached, most
        LOOP
            IF NOT held THEN
                UPDATE atalaya.change_records SET checked = TRUE WHERE id = found_record.id;
                seen := seen + 1;
                IF seen = most THEN
                    reached := found_record.id;
                END IF;
            END IF;
            CONTINUE WHEN atalaya.explained(found_record);
            CONTINUE WHEN found_record.table_name = ANY (documented) AND found_record.operation <> 'TRUNCATE'
                AND EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = found_record.db_user AND NOT r.rolsuper
                            AND pg_has_role(r.oid, 'atalaya_legacy', 'USAGE'));
            CONTINUE WHEN EXISTS (
                SELECT FROM public.system_events e
                WHERE e.request_id = atalaya.report_of(found_record.id, found_record.cluster)
                  AND e.event_type = 'db.direct_change' AND e.origin = 'upkeep');
            PERFORM atalaya.write_event(
                'db.direct_change', 'critical', 'ok', found_record.tenant_id, found_record.db_user::text, found_record.db_user::text,
                NULL, 'system', 'table', found_record.table_name, atalaya.report_of(found_record.id, found_record.cluster),
                'upkeep', NULL,
                jsonb_build_object('change_record', found_record.id::text, 'operation', found_record.operation,
                                   'rows', found_record.row_count, 'db_user', found_record.db_user,
                                   'at', found_record.recorded_at, 'tx', found_record.tx::text));
            noted := noted + 1;
        END LOOP;
    END LOOP;
    RETURN noted;
END
$$;
