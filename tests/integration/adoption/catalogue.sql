-- Everything that the catalogue says of the schemas public and atalaya, a line each: relations with owner, rights and row
-- security, columns, constraints, indexes, triggers, policies, functions. Months of the log and the bounds of its
-- partitions depend on the day and are left out; so is whatever a test has named beside its own.
WITH relations AS (
    SELECT c.*, n.nspname, format('%s.%s', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'atalaya') AND c.relname !~ '^system_events_y\d{4}m\d\d'
)
SELECT line FROM (
    SELECT format('schema %s owner %s', n.nspname, n.nspowner::regrole) AS line FROM pg_namespace n WHERE n.nspname IN ('public', 'atalaya')
    UNION ALL
    SELECT format('schema %s %s %s', n.nspname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type)
    FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname IN ('public', 'atalaya') AND a.grantee <> n.nspowner
    UNION ALL
    SELECT format('%s %s owner %s rows %s %s', r.relkind, r.name, r.relowner::regrole, r.relrowsecurity, r.relforcerowsecurity)
    FROM relations r WHERE r.relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT format('%s grants %s to %s', r.name, a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM relations r, aclexplode(r.relacl) a WHERE a.grantee <> r.relowner
    UNION ALL
    SELECT format('%s column %s %s %s %s%s', r.name, t.attname, format_type(t.atttypid, t.atttypmod), CASE WHEN t.attnotnull THEN 'NOT NULL' END,
                  pg_get_expr(d.adbin, d.adrelid), CASE WHEN t.attidentity <> '' THEN 'identity ' || t.attidentity::text END)
    FROM relations r JOIN pg_attribute t ON t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = t.attnum WHERE r.relkind IN ('r', 'p', 'v')
    UNION ALL
    SELECT format('%s column %s grants %s to %s', r.name, t.attname, a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM relations r JOIN pg_attribute t ON t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped, aclexplode(t.attacl) a
    UNION ALL
    SELECT format('%s counts %s by %s from %s, %s to %s, cache %s, cycle %s, owned by %s', r.name, format_type(q.seqtypid, NULL), q.seqincrement, q.seqstart, q.seqmin, q.seqmax,
                  q.seqcache, q.seqcycle, (SELECT string_agg(format('%s.%s', p.refobjid::regclass, p.refobjsubid), ' ') FROM pg_depend p
                                           WHERE p.classid = 'pg_class'::regclass AND p.objid = q.seqrelid AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i')))
    FROM relations r JOIN pg_sequence q ON q.seqrelid = r.oid
    UNION ALL
    SELECT format('%s constraint %s %s %s', r.name, k.conname, k.convalidated, pg_get_constraintdef(k.oid))
    FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype IN ('c', 'p', 'u', 'f', 'x')
    UNION ALL
    SELECT format('%s index %s valid %s', r.name, pg_get_indexdef(x.indexrelid), x.indisvalid)
    FROM relations r JOIN pg_index x ON x.indrelid = r.oid
    UNION ALL
    SELECT format('%s trigger %s %s', r.name, t.tgenabled, pg_get_triggerdef(t.oid)) FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT format('%s policy %s %s %s %s using %s check %s', r.name, p.polname, p.polcmd, p.polpermissive,
                  (SELECT string_agg(o::regrole::text, ',' ORDER BY o::regrole::text) FROM unnest(p.polroles) o),
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
    UNION ALL
    SELECT format('function %s owner %s definer %s %s', p.oid::regprocedure, p.proowner::regrole, p.prosecdef, md5(pg_get_functiondef(p.oid)))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'atalaya')
    UNION ALL
    SELECT format('function %s grants to %s', p.oid::regprocedure, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) a WHERE n.nspname IN ('public', 'atalaya')
) s ORDER BY line
