-- Reverting and finishing. Run by the administrator with the same setting as steps/lend_owner.sql: the CRM's login leaves
-- atalaya_legacy, unless another database of this cluster that it owns was taken over too. Memberships belong to the cluster; what
-- atalaya_legacy may do belongs to each database.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login CONSTANT TEXT := current_setting('atalaya.step_login');
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_database d JOIN pg_catalog.pg_shdepend s ON s.dbid = d.oid
                   WHERE d.datname <> current_database() AND d.datdba = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = login)
                     AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = 'atalaya_legacy'::regrole) THEN
        EXECUTE format('REVOKE atalaya_legacy FROM %I', login);
    END IF;
END
$$;
