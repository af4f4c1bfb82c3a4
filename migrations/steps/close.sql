-- Run by the administrator when migrations and set-up functions are done, also after a failure: takes back what
-- steps/open.sql lent. Idempotent. `doctor` complains when an administrator still holds one of these.
-- Nothing of it may resolve to what somebody put into a schema of the CRM's: its owner is not trusted with this login.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    lent NAME;
BEGIN
    IF to_regnamespace('atalaya') IS NOT NULL AND pg_has_role('atalaya_owner', 'MEMBER') THEN
        SET LOCAL ROLE atalaya_owner;
        FOR lent IN
            SELECT rolname FROM pg_catalog.pg_roles
            WHERE rolname IN ('atalaya_gate', 'atalaya_roles') OR rolname LIKE 'atalaya\_upkeep\_%'
        LOOP
            EXECUTE format('REVOKE CREATE ON SCHEMA atalaya FROM %I', lent);
        END LOOP;
        RESET ROLE;
    END IF;
    FOR lent IN
        SELECT r.rolname FROM pg_catalog.pg_roles r
        WHERE (r.rolname IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles') OR r.rolname LIKE 'atalaya\_upkeep\_%')
          AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                      WHERE m.roleid = r.oid AND m.member = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))
    LOOP
        -- On 16 and newer this removes what the administrator granted itself; the creator's ADMIN-only membership stays.
        EXECUTE format('REVOKE %I FROM CURRENT_USER', lent);
    END LOOP;
END
$$;
