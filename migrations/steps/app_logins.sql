-- Adoption only. A query, asked by the owner of the tables before anything is changed: logins that work on them without owning
-- them, as the program of a CRM whose tables belong to somebody else does. Each may do what the documented statements need (CRM
-- Ventas 2.3, 3.3, 4.1, 4.4), by name or through a role; what everybody may does not count. `complete`: it may as much as
-- atalaya_legacy gives, so that it gains nothing. `bound`: row security and the group's rights would hold for it.
-- Whoever inherits the owner goes on through the owner, and needs nothing. Whoever makes roles, or holds a role of Atalaya, is no
-- program of the CRM's.
WITH held AS (
    SELECT c.relname, a.grantee, a.privilege_type, FALSE AS in_part
    FROM pg_catalog.pg_class c, LATERAL aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.grantee <> 0
    UNION ALL
    SELECT c.relname, a.grantee, a.privilege_type, TRUE
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped, LATERAL aclexplode(t.attacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.grantee <> 0
), wanted (relname, privilege_type, documented) AS (
    SELECT w.* FROM (VALUES
        ('credentials', 'SELECT', TRUE), ('credentials', 'INSERT', TRUE), ('credentials', 'UPDATE', TRUE), ('credentials', 'DELETE', FALSE),
        ('leads', 'SELECT', TRUE), ('leads', 'INSERT', FALSE), ('leads', 'UPDATE', FALSE), ('leads', 'DELETE', FALSE),
        ('system_events', 'SELECT', TRUE), ('system_events', 'INSERT', TRUE),
        ('users', 'SELECT', FALSE), ('users', 'INSERT', FALSE), ('users', 'UPDATE', FALSE), ('users', 'DELETE', FALSE),
        ('tenants', 'SELECT', FALSE), ('tenants', 'INSERT', FALSE), ('tenants', 'UPDATE', FALSE), ('tenants', 'DELETE', FALSE)
    ) AS w (relname, privilege_type, documented)
    WHERE to_regclass('public.' || w.relname) IS NOT NULL
)
SELECT r.rolname::text AS login,
       bool_and(EXISTS (SELECT FROM held h WHERE h.relname = w.relname AND h.privilege_type = w.privilege_type AND NOT h.in_part
                        AND pg_has_role(r.oid, h.grantee, 'USAGE'))) AS complete,
       NOT r.rolbypassrls AND (r.rolinherit OR current_setting('server_version_num')::integer >= 160000) AS bound
FROM pg_catalog.pg_roles r CROSS JOIN wanted w
WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolcreaterole AND r.rolname NOT LIKE 'atalaya\_%' AND NOT pg_has_role(r.oid, current_user, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname LIKE 'atalaya\_%' AND g.rolname <> 'atalaya_legacy' AND pg_has_role(r.oid, g.oid, 'MEMBER'))
GROUP BY r.oid, r.rolname, r.rolbypassrls, r.rolinherit
HAVING bool_or(w.documented)
   AND bool_and(NOT w.documented OR EXISTS (SELECT FROM held h WHERE h.relname = w.relname AND h.privilege_type = w.privilege_type
                                            AND pg_has_role(r.oid, h.grantee, 'USAGE')))
ORDER BY r.rolname
