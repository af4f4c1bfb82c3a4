-- Reverting, after revert.sql, which gave every right in the owner's name. Run by the administrator with
--   SELECT set_config('atalaya.step_passed_on', '<a JSON array of rights that somebody else had passed on>', TRUE);
-- Each is given again by whom it was given before, for which the administrator acts as that login for a moment: 15 lets whoever has
-- CREATEROLE, 16 and newer whoever has ADMIN on it. What is not allowed stays the owner's; steps/passed_on.sql tells. Rights on
-- the CRM's own tables, schema and database alone, which its owner could give anybody anyway.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = error;
DO $$
DECLARE
    modern CONSTANT BOOLEAN := current_setting('server_version_num')::int >= 160000;
    given RECORD;
    may BOOLEAN;
BEGIN
    -- What is named is looked up, and the statement made from the catalogue's words: the note lay where the CRM's login could reach it
    -- while it handed its tables over.
    FOR given IN
        SELECT o.kind, o.object, t.attname, g.privilege, g.grantable, giver.rolname AS grantor, taker.rolname AS grantee
        FROM jsonb_to_recordset(current_setting('atalaya.step_passed_on')::jsonb)
               AS g (kind TEXT, object TEXT, part TEXT, grantee TEXT, privilege TEXT, grantable BOOLEAN, grantor TEXT)
        JOIN pg_catalog.pg_roles giver ON quote_ident(giver.rolname) = g.grantor AND NOT giver.rolsuper
        LEFT JOIN pg_catalog.pg_roles taker ON quote_ident(taker.rolname) = g.grantee
        CROSS JOIN LATERAL (
            SELECT g.kind, c.oid, c.oid::regclass::text AS object FROM pg_catalog.pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.oid::regclass::text = g.object
              AND (g.kind = 'TABLE' AND c.relkind = 'r' AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
                   OR g.kind = 'SEQUENCE' AND c.relkind = 'S')
            UNION ALL SELECT g.kind, NULL, 'public' WHERE g.kind = 'SCHEMA'
            UNION ALL SELECT g.kind, NULL, quote_ident(current_database()) WHERE g.kind = 'DATABASE') o
        LEFT JOIN pg_catalog.pg_attribute t ON t.attrelid = o.oid AND quote_ident(t.attname) = g.part
        WHERE g.privilege = ANY ('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN,USAGE,CREATE,CONNECT,TEMPORARY}')
          AND (g.part IS NULL) = (t.attname IS NULL) AND (g.grantee = '-') = (taker.rolname IS NULL)
    LOOP
        BEGIN
            IF modern THEN
                may := pg_has_role(session_user, given.grantor, 'SET');
            ELSE
                may := pg_has_role(session_user, given.grantor, 'MEMBER');
            END IF;
            IF NOT may THEN
                EXECUTE format('GRANT %I TO %I%s', given.grantor, session_user, CASE WHEN modern THEN ' WITH INHERIT FALSE, SET TRUE' END);
            END IF;
            EXECUTE format('SET LOCAL ROLE %I', given.grantor);
            EXECUTE format('GRANT %s%s ON %s %s TO %s%s', given.privilege, ' (' || quote_ident(given.attname) || ')', given.kind, given.object,
                           coalesce(quote_ident(given.grantee), 'PUBLIC'), CASE WHEN given.grantable THEN ' WITH GRANT OPTION' END);
            RESET ROLE;
            IF NOT may THEN
                EXECUTE format('REVOKE %I FROM %I', given.grantor, session_user);
            END IF;
        EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation OR undefined_table OR undefined_object THEN
            NULL; -- All of it is undone, the lending too.
        END;
    END LOOP;
END
$$;
