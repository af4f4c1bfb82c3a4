-- run as gate
-- As 20261130220100_search_beginnings.sql, but only what the index is asked for is made of the event; whatever else is to be compared is
-- compared with the kept text, and made no more than once (20261201020000_search_text.sql).
CREATE OR REPLACE FUNCTION atalaya.search_whole_log(
    filter JSONB, after TIMESTAMPTZ, before TIMESTAMPTZ, cursor_at TIMESTAMPTZ, cursor_id BIGINT, most INTEGER)
RETURNS TABLE (occurred_at TIMESTAMPTZ, id BIGINT)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = 'force_custom_plan'
SET jit = 'off'
AS $$
DECLARE
    f CONSTANT atalaya.log_filter := jsonb_populate_record(NULL::atalaya.log_filter, filter);
    text_1 CONSTANT TEXT := f.texts[1];
    text_2 CONSTANT TEXT := f.texts[2];
    further CONSTANT TEXT[] := f.texts[3:];
    -- The floor, then what the policy lets through.
    floor_all CONSTANT BOOLEAN := atalaya.reaches_all();
    floor_tenants CONSTANT INTEGER[] := atalaya.reached_tenants();
    every_tenant CONSTANT BOOLEAN := atalaya.holds_all('audit.list') OR atalaya.holds_all('audit.read');
    some_tenants CONSTANT INTEGER[] := atalaya.tenants_where('audit.list') || atalaya.tenants_where('audit.read');
    the_system CONSTANT BOOLEAN := atalaya.sees_system();
BEGIN
    IF atalaya.caller_id() IS NULL THEN
        RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'AT001';
    END IF;
    IF text_1 IS NULL OR cardinality(f.texts) > 10 OR most IS NULL OR most NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'a search has 1 to 10 texts and gives 1 to 1000 events' USING ERRCODE = 'AT005';
    END IF;
    RETURN QUERY
    SELECT e.occurred_at, e.id
    FROM public.system_events e
    WHERE (floor_all OR e.tenant_id = ANY (floor_tenants))
      AND (e.tenant_id IS NOT NULL AND every_tenant OR e.tenant_id = ANY (some_tenants) OR e.tenant_id IS NULL AND the_system)
      AND coalesce(e.message::varchar(32768), '') || E'\n' || coalesce(e.payload::text::varchar(32768), '') ILIKE text_1
      AND (text_2 IS NULL OR coalesce(e.message::varchar(32768), '') || E'\n' || coalesce(e.payload::text::varchar(32768), '') ILIKE text_2)
      AND (cardinality(further) = 0 AND f.not_texts IS NULL OR (
               SELECT kept.text ILIKE ALL (further) AND (f.not_texts IS NULL OR NOT (kept.text ILIKE ANY (f.not_texts)))
               FROM (SELECT coalesce(e.atalaya_search_text,
                                     coalesce(e.message::varchar(32768), '') || E'\n' || coalesce(e.payload::text::varchar(32768), ''))
                            AS text OFFSET 0) AS kept))
      AND (f.event_type IS NULL OR e.event_type = f.event_type)
      AND (f.types IS NULL OR e.event_type = ANY (f.types))
      AND (f.severity IS NULL OR e.severity = f.severity)
      AND (f.severities IS NULL OR e.severity = ANY (f.severities))
      AND (f.outcome IS NULL OR e.outcome = f.outcome)
      AND (f.outcomes IS NULL OR e.outcome = ANY (f.outcomes))
      AND (f.origin IS NULL OR e.origin = f.origin)
      AND (f.origins IS NULL OR e.origin = ANY (f.origins))
      AND (f.tenant IS NULL OR e.tenant_id = f.tenant)
      AND (f.tenants IS NULL OR e.tenant_id = ANY (f.tenants) OR f.system AND e.tenant_id IS NULL)
      AND (f.system_only IS NOT TRUE OR e.tenant_id IS NULL)
      AND (f.actor_id IS NULL OR e.actor_id = f.actor_id)
      AND (f.actor_label IS NULL OR e.actor_label COLLATE "C" = f.actor_label)
      AND (f.actor_ids IS NULL OR e.actor_id = ANY (f.actor_ids) OR e.actor_label COLLATE "C" = ANY (f.actor_labels)
           OR e.actor_label COLLATE "C" >= f.actor_from AND e.actor_label COLLATE "C" < f.actor_to
           OR f.actors_from IS NOT NULL AND EXISTS (
               SELECT FROM unnest(f.actors_from, f.actors_to) AS r (first, beyond)
               WHERE e.actor_label COLLATE "C" >= r.first AND e.actor_label COLLATE "C" < r.beyond))
      AND (f.actor_ids IS NULL OR f.actor_from IS NULL AND f.actors_from IS NULL OR e.actor_id = ANY (f.actor_ids)
           OR e.actor_label COLLATE "C" = ANY (f.actor_labels) OR strpos(e.actor_label, '@') > 0)
      AND (f.resource_type IS NULL OR e.resource_type = f.resource_type)
      AND (f.resource_id IS NULL OR e.resource_id = f.resource_id)
      AND (f.resource_types IS NULL OR e.resource_type = ANY (f.resource_types)
           OR EXISTS (SELECT FROM unnest(f.pair_types, f.pair_ids) AS p (kind, key) WHERE e.resource_type = p.kind AND e.resource_id = p.key))
      AND (f.ip IS NULL OR e.ip = f.ip::inet)
      AND (f.first_ip IS NULL OR e.ip >= f.first_ip::inet AND e.ip <= f.last_ip::inet)
      AND (f.first_ips IS NULL OR EXISTS (
               SELECT FROM unnest(f.first_ips::inet[], f.last_ips::inet[]) AS n (first, final) WHERE e.ip >= n.first AND e.ip <= n.final))
      AND (f.requests IS NULL OR e.request_id = ANY (f.requests))
      AND (after IS NULL OR e.occurred_at >= after)
      AND (before IS NULL OR e.occurred_at < before)
      AND (cursor_at IS NULL OR (e.occurred_at, e.id) < (cursor_at, cursor_id))
      AND (f.not_types IS NULL OR (e.event_type = ANY (f.not_types)) IS NOT TRUE)
      AND (f.not_severities IS NULL OR (e.severity = ANY (f.not_severities)) IS NOT TRUE)
      AND (f.not_outcomes IS NULL OR (e.outcome = ANY (f.not_outcomes)) IS NOT TRUE)
      AND (f.not_origins IS NULL OR (e.origin = ANY (f.not_origins)) IS NOT TRUE)
      AND (f.not_tenants IS NULL OR (e.tenant_id = ANY (f.not_tenants)) IS NOT TRUE)
      AND (f.not_system IS NOT TRUE OR e.tenant_id IS NOT NULL)
      AND (f.not_actor_ids IS NULL OR (e.actor_id = ANY (f.not_actor_ids)) IS NOT TRUE)
      AND (f.not_actor_labels IS NULL OR (e.actor_label COLLATE "C" = ANY (f.not_actor_labels)) IS NOT TRUE)
      AND (f.not_actors_from IS NULL OR e.actor_label IS NULL OR strpos(e.actor_label, '@') = 0 OR NOT EXISTS (
               SELECT FROM unnest(f.not_actors_from, f.not_actors_to) AS r (first, beyond)
               WHERE e.actor_label COLLATE "C" >= r.first AND e.actor_label COLLATE "C" < r.beyond))
      AND (f.not_resource_types IS NULL OR (e.resource_type = ANY (f.not_resource_types)) IS NOT TRUE)
      AND (f.not_pair_types IS NULL OR NOT EXISTS (
               SELECT FROM unnest(f.not_pair_types, f.not_pair_ids) AS p (kind, key) WHERE e.resource_type = p.kind AND e.resource_id = p.key))
      AND (f.not_first_ips IS NULL OR NOT EXISTS (
               SELECT FROM unnest(f.not_first_ips::inet[], f.not_last_ips::inet[]) AS n (first, final) WHERE e.ip >= n.first AND e.ip <= n.final))
    ORDER BY e.occurred_at DESC, e.id DESC
    LIMIT most;
END
$$;
