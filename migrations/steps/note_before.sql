-- Adoption only. Run by the administrator as atalaya_owner, once the roles exist and this database lets atalaya_owner create
-- a schema, before anything of the CRM's is touched. Notes how everything was, for `adopt revert` and for the CRM's rights:
-- owners, rights, columns, constraints, indexes. And makes the place where rows are kept that a decision takes out of the
-- way. Idempotent: the first note stays. 20261122120000_adoption_records.sql makes the same tables in a fresh workspace.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS atalaya;
CREATE TABLE IF NOT EXISTS atalaya.before_adoption (
    singleton BOOLEAN NOT NULL DEFAULT TRUE,
    noted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    state JSONB NOT NULL,
    CONSTRAINT before_adoption_pkey PRIMARY KEY (singleton),
    CONSTRAINT before_adoption_singleton_check CHECK (singleton)
);
CREATE TABLE IF NOT EXISTS atalaya.set_aside (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    table_name TEXT NOT NULL,
    -- Which decision took it out of the way: the key that `adopt inspect` names.
    reason TEXT NOT NULL,
    original JSONB NOT NULL,
    set_aside_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    restored_at TIMESTAMPTZ,
    CONSTRAINT set_aside_pkey PRIMARY KEY (id)
);
INSERT INTO atalaya.before_adoption (state)
SELECT jsonb_build_object(
    -- Who took it over.
    'administrator', session_user::text,
    -- Rows of each documented table, as the CRM's login counted them just before.
    'counts', nullif(current_setting('atalaya.step_counts', TRUE), '')::jsonb,
    -- What the operator decided where the data leaves a choice.
    'decisions', coalesce(nullif(current_setting('atalaya.step_decisions', TRUE), ''), '{}')::jsonb,
    -- Logins that work on the tables without owning them (steps/app_logins.sql), asked by the CRM's login just before.
    'other_logins', coalesce(nullif(current_setting('atalaya.step_logins', TRUE), ''), '[]')::jsonb,
    'database_owner', (SELECT d.datdba::regrole::text FROM pg_catalog.pg_database d WHERE d.datname = current_database()),
    'database_acl', (SELECT jsonb_agg(jsonb_build_array(a.grantee::regrole::text, a.privilege_type, a.is_grantable, NULL, a.grantor::regrole::text))
                     FROM pg_catalog.pg_database d, LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                     WHERE d.datname = current_database() AND a.grantee <> d.datdba
                       AND a.grantee::regrole::text NOT LIKE 'atalaya\_%'),
    'schema_owner', (SELECT n.nspowner::regrole::text FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public'),
    'schema_acl', (SELECT jsonb_agg(jsonb_build_array(a.grantee::regrole::text, a.privilege_type, a.is_grantable, NULL, a.grantor::regrole::text))
                   FROM pg_catalog.pg_namespace n, LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                   WHERE n.nspname = 'public' AND a.grantee <> n.nspowner
                     AND a.grantee::regrole::text NOT LIKE 'atalaya\_%'),
    'tables', (SELECT jsonb_object_agg(c.relname, jsonb_build_object(
        'owner', c.relowner::regrole::text,
        'row_security', c.relrowsecurity,
        'acl', (SELECT jsonb_agg(jsonb_build_array(a.grantee::regrole::text, a.privilege_type, a.is_grantable, NULL, a.grantor::regrole::text))
                FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner),
        'column_acl', (SELECT jsonb_agg(jsonb_build_array(a.grantee::regrole::text, a.privilege_type, a.is_grantable, t.attname, a.grantor::regrole::text))
                       FROM pg_catalog.pg_attribute t, LATERAL aclexplode(t.attacl) a WHERE t.attrelid = c.oid),
        'sequence_acl', (SELECT jsonb_agg(jsonb_build_array(a.grantee::regrole::text, a.privilege_type, a.is_grantable, s.oid::regclass::text, a.grantor::regrole::text))
                         FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_class s ON s.oid = p.objid AND s.relkind = 'S',
                              LATERAL aclexplode(s.relacl) a
                         WHERE p.refobjid = c.oid AND p.deptype IN ('a', 'i') AND a.grantee <> s.relowner),
        'columns', (SELECT jsonb_agg(jsonb_build_object(
                        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull,
                        'default', pg_get_expr(d.adbin, d.adrelid),
                        'identity', (SELECT jsonb_build_object('kind', a.attidentity, 'start', q.seqstart, 'increment', q.seqincrement, 'min', q.seqmin,
                                                               'max', q.seqmax, 'cache', q.seqcache, 'cycle', q.seqcycle)
                                     FROM pg_catalog.pg_sequence q JOIN pg_catalog.pg_depend p ON p.objid = q.seqrelid AND p.classid = 'pg_class'::regclass
                                     WHERE a.attidentity <> '' AND p.refobjid = c.oid AND p.refobjsubid = a.attnum AND p.deptype = 'i'))
                        ORDER BY a.attnum)
                    FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        'constraints', (SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'type', k.contype, 'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated,
                                                            'index', i.relname) ORDER BY k.contype, k.conname)
                        FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u')
                        WHERE k.conrelid = c.oid AND k.contype IN ('c', 'p', 'u', 'f')),
        'indexes', (SELECT jsonb_agg(jsonb_build_object('name', i.relname, 'definition', pg_get_indexdef(i.oid)) ORDER BY i.relname)
                    FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                    WHERE x.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid))))
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')))
ON CONFLICT ON CONSTRAINT before_adoption_pkey DO NOTHING;
