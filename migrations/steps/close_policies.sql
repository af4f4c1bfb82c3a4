-- Adoption only. Runs as atalaya_owner after 20261121123200_legacy_login.sql, in its transaction: what stood in for it goes.
DROP POLICY adopting ON public.tenants;
DROP POLICY adopting ON public.users;
DROP POLICY adopting ON public.leads;
DROP POLICY adopting ON public.credentials;
DROP POLICY adopting ON public.system_events;
DROP TRIGGER adopting_stamp ON public.system_events;
DROP FUNCTION atalaya.adopting_stamp();
