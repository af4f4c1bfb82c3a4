-- run as upkeep_direct_change
-- Upkeep: change records of finished transactions that no event of the same transaction explains become one
-- `db.direct_change` each. An event explains a change when it entered through the gate, by the same login, with outcome ok, and its
-- type names the table and the operation. A record and its event commit together, so a visible record is never too early.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION atalaya.note_direct_changes() RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- The CRM's own login works on these as it always did; elsewhere it alarms like anybody (CONTRACT, Database).
    documented CONSTANT TEXT[] := '{public.tenants,public.users,public.leads,public.credentials}';
    found_record atalaya.change_records;
    noted INTEGER := 0;
BEGIN
    FOR found_record IN
        SELECT * FROM atalaya.change_records c
        WHERE NOT c.checked AND c.tx IS DISTINCT FROM pg_current_xact_id_if_assigned()
        ORDER BY c.id LIMIT 1000
        -- Several consoles do this at once; each record is one's.
        FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE atalaya.change_records SET checked = TRUE WHERE id = found_record.id;
        CONTINUE WHEN EXISTS (
            SELECT FROM public.system_events e
            JOIN atalaya.event_changes x ON x.event_type = e.event_type
            WHERE e.tx = found_record.tx AND e.cluster = found_record.cluster AND e.db_user = found_record.db_user
              AND e.outcome = 'ok' AND e.origin IN ('console', 'cli', 'api', 'upkeep')
              AND x.table_name = found_record.table_name AND x.operation = found_record.operation);
        CONTINUE WHEN found_record.table_name = ANY (documented) AND found_record.operation <> 'TRUNCATE'
            AND EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = found_record.db_user AND NOT r.rolsuper
                        AND pg_has_role(r.oid, 'atalaya_legacy', 'USAGE'));
        PERFORM atalaya.write_event(
            'db.direct_change', 'critical', 'ok', found_record.tenant_id, found_record.db_user::text, found_record.db_user::text,
            NULL, 'system', 'table', found_record.table_name, NULL, 'upkeep', NULL,
            jsonb_build_object('change_record', found_record.id::text, 'operation', found_record.operation,
                               'rows', found_record.row_count, 'db_user', found_record.db_user,
                               'at', found_record.recorded_at, 'tx', found_record.tx::text));
        noted := noted + 1;
    END LOOP;
    RETURN noted;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.note_direct_changes() TO atalaya_operator, atalaya_api;
