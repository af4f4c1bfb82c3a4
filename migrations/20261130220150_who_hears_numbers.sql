-- run as gate
-- Upkeep tells its numbers, which are those of all tenants, to whom sees the whole log (20261130220200, 20261130220300).
GRANT EXECUTE ON FUNCTION atalaya.sees_whole_log() TO atalaya_upkeep_roll_up, atalaya_upkeep_direct_change;
