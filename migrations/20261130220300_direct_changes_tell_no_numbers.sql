-- run as upkeep_direct_change
-- As sums_tell_no_numbers: how many changes of all tenants nobody explained is for set-up to know and for who sees the whole log.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

ALTER FUNCTION atalaya.note_direct_changes() RENAME TO note_unexplained_changes;
REVOKE EXECUTE ON FUNCTION atalaya.note_unexplained_changes() FROM atalaya_operator, atalaya_api;

CREATE FUNCTION atalaya.note_direct_changes() RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    noted CONSTANT INTEGER := atalaya.note_unexplained_changes();
BEGIN
    RETURN CASE WHEN pg_has_role(session_user, 'atalaya_owner', 'MEMBER') OR atalaya.sees_whole_log() THEN noted ELSE 0 END;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.note_direct_changes() TO atalaya_operator, atalaya_api;
