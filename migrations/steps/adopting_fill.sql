-- Adoption only. Run as atalaya_owner after adopting_stamp.sql: makes the function that fills the promoted columns of the events
-- that are there, in batches by id, before the indexes over these columns exist and before the events become a partition. What
-- the values are is as in 20261121121300_legacy_columns.sql. Where the CRM kept a tenant_id itself, that is the tenant, and not
-- the payload's; one that does not exist is set aside, and the event belongs to the system. Idempotent.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    own_tenant CONSTANT BOOLEAN := EXISTS (
        SELECT FROM atalaya.before_adoption b, jsonb_array_elements(b.state -> 'tables' -> 'system_events' -> 'columns') k
        WHERE k ->> 'name' = 'tenant_id');
BEGIN
    EXECUTE format($function$
        CREATE OR REPLACE FUNCTION atalaya.adopting_fill(batch INTEGER) RETURNS INTEGER
        LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
        AS $body$
        DECLARE
            done_to BIGINT;
            last BIGINT;
            reached BIGINT;
            filled INTEGER;
        BEGIN
            -- What came after the trigger is stamped already; the last event before it is the last to be filled.
            INSERT INTO atalaya.adoption_steps (step, detail)
            SELECT 'fill_events', jsonb_build_object('done_to', '-9223372036854775808', 'rows', 0, 'last', coalesce(max(e.id), 0)::text)
            FROM public.system_events e
            ON CONFLICT ON CONSTRAINT adoption_steps_pkey DO NOTHING;
            SELECT (s.detail ->> 'done_to')::bigint, (s.detail ->> 'last')::bigint INTO done_to, last
            FROM atalaya.adoption_steps s WHERE s.step = 'fill_events' AND s.finished_at IS NULL FOR UPDATE;
            IF NOT FOUND THEN
                RETURN 0;
            END IF;
            SELECT count(*), max(n.id) INTO filled, reached
            FROM (SELECT e.id FROM public.system_events e WHERE e.id > done_to AND e.id <= last ORDER BY e.id LIMIT greatest(batch, 1)) n;
            IF filled = 0 THEN
                UPDATE atalaya.adoption_steps SET finished_at = now() WHERE step = 'fill_events';
                RETURN 0;
            END IF;
            %1$s
            INSERT INTO atalaya.set_aside (table_name, reason, original)
            SELECT 'system_events', 'severity', jsonb_build_object('id', e.id, 'severity', e.severity)
            FROM public.system_events e
            WHERE e.id > done_to AND e.id <= reached AND e.origin IS NULL AND e.severity NOT IN ('info', 'warning', 'critical');
            UPDATE public.system_events e SET
                (tenant_id, actor_id, actor_label, resource_id, ip) = (
                    SELECT %2$s,
                        v.actor_id, v.actor_label, v.resource_id, CASE WHEN v.ip IS NOT NULL THEN host(atalaya.inet_or_null(v.ip))::inet END
                    FROM (SELECT atalaya.text_or_null(p, 'user_id') AS actor_id, atalaya.text_or_null(p, 'user_email') AS actor_label,
                                 atalaya.text_or_null(p, 'resource_id') AS resource_id, atalaya.text_or_null(p, 'ip_address') AS ip,
                                 atalaya.text_or_null(p, 'tenant_id') AS tenant
                          FROM (SELECT e.payload OFFSET 0) AS o (p) OFFSET 0) v),
                severity = CASE WHEN e.severity IN ('info', 'warning', 'critical') THEN e.severity ELSE atalaya.known_severity(e.severity) END,
                actor_kind = 'legacy',
                origin = 'legacy',
                outcome = atalaya.legacy_outcome(e.event_type)
            WHERE e.id > done_to AND e.id <= reached AND e.origin IS NULL;
            UPDATE atalaya.adoption_steps
            SET detail = detail || jsonb_build_object('done_to', reached::text, 'rows', (detail ->> 'rows')::bigint + filled)
            WHERE step = 'fill_events';
            RETURN filled;
        END
        $body$
        $function$,
        CASE WHEN own_tenant THEN
            'INSERT INTO atalaya.set_aside (table_name, reason, original)
             SELECT ''system_events'', ''event_tenant_dangling'', jsonb_build_object(''id'', e.id, ''tenant_id'', e.tenant_id)
             FROM public.system_events e
             WHERE e.id > done_to AND e.id <= reached AND e.origin IS NULL AND e.tenant_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM public.tenants t WHERE t.id = e.tenant_id);' ELSE '' END,
        CASE WHEN own_tenant THEN '(SELECT t.id FROM public.tenants t WHERE t.id = e.tenant_id)'
             ELSE $tenant$CASE WHEN v.tenant ~ '^[0-9]{1,9}$' THEN (SELECT t.id FROM public.tenants t WHERE t.id = v.tenant::integer) END$tenant$ END);
END
$$;
