-- run as owner
-- Everything new lives in this schema. The roles that own functions get CREATE here for the length of a migration run:
-- steps/close.sql takes it back, steps/open.sql gives it again. Idempotent, like the two files before it: the table that
-- remembers what has been applied comes with the next one.
CREATE SCHEMA IF NOT EXISTS atalaya;
COMMENT ON SCHEMA atalaya IS 'Atalaya: everything that the documents do not name';

GRANT USAGE ON SCHEMA atalaya TO
    atalaya_gate, atalaya_roles, atalaya_operator, atalaya_api, atalaya_backup,
    atalaya_upkeep_session_touch, atalaya_upkeep_direct_change;
GRANT CREATE ON SCHEMA atalaya TO
    atalaya_gate, atalaya_roles, atalaya_upkeep_session_touch, atalaya_upkeep_direct_change;

-- Nobody may call a function because it exists; the other owners do the same at the head of their first file.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A database that came from version 14 or older lets everybody create in public.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO
    atalaya_gate, atalaya_roles, atalaya_operator, atalaya_api, atalaya_backup, atalaya_legacy,
    atalaya_upkeep_session_touch, atalaya_upkeep_direct_change;
