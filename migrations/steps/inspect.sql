-- Adoption only. Run by the owner of the database before anything is changed: whatever would stop the migrations half-way
-- stops here, with all findings in the DETAIL, one per line. Read only. A database whose adoption has begun passes.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET TRANSACTION READ ONLY;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL row_security = off;
SET LOCAL constraint_exclusion = off;
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '5min';
DO $$
DECLARE
    documented CONSTANT TEXT[] := '{tenants,users,leads,credentials,system_events}';
    tables CONSTANT OID[] := ARRAY(SELECT c.oid FROM pg_catalog.pg_class c
                                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY (documented));
    findings TEXT[];
BEGIN
    -- By the catalogue: the CRM's login may not look into the schema, and need not.
    IF EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'atalaya' AND c.relname = 'migrations' AND n.nspowner::regrole::text = 'atalaya_owner') THEN
        RETURN;
    END IF;
    SELECT array_agg(what ORDER BY what) INTO findings FROM (
        SELECT 'this login is a superuser; use the CRM''s own' AS what FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper
        UNION ALL
        SELECT 'this login does not own the database' FROM pg_catalog.pg_database d
        WHERE d.datname = current_database() AND NOT pg_has_role(current_user, d.datdba, 'USAGE')
        UNION ALL
        -- What belongs to atalaya_owner here is from a run that was interrupted early.
        SELECT 'this login does not own the schema public' FROM pg_catalog.pg_namespace n
        WHERE n.nspname = 'public' AND NOT pg_has_role(current_user, n.nspowner, 'USAGE') AND n.nspowner::regrole::text <> 'atalaya_owner'
        UNION ALL
        SELECT 'there is a schema atalaya already' FROM pg_catalog.pg_namespace
        WHERE nspname = 'atalaya' AND nspowner::regrole::text <> 'atalaya_owner'
        UNION ALL
        SELECT format('table %s belongs to %s', c.relname, c.relowner::regrole) FROM pg_catalog.pg_class c
        WHERE c.oid = ANY (tables) AND NOT pg_has_role(current_user, c.relowner, 'USAGE') AND c.relowner::regrole::text <> 'atalaya_owner'
        UNION ALL
        -- The others are made where they are missing.
        SELECT format('there is no table %s', t) FROM unnest('{tenants,users}'::text[]) t WHERE to_regclass('public.' || t) IS NULL
        UNION ALL
        SELECT format('%s public.%s has a name that Atalaya needs', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'relation' END, c.relname)
        FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND (c.relname IN ('auth_events', 'audit_logs') OR c.relname LIKE 'system\_events\_%' AND c.relkind IN ('r', 'p', 'v', 'm'))
        UNION ALL
        SELECT format('table %s is already partitioned', c.relname) FROM pg_catalog.pg_class c WHERE c.oid = ANY (tables) AND c.relkind = 'p'
        UNION ALL
        SELECT CASE WHEN a.attname IS NULL THEN format('column %s.%s is not there', w.t, w.c)
                    WHEN w.c = 'tenant_id' THEN format('column %s.tenant_id is of type %s, and tenants have ids of type integer', w.t, format_type(a.atttypid, NULL))
                    ELSE format('column %s.%s is of type %s instead of %s', w.t, w.c, format_type(a.atttypid, NULL), w.ty) END
        FROM (VALUES
            -- What nothing can stand in for.
            ('tenants', 'id', 'integer', TRUE), ('tenants', 'clinic_name', 'text', TRUE),
            ('users', 'id', 'uuid', TRUE), ('users', 'email', 'text', TRUE), ('users', 'password_hash', 'text', TRUE),
            ('users', 'role', 'text', TRUE), ('users', 'status', 'text', TRUE),
            ('leads', 'id', 'integer', TRUE), ('leads', 'tenant_id', 'integer', TRUE), ('leads', 'phone_number', 'text', TRUE),
            ('credentials', 'id', 'integer', TRUE), ('credentials', 'tenant_id', 'integer', TRUE), ('credentials', 'name', 'text', TRUE),
            ('credentials', 'value', 'text', TRUE),
            ('system_events', 'id', 'bigint', TRUE), ('system_events', 'event_type', 'text', TRUE),
            -- What steps/normalise.sql adds; where it is there it has to fit.
            ('tenants', 'bot_phone_number', 'text', FALSE), ('tenants', 'owner_email', 'text', FALSE), ('tenants', 'config', 'jsonb', FALSE),
            ('tenants', 'created_at', 'timestamp with time zone', FALSE), ('tenants', 'updated_at', 'timestamp with time zone', FALSE),
            ('users', 'first_name', 'text', FALSE), ('users', 'last_name', 'text', FALSE), ('users', 'tenant_id', 'integer', FALSE),
            ('users', 'created_at', 'timestamp with time zone', FALSE), ('users', 'updated_at', 'timestamp with time zone', FALSE),
            ('leads', 'first_name', 'text', FALSE), ('leads', 'last_name', 'text', FALSE), ('leads', 'email', 'text', FALSE),
            ('leads', 'status', 'text', FALSE), ('leads', 'source', 'text', FALSE),
            ('leads', 'created_at', 'timestamp with time zone', FALSE), ('leads', 'updated_at', 'timestamp with time zone', FALSE),
            ('credentials', 'category', 'text', FALSE),
            ('credentials', 'created_at', 'timestamp with time zone', FALSE), ('credentials', 'updated_at', 'timestamp with time zone', FALSE),
            ('system_events', 'severity', 'text', FALSE), ('system_events', 'message', 'text', FALSE), ('system_events', 'payload', 'jsonb', FALSE),
            ('system_events', 'occurred_at', 'timestamp with time zone', FALSE),
            -- Of the promoted columns the CRM's own tenant counts; the others would be written over (below).
            ('system_events', 'tenant_id', 'integer', FALSE)
        ) AS w (t, c, ty, needed)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass('public.' || w.t) AND a.attname = w.c AND NOT a.attisdropped
        WHERE to_regclass('public.' || w.t) IS NOT NULL AND CASE WHEN a.attname IS NULL THEN w.needed ELSE NOT (
              -- Outside the log, which is attached as it stands, VARCHAR serves for TEXT and BIGINT for INTEGER keys.
              format_type(a.atttypid, NULL) = w.ty
              OR w.t <> 'system_events' AND w.ty = 'text' AND format_type(a.atttypid, NULL) = 'character varying'
              OR w.c = 'id' AND w.t IN ('leads', 'credentials') AND format_type(a.atttypid, NULL) = 'bigint') END
        UNION ALL
        -- steps/normalise.sql may rename created_at; without either there is no time to go by.
        SELECT 'column system_events.occurred_at is not there, nor created_at of type timestamp with time zone'
        WHERE to_regclass('public.system_events') IS NOT NULL AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = to_regclass('public.system_events') AND NOT a.attisdropped
              AND a.attname IN ('occurred_at', 'created_at') AND format_type(a.atttypid, NULL) = 'timestamp with time zone')
        UNION ALL
        SELECT format('column system_events.%s has a name that Atalaya needs', a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = to_regclass('public.system_events') AND NOT a.attisdropped
          AND a.attname IN ('actor_id', 'actor_label', 'actor_kind', 'db_user', 'resource_type', 'resource_id', 'ip', 'request_id', 'origin',
                            'outcome', 'recorded_at', 'tx', 'cluster')
        UNION ALL
        SELECT format('column system_events.%s is generated', a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = to_regclass('public.system_events') AND a.attnum > 0 AND NOT a.attisdropped
          -- steps/normalise.sql gives an identity column of ids the documented sequence.
          AND (a.attidentity <> '' AND a.attname <> 'id' OR a.attgenerated <> '')
        UNION ALL
        SELECT format('column %s.%s has a name that Atalaya needs', a.attrelid::regclass, a.attname) FROM pg_catalog.pg_attribute a
        WHERE (a.attrelid = to_regclass('public.users') AND a.attname = 'db_role' OR a.attrelid = to_regclass('public.tenants') AND a.attname = 'status')
          AND NOT a.attisdropped
        UNION ALL
        SELECT 'system_events.id does not draw from system_events_id_seq' WHERE to_regclass('public.system_events') IS NOT NULL
            AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('public.system_events') AND attname = 'id')
            AND pg_get_serial_sequence('public.system_events', 'id') IS DISTINCT FROM 'public.system_events_id_seq'
        UNION ALL
        -- The log changes its table, and a view would stay with the old one.
        SELECT DISTINCT format('%s %s reads system_events: drop it, and make it again afterwards', CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END,
                               v.oid::regclass)
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
        WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass('public.system_events') AND v.oid <> d.refobjid
        UNION ALL
        SELECT format('%s has row security that binds its owner, and no rule: nobody sees a row', c.relname) FROM pg_catalog.pg_class c
        WHERE c.oid = ANY (tables) AND c.relrowsecurity AND c.relforcerowsecurity
        UNION ALL
        SELECT format('%s refers to system_events', f.conrelid::regclass) FROM pg_catalog.pg_constraint f
        WHERE f.contype = 'f' AND f.confrelid = to_regclass('public.system_events')
        UNION ALL
        SELECT format('%s inherits from %s', i.inhrelid::regclass, i.inhparent::regclass) FROM pg_catalog.pg_inherits i
        WHERE i.inhparent = ANY (tables) OR i.inhrelid = ANY (tables)
        UNION ALL
        SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ANY (tables) AND NOT t.tgisinternal
        UNION ALL
        SELECT format('rule %s on %s', r.rulename, r.ev_class::regclass) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ANY (tables)
        UNION ALL
        SELECT format('policy %s on %s', p.polname, p.polrelid::regclass) FROM pg_catalog.pg_policy p WHERE p.polrelid = ANY (tables)
        UNION ALL
        SELECT DISTINCT CASE d.refclassid WHEN 'pg_proc'::regclass
                   THEN format('function %s used by a default, check or index', d.refobjid::regprocedure)
                   ELSE format('operator %s used by a default, check or index', d.refobjid::regoperator) END
        FROM pg_catalog.pg_depend d
        WHERE d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND (
            d.classid = 'pg_attrdef'::regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_attrdef WHERE adrelid = ANY (tables))
            OR d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT oid FROM pg_catalog.pg_constraint WHERE conrelid = ANY (tables))
            OR d.classid = 'pg_class'::regclass AND d.objid IN (SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = ANY (tables)))
        UNION ALL
        SELECT format('statistics %s over expressions of %s', s.stxname, s.stxrelid::regclass) FROM pg_catalog.pg_statistic_ext s
        WHERE s.stxrelid = ANY (tables) AND s.stxexprs IS NOT NULL
        UNION ALL
        -- What is put in capitals or small letters, names of statements among it, has to be the same word afterwards.
        SELECT 'the database is in a language in which the capital of "i" is not "I": dump it, and load it into one of another locale'
        WHERE upper('i') <> 'I' OR lower('I') <> 'i'
        UNION ALL
        SELECT format('column %s.%s is of domain %s', a.attrelid::regclass, a.attname, a.atttypid::regtype)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = ANY (tables) AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype = 'd'
    ) f;
    -- As 20261201030000_events_of_a_size_as_text.sql has it for what comes later: the indexes of the log do not take what is larger.
    IF findings IS NULL AND to_regclass('public.system_events') IS NOT NULL THEN
        BEGIN
          EXECUTE (
            SELECT format('SELECT array_agg(format(''event %%s is too large: an event has a type of up to 1,000 bytes, a message and a payload of up to 8 MB'', id) ORDER BY id)
                           FROM (SELECT id FROM public.system_events WHERE %s LIMIT 20) AS large', string_agg(w.large, ' OR '))
            FROM (VALUES ('event_type', 'octet_length(event_type) > 1000'), ('message', 'octet_length(message) > 8388608'),
                         ('payload', $w$CASE WHEN pg_column_size(payload) > 32768 THEN
                              pg_column_size(payload || CASE jsonb_typeof(payload) WHEN 'object' THEN '{}'::jsonb ELSE '[]' END) > 8388608 END$w$),
                         ('payload', 'octet_length(payload::text) > 8388608')
            ) AS w (c, large)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass('public.system_events') AND a.attname = w.c AND NOT a.attisdropped)
          INTO findings;
        EXCEPTION WHEN program_limit_exceeded THEN
            findings := ARRAY['an event is too large: its payload has more than a gigabyte as text, and may have 8 MB'];
        END;
    END IF;
    IF findings IS NOT NULL THEN
        RAISE EXCEPTION 'this is not the database that the documents describe: % findings', cardinality(findings)
            USING ERRCODE = 'AT005', DETAIL = array_to_string(findings, E'\n'), HINT = 'Nothing was changed.';
    END IF;
END
$$;
