-- run as upkeep_direct_change
-- Both judges of a change ask for an event of its tenant (events_explain_their_own_tenant).

-- Internal: whether an event explains a change: it entered through the gate in the same transaction, by the same login, with
-- outcome ok, in the change's tenant or, where its type may, in the system scope, and its type names the table and the
-- operation. A type that everybody may record (no permission) explains one row, its actor's own; without own_row it explains nothing.
CREATE OR REPLACE FUNCTION atalaya.explained(change atalaya.change_records) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.system_events e
        JOIN atalaya.event_types t ON t.event_type = e.event_type
        JOIN atalaya.event_changes x ON x.event_type = e.event_type
        WHERE e.tx = change.tx AND e.cluster = change.cluster AND e.db_user = change.db_user
          AND e.outcome = 'ok' AND e.origin IN ('console', 'cli', 'api', 'upkeep')
          AND (change.tenant_id IS NULL OR e.tenant_id = change.tenant_id OR x.across AND e.tenant_id IS NULL)
          AND x.table_name = change.table_name AND x.operation = change.operation
          AND (x.own_row IS NULL AND (t.permission IS NOT NULL OR t.entry <> 'caller')
               OR change.row_count = 1
                  AND (change.operation = 'INSERT' OR change.before -> 0 ->> x.own_row = e.actor_id)
                  AND (change.operation = 'DELETE' OR change.after -> 0 ->> x.own_row = e.actor_id)));
END
$$;

-- Internal: marks what an event explains, judged once for each transaction, tenant, table and operation. What own_row
-- explains is left for the rounds.
CREATE OR REPLACE FUNCTION atalaya.pass_explained_changes() RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WITH waiting AS MATERIALIZED (
        SELECT c.id, c.tx, c.cluster, c.db_user, c.tenant_id, c.table_name, c.operation FROM atalaya.change_records c
        WHERE NOT c.checked AND c.tx IS DISTINCT FROM pg_current_xact_id_if_assigned()
        ORDER BY c.id LIMIT 50000 FOR UPDATE SKIP LOCKED
    ), kinds AS MATERIALIZED (
        SELECT DISTINCT w.tx, w.cluster, w.db_user, w.tenant_id, w.table_name, w.operation FROM waiting w
    ), passed AS MATERIALIZED (
        SELECT k.* FROM kinds k
        WHERE EXISTS (
            SELECT FROM public.system_events e
            JOIN atalaya.event_types t ON t.event_type = e.event_type
            JOIN atalaya.event_changes x ON x.event_type = e.event_type
            WHERE e.tx = k.tx AND e.cluster = k.cluster AND e.db_user = k.db_user
              AND e.outcome = 'ok' AND e.origin IN ('console', 'cli', 'api', 'upkeep')
              AND (k.tenant_id IS NULL OR e.tenant_id = k.tenant_id OR x.across AND e.tenant_id IS NULL)
              AND x.table_name = k.table_name AND x.operation = k.operation AND x.own_row IS NULL
              AND (t.permission IS NOT NULL OR t.entry <> 'caller'))
    )
    UPDATE atalaya.change_records c SET checked = TRUE
    FROM waiting w JOIN passed p ON p.tx = w.tx AND p.cluster = w.cluster AND p.db_user = w.db_user
        -- 0 is no tenant: a join on IS NOT DISTINCT FROM would compare each with each.
        AND coalesce(p.tenant_id, 0) = coalesce(w.tenant_id, 0) AND p.table_name = w.table_name AND p.operation = w.operation
    WHERE c.id = w.id;
END
$$;
