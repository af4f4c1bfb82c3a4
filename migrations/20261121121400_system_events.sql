-- run as owner
-- The log, partitioned by month. The documented table becomes one partition without being copied; the documented columns
-- come first, in their order, with their defaults, so that the documented statements stay valid.
-- Exception to "tenant in every key": `occurred_at` is the partition key and must lead; system events have no tenant.
-- The promoted columns are added without defaults, because a default would stamp the migrator on every old row.
-- Documented indexes: idx_system_events_type and _severity serve under their names with (occurred_at, id) added, because
-- pages are read in that order; _occurred is replaced by the primary key read backwards. _payload cannot be used under the
-- callers' row security (@> is not leakproof) and stays for the CRM's own statements, whose policy is TRUE.

SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
LOCK TABLE public.system_events IN ACCESS EXCLUSIVE MODE;

DO $$
BEGIN
    IF pg_get_serial_sequence('public.system_events', 'id') IS DISTINCT FROM 'public.system_events_id_seq' THEN
        RAISE EXCEPTION 'system_events.id does not draw from system_events_id_seq'
            USING ERRCODE = 'AT005', HINT = 'This is not the table that the documents describe. steps/inspect.sql says so before anything is changed.';
    END IF;
    IF EXISTS (SELECT FROM public.system_events WHERE occurred_at IS NULL) THEN
        RAISE EXCEPTION 'system_events has rows without occurred_at'
            USING ERRCODE = 'AT005', HINT = 'Give these rows a time, or move them elsewhere, then adopt again: it resumes here.';
    END IF;
END
$$;

ALTER SEQUENCE public.system_events_id_seq OWNED BY NONE;
ALTER TABLE public.system_events RENAME TO system_events_adopted;
ALTER TABLE public.system_events_adopted DROP CONSTRAINT system_events_pkey;
ALTER TABLE public.system_events_adopted DROP CONSTRAINT IF EXISTS system_events_severity_check;
DROP INDEX IF EXISTS public.idx_system_events_type;
DROP INDEX IF EXISTS public.idx_system_events_severity;
DROP INDEX IF EXISTS public.idx_system_events_occurred;
DROP INDEX IF EXISTS public.idx_system_events_payload;
ALTER TABLE public.system_events_adopted
    ALTER COLUMN id SET NOT NULL,
    ALTER COLUMN occurred_at SET NOT NULL,
    ADD COLUMN tenant_id INTEGER,
    ADD COLUMN actor_id TEXT,
    ADD COLUMN actor_label TEXT,
    ADD COLUMN actor_kind TEXT,
    ADD COLUMN db_user NAME,
    ADD COLUMN resource_type TEXT,
    ADD COLUMN resource_id TEXT,
    ADD COLUMN ip INET,
    ADD COLUMN request_id UUID,
    ADD COLUMN origin TEXT,
    ADD COLUMN outcome TEXT,
    ADD COLUMN recorded_at TIMESTAMPTZ,
    ADD COLUMN tx XID8,
    ADD COLUMN cluster BIGINT,
    ADD CONSTRAINT system_events_severity_check CHECK (severity IN ('info', 'warning', 'critical')),
    ADD CONSTRAINT system_events_actor_kind_check
        CHECK (actor_kind IN ('user', 'operator', 'service', 'legacy', 'anonymous', 'system')),
    ADD CONSTRAINT system_events_origin_check
        CHECK (origin IN ('console', 'api', 'cli', 'legacy', 'direct', 'upkeep')),
    ADD CONSTRAINT system_events_outcome_check CHECK (outcome IN ('ok', 'denied', 'failed'));

-- The promoted columns may be NULL: adopted rows have no `tx`, and get the others step by step (backfill_adopted_events).
CREATE TABLE public.system_events (
    id BIGINT NOT NULL DEFAULT nextval('public.system_events_id_seq'),
    event_type TEXT NOT NULL,
    severity TEXT DEFAULT 'info',
    message TEXT,
    payload JSONB,
    occurred_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    tenant_id INTEGER,
    actor_id TEXT,
    actor_label TEXT,
    actor_kind TEXT,
    db_user NAME DEFAULT session_user,
    resource_type TEXT,
    resource_id TEXT,
    ip INET,
    request_id UUID,
    origin TEXT,
    outcome TEXT,
    recorded_at TIMESTAMPTZ DEFAULT clock_timestamp(),
    tx XID8 DEFAULT pg_current_xact_id(),
    cluster BIGINT DEFAULT (pg_control_system()).system_identifier,
    CONSTRAINT system_events_pkey PRIMARY KEY (occurred_at, id),
    CONSTRAINT system_events_severity_check CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT system_events_actor_kind_check
        CHECK (actor_kind IN ('user', 'operator', 'service', 'legacy', 'anonymous', 'system')),
    CONSTRAINT system_events_origin_check
        CHECK (origin IN ('console', 'api', 'cli', 'legacy', 'direct', 'upkeep')),
    CONSTRAINT system_events_outcome_check CHECK (outcome IN ('ok', 'denied', 'failed'))
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE public.system_events_id_seq OWNED BY public.system_events.id;

CREATE INDEX system_events_id_idx ON public.system_events (id);
CREATE INDEX idx_system_events_type ON public.system_events (event_type, occurred_at, id);
CREATE INDEX idx_system_events_severity ON public.system_events (severity, occurred_at, id);
CREATE INDEX idx_system_events_payload ON public.system_events USING gin (payload);
CREATE INDEX system_events_tenant_idx ON public.system_events (tenant_id, occurred_at, id);
CREATE INDEX system_events_actor_idx ON public.system_events (actor_id, occurred_at, id);
CREATE INDEX system_events_outcome_idx ON public.system_events (outcome, occurred_at, id);
CREATE INDEX system_events_ip_idx ON public.system_events (ip, occurred_at, id);
CREATE INDEX system_events_request_idx ON public.system_events (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX system_events_tx_idx ON public.system_events (tx, id);

-- Catches what no month was made for: dates far ahead, and infinity. make_partition moves its rows when their month comes.
CREATE TABLE public.system_events_default PARTITION OF public.system_events DEFAULT;

-- The adopted rows end where a month begins: this month if the log stopped before it, else the next one. Rows claiming to
-- be later than that (a wrong clock) go to the default partition, or one of them would swallow years of months to come.
DO $$
DECLARE
    this_month CONSTANT TIMESTAMPTZ := date_trunc('month', now());
    until TIMESTAMPTZ := this_month;
BEGIN
    IF EXISTS (SELECT FROM public.system_events_adopted
               WHERE occurred_at >= this_month AND occurred_at < this_month + INTERVAL '1 month') THEN
        until := this_month + INTERVAL '1 month';
    END IF;
    -- Their promoted columns are derived on the way, as backfill_adopted_events does for the rest.
    INSERT INTO public.system_events_default
        (id, event_type, severity, message, payload, occurred_at, tenant_id, actor_id, actor_label, actor_kind, resource_id,
         ip, origin, outcome, db_user, recorded_at, tx, cluster)
    SELECT id, event_type, severity, message, payload, occurred_at, atalaya.legacy_tenant(payload),
           atalaya.text_or_null(payload, 'user_id'), atalaya.text_or_null(payload, 'user_email'), 'legacy',
           atalaya.text_or_null(payload, 'resource_id'), atalaya.inet_or_null(atalaya.text_or_null(payload, 'ip_address')),
           'legacy', atalaya.legacy_outcome(event_type), NULL, NULL, NULL, NULL
    FROM public.system_events_adopted WHERE occurred_at >= until;
    DELETE FROM public.system_events_adopted WHERE occurred_at >= until;
    EXECUTE format('ALTER TABLE public.system_events ATTACH PARTITION public.system_events_adopted FOR VALUES FROM (MINVALUE) TO (%L)', until);
    INSERT INTO atalaya.adoption_steps (step, finished_at, detail)
    VALUES ('attach_events', now(), jsonb_build_object(
        'until', until,
        'events', (SELECT count(*) FROM public.system_events)));
END
$$;
ANALYZE public.system_events;
