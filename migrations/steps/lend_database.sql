-- Adoption only. Run by the owner of the database, first: atalaya_owner may make its schema, and use the schema `public`.
-- Changes nothing of the CRM's. Idempotent.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO atalaya_owner', current_database());
    -- Not being the owner of the database is a warning there, and an error here.
    IF NOT has_database_privilege('atalaya_owner', current_database(), 'CREATE') THEN
        RAISE EXCEPTION 'this login does not own the database %', current_database()
            USING ERRCODE = 'AT002', HINT = format('Let a DBA run: GRANT CREATE ON DATABASE %I TO atalaya_owner', current_database());
    END IF;
    IF NOT has_schema_privilege('atalaya_owner', 'public', 'CREATE') THEN
        GRANT USAGE, CREATE ON SCHEMA public TO atalaya_owner;
    END IF;
END
$$;
