-- Reverting and finishing. Run by the administrator: the logins of the CRM leave atalaya_legacy, unless another database of this
-- cluster that they may connect to was taken over too. Memberships belong to the cluster; what atalaya_legacy may do, and who
-- connects, belongs to each database. By the catalogue, because after reverting nothing else is left that names them. Idempotent.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login NAME;
BEGIN
    FOR login IN
        SELECT r.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
        -- On 16 and newer who made the group is a member that may only pass it on.
        WHERE m.roleid = 'atalaya_legacy'::regrole AND NOT m.admin_option
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_database d JOIN pg_catalog.pg_shdepend s ON s.dbid = d.oid
                          WHERE d.datname <> current_database() AND has_database_privilege(r.oid, d.oid, 'CONNECT')
                            AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = 'atalaya_legacy'::regrole)
    LOOP
        EXECUTE format('REVOKE atalaya_legacy FROM %I', login);
    END LOOP;
END
$$;
