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
    without_time BIGINT;
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
        SELECT format('there is no table %s', t) FROM unnest(documented) t WHERE to_regclass('public.' || t) IS NULL
        UNION ALL
        SELECT format('%s public.%s has a name that Atalaya needs', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'relation' END, c.relname)
        FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND (c.relname IN ('auth_events', 'audit_logs') OR c.relname LIKE 'system\_events\_%' AND c.relkind IN ('r', 'p', 'v', 'm'))
        UNION ALL
        SELECT format('table %s is already partitioned', c.relname) FROM pg_catalog.pg_class c WHERE c.oid = ANY (tables) AND c.relkind = 'p'
        UNION ALL
        SELECT format('column %s.%s is not there, or not of type %s', w.t, w.c, w.ty)
        FROM (VALUES
            ('tenants', 'id', 'integer'), ('tenants', 'clinic_name', 'text'), ('tenants', 'bot_phone_number', 'text'),
            ('tenants', 'owner_email', 'text'), ('tenants', 'config', 'jsonb'), ('tenants', 'created_at', 'timestamp with time zone'),
            ('tenants', 'updated_at', 'timestamp with time zone'),
            ('users', 'id', 'uuid'), ('users', 'email', 'text'), ('users', 'password_hash', 'text'), ('users', 'role', 'text'),
            ('users', 'status', 'text'), ('users', 'first_name', 'text'), ('users', 'last_name', 'text'), ('users', 'tenant_id', 'integer'),
            ('users', 'created_at', 'timestamp with time zone'), ('users', 'updated_at', 'timestamp with time zone'),
            ('leads', 'id', 'integer'), ('leads', 'tenant_id', 'integer'), ('leads', 'phone_number', 'text'), ('leads', 'first_name', 'text'),
            ('leads', 'last_name', 'text'), ('leads', 'email', 'text'), ('leads', 'status', 'text'), ('leads', 'source', 'text'),
            ('leads', 'created_at', 'timestamp with time zone'), ('leads', 'updated_at', 'timestamp with time zone'),
            ('credentials', 'id', 'integer'), ('credentials', 'tenant_id', 'integer'), ('credentials', 'name', 'text'),
            ('credentials', 'value', 'text'), ('credentials', 'category', 'text'), ('credentials', 'created_at', 'timestamp with time zone'),
            ('credentials', 'updated_at', 'timestamp with time zone'),
            ('system_events', 'id', 'bigint'), ('system_events', 'event_type', 'text'), ('system_events', 'severity', 'text'),
            ('system_events', 'message', 'text'), ('system_events', 'payload', 'jsonb'), ('system_events', 'occurred_at', 'timestamp with time zone')
        ) AS w (t, c, ty)
        WHERE to_regclass('public.' || w.t) IS NOT NULL AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = to_regclass('public.' || w.t) AND a.attname = w.c AND NOT a.attisdropped
              -- Outside the log, which is attached as it stands, VARCHAR serves for TEXT and BIGINT for INTEGER keys.
              AND (format_type(a.atttypid, NULL) = w.ty
                   OR w.t <> 'system_events' AND w.ty = 'text' AND format_type(a.atttypid, NULL) = 'character varying'
                   OR w.c = 'id' AND w.t IN ('leads', 'credentials') AND format_type(a.atttypid, NULL) = 'bigint'))
        UNION ALL
        SELECT format('column system_events.%s is not in the documents', a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = to_regclass('public.system_events') AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attname NOT IN ('id', 'event_type', 'severity', 'message', 'payload', 'occurred_at')
        UNION ALL
        SELECT format('column %s.%s has a name that Atalaya needs', a.attrelid::regclass, a.attname) FROM pg_catalog.pg_attribute a
        WHERE (a.attrelid = to_regclass('public.users') AND a.attname = 'db_role' OR a.attrelid = to_regclass('public.tenants') AND a.attname = 'status')
          AND NOT a.attisdropped
        UNION ALL
        SELECT 'system_events.id does not draw from system_events_id_seq' WHERE to_regclass('public.system_events') IS NOT NULL
            AND EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('public.system_events') AND attname = 'id')
            AND pg_get_serial_sequence('public.system_events', 'id') IS DISTINCT FROM 'public.system_events_id_seq'
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
        SELECT format('column %s.%s is of domain %s', a.attrelid::regclass, a.attname, a.atttypid::regtype)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = ANY (tables) AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype = 'd'
    ) f;
    IF findings IS NULL AND has_table_privilege('public.system_events', 'SELECT') THEN
        EXECUTE 'SELECT count(*) FROM public.system_events WHERE occurred_at IS NULL' INTO without_time;
        IF without_time > 0 THEN
            findings := ARRAY[format('%s rows of system_events have no occurred_at', without_time)];
        END IF;
    END IF;
    IF findings IS NOT NULL THEN
        RAISE EXCEPTION 'this is not the database that the documents describe: % findings', cardinality(findings)
            USING ERRCODE = 'AT005', DETAIL = array_to_string(findings, E'\n'), HINT = 'Nothing was changed.';
    END IF;
END
$$;
