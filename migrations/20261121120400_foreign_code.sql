-- run as owner
-- An adopted table may carry code of its former owner: triggers, rules, policies, defaults, checks, statistics, domains. Such
-- code would run with the rights of whoever writes, the gate included, or of the table's owner at every ANALYZE, and its
-- author could still replace it. It is refused, not guessed.
-- Old grants go too: row security does not bind TRUNCATE or REFERENCES.
DO $$
DECLARE
    documented CONSTANT regclass[] := ARRAY['public.tenants', 'public.users', 'public.leads', 'public.credentials',
                                            'public.system_events']::regclass[];
    finding TEXT;
    held RECORD;
BEGIN
    SELECT string_agg(what, '; ') INTO finding FROM (
        SELECT format('trigger %s on %s', t.tgname, t.tgrelid::regclass) AS what
        FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ANY (documented) AND NOT t.tgisinternal
        UNION ALL
        SELECT format('rule %s on %s', r.rulename, r.ev_class::regclass)
        FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ANY (documented)
        UNION ALL
        SELECT format('policy %s on %s', p.polname, p.polrelid::regclass)
        FROM pg_catalog.pg_policy p WHERE p.polrelid = ANY (documented)
        UNION ALL
        -- Built-in functions are pinned and have no dependency rows, so whatever shows up here is somebody's own.
        SELECT DISTINCT format('function %s used by a default, check or index', d.refobjid::regprocedure)
        FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_proc'::regclass AND (
            d.classid = 'pg_attrdef'::regclass
                AND d.objid IN (SELECT oid FROM pg_catalog.pg_attrdef WHERE adrelid = ANY (documented))
            OR d.classid = 'pg_constraint'::regclass
                AND d.objid IN (SELECT oid FROM pg_catalog.pg_constraint WHERE conrelid = ANY (documented))
            OR d.classid = 'pg_class'::regclass
                AND d.objid IN (SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = ANY (documented)))
        UNION ALL
        SELECT format('statistics %s over expressions of %s', s.stxname, s.stxrelid::regclass)
        FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = ANY (documented) AND s.stxexprs IS NOT NULL
        UNION ALL
        -- The default and the checks of a domain are functions like any other, and hang on the type instead of the table.
        SELECT format('column %s.%s is of domain %s', a.attrelid::regclass, a.attname, a.atttypid::regtype)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = ANY (documented) AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype = 'd'
        UNION ALL
        SELECT format('table or view public.%s, whose name Atalaya needs', c.relname)
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('auth_events', 'audit_logs')
    ) f;
    IF finding IS NOT NULL THEN
        RAISE EXCEPTION 'the documented tables carry code of their own: %', finding
            USING ERRCODE = 'AT005', HINT = 'Remove or rename it, then adopt again: it resumes here.';
    END IF;

    FOR held IN
        SELECT DISTINCT c.oid::regclass AS relation, c.relkind, a.grantee
        FROM pg_catalog.pg_class c
        CROSS JOIN LATERAL aclexplode(c.relacl) a
        WHERE a.grantee <> c.relowner
          AND (c.oid = ANY (documented)
               OR c.relkind = 'S' AND c.oid IN (SELECT objid FROM pg_catalog.pg_depend
                                                WHERE refobjid = ANY (documented) AND deptype IN ('a', 'i')))
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM %s', CASE held.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                       held.relation, CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
    END LOOP;
    FOR held IN
        SELECT DISTINCT t.attrelid::regclass AS relation, t.attname, a.grantee
        FROM pg_catalog.pg_attribute t
        CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE t.attrelid = ANY (documented)
    LOOP
        EXECUTE format('REVOKE ALL (%I) ON TABLE %s FROM %s', held.attname, held.relation,
                       CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
    END LOOP;
END
$$;
