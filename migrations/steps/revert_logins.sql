-- Reverting. Run by the administrator as atalaya_roles, first: the console's operators have no way in any more. Their roles stay,
-- as revoke_operator() leaves them: a name that stands in events must never mean somebody else.
-- Logins are cluster-wide, and a copy of this database has the same ones: where another database lets one in, only this door
-- closes, as in follow_status(). A copy made as a template has the same tables under the same oids, and no rights of its own yet:
-- whoever may connect to it does so as PUBLIC. Which logins stay is said in atalaya.step_differs.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    installed CONSTANT OID := 'atalaya.installation'::regclass;
    login NAME;
    elsewhere NAME;
BEGIN
    FOR login IN SELECT r.rolname FROM pg_catalog.pg_roles r, atalaya.installation i
                 WHERE r.rolname ~ ('^atalaya_' || i.id || '_[a-z0-9_]{1,40}$') LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', login, current_database());
        SELECT d.datname INTO elsewhere FROM pg_catalog.pg_database d
        WHERE d.datname <> current_database()
          AND (EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = login::regrole AND a.privilege_type = 'CONNECT')
               OR has_database_privilege(login, d.oid, 'CONNECT')
                  AND EXISTS (SELECT FROM pg_catalog.pg_shdepend s
                              WHERE s.dbid = d.oid AND s.classid = 'pg_class'::regclass AND s.objid = installed
                                AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = 'atalaya_owner'::regrole AND s.deptype = 'o'))
        ORDER BY 1 LIMIT 1;
        IF elsewhere IS NULL THEN
            EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);
            EXECUTE format('REVOKE atalaya_operator FROM %I', login);
            CONTINUE;
        END IF;
        -- Without a right of its own on this database, which a copy has not given it, revoking is an error.
        IF EXISTS (SELECT FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
                   WHERE d.datname = current_database() AND a.grantee = login::regrole AND a.grantor = 'atalaya_roles'::regrole) THEN
            EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), login);
        END IF;
        PERFORM set_config('atalaya.step_differs', concat(nullif(current_setting('atalaya.step_differs', TRUE), '') || E'\n',
            format('%I: LOGIN, CONNECT ON DATABASE %I', login, elsewhere)), TRUE);
    END LOOP;
END
$$;
