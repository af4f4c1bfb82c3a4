-- Adoption only. Run by the CRM's own login between lend_owner and return_owner, once for each documented table, with
--   SELECT set_config('atalaya.step_table', '<name>', TRUE);
-- and last with 'public', for the schema: whoever owns a schema may drop any table in it, and the former owner still needs it
-- for the tables. One table a transaction: its lock is held for as long as one row of the catalogue takes to change, and no
-- writer that holds two tables can be in its way. The login keeps what its documented statements need (steps/legacy_rights.sql
-- follows in the same transaction). Idempotent.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    given CONSTANT TEXT := current_setting('atalaya.step_table');
BEGIN
    IF given = 'public' THEN
        IF (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'public') <> 'atalaya_owner'::regrole THEN
            IF NOT pg_has_role(current_user, (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'public'), 'MEMBER') THEN
                RAISE EXCEPTION 'this login does not own the schema public'
                    USING ERRCODE = 'AT002', HINT = 'Let a DBA run: ALTER SCHEMA public OWNER TO pg_database_owner';
            END IF;
            ALTER SCHEMA public OWNER TO atalaya_owner;
        END IF;
        SET LOCAL ROLE atalaya_owner;
        GRANT USAGE ON SCHEMA public TO atalaya_legacy;
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = to_regclass(format('public.%I', given))
                  AND c.relowner <> 'atalaya_owner'::regrole) THEN
        EXECUTE format('ALTER TABLE public.%I OWNER TO atalaya_owner', given);
    END IF;
END
$$;
SET LOCAL ROLE atalaya_owner;
