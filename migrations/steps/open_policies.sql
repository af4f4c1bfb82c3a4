-- Adoption only. Runs as atalaya_owner before 20261121122600_row_security.sql, in its transaction: the CRM's login has its
-- policies only in 20261121123200_legacy_login.sql, and goes on meanwhile.
CREATE POLICY adopting ON public.tenants TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY adopting ON public.users TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY adopting ON public.leads TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY adopting ON public.credentials TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY adopting ON public.system_events TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
