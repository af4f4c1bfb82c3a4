-- run as upkeep_roll_up
-- Whoever keeps the sums was told how many events of all tenants came since the last time. Set-up is told now, and who sees the
-- whole log; others hear whether there is more to do, which only the base can answer with yes.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

ALTER FUNCTION atalaya.roll_up(INTEGER) RENAME TO add_to_sums;
REVOKE EXECUTE ON FUNCTION atalaya.add_to_sums(INTEGER) FROM atalaya_operator, atalaya_api;

-- Adds up to `batch` rows of the base, or everything that came since the last time. As long as it answers `batch` or more, there
-- may be more.
CREATE FUNCTION atalaya.roll_up(batch INTEGER) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    added CONSTANT BIGINT := atalaya.add_to_sums(batch);
BEGIN
    IF pg_has_role(session_user, 'atalaya_owner', 'MEMBER') OR atalaya.sees_whole_log() THEN
        RETURN added;
    END IF;
    RETURN CASE WHEN added >= batch AND EXISTS (SELECT FROM atalaya.event_roll_up r WHERE r.last IS NULL) THEN batch ELSE 0 END;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.roll_up(INTEGER) TO atalaya_operator, atalaya_api;
