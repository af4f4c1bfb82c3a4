-- Reverting, after pass_on.sql and with the same setting. Run by the CRM's own login: what has its giver back is no longer given by
-- the owner too, unless the owner had given it besides (`twice`). The others are told in `atalaya.step_differs`, one a line.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = error;
DO $$
DECLARE
    given RECORD;
    acl ACLITEM[];
BEGIN
    FOR given IN SELECT * FROM jsonb_to_recordset(current_setting('atalaya.step_passed_on')::jsonb)
                   AS g (kind TEXT, object TEXT, part TEXT, grantee TEXT, privilege TEXT, grantable BOOLEAN, grantor TEXT, twice BOOLEAN) LOOP
        CONTINUE WHEN given.grantee <> '-' AND to_regrole(given.grantee) IS NULL;
        acl := CASE
            WHEN given.kind = 'DATABASE' THEN (SELECT d.datacl FROM pg_catalog.pg_database d WHERE d.datname = current_database())
            WHEN given.kind = 'SCHEMA' THEN (SELECT n.nspacl FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public')
            WHEN given.part IS NOT NULL THEN (SELECT t.attacl FROM pg_catalog.pg_attribute t
                                              WHERE t.attrelid = to_regclass(given.object) AND quote_ident(t.attname) = given.part)
            ELSE (SELECT c.relacl FROM pg_catalog.pg_class c WHERE c.oid = to_regclass(given.object)) END;
        IF EXISTS (SELECT FROM aclexplode(acl) a WHERE a.grantee::regrole::text = given.grantee AND a.grantor::regrole::text = given.grantor
                   AND a.privilege_type = given.privilege AND a.is_grantable >= given.grantable) THEN
            IF NOT given.twice THEN
                EXECUTE format('REVOKE %s%s ON %s %s FROM %s', given.privilege, ' (' || given.part || ')', given.kind, given.object,
                               CASE given.grantee WHEN '-' THEN 'PUBLIC' ELSE given.grantee END);
            END IF;
        ELSE
            PERFORM set_config('atalaya.step_differs', concat(nullif(current_setting('atalaya.step_differs', TRUE), '') || E'\n',
                format('%s%s ON %s TO %s: GRANTED BY %s', given.privilege, ' (' || given.part || ')', given.object,
                       CASE given.grantee WHEN '-' THEN 'PUBLIC' ELSE given.grantee END, given.grantor)), TRUE);
        END IF;
    END LOOP;
END
$$;
