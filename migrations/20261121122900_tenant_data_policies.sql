-- run as owner
-- Leads and credentials, per command. credentials.value is granted for writing and to nobody for reading: showing one will
-- be a function that audits itself.
DO $$
DECLARE
    used RECORD;
BEGIN
    -- Serial columns need their sequence; its name is the legacy database's own.
    FOR used IN SELECT pg_get_serial_sequence(t, 'id') AS sequence
                FROM unnest(ARRAY['public.tenants', 'public.leads', 'public.credentials']) t LOOP
        IF used.sequence IS NOT NULL THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO atalaya_operator, atalaya_api, atalaya_legacy', used.sequence);
        END IF;
    END LOOP;
END
$$;

GRANT SELECT, DELETE ON public.leads TO atalaya_operator, atalaya_api;
GRANT INSERT (tenant_id, phone_number, first_name, last_name, email, status, source),
      UPDATE (phone_number, first_name, last_name, email, status, source, updated_at)
    ON public.leads TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON public.leads AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON public.leads FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('leads.list') OR atalaya.holds_all('leads.read'))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('leads.list') || atalaya.tenants_where('leads.read'))::int[]));
CREATE POLICY caller_insert ON public.leads FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('leads.create')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('leads.create'))::int[]));
CREATE POLICY caller_update ON public.leads FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('leads.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('leads.update'))::int[]))
    WITH CHECK ((SELECT atalaya.holds_all('leads.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('leads.update'))::int[]));
CREATE POLICY caller_delete ON public.leads FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('leads.delete')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('leads.delete'))::int[]));

GRANT SELECT (id, tenant_id, name, category, created_at, updated_at), DELETE ON public.credentials TO atalaya_operator, atalaya_api;
GRANT INSERT (tenant_id, name, value, category), UPDATE (name, value, category, updated_at)
    ON public.credentials TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON public.credentials AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON public.credentials FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('credentials.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('credentials.list'))::int[]));
CREATE POLICY caller_insert ON public.credentials FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('credentials.create')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('credentials.create'))::int[]));
CREATE POLICY caller_update ON public.credentials FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('credentials.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('credentials.update'))::int[]))
    WITH CHECK ((SELECT atalaya.holds_all('credentials.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('credentials.update'))::int[]));
CREATE POLICY caller_delete ON public.credentials FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('credentials.delete')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('credentials.delete'))::int[]));
