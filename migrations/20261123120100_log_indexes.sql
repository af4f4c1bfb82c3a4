-- run as owner
-- Indexes for what the log is asked by: the actor's e-mail, its beginning too (bytes in order, hence "C"), and what an event
-- is about. And the search index over message and payload, where the extension is there. Months get them with the parent's.
-- The adopted partition has been given the same while its CRM worked (steps/index_events.sql): they are attached, not built.
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
            USING gin ((coalesce(message, '') || E'\n' || coalesce(payload::text, '')) %s)$i$, trigrams);
    END IF;
END
$$;
