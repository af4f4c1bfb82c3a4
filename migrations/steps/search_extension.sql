-- Adoption only. Runs as atalaya_owner before index_events.sql: what 20261123120000_search_extension.sql does, so that the search
-- index of old events is built while the CRM works. Idempotent; a refusal is no failure.
CREATE SCHEMA IF NOT EXISTS atalaya_search;
COMMENT ON SCHEMA atalaya_search IS 'Atalaya: what the search index of the log is made with';
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA atalaya_search;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RAISE NOTICE 'the log has no search index: %', SQLERRM;
END
$$;
