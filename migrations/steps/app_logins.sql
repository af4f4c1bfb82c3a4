-- Adoption only. A query, asked by the owner of the tables before anything is changed: logins that say documented statements (CRM
-- Ventas 2.3, 3.3, 4.1, 4.4) on them without owning them, as the program of a CRM whose tables belong to somebody else does.
-- `kind`: `program` may say all of them by its own rights, by name or through a role; `some` by its own rights may say some, as
-- what only writes events or only reads does; `public` says what it says only because everybody may, and may connect.
-- `says`: which. `complete`: a program that may as much as atalaya_legacy gives, so that it gains nothing. `bound`: row security
-- and the group's rights would hold for it.
-- Whoever inherits the owner goes on through the owner, and needs nothing. Whoever makes roles, or holds a role of Atalaya, is no
-- program of the CRM's.
WITH held AS (
    SELECT c.relname, a.grantee, a.privilege_type, FALSE AS in_part
    FROM pg_catalog.pg_class c, LATERAL aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT c.relname, a.grantee, a.privilege_type, TRUE
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped, LATERAL aclexplode(t.attacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
), wanted (relname, privilege_type, documented) AS (
    SELECT w.* FROM (VALUES
        ('credentials', 'SELECT', TRUE), ('credentials', 'INSERT', TRUE), ('credentials', 'UPDATE', TRUE), ('credentials', 'DELETE', FALSE),
        ('leads', 'SELECT', TRUE), ('leads', 'INSERT', FALSE), ('leads', 'UPDATE', FALSE), ('leads', 'DELETE', FALSE),
        ('system_events', 'SELECT', TRUE), ('system_events', 'INSERT', TRUE),
        ('users', 'SELECT', FALSE), ('users', 'INSERT', FALSE), ('users', 'UPDATE', FALSE), ('users', 'DELETE', FALSE),
        ('tenants', 'SELECT', FALSE), ('tenants', 'INSERT', FALSE), ('tenants', 'UPDATE', FALSE), ('tenants', 'DELETE', FALSE)
    ) AS w (relname, privilege_type, documented)
    WHERE to_regclass('public.' || w.relname) IS NOT NULL
), rights AS (
    SELECT r.oid, w.relname, w.privilege_type, w.documented,
           EXISTS (SELECT FROM held h WHERE h.relname = w.relname AND h.privilege_type = w.privilege_type AND h.grantee = 0) AS everybodys,
           EXISTS (SELECT FROM held h WHERE h.relname = w.relname AND h.privilege_type = w.privilege_type AND h.grantee <> 0
                   AND pg_has_role(r.oid, h.grantee, 'USAGE')) AS own,
           EXISTS (SELECT FROM held h WHERE h.relname = w.relname AND h.privilege_type = w.privilege_type AND h.grantee <> 0 AND NOT h.in_part
                   AND pg_has_role(r.oid, h.grantee, 'USAGE')) AS whole
    FROM pg_catalog.pg_roles r CROSS JOIN wanted w
    WHERE r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolcreaterole AND r.rolname NOT LIKE 'atalaya\_%' AND r.rolname NOT LIKE 'pg\_%'
      AND NOT pg_has_role(r.oid, current_user, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname LIKE 'atalaya\_%' AND g.rolname <> 'atalaya_legacy' AND pg_has_role(r.oid, g.oid, 'MEMBER'))
), able AS (
    SELECT g.oid, bool_and(g.whole) AS complete, bool_or(g.documented) AND bool_and(g.own OR NOT g.documented) AS program,
           bool_or(g.own AND g.documented) AS some_of_its_own,
           array_agg(g.relname || ' ' || g.privilege_type) FILTER (WHERE g.own OR g.everybodys) AS may
    FROM rights g GROUP BY g.oid
), saying AS (
    SELECT a.*, ARRAY(SELECT s.code FROM (VALUES
        (1, 'event_insert', '{system_events INSERT}'::text[]), (2, 'log_read', '{system_events SELECT}'),
        (3, 'credential_upsert', '{credentials SELECT,credentials INSERT,credentials UPDATE}'),
        (4, 'credential_update', '{credentials SELECT,credentials UPDATE}'), (5, 'leads_read', '{leads SELECT}')) AS s (place, code, needs)
        WHERE s.needs <@ a.may ORDER BY s.place) AS says
    FROM able a
)
SELECT r.rolname::text AS login,
       CASE WHEN s.program THEN 'program' WHEN s.some_of_its_own THEN 'some' ELSE 'public' END AS kind,
       s.says, s.program AND s.complete AS complete,
       NOT r.rolbypassrls AND (r.rolinherit OR current_setting('server_version_num')::integer >= 160000) AS bound
FROM saying s JOIN pg_catalog.pg_roles r ON r.oid = s.oid
WHERE s.program OR cardinality(s.says) > 0 AND has_database_privilege(r.oid, current_database(), 'CONNECT')
ORDER BY r.rolname
