-- run as owner
-- The index of texts holds the first 32,768 characters of message and of payload. Comparing a text with an event costs the
-- product of their lengths and is deaf to limits and cancellations until it is done: ten megabytes and four hundred letters
-- took a quarter of a minute. Searches without the index look at the same (store::audit::sought).
-- `varchar(n)` cuts like left(), and lets short texts through without counting their characters.
-- A CRM that is being adopted has been given this index while it worked (steps/index_events.sql). Where one was adopted before,
-- it is built now, and writers wait for it: about half a minute for each million events.
DO $$
DECLARE
    trigrams CONSTANT TEXT := (
        SELECT format('%I.%I', n.nspname, c.opcname)
        FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        JOIN pg_catalog.pg_opclass c ON c.oid = x.indclass[0]
        JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
        WHERE i.relnamespace = 'public'::regnamespace AND i.relname = 'system_events_text_idx'
          AND pg_get_indexdef(i.oid) NOT LIKE '%character varying(32768)%');
BEGIN
    IF trigrams IS NOT NULL THEN
        DROP INDEX public.system_events_text_idx;
        EXECUTE format($i$CREATE INDEX system_events_text_idx ON public.system_events
            USING gin ((coalesce(message::varchar(32768), '') || E'\n' || coalesce(payload::text::varchar(32768), '')) %s)$i$, trigrams);
    END IF;
END
$$;
