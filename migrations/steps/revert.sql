-- Reverting, in one transaction. Run by the CRM's own login while it is a member of atalaya_owner, after revert_indexes.sql: the
-- database is again as steps/note_before.sql found it, with every row that was written since. The log is one plain table, what
-- decisions set aside is back in its place, owners and rights are as they were, and nothing of Atalaya's is left but its roles,
-- which belong to the cluster.
-- What cannot be as it was is told in `atalaya.step_differs`, one a line: rows written since do not keep a constraint, or have no value.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
-- The log first: who writes waits from here on, and goes on with the plain table.
LOCK TABLE public.system_events, public.tenants, public.users, public.leads, public.credentials IN ACCESS EXCLUSIVE MODE;
DROP VIEW IF EXISTS public.auth_events, public.audit_logs;
-- Rights go before the columns that have them: Postgres keeps those of a dropped column.
DO $$
DECLARE
    held RECORD;
BEGIN
    FOR held IN
        SELECT DISTINCT c.oid::regclass AS relation, a.grantee
        FROM pg_catalog.pg_class c
        CROSS JOIN LATERAL (SELECT c.relacl AS acl UNION ALL SELECT t.attacl FROM pg_catalog.pg_attribute t WHERE t.attrelid = c.oid AND NOT t.attisdropped) g
        CROSS JOIN LATERAL aclexplode(g.acl) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = 'atalaya_owner'::regrole AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', held.relation, CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
    END LOOP;
END
$$;
DO $$
DECLARE
    log_columns TEXT;
    part RECORD;
    documented CONSTANT NAME[] := '{id,event_type,severity,message,payload,occurred_at}';
    noted CONSTANT JSONB := (SELECT b.state -> 'tables' -> 'system_events' FROM atalaya.before_adoption b);
BEGIN
    -- What is written to change the log is recorded no more.
    FOR part IN SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_catalog.pg_trigger t
                WHERE t.tgrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree('public.system_events') p) AND NOT t.tgisinternal AND t.tgparentid = 0 LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', part.tgname, part.relation);
    END LOOP;
    SELECT string_agg(format('%I', a.attname), ', ') INTO log_columns FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = 'public.system_events'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
    FOR part IN SELECT p.relid AS relation FROM pg_catalog.pg_partition_tree('public.system_events') p WHERE p.isleaf LOOP
        EXECUTE format('ALTER TABLE public.system_events DETACH PARTITION %s', part.relation);
        IF part.relation <> 'public.system_events_adopted'::regclass THEN
            EXECUTE format('INSERT INTO public.system_events_adopted (%s) SELECT %s FROM %s', log_columns, log_columns, part.relation);
            EXECUTE format('DROP TABLE %s', part.relation);
        END IF;
    END LOOP;
    ALTER SEQUENCE public.system_events_id_seq OWNED BY NONE;
    DROP TABLE public.system_events;
    ALTER TABLE public.system_events_adopted RENAME TO system_events;
    ALTER SEQUENCE public.system_events_id_seq OWNED BY public.system_events.id;
    -- Severities and tenants as the CRM wrote them.
    ALTER TABLE public.system_events DROP CONSTRAINT IF EXISTS system_events_severity_check;
    UPDATE public.system_events e SET severity = s.original ->> 'severity' FROM atalaya.set_aside s
    WHERE s.table_name = 'system_events' AND s.reason = 'severity' AND e.id = (s.original ->> 'id')::bigint;
    UPDATE public.system_events e SET tenant_id = (s.original ->> 'tenant_id')::integer FROM atalaya.set_aside s
    WHERE s.table_name = 'system_events' AND s.reason = 'event_tenant_dangling' AND e.id = (s.original ->> 'id')::bigint;
    -- The keys and checks of the partition go, and so do the promoted columns with their indexes.
    FOR part IN SELECT k.conname FROM pg_catalog.pg_constraint k
                WHERE k.conrelid = 'public.system_events'::regclass AND k.contype IN ('p', 'c')
    LOOP
        EXECUTE format('ALTER TABLE public.system_events DROP CONSTRAINT %I', part.conname);
    END LOOP;
    ALTER TABLE public.system_events ALTER COLUMN occurred_at DROP NOT NULL;
    IF noted IS NOT NULL AND NOT EXISTS (SELECT FROM jsonb_array_elements(noted -> 'columns') k WHERE k ->> 'name' = 'occurred_at') THEN
        ALTER TABLE public.system_events RENAME COLUMN occurred_at TO created_at;
    END IF;
    FOR part IN SELECT a.attname FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = 'public.system_events'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                  AND CASE WHEN noted IS NULL THEN NOT a.attname = ANY (documented)
                           ELSE NOT EXISTS (SELECT FROM jsonb_array_elements(noted -> 'columns') k WHERE k ->> 'name' = a.attname) END
    LOOP
        EXECUTE format('ALTER TABLE public.system_events DROP COLUMN %I', part.attname);
    END LOOP;
    -- Its indexes under their names.
    FOR part IN SELECT c.relname, coalesce(i.name, CASE WHEN c.relname = 'system_events_adopted_payload_idx' AND p.had THEN 'idx_system_events_payload' END,
                                           CASE WHEN c.relname LIKE '%\_crm' AND o.name IS NOT NULL THEN o.name END) AS wanted
                FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
                LEFT JOIN LATERAL (SELECT k ->> 'name' AS name FROM jsonb_array_elements(nullif(noted -> 'indexes', 'null')) k
                                   WHERE c.relname = 'reverting_' || md5(k ->> 'name') OR c.relname = k ->> 'name') i ON TRUE
                LEFT JOIN LATERAL (SELECT k ->> 'name' AS name FROM jsonb_array_elements(nullif(noted -> 'indexes', 'null')) k
                                   WHERE c.relname = (k ->> 'name') || '_crm') o ON TRUE
                CROSS JOIN LATERAL (SELECT noted IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(nullif(noted -> 'indexes', 'null')) k
                                                   WHERE k ->> 'name' = 'idx_system_events_payload') AS had) p
                WHERE x.indrelid = 'public.system_events'::regclass AND c.relname <> 'reverting_pkey'
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid)
    LOOP
        IF part.wanted IS NULL THEN
            EXECUTE format('DROP INDEX public.%I', part.relname);
        ELSIF part.wanted <> part.relname THEN
            EXECUTE format('ALTER INDEX public.%I RENAME TO %I', part.relname, part.wanted);
        END IF;
    END LOOP;
    IF noted IS NULL THEN
        ALTER TABLE public.system_events ADD CONSTRAINT system_events_pkey PRIMARY KEY USING INDEX reverting_pkey;
    ELSIF to_regclass('public.reverting_pkey') IS NOT NULL THEN
        EXECUTE format('ALTER TABLE public.system_events ADD CONSTRAINT %I PRIMARY KEY USING INDEX reverting_pkey',
                       (SELECT k ->> 'name' FROM jsonb_array_elements(nullif(noted -> 'constraints', 'null')) k WHERE k ->> 'type' = 'p'));
    END IF;
END
$$;

-- All tables: no triggers, policies and row security of ours, no columns, keys and indexes that were not there, and what was.
DO $$
DECLARE
    held RECORD;
    own RECORD;
BEGIN
    FOR held IN
        SELECT c.oid::regclass AS relation, c.relname AS name, b.state -> 'tables' -> c.relname AS noted
        FROM atalaya.before_adoption b, pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
        ORDER BY c.relname
    LOOP
        FOR own IN SELECT t.tgname FROM pg_catalog.pg_trigger t WHERE t.tgrelid = held.relation AND NOT t.tgisinternal LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', own.tgname, held.relation);
        END LOOP;
        FOR own IN SELECT p.polname FROM pg_catalog.pg_policy p WHERE p.polrelid = held.relation LOOP
            EXECUTE format('DROP POLICY %I ON %s', own.polname, held.relation);
        END LOOP;
        EXECUTE format('ALTER TABLE %s %s ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', held.relation,
                       CASE WHEN (held.noted ->> 'row_security')::boolean THEN 'ENABLE' ELSE 'DISABLE' END);
    END LOOP;
END
$$;
CREATE TEMPORARY TABLE reverting_state ON COMMIT DROP AS SELECT b.state FROM atalaya.before_adoption b;
CREATE TEMPORARY TABLE reverting_aside ON COMMIT DROP AS
    SELECT s.table_name, s.reason, s.original FROM atalaya.set_aside s WHERE s.reason IN ('credential_duplicates', 'event_time_missing') ORDER BY s.id;
DROP SCHEMA atalaya CASCADE;
-- With the extension, where it was ours.
DROP SCHEMA IF EXISTS atalaya_search CASCADE;
DO $$
DECLARE
    state CONSTANT JSONB := (SELECT r.state FROM pg_temp.reverting_state r);
    held RECORD;
    own RECORD;
    drawn JSONB;
    last BIGINT;
    called BOOLEAN;
BEGIN
    FOR held IN
        SELECT c.oid::regclass AS relation, c.relname AS name, state -> 'tables' -> c.relname AS noted
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
        ORDER BY c.relname
    LOOP
        CONTINUE WHEN held.noted IS NULL;
        FOR own IN SELECT k.conname FROM pg_catalog.pg_constraint k WHERE k.conrelid = held.relation AND k.contype IN ('c', 'u', 'f')
                     AND NOT EXISTS (SELECT FROM jsonb_array_elements(nullif(held.noted -> 'constraints', 'null')) n WHERE n ->> 'name' = k.conname) LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', held.relation, own.conname);
        END LOOP;
        FOR own IN SELECT c.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid WHERE x.indrelid = held.relation
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid)
                     AND NOT EXISTS (SELECT FROM jsonb_array_elements(nullif(held.noted -> 'indexes', 'null')) n WHERE n ->> 'name' = c.relname) LOOP
            EXECUTE format('DROP INDEX public.%I', own.relname);
        END LOOP;
        FOR own IN SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = held.relation AND a.attnum > 0 AND NOT a.attisdropped
                     AND NOT EXISTS (SELECT FROM jsonb_array_elements(held.noted -> 'columns') n WHERE n ->> 'name' = a.attname) LOOP
            EXECUTE format('ALTER TABLE %s DROP COLUMN %I', held.relation, own.attname);
        END LOOP;
        -- Rows that gave way come back once nothing forbids them. What is computed from them is computed again.
        EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM (
                            SELECT (jsonb_populate_record(NULL::%1$s, r.original)).* FROM pg_temp.reverting_aside r WHERE r.table_name = %3$L) p',
                       held.relation, (SELECT string_agg(format('%I', a.attname), ', ') FROM pg_catalog.pg_attribute a
                                       WHERE a.attrelid = held.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), held.name);
        -- A sequence of its own again, where the count stands.
        drawn := state -> 'sequences' -> held.name;
        IF drawn IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = held.relation AND a.attname = 'id' AND a.attidentity <> '') THEN
            EXECUTE format('SELECT last_value, is_called FROM %s', drawn ->> 'name') INTO last, called;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN id DROP IDENTITY', held.relation);
            EXECUTE format('CREATE SEQUENCE %s AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s', drawn ->> 'name', (drawn ->> 'seqtypid')::oid::regtype,
                           drawn ->> 'seqincrement', drawn ->> 'seqmin', drawn ->> 'seqmax', drawn ->> 'seqstart', drawn ->> 'seqcache',
                           CASE WHEN (drawn ->> 'seqcycle')::boolean THEN 'CYCLE' ELSE 'NO CYCLE' END);
            EXECUTE format('ALTER SEQUENCE %s OWNER TO atalaya_owner', drawn ->> 'name');
            EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.id', drawn ->> 'name', held.relation);
            PERFORM setval((drawn ->> 'name')::regclass, last, called);
        END IF;
        FOR own IN SELECT n ->> 'name' AS name, n ->> 'default' AS standard, (n ->> 'not_null')::boolean AS needed, a.attnotnull
                   FROM jsonb_array_elements(held.noted -> 'columns') n JOIN pg_catalog.pg_attribute a ON a.attrelid = held.relation AND a.attname = n ->> 'name'
                     -- These have no default; the column is as it was.
                     AND a.attidentity = '' AND a.attgenerated = ''
        LOOP
            EXECUTE CASE WHEN own.standard IS NULL THEN format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', held.relation, own.name)
                         ELSE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', held.relation, own.name, own.standard) END;
            IF own.needed AND NOT own.attnotnull THEN
                BEGIN
                    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', held.relation, own.name);
                EXCEPTION WHEN not_null_violation THEN
                    PERFORM set_config('atalaya.step_differs', concat(nullif(current_setting('atalaya.step_differs', TRUE), '') || E'\n',
                        format('%I.%I: NOT NULL', held.name, own.name)), TRUE);
                END;
            ELSIF own.attnotnull AND NOT own.needed THEN
                EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', held.relation, own.name);
            END IF;
        END LOOP;
        FOR own IN SELECT n ->> 'name' AS name, n ->> 'definition' AS definition, (n ->> 'validated')::boolean AS validated
                   FROM jsonb_array_elements(nullif(held.noted -> 'constraints', 'null')) n
                   WHERE n ->> 'type' IN ('c', 'f', 'u')
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = held.relation AND k.conname = n ->> 'name')
        LOOP
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', held.relation, own.name, replace(own.definition, ' NOT VALID', ''),
                           CASE WHEN own.definition LIKE 'UNIQUE%' THEN '' ELSE ' NOT VALID' END);
            IF own.validated AND own.definition NOT LIKE 'UNIQUE%' THEN
                BEGIN
                    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', held.relation, own.name);
                EXCEPTION WHEN check_violation OR foreign_key_violation THEN
                    PERFORM set_config('atalaya.step_differs', concat(nullif(current_setting('atalaya.step_differs', TRUE), '') || E'\n',
                        format('%I.%I: NOT VALID', held.name, own.name)), TRUE);
                END;
            END IF;
        END LOOP;
    END LOOP;

    -- Owners and rights, the schema last. Owned sequences follow their table.
    FOR held IN
        SELECT c.oid, c.oid::regclass AS relation, c.relname AS name, coalesce(state -> 'tables' -> c.relname ->> 'owner', session_user::text) AS owner,
               state -> 'tables' -> c.relname AS noted
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
    LOOP
        FOR own IN SELECT DISTINCT g.kind, g.relation, a.grantee FROM (
                       SELECT 'TABLE' AS kind, held.relation, c.relacl FROM pg_catalog.pg_class c WHERE c.oid = held.oid
                       UNION ALL SELECT 'TABLE', held.relation, t.attacl FROM pg_catalog.pg_attribute t WHERE t.attrelid = held.oid
                       UNION ALL SELECT 'SEQUENCE', s.oid::regclass, s.relacl FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                       WHERE d.refobjid = held.oid AND d.deptype IN ('a', 'i')) g, aclexplode(g.relacl) a
                   WHERE a.grantee <> 'atalaya_owner'::regrole
        LOOP
            EXECUTE format('REVOKE ALL ON %s %s FROM %s', own.kind, own.relation, CASE own.grantee WHEN 0 THEN 'PUBLIC' ELSE own.grantee::regrole::text END);
        END LOOP;
        EXECUTE format('ALTER TABLE %s OWNER TO %s', held.relation, held.owner);
        FOR own IN SELECT g ->> 0 AS grantee, g ->> 1 AS privilege, (g ->> 2)::boolean AS grantable, g ->> 3 AS place, k.kind
                   FROM (VALUES ('acl'), ('column_acl'), ('sequence_acl')) AS k (kind),
                        jsonb_array_elements(CASE jsonb_typeof(held.noted -> k.kind) WHEN 'array' THEN held.noted -> k.kind ELSE '[]' END) g
                   WHERE g ->> 0 = '-' OR to_regrole(g ->> 0) IS NOT NULL
        LOOP
            EXECUTE format('GRANT %s%s ON %s %s TO %s%s', own.privilege, CASE own.kind WHEN 'column_acl' THEN format(' (%I)', own.place) END,
                           CASE own.kind WHEN 'sequence_acl' THEN 'SEQUENCE' ELSE 'TABLE' END,
                           CASE own.kind WHEN 'sequence_acl' THEN own.place ELSE held.relation::text END,
                           CASE own.grantee WHEN '-' THEN 'PUBLIC' ELSE own.grantee END, CASE WHEN own.grantable THEN ' WITH GRANT OPTION' END);
        END LOOP;
    END LOOP;
    FOR own IN SELECT DISTINCT a.grantee FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.grantee <> n.nspowner LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA public FROM %s CASCADE', CASE own.grantee WHEN 0 THEN 'PUBLIC' ELSE own.grantee::regrole::text END);
    END LOOP;
    EXECUTE format('ALTER SCHEMA public OWNER TO %s', state ->> 'schema_owner');
    FOR own IN SELECT g ->> 0 AS grantee, g ->> 1 AS privilege, (g ->> 2)::boolean AS grantable
               FROM jsonb_array_elements(CASE jsonb_typeof(state -> 'schema_acl') WHEN 'array' THEN state -> 'schema_acl' ELSE '[]' END) g
               WHERE g ->> 0 = '-' OR to_regrole(g ->> 0) IS NOT NULL
    LOOP
        EXECUTE format('GRANT %s ON SCHEMA public TO %s%s', own.privilege, CASE own.grantee WHEN '-' THEN 'PUBLIC' ELSE own.grantee END,
                       CASE WHEN own.grantable THEN ' WITH GRANT OPTION' END);
    END LOOP;
    -- Who connects.
    FOR own IN SELECT DISTINCT a.grantee FROM pg_catalog.pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database() AND a.grantee <> d.datdba LOOP
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %s CASCADE', current_database(), CASE own.grantee WHEN 0 THEN 'PUBLIC' ELSE own.grantee::regrole::text END);
    END LOOP;
    FOR own IN SELECT g ->> 0 AS grantee, g ->> 1 AS privilege, (g ->> 2)::boolean AS grantable
               FROM jsonb_array_elements(CASE jsonb_typeof(state -> 'database_acl') WHEN 'array' THEN state -> 'database_acl' ELSE '[]' END) g
               WHERE g ->> 0 = '-' OR to_regrole(g ->> 0) IS NOT NULL
    LOOP
        EXECUTE format('GRANT %s ON DATABASE %I TO %s%s', own.privilege, current_database(), CASE own.grantee WHEN '-' THEN 'PUBLIC' ELSE own.grantee END,
                       CASE WHEN own.grantable THEN ' WITH GRANT OPTION' END);
    END LOOP;
END
$$;
