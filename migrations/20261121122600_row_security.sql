-- run as owner
-- Row security on every table (and FORCE, so that it binds the owner too), with the policies that are the same for all: the
-- owner's, the backup's, the gate's. No policy is ever TO PUBLIC. The callers' policies follow, table by table.
SELECT atalaya.protect_table(target)
FROM unnest(ARRAY[
    'public.tenants', 'public.users', 'public.leads', 'public.credentials', 'public.system_events',
    'atalaya.installation', 'atalaya.migrations', 'atalaya.adoption_steps', 'atalaya.permissions', 'atalaya.roles',
    'atalaya.role_permissions', 'atalaya.grants', 'atalaya.facts_versions', 'atalaya.event_types',
    'atalaya.event_changes', 'atalaya.sessions', 'atalaya.view_counts', 'atalaya.change_records', 'atalaya.recipients',
    'atalaya.secrets', 'atalaya.secret_versions', 'atalaya.secret_wraps']::regclass[]) AS target;

CREATE POLICY gate_read ON public.tenants FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_read ON public.users FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_update ON public.users FOR UPDATE TO atalaya_gate USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY gate_read ON public.system_events FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_insert ON public.system_events FOR INSERT TO atalaya_gate WITH CHECK (TRUE);
CREATE POLICY gate_read ON atalaya.roles FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_read ON atalaya.role_permissions FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_read ON atalaya.grants FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_all ON atalaya.facts_versions TO atalaya_gate USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY gate_read ON atalaya.event_types FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_all ON atalaya.sessions TO atalaya_gate USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY gate_all ON atalaya.view_counts TO atalaya_gate USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY gate_insert ON atalaya.change_records FOR INSERT TO atalaya_gate WITH CHECK (TRUE);

-- Upkeep: each kind its own tables only.
GRANT SELECT (id, user_id, ended_at, last_seen_at), UPDATE (last_seen_at) ON atalaya.sessions TO atalaya_upkeep_session_touch;
CREATE POLICY session_touch_read ON atalaya.sessions FOR SELECT TO atalaya_upkeep_session_touch USING (TRUE);
CREATE POLICY session_touch_update ON atalaya.sessions FOR UPDATE TO atalaya_upkeep_session_touch USING (TRUE) WITH CHECK (TRUE);

-- The floor of the tables that have no tenant: an active caller, or nothing. RESTRICTIVE policies only take away.
CREATE POLICY floor ON atalaya.installation AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.installation FOR SELECT TO atalaya_operator, atalaya_api USING (TRUE);
GRANT SELECT ON atalaya.installation TO atalaya_operator, atalaya_api;
-- Which types exist and how they are audited is no secret of a tenant, and every caller shows it.
CREATE POLICY floor ON atalaya.event_types AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.event_types FOR SELECT TO atalaya_operator, atalaya_api USING (TRUE);
GRANT SELECT ON atalaya.event_types TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON atalaya.migrations AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.migrations FOR SELECT TO atalaya_operator, atalaya_api USING (TRUE);
GRANT SELECT ON atalaya.migrations TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON atalaya.adoption_steps AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.adoption_steps FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('adoption.inspect')));
GRANT SELECT ON atalaya.adoption_steps TO atalaya_operator, atalaya_api;
