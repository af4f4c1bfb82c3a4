-- Finishing. Run as atalaya_owner: whoever is a member of atalaya_legacy may do nothing in this database any more.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    held RECORD;
BEGIN
    FOR held IN
        SELECT c.oid::regclass AS relation, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v') AND c.relowner = 'atalaya_owner'::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM atalaya_legacy', held.kind, held.relation);
    END LOOP;
    REVOKE ALL ON SCHEMA public FROM atalaya_legacy;
END
$$;
UPDATE atalaya.installation SET legacy_login = NULL;
INSERT INTO atalaya.adoption_steps (step, finished_at) VALUES ('finish', now());
SELECT atalaya.write_setup_event('adoption.applied', NULL, NULL, '{"step": "finish"}'::jsonb);
