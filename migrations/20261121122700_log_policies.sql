-- run as owner
-- Who reads the log and the change records. Nobody updates or deletes them, and callers insert through the gate only: there
-- are no grants for it, and no policies.
-- `tenant_id = ANY (..)` is written first-page friendly: the boolean InitPlans come first and are evaluated once, the array
-- only for callers who need it.
GRANT SELECT ON public.system_events, atalaya.change_records TO atalaya_operator, atalaya_api;

CREATE POLICY floor ON public.system_events AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON public.system_events FOR SELECT TO atalaya_operator, atalaya_api
    USING (tenant_id IS NOT NULL AND ((SELECT atalaya.holds_all('audit.list')) OR (SELECT atalaya.holds_all('audit.read')))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list') || atalaya.tenants_where('audit.read'))::int[])
           OR tenant_id IS NULL AND (SELECT atalaya.sees_system()));

CREATE POLICY floor ON atalaya.change_records AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.change_records FOR SELECT TO atalaya_operator, atalaya_api
    USING (tenant_id IS NOT NULL AND ((SELECT atalaya.holds_all('audit.list')) OR (SELECT atalaya.holds_all('audit.read')))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list') || atalaya.tenants_where('audit.read'))::int[])
           OR tenant_id IS NULL AND (SELECT atalaya.sees_system()));

-- Every partition that there is so far, the adopted one included: it is only sealed off once its back-fill is done.
SELECT atalaya.protect_partition('public.system_events_default');
ALTER TABLE public.system_events_adopted ENABLE ROW LEVEL SECURITY;
SELECT atalaya.ensure_partitions(3);
