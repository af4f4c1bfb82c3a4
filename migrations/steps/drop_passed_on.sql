-- Adoption only. Run as atalaya_owner right before 20261121120400_foreign_code.sql, which takes everybody's old rights away: where
-- somebody passed theirs on (WITH GRANT OPTION), Postgres takes them only together with those that stand on them.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    held RECORD;
BEGIN
    FOR held IN
        SELECT DISTINCT c.oid::regclass AS relation, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, g.part, a.grantee
        FROM pg_catalog.pg_class c
        CROSS JOIN LATERAL (SELECT NULL AS part, c.relacl AS acl
                            UNION ALL SELECT format(' (%I)', t.attname), t.attacl FROM pg_catalog.pg_attribute t
                            WHERE t.attrelid = c.oid AND NOT t.attisdropped) g
        CROSS JOIN LATERAL aclexplode(g.acl) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relowner = 'atalaya_owner'::regrole AND a.grantor = c.relowner
          AND a.grantee <> c.relowner AND a.is_grantable
          AND (c.relkind IN ('r', 'p') AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
               OR c.relkind = 'S' AND c.oid IN (SELECT d.objid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
                   WHERE d.deptype IN ('a', 'i') AND o.relnamespace = 'public'::regnamespace
                     AND o.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')))
    LOOP
        EXECUTE format('REVOKE ALL%s ON %s %s FROM %s CASCADE', held.part, held.kind, held.relation, held.grantee::regrole);
    END LOOP;
END
$$;
