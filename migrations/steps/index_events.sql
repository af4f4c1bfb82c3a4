-- Adoption only. Like prepare_events.sql, for the checks and indexes of the partition-to-be: after the promoted columns were
-- filled (adopting_fill.sql), because filling would have to keep them, and each without a transaction around it (CREATE INDEX
-- CONCURRENTLY wants none). And, once
-- adopting_stamp.sql has set the end of the partition, the proof that no row is beyond it.
WITH events AS (
    SELECT c.oid AS relation FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'system_events' AND c.relkind = 'r'
), needed (name, is_unique, definition) AS (VALUES
    -- The names that Postgres itself would choose.
    ('system_events_adopted_pkey', TRUE, '(occurred_at, id)'),
    ('system_events_adopted_id_idx', FALSE, '(id)'),
    ('system_events_adopted_event_type_occurred_at_id_idx', FALSE, '(event_type, occurred_at, id)'),
    ('system_events_adopted_severity_occurred_at_id_idx', FALSE, '(severity, occurred_at, id)'),
    ('system_events_adopted_payload_idx', FALSE, 'USING gin (payload)'),
    ('system_events_adopted_tenant_id_occurred_at_id_idx', FALSE, '(tenant_id, occurred_at, id)'),
    ('system_events_adopted_actor_id_occurred_at_id_idx', FALSE, '(actor_id, occurred_at, id)'),
    ('system_events_adopted_outcome_occurred_at_id_idx', FALSE, '(outcome, occurred_at, id)'),
    ('system_events_adopted_ip_occurred_at_id_idx', FALSE, '(ip, occurred_at, id)'),
    ('system_events_adopted_request_id_idx', FALSE, '(request_id) WHERE request_id IS NOT NULL'),
    ('system_events_adopted_tx_id_idx', FALSE, '(tx, id)'),
    ('system_events_adopted_actor_label_occurred_at_id_idx', FALSE, '(actor_label COLLATE "C", occurred_at, id)'),
    ('system_events_adopted_resource_type_resource_id_occurred_at_idx', FALSE, '(resource_type, resource_id, occurred_at, id)'),
    ('system_events_adopted_origin_occurred_at_id_idx', FALSE, '(origin, occurred_at, id)')
    -- As 20261130220000_text_index_of_beginnings.sql, where search_extension.sql was not refused.
    UNION ALL
    SELECT 'system_events_adopted_expr_idx', FALSE,
           format($i$USING gin ((coalesce(message::varchar(32768), '') || E'\n' || coalesce(payload::text::varchar(32768), '')) %I.%I)$i$, n.nspname, o.opcname)
    FROM pg_catalog.pg_extension x
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
         AND d.classid = 'pg_opclass'::regclass AND d.deptype = 'e'
    JOIN pg_catalog.pg_opclass o ON o.oid = d.objid AND o.opcname = 'gin_trgm_ops'
    JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
    WHERE x.extname = 'pg_trgm'
), checks (name, condition) AS (VALUES
    ('system_events_severity_check', 'severity IN (''info'', ''warning'', ''critical'')'),
    ('system_events_actor_kind_check', 'actor_kind IN (''user'', ''operator'', ''service'', ''legacy'', ''anonymous'', ''system'')'),
    ('system_events_origin_check', 'origin IN (''console'', ''api'', ''cli'', ''legacy'', ''direct'', ''upkeep'')'),
    ('system_events_outcome_check', 'outcome IN (''ok'', ''denied'', ''failed'')')
), present AS (
    SELECT a.attname, a.attnotnull FROM events e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.relation AND a.attnum > 0 AND NOT a.attisdropped
), held AS (
    SELECT k.conname, k.convalidated, pg_get_constraintdef(k.oid) AS definition
    FROM events e JOIN pg_catalog.pg_constraint k ON k.conrelid = e.relation AND k.contype = 'c'
), built AS (
    SELECT i.relname, x.indisvalid FROM events e JOIN pg_catalog.pg_index x ON x.indrelid = e.relation
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
)
SELECT s.statement FROM events, LATERAL (
    SELECT 20 AS place, 'ALTER TABLE public.system_events ' || string_agg(
               concat('DROP CONSTRAINT IF EXISTS ', c.name, ', ADD CONSTRAINT ', c.name, ' CHECK (', c.condition, ') NOT VALID'), ', ' ORDER BY c.name) AS statement
    FROM checks c WHERE NOT EXISTS (
        SELECT FROM held h WHERE h.conname = c.name
          -- Ours are made by this statement; the severities' may be the CRM's own and say the same.
          AND (c.name <> 'system_events_severity_check'
               OR h.definition IN ('CHECK ((severity = ANY (ARRAY[''info''::text, ''warning''::text, ''critical''::text])))',
                                   'CHECK ((severity = ANY (ARRAY[''info''::text, ''warning''::text, ''critical''::text]))) NOT VALID')))
    HAVING count(*) > 0
    UNION ALL
    SELECT 30, format('ALTER TABLE public.system_events ADD CONSTRAINT adopting_%s CHECK (%s IS NOT NULL) NOT VALID', p.attname, p.attname)
    FROM present p WHERE p.attname IN ('id', 'occurred_at') AND NOT p.attnotnull AND 'adopting_' || p.attname NOT IN (SELECT conname FROM held)
    UNION ALL
    SELECT 40, format('ALTER TABLE public.system_events VALIDATE CONSTRAINT %I', v.name)
    FROM (SELECT name FROM checks UNION ALL
          SELECT 'adopting_' || p.attname FROM present p WHERE p.attname IN ('id', 'occurred_at') AND NOT p.attnotnull) v
    WHERE NOT EXISTS (SELECT FROM held h WHERE h.conname = v.name AND h.convalidated)
    UNION ALL
    SELECT 50, format('ALTER TABLE public.system_events ALTER COLUMN %s SET NOT NULL', p.attname)
    FROM present p WHERE p.attname IN ('id', 'occurred_at') AND NOT p.attnotnull
    UNION ALL
    SELECT 60, format('ALTER TABLE public.system_events DROP CONSTRAINT IF EXISTS adopting_%s', p.attname)
    FROM present p WHERE p.attname IN ('id', 'occurred_at')
      AND (NOT p.attnotnull OR 'adopting_' || p.attname IN (SELECT conname FROM held))
    UNION ALL
    -- An index whose making was cut off is there and never used.
    SELECT 70 AS place, format('DROP INDEX CONCURRENTLY IF EXISTS public.%I', n.name) AS statement
    FROM needed n WHERE EXISTS (SELECT FROM built b WHERE b.relname = n.name AND NOT b.indisvalid)
    UNION ALL
    SELECT 80, format('CREATE %s INDEX CONCURRENTLY %I ON public.system_events %s', CASE WHEN n.is_unique THEN 'UNIQUE' END, n.name, n.definition)
    FROM needed n WHERE NOT EXISTS (SELECT FROM built b WHERE b.relname = n.name AND b.indisvalid)
      -- The documented index over the payload serves as it stands, under its new name.
      AND NOT (n.name = 'system_events_adopted_payload_idx' AND EXISTS (
          SELECT FROM events e JOIN pg_catalog.pg_index x ON x.indrelid = e.relation JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          WHERE i.relname = 'idx_system_events_payload' AND x.indisvalid
            AND pg_get_indexdef(i.oid) = 'CREATE INDEX idx_system_events_payload ON public.system_events USING gin (payload)'))
    UNION ALL
    -- Made by steps/adopting_stamp.sql.
    SELECT 90, 'ALTER TABLE public.system_events VALIDATE CONSTRAINT adopting_until'
    FROM events e JOIN pg_catalog.pg_constraint k ON k.conrelid = e.relation
    WHERE k.conname = 'adopting_until' AND NOT k.convalidated
) s
ORDER BY s.place, s.statement
