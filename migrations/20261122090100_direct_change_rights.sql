-- run as owner
-- What the direct-change upkeep reads since events explain own rows only and records are reported although somebody holds
-- them: the actor, the types' permissions, and the number under which a change record was reported (request_id).
GRANT SELECT (actor_id, request_id) ON public.system_events TO atalaya_upkeep_direct_change;
GRANT SELECT (event_type, permission, entry) ON atalaya.event_types TO atalaya_upkeep_direct_change;
CREATE POLICY direct_change_read ON atalaya.event_types FOR SELECT TO atalaya_upkeep_direct_change USING (TRUE);
