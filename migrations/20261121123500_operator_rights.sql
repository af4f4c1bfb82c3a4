-- run as owner
-- What the functions of atalaya_roles read, and the one column that they write.
GRANT SELECT (id) ON atalaya.installation TO atalaya_roles;
GRANT SELECT (user_id, role, tenant_id) ON atalaya.grants TO atalaya_roles;
GRANT SELECT (id, status, db_role), UPDATE (db_role) ON public.users TO atalaya_roles;
CREATE POLICY roles_read ON atalaya.installation FOR SELECT TO atalaya_roles USING (TRUE);
CREATE POLICY roles_read ON atalaya.grants FOR SELECT TO atalaya_roles USING (TRUE);
CREATE POLICY roles_read ON public.users FOR SELECT TO atalaya_roles USING (TRUE);
CREATE POLICY roles_update ON public.users FOR UPDATE TO atalaya_roles USING (TRUE) WITH CHECK (TRUE);
