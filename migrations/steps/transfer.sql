-- Run by the owner of the database: the CRM's own login when adopting (between lend_owner and return_owner), the
-- administrator in a fresh workspace (after open). Hands the documented tables, with their sequences, and the schema public
-- to atalaya_owner. The schema goes last: whoever owns a schema may drop any table in it, and the former owner still needs
-- it for the tables. Idempotent.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    documented NAME;
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO atalaya_owner', current_database());
    -- Not being the owner of the database is a warning there, and an error here.
    IF NOT has_database_privilege('atalaya_owner', current_database(), 'CREATE') THEN
        RAISE EXCEPTION 'this login does not own the database %', current_database()
            USING ERRCODE = 'AT002', HINT = format('Let a DBA run: GRANT CREATE ON DATABASE %I TO atalaya_owner', current_database());
    END IF;
    IF NOT pg_has_role(current_user, (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'public'), 'MEMBER') THEN
        RAISE EXCEPTION 'this login does not own the schema public'
            USING ERRCODE = 'AT002', HINT = 'Let a DBA run: ALTER SCHEMA public OWNER TO pg_database_owner';
    END IF;
    IF NOT has_schema_privilege('atalaya_owner', 'public', 'CREATE') THEN
        GRANT USAGE, CREATE ON SCHEMA public TO atalaya_owner;
    END IF;
    FOR documented IN
        SELECT c.relname FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
          AND c.relowner <> 'atalaya_owner'::regrole
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO atalaya_owner', documented);
    END LOOP;
    IF (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'public') <> 'atalaya_owner'::regrole THEN
        ALTER SCHEMA public OWNER TO atalaya_owner;
    END IF;
END
$$;
