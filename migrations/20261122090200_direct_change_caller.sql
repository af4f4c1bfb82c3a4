-- run as gate
-- The direct-change upkeep asks who calls it.
GRANT EXECUTE ON FUNCTION atalaya.caller_id() TO atalaya_upkeep_direct_change;
