-- run as owner
-- The direct-change upkeep compares where an event lies with where the change was made.
GRANT SELECT (tenant_id) ON public.system_events TO atalaya_upkeep_direct_change;
