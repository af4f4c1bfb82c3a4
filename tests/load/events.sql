-- A log of :rows events over the year before now, of :tenants tenants: for psql, as a superuser, on a database that was set up.
-- Rows first, then the indexes and the sums, as a take-over makes them. Common words, and one word in 250,000 rows.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
ALTER SYSTEM SET max_wal_size = '8GB';
SELECT pg_reload_conf();

CREATE TEMPORARY TABLE definitions AS
SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS definition, i.indexrelid::regclass AS index
FROM pg_index i WHERE i.indrelid = 'public.system_events'::regclass AND NOT i.indisprimary;
SELECT format('DROP INDEX %s', index) FROM definitions \gexec

-- No triggers: what is measured is reading.
SET session_replication_role = replica;
SELECT format($insert$
    INSERT INTO public.system_events
      (event_type, severity, message, payload, occurred_at, tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, ip, origin, outcome)
    SELECT (ARRAY['read_lead','read_lead','read_lead','read_lead','update_lead','pii_read','login_success','login_failed','token_invalid','export_leads'])[1 + h %% 10],
           CASE WHEN h %% 1000 = 0 THEN 'critical' WHEN h %% 20 = 0 THEN 'warning' ELSE 'info' END,
           'operator@user' || h %% 5000 || ': routine work on lead ' || h %% 100000 || CASE WHEN n %% 250000 = 7 THEN ' xylophone' ELSE '' END,
           jsonb_build_object('path', '/leads/' || h %% 100000, 'ms', h %% 900),
           now() - (%1$s - n) * (INTERVAL '360 days' / %1$s), 1 + h %% %2$s, (h %% 5000)::text, 'user' || h %% 5000 || '@example.com', 'user',
           (ARRAY['leads','users','credentials','sessions'])[1 + h %% 4], (h %% 100000)::text,
           ('10.' || h %% 200 || '.' || (h / 200) %% 250 || '.' || h %% 250)::inet, (ARRAY['legacy','legacy','legacy','api','console'])[1 + h %% 5],
           CASE WHEN h %% 97 = 0 THEN 'denied' WHEN h %% 31 = 0 THEN 'failed' ELSE 'ok' END
    FROM (SELECT n, (n * 2654435761) %% 1000003 AS h FROM generate_series(%3$s::bigint, %4$s::bigint) n) s
    $insert$, :rows, :tenants, n, least(n + 999999, :rows))
FROM generate_series(1, :rows, 1000000) n \gexec
SET session_replication_role = origin;

SELECT definition FROM definitions \gexec
VACUUM ANALYZE public.system_events;
SELECT 'SELECT atalaya.roll_up(1000000)' FROM generate_series(1, :rows / 1000000 + 2) \gexec
VACUUM ANALYZE atalaya.event_hours, atalaya.event_days;
