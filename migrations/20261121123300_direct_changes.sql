-- run as owner
-- What the direct-change upkeep may touch: change records and the columns of events that tell whether one explains them.
GRANT SELECT, UPDATE (checked) ON atalaya.change_records TO atalaya_upkeep_direct_change;
GRANT SELECT ON atalaya.event_changes TO atalaya_upkeep_direct_change;
GRANT SELECT (id, tx, cluster, event_type, outcome, db_user, origin) ON public.system_events TO atalaya_upkeep_direct_change;
CREATE POLICY direct_change_read ON atalaya.change_records FOR SELECT TO atalaya_upkeep_direct_change USING (TRUE);
CREATE POLICY direct_change_mark ON atalaya.change_records FOR UPDATE TO atalaya_upkeep_direct_change USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY direct_change_read ON atalaya.event_changes FOR SELECT TO atalaya_upkeep_direct_change USING (TRUE);
CREATE POLICY direct_change_read ON public.system_events FOR SELECT TO atalaya_upkeep_direct_change USING (TRUE);
