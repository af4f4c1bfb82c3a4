-- run as owner
-- Trigrams, which find a piece of text in ten million messages. The extension is trusted: whoever may create in a database
-- may add it. Where the server has it not, or refuses it, the log is searched slice by slice instead, and says so.
-- In a schema of its own that nobody may use: operators of the index are looked up by no caller. Idempotent: an adoption
-- does the same before (steps/search_extension.sql), so that the index is built while the CRM works.
CREATE SCHEMA IF NOT EXISTS atalaya_search;
COMMENT ON SCHEMA atalaya_search IS 'Atalaya: what the search index of the log is made with';
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA atalaya_search;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
    RAISE NOTICE 'the log has no search index: %', SQLERRM;
END
$$;
