-- Adoption only. Runs as atalaya_owner in the transaction of 20261121121400_system_events.sql, before it: the CRM's events
-- step aside, and the file finds an empty table of the documents' shape in their place, so that it takes no longer than
-- that. steps/swap_after.sql brings the events back as the partition. Everything that looks at rows was done before
-- (prepare_events.sql, adopting_stamp.sql).
SET LOCAL client_min_messages = warning;
LOCK TABLE public.system_events IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.system_events RENAME TO adopting_events;
DROP TRIGGER adopting_stamp ON public.adopting_events;
DO $$
DECLARE
    own RECORD;
    payload CONSTANT REGCLASS := to_regclass('public.idx_system_events_payload');
BEGIN
    -- The log that the file makes has its own rules for rows, and a log answers to no other table.
    FOR own IN SELECT k.conname FROM pg_catalog.pg_constraint k WHERE k.conrelid = 'public.adopting_events'::regclass
        AND (k.contype IN ('p', 'f')
             OR k.contype = 'c' AND k.conname NOT IN ('adopting_until', 'system_events_severity_check', 'system_events_actor_kind_check',
                                                      'system_events_origin_check', 'system_events_outcome_check'))
    LOOP
        EXECUTE format('ALTER TABLE public.adopting_events DROP CONSTRAINT %I', own.conname);
    END LOOP;
    ALTER TABLE public.adopting_events ADD CONSTRAINT system_events_adopted_pkey PRIMARY KEY USING INDEX system_events_adopted_pkey;
    IF to_regclass('public.system_events_adopted_payload_idx') IS NULL THEN
        ALTER INDEX public.idx_system_events_payload RENAME TO system_events_adopted_payload_idx;
    END IF;
    -- What is the CRM's own keeps serving, unless its name is one that the file needs.
    FOR own IN SELECT i.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
               WHERE x.indrelid = 'public.adopting_events'::regclass
                 AND i.relname IN ('system_events_pkey', 'system_events_id_idx', 'system_events_tenant_idx', 'system_events_actor_idx',
                                   'system_events_outcome_idx', 'system_events_ip_idx', 'system_events_request_idx', 'system_events_tx_idx',
                                   'system_events_actor_label_idx', 'system_events_resource_idx', 'system_events_text_idx',
                                   'system_events_origin_idx')
    LOOP
        EXECUTE format('ALTER INDEX public.%I RENAME TO %I', own.relname, own.relname || '_crm');
    END LOOP;
END
$$;
CREATE TABLE public.system_events (
    id BIGINT NOT NULL DEFAULT nextval('public.system_events_id_seq'),
    event_type TEXT NOT NULL,
    severity TEXT DEFAULT 'info',
    message TEXT,
    payload JSONB,
    occurred_at TIMESTAMPTZ DEFAULT NOW(),
    CONSTRAINT system_events_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE public.system_events_id_seq OWNED BY public.system_events.id;
