-- run as owner
-- Roles, what they hold, and who has them. The RESTRICTIVE policies are the rule that nobody changes their own rights or
-- gives more than they have; they bind whatever else is allowed.
GRANT SELECT ON atalaya.permissions, atalaya.roles, atalaya.role_permissions, atalaya.grants TO atalaya_operator, atalaya_api;
GRANT INSERT (name, description), UPDATE (description), DELETE ON atalaya.roles TO atalaya_operator, atalaya_api;
GRANT INSERT (role, permission, rows), UPDATE (rows), DELETE ON atalaya.role_permissions TO atalaya_operator, atalaya_api;
-- Not id, granted_by, granted_at: the database says who granted, and when. A grant is never changed, only made and removed.
GRANT INSERT (user_id, role, tenant_id), DELETE ON atalaya.grants TO atalaya_operator, atalaya_api;
ALTER TABLE atalaya.grants ALTER COLUMN granted_by SET DEFAULT atalaya.caller_id();

-- The closed list and the shapes of roles are the same for all tenants; seeing them asks for the right anywhere.
CREATE POLICY floor ON atalaya.permissions AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.permissions FOR SELECT TO atalaya_operator, atalaya_api USING (TRUE);

CREATE POLICY floor ON atalaya.roles AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.roles FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.list') OR atalaya.holds_all('roles.read')
                   OR cardinality(atalaya.tenants_where('roles.list') || atalaya.tenants_where('roles.read')) > 0));
CREATE POLICY caller_insert ON atalaya.roles FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('roles.create')));
CREATE POLICY caller_update ON atalaya.roles FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.update'))) WITH CHECK ((SELECT atalaya.holds_all('roles.update')));
CREATE POLICY caller_delete ON atalaya.roles FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.delete')));
CREATE POLICY not_built_in ON atalaya.roles AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (atalaya.may_shape_role(name, NULL)) WITH CHECK (atalaya.may_shape_role(name, NULL));
CREATE POLICY not_built_in_delete ON atalaya.roles AS RESTRICTIVE FOR DELETE TO atalaya_operator, atalaya_api
    USING (atalaya.may_shape_role(name, NULL));

CREATE POLICY floor ON atalaya.role_permissions AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.role_permissions FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.list') OR atalaya.holds_all('roles.read')
                   OR cardinality(atalaya.tenants_where('roles.list') || atalaya.tenants_where('roles.read')) > 0));
CREATE POLICY caller_insert ON atalaya.role_permissions FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('roles.create') OR atalaya.holds_all('roles.update')));
CREATE POLICY caller_update ON atalaya.role_permissions FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.update'))) WITH CHECK ((SELECT atalaya.holds_all('roles.update')));
CREATE POLICY caller_delete ON atalaya.role_permissions FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.update') OR atalaya.holds_all('roles.delete')));
CREATE POLICY not_above_oneself_insert ON atalaya.role_permissions AS RESTRICTIVE FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (atalaya.may_shape_role(role, permission));
CREATE POLICY not_above_oneself_update ON atalaya.role_permissions AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (atalaya.may_shape_role(role, permission)) WITH CHECK (atalaya.may_shape_role(role, permission));
CREATE POLICY not_above_oneself_delete ON atalaya.role_permissions AS RESTRICTIVE FOR DELETE TO atalaya_operator, atalaya_api
    USING (atalaya.may_shape_role(role, permission));

CREATE POLICY floor ON atalaya.grants AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[])
           OR user_id = (SELECT atalaya.caller_id()))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.grants FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.list') OR atalaya.holds_all('roles.read'))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('roles.list') || atalaya.tenants_where('roles.read'))::int[])
           OR user_id = (SELECT atalaya.caller_id()));
CREATE POLICY caller_insert ON atalaya.grants FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('roles.assign')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('roles.assign'))::int[]));
CREATE POLICY caller_delete ON atalaya.grants FOR DELETE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('roles.assign')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('roles.assign'))::int[]));
CREATE POLICY not_oneself_nor_above_insert ON atalaya.grants AS RESTRICTIVE FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (user_id <> (SELECT atalaya.caller_id()) AND atalaya.may_grant(role, tenant_id));
CREATE POLICY not_oneself_nor_above_delete ON atalaya.grants AS RESTRICTIVE FOR DELETE TO atalaya_operator, atalaya_api
    USING (user_id <> (SELECT atalaya.caller_id()) AND atalaya.may_grant(role, tenant_id));
