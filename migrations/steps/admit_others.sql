-- Adoption only. Run by the administrator after note_before.sql: logins that work on the CRM's tables without owning them become
-- members of atalaya_legacy, like its owner (steps/admit_legacy.sql). Which those are was noted before any right was taken away.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login. Idempotent.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    noted JSONB;
    login TEXT;
BEGIN
    SET LOCAL ROLE atalaya_owner;
    SELECT b.state -> 'other_logins' INTO noted FROM atalaya.before_adoption b;
    RESET ROLE;
    FOR login IN SELECT r.rolname FROM jsonb_array_elements_text(coalesce(noted, '[]')) n (name) JOIN pg_catalog.pg_roles r ON r.rolname = n.name
                 WHERE NOT r.rolsuper AND NOT r.rolbypassrls AND NOT r.rolcreaterole
    LOOP
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE format('GRANT atalaya_legacy TO %I WITH INHERIT TRUE, SET FALSE', login);
        ELSE
            EXECUTE format('GRANT atalaya_legacy TO %I', login);
        END IF;
    END LOOP;
END
$$;
