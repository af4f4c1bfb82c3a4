-- Adoption only. A query whose rows are the statements that are still to be run, in order, as atalaya_owner and each on its own:
-- the columns and checks that 20261121121400_system_events.sql would otherwise make under its lock. It answers no row when all
-- is done, so it is asked again after an interruption. Statements that lock the table change a row of the catalogue only;
-- those that look at every row let readers and writers go on.
WITH events AS (
    SELECT c.oid AS relation FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'system_events' AND c.relkind = 'r'
), new_columns (place, name, type) AS (VALUES
    (1, 'tenant_id', 'INTEGER'), (2, 'actor_id', 'TEXT'), (3, 'actor_label', 'TEXT'), (4, 'actor_kind', 'TEXT'), (5, 'db_user', 'NAME'),
    (6, 'resource_type', 'TEXT'), (7, 'resource_id', 'TEXT'), (8, 'ip', 'INET'), (9, 'request_id', 'UUID'), (10, 'origin', 'TEXT'),
    (11, 'outcome', 'TEXT'), (12, 'recorded_at', 'TIMESTAMPTZ'), (13, 'tx', 'XID8'), (14, 'cluster', 'BIGINT')
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
)
SELECT s.statement FROM events, LATERAL (
    SELECT 10 AS place, 'ALTER TABLE public.system_events ' || string_agg(format('ADD COLUMN IF NOT EXISTS %s %s', n.name, n.type), ', ' ORDER BY n.place) AS statement
    FROM new_columns n WHERE n.name NOT IN (SELECT attname FROM present) HAVING count(*) > 0
    UNION ALL
    SELECT 20, 'ALTER TABLE public.system_events ' || string_agg(
               concat('DROP CONSTRAINT IF EXISTS ', c.name, ', ADD CONSTRAINT ', c.name, ' CHECK (', c.condition, ') NOT VALID'), ', ' ORDER BY c.name)
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
) s
ORDER BY s.place, s.statement
