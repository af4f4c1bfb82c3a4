-- Adoption only. A query whose rows are the statements that are still to be run, in order, as atalaya_owner and each on its own:
-- the columns that 20261121121400_system_events.sql would otherwise add under its lock. The CRM's own checks go: the log that the
-- file makes has its own (before_adoption keeps them for `adopt revert`). It answers no row when all
-- is done, so it is asked again after an interruption. Statements that lock the table change a row of the catalogue only;
-- those that look at every row let readers and writers go on.
WITH events AS (
    SELECT c.oid AS relation FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'system_events' AND c.relkind = 'r'
), new_columns (place, name, type) AS (VALUES
    (1, 'tenant_id', 'INTEGER'), (2, 'actor_id', 'TEXT'), (3, 'actor_label', 'TEXT'), (4, 'actor_kind', 'TEXT'), (5, 'db_user', 'NAME'),
    (6, 'resource_type', 'TEXT'), (7, 'resource_id', 'TEXT'), (8, 'ip', 'INET'), (9, 'request_id', 'UUID'), (10, 'origin', 'TEXT'),
    (11, 'outcome', 'TEXT'), (12, 'recorded_at', 'TIMESTAMPTZ'), (13, 'tx', 'XID8'), (14, 'cluster', 'BIGINT')
), present AS (
    SELECT a.attname, a.attnotnull FROM events e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.relation AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT s.statement FROM events, LATERAL (
    SELECT 10 AS place, 'ALTER TABLE public.system_events ' || string_agg(format('ADD COLUMN IF NOT EXISTS %s %s', n.name, n.type), ', ' ORDER BY n.place) AS statement
    FROM new_columns n WHERE n.name NOT IN (SELECT attname FROM present) HAVING count(*) > 0
    UNION ALL
    SELECT 15, format('ALTER TABLE public.system_events DROP CONSTRAINT %I', k.conname)
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = events.relation AND k.contype = 'c'
      AND k.conname NOT IN ('adopting_until', 'adopting_id', 'adopting_occurred_at', 'system_events_actor_kind_check',
                            'system_events_origin_check', 'system_events_outcome_check')
      AND NOT (k.conname = 'system_events_severity_check'
               AND pg_get_constraintdef(k.oid) ~ '^CHECK \(\(severity = ANY \(ARRAY\[''info''::text, ''warning''::text, ''critical''::text\]\)\)\)( NOT VALID)?$')
) s
ORDER BY s.place, s.statement
