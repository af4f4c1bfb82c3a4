-- Reverting. Like index_events.sql, run as atalaya_owner while the CRM works: the indexes that its log had, built on the partition
-- that becomes the log again, under names of their own. steps/revert.sql gives them theirs.
WITH adopted AS (
    SELECT c.oid AS relation FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'system_events_adopted' AND c.relkind = 'r'
), noted AS (
    SELECT b.state -> 'tables' -> 'system_events' AS log FROM atalaya.before_adoption b
), renamed AS (
    -- A decision gave the time its documented name.
    SELECT NOT EXISTS (SELECT FROM adopted d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.relation
                       WHERE a.attname = 'created_at' AND NOT a.attisdropped) AS time
), wanted AS (
    SELECT 'reverting_' || md5(i ->> 'name') AS name,
           regexp_replace(i ->> 'definition', '^CREATE (UNIQUE )?INDEX .* ON (ONLY )?public\.system_events USING',
                          format('CREATE \1INDEX CONCURRENTLY %I ON public.system_events_adopted USING', 'reverting_' || md5(i ->> 'name'))) AS definition
    FROM noted, jsonb_array_elements(nullif(noted.log -> 'indexes', 'null')) i
    WHERE NOT EXISTS (SELECT FROM adopted d JOIN pg_catalog.pg_index x ON x.indrelid = d.relation JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
                      WHERE c.relname IN (i ->> 'name', (i ->> 'name') || '_crm')
                         OR i ->> 'name' = 'idx_system_events_payload' AND c.relname = 'system_events_adopted_payload_idx')
    UNION ALL
    SELECT 'reverting_pkey', replace(k ->> 'definition', 'PRIMARY KEY', 'CREATE UNIQUE INDEX CONCURRENTLY reverting_pkey ON public.system_events_adopted')
    FROM noted, jsonb_array_elements(nullif(noted.log -> 'constraints', 'null')) k WHERE k ->> 'type' = 'p'
    UNION ALL
    SELECT 'reverting_pkey', 'CREATE UNIQUE INDEX CONCURRENTLY reverting_pkey ON public.system_events_adopted (id)' FROM noted WHERE noted.log IS NULL
), built AS (
    SELECT c.relname, x.indisvalid FROM adopted d JOIN pg_catalog.pg_index x ON x.indrelid = d.relation
    JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
)
SELECT s.statement FROM adopted, LATERAL (
    SELECT 10 AS place, format('DROP INDEX CONCURRENTLY IF EXISTS public.%I', b.relname) AS statement
    FROM built b WHERE b.relname LIKE 'reverting\_%' AND NOT b.indisvalid
    UNION ALL
    SELECT 20, CASE WHEN renamed.time THEN regexp_replace(w.definition, '\mcreated_at\M', 'occurred_at', 'g') ELSE w.definition END
    FROM wanted w, renamed WHERE NOT EXISTS (SELECT FROM built b WHERE b.relname = w.name AND b.indisvalid)
) s
ORDER BY s.place, s.statement
