-- Adoption only. Like prepare_events.sql, for what 20261121120900_documented_columns.sql would otherwise do under locks of the
-- documented tables: columns, indexes and checks, so that the file itself changes rows of the catalogue only.
WITH needed (table_name, name, is_unique, definition) AS (VALUES
    ('users', 'users_db_role_key', TRUE, '(db_role)'),
    ('users', 'users_tenant_idx', FALSE, '(tenant_id, id)'),
    ('leads', 'leads_tenant_id_key', TRUE, '(tenant_id, id)'),
    ('credentials', 'credentials_tenant_id_key', TRUE, '(tenant_id, id)')
), built AS (
    SELECT x.indrelid, i.relname, x.indisvalid FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE i.relnamespace = 'public'::regnamespace
), held AS (
    SELECT k.conrelid, k.conname, k.convalidated FROM pg_catalog.pg_constraint k WHERE k.conrelid IN (to_regclass('public.users'), to_regclass('public.tenants'))
), checks (table_name, name, condition) AS (VALUES
    ('users', 'users_db_role_check', 'db_role ~ ''^atalaya_[0-9a-f]{12}_[a-z0-9_]{1,40}$'''),
    ('tenants', 'tenants_status_check', 'status IN (''active'', ''suspended'', ''archived'')')
)
SELECT s.statement FROM (
    SELECT 10 AS place, 'ALTER TABLE public.users ADD COLUMN IF NOT EXISTS db_role NAME, ALTER COLUMN password_hash SET DEFAULT ''!''' AS statement
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = to_regclass('public.users') AND a.attname = 'db_role' AND NOT a.attisdropped)
    UNION ALL
    SELECT 11, 'ALTER TABLE public.tenants ADD COLUMN IF NOT EXISTS status TEXT NOT NULL DEFAULT ''active'''
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = to_regclass('public.tenants') AND a.attname = 'status' AND NOT a.attisdropped)
    UNION ALL
    SELECT 20, format('ALTER TABLE public.%s ADD CONSTRAINT %s CHECK (%s) NOT VALID', c.table_name, c.name, c.condition)
    FROM checks c WHERE NOT EXISTS (SELECT FROM held h WHERE h.conrelid = to_regclass('public.' || c.table_name) AND h.conname = c.name)
    UNION ALL
    SELECT 30, format('ALTER TABLE public.%s VALIDATE CONSTRAINT %s', c.table_name, c.name)
    FROM checks c WHERE NOT EXISTS (SELECT FROM held h WHERE h.conrelid = to_regclass('public.' || c.table_name) AND h.conname = c.name AND h.convalidated)
    UNION ALL
    SELECT 40, format('DROP INDEX CONCURRENTLY IF EXISTS public.%s', n.name)
    FROM needed n WHERE EXISTS (SELECT FROM built b WHERE b.relname = n.name AND NOT b.indisvalid)
    UNION ALL
    SELECT 50, format('CREATE %s INDEX CONCURRENTLY %s ON public.%s %s', CASE WHEN n.is_unique THEN 'UNIQUE' END, n.name, n.table_name, n.definition)
    FROM needed n WHERE NOT EXISTS (SELECT FROM built b WHERE b.relname = n.name AND b.indisvalid)
) s
ORDER BY s.place, s.statement
