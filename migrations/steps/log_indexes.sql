-- Adoption only. Run in the place of 20261123120100_log_indexes.sql, as atalaya_owner and under its name: the search index is made
-- as 20261130220000_text_index_of_beginnings.sql has it, so that the partition's, built while the CRM worked, is attached.
CREATE INDEX system_events_actor_label_idx ON public.system_events (actor_label COLLATE "C", occurred_at, id);
CREATE INDEX system_events_resource_idx ON public.system_events (resource_type, resource_id, occurred_at, id);
DO $$
DECLARE
    -- The CRM may have had the extension before, wherever it put it.
    trigrams CONSTANT TEXT := (
        SELECT format('%I.%I', n.nspname, c.opcname)
        FROM pg_catalog.pg_extension x
        JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
             AND d.classid = 'pg_opclass'::regclass AND d.deptype = 'e'
        JOIN pg_catalog.pg_opclass c ON c.oid = d.objid AND c.opcname = 'gin_trgm_ops'
        JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
        WHERE x.extname = 'pg_trgm');
BEGIN
    IF trigrams IS NOT NULL THEN
        EXECUTE format($i$CREATE INDEX system_events_text_idx ON public.system_events
            USING gin ((coalesce(message::varchar(32768), '') || E'\n' || coalesce(payload::text::varchar(32768), '')) %s)$i$, trigrams);
    END IF;
END
$$;
