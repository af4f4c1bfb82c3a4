-- run as gate
-- roll_up asks, as the other upkeep does, whether somebody is signed in.
GRANT EXECUTE ON FUNCTION atalaya.caller_id() TO atalaya_upkeep_roll_up;
