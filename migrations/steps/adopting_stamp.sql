-- Adoption only. Run as atalaya_owner after 20261121121300_legacy_columns.sql, in a transaction of its own: from here on until
-- 20261121123200_legacy_login.sql has its own trigger, each event is stamped as the CRM's when it is written. Run again right before
-- the swap with
--   SELECT set_config('atalaya.step_bound', 'on', TRUE);
-- which sets the end of the partition-to-be, where a month begins and at least an hour ahead. An event that claims to be later
-- waits in atalaya.early_events for the transaction that makes the partitions. Idempotent; the end moves when it has come too near.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
-- As in 20261122120100_legacy_severities.sql, which comes later.
CREATE OR REPLACE FUNCTION atalaya.known_severity(given TEXT) RETURNS TEXT
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN given IS NULL OR given IN ('info', 'warning', 'critical') THEN given
        WHEN lower(btrim(given)) IN ('trace', 'debug', 'verbose', 'info', 'information', 'notice', 'low') THEN 'info'
        WHEN lower(btrim(given)) IN ('warn', 'warning', 'medium') THEN 'warning'
        WHEN lower(btrim(given)) IN ('err', 'error', 'high', 'severe', 'fatal', 'critical', 'crit', 'alert', 'emerg', 'emergency') THEN 'critical'
        ELSE coalesce((SELECT b.state -> 'decisions' ->> 'severity_unknown' FROM atalaya.before_adoption b), 'warning')
    END
$$;

DO $$
DECLARE
    until TIMESTAMPTZ := (SELECT (s.detail ->> 'until')::timestamptz FROM atalaya.adoption_steps s WHERE s.step = 'prepare_events');
    bound CONSTANT BOOLEAN := current_setting('atalaya.step_bound', TRUE) = 'on';
    own_tenant CONSTANT BOOLEAN := EXISTS (
        SELECT FROM atalaya.before_adoption b, jsonb_array_elements(b.state -> 'tables' -> 'system_events' -> 'columns') k
        WHERE k ->> 'name' = 'tenant_id');
BEGIN
    IF bound AND (until IS NULL OR until < now() + INTERVAL '1 hour') THEN
        until := date_trunc('month', now() + INTERVAL '1 hour') + INTERVAL '1 month';
        -- A new end: the promise of the old one is taken back.
        ALTER TABLE public.system_events DROP CONSTRAINT IF EXISTS adopting_until;
        INSERT INTO atalaya.adoption_steps (step, detail) VALUES ('prepare_events', jsonb_build_object('until', until))
        ON CONFLICT ON CONSTRAINT adoption_steps_pkey DO UPDATE SET detail = EXCLUDED.detail;
    END IF;
    CREATE TABLE IF NOT EXISTS atalaya.early_events (LIKE public.system_events);
    EXECUTE format($function$
        CREATE OR REPLACE FUNCTION atalaya.adopting_stamp() RETURNS TRIGGER
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        AS $body$
        BEGIN
            NEW.tenant_id := %s;
            IF NEW.severity NOT IN ('info', 'warning', 'critical') THEN
                INSERT INTO atalaya.set_aside (table_name, reason, original)
                VALUES ('system_events', 'severity', jsonb_build_object('id', NEW.id, 'severity', NEW.severity));
                NEW.severity := atalaya.known_severity(NEW.severity);
            END IF;
            NEW.actor_id := atalaya.text_or_null(NEW.payload, 'user_id');
            NEW.actor_label := atalaya.text_or_null(NEW.payload, 'user_email');
            NEW.actor_kind := 'legacy';
            NEW.resource_id := atalaya.text_or_null(NEW.payload, 'resource_id');
            NEW.ip := host(atalaya.inet_or_null(atalaya.text_or_null(NEW.payload, 'ip_address')))::inet;
            NEW.origin := 'legacy';
            NEW.outcome := atalaya.legacy_outcome(NEW.event_type);
            NEW.db_user := session_user;
            NEW.recorded_at := clock_timestamp();
            NEW.tx := pg_current_xact_id();
            NEW.cluster := (pg_control_system()).system_identifier;
            -- No end yet: NULL, which is never reached.
            IF NEW.occurred_at >= %L::timestamptz AND TG_ARGV[0] = 'before' THEN
                INSERT INTO atalaya.early_events SELECT NEW.*;
                RETURN NULL;
            END IF;
            RETURN NEW;
        END
        $body$
        $function$,
        CASE WHEN own_tenant THEN '(SELECT t.id FROM public.tenants t WHERE t.id = NEW.tenant_id)'
             ELSE 'atalaya.legacy_tenant(NEW.payload)' END,
        until);
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = 'public.system_events'::regclass AND t.tgname = 'adopting_stamp') THEN
        CREATE TRIGGER adopting_stamp BEFORE INSERT ON public.system_events
            FOR EACH ROW WHEN (NEW.origin IS NULL) EXECUTE FUNCTION atalaya.adopting_stamp('before');
    END IF;
    IF bound AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = 'public.system_events'::regclass AND k.conname = 'adopting_until') THEN
        EXECUTE format('ALTER TABLE public.system_events ADD CONSTRAINT adopting_until CHECK (occurred_at IS NOT NULL AND occurred_at < %L) NOT VALID', until);
        -- The lock of ADD CONSTRAINT has let every writer finish who was there before the trigger.
        WITH moved AS (DELETE FROM public.system_events WHERE occurred_at >= until RETURNING *)
        INSERT INTO atalaya.early_events SELECT * FROM moved;
    END IF;
END
$$;
