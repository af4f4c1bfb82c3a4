-- Adoption only. Run as atalaya_owner, in the transaction that changes what the CRM's login may do: what its documented
-- statements need, to atalaya_legacy, so that none of them fails in between. By column: what Atalaya adds is not in it, and
-- what the CRM had beside the documents is. 20261121123200_legacy_login.sql grants the documented part of it for good; leads
-- and credentials gain no column and are the CRM's whole, and no row gets another key.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    held RECORD;
    sequence TEXT;
BEGIN
    FOR held IN
        SELECT c.relname AS name, own.columns, own.changed
        FROM atalaya.before_adoption b
        CROSS JOIN pg_catalog.pg_class c
        CROSS JOIN LATERAL (
            SELECT string_agg(format('%I', k ->> 'name'), ', ') AS columns,
                   string_agg(format('%I', k ->> 'name'), ', ') FILTER (WHERE k ->> 'name' <> 'id') AS changed
            FROM jsonb_array_elements(b.state -> 'tables' -> c.relname -> 'columns') k
            -- A column that a decision has renamed is not there any more.
            WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = k ->> 'name' AND NOT a.attisdropped)
        ) own
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = 'atalaya_owner'::regrole
          AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events') AND own.columns IS NOT NULL
    LOOP
        CASE
            WHEN held.name IN ('leads', 'credentials') THEN
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO atalaya_legacy', held.name);
            WHEN held.name IN ('tenants', 'users') THEN
                EXECUTE format('GRANT SELECT, INSERT (%s), UPDATE (%s), DELETE ON public.%I TO atalaya_legacy', held.columns, held.changed, held.name);
            ELSE
                EXECUTE format('GRANT SELECT, INSERT (%s) ON public.%I TO atalaya_legacy', held.changed, held.name);
        END CASE;
        sequence := pg_get_serial_sequence('public.' || held.name, 'id');
        IF sequence IS NOT NULL THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO atalaya_legacy', sequence);
        END IF;
    END LOOP;
END
$$;
