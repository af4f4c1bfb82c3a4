-- run as owner
-- The policies that ask may_name and may_place: a user is made, approved, brought back as a CEO, and moved by those only who
-- may grant the role in the row. Until now approving asked for users.approve alone, and a CEO for one tenant could be made.
DROP POLICY caller_insert ON public.users;
CREATE POLICY caller_insert ON public.users FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (((SELECT atalaya.holds_all('users.create')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.create'))::int[]))
                AND atalaya.may_name(role, tenant_id));

DROP POLICY status_asks_more ON public.users;
CREATE POLICY status_asks_more ON public.users AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (status = 'active'
           OR status = 'suspended' AND ((SELECT atalaya.holds_all('users.suspend')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.suspend'))::int[]))
              AND (role <> 'ceo' OR atalaya.may_name(role, tenant_id))
           OR status = 'pending' AND ((SELECT atalaya.holds_all('users.approve')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.approve'))::int[]))
              AND atalaya.may_name(role, tenant_id))
    WITH CHECK (status = 'active'
                OR status = 'suspended' AND ((SELECT atalaya.holds_all('users.suspend')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.suspend'))::int[]))
                OR status = 'pending' AND ((SELECT atalaya.holds_all('users.approve')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.approve'))::int[])));

CREATE POLICY no_role_carried_along ON public.users AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (TRUE) WITH CHECK (atalaya.may_place(id, role, tenant_id));
