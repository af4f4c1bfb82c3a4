-- run as owner
-- Tenants, users and sessions, per command, each asking for the action it is. What is not granted here by column is
-- refused: password hashes are readable by nobody but the legacy login, db_role is written by functions only.

-- Not config: the documents' programs keep tokens in it, and no operation of ours reads it.
GRANT SELECT (id, clinic_name, bot_phone_number, owner_email, status, created_at, updated_at),
      INSERT (clinic_name, bot_phone_number, owner_email),
      UPDATE (clinic_name, bot_phone_number, owner_email, status, updated_at)
    ON public.tenants TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON public.tenants AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON public.tenants FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('tenants.list') OR atalaya.holds_all('tenants.read'))
           OR id = ANY ((SELECT atalaya.tenants_where('tenants.list') || atalaya.tenants_where('tenants.read'))::int[]));
-- A new tenant lies in nobody's reach but theirs who reach all.
CREATE POLICY caller_insert ON public.tenants FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK ((SELECT atalaya.holds_all('tenants.create')));
CREATE POLICY caller_update ON public.tenants FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('tenants.update')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.update'))::int[]))
    WITH CHECK ((SELECT atalaya.holds_all('tenants.update')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.update'))::int[]));
-- tenants.update does not carry suspending and archiving, nor undoing either: a row that has, or gets, another status than
-- `active` asks for these as well.
CREATE POLICY status_asks_more ON public.tenants AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (status = 'active'
           OR status = 'suspended' AND ((SELECT atalaya.holds_all('tenants.suspend')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.suspend'))::int[]))
           OR status = 'archived' AND ((SELECT atalaya.holds_all('tenants.archive')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.archive'))::int[])))
    WITH CHECK (status = 'active'
                OR status = 'suspended' AND ((SELECT atalaya.holds_all('tenants.suspend')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.suspend'))::int[]))
                OR status = 'archived' AND ((SELECT atalaya.holds_all('tenants.archive')) OR id = ANY ((SELECT atalaya.tenants_where('tenants.archive'))::int[])));

GRANT SELECT (id, email, role, status, first_name, last_name, tenant_id, created_at, updated_at, db_role)
    ON public.users TO atalaya_operator, atalaya_api;
GRANT INSERT (id, email, role, first_name, last_name, tenant_id),
      UPDATE (email, status, first_name, last_name, tenant_id, updated_at)
    ON public.users TO atalaya_operator, atalaya_api;
-- One's own row is readable, whatever one may otherwise do; there is no policy by which it is writable.
CREATE POLICY floor ON public.users AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[])
           OR id = (SELECT atalaya.caller_id()))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON public.users FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('users.list') OR atalaya.holds_all('users.read'))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.list') || atalaya.tenants_where('users.read'))::int[])
           OR id = (SELECT atalaya.caller_id()));
-- The documents' programs believe users.role, so naming a role there is granting it.
CREATE POLICY caller_insert ON public.users FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (((SELECT atalaya.holds_all('users.create')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.create'))::int[]))
                AND atalaya.may_grant(role, tenant_id));
CREATE POLICY caller_update ON public.users FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('users.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.update'))::int[]))
    WITH CHECK ((SELECT atalaya.holds_all('users.update')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.update'))::int[]));
CREATE POLICY not_oneself_nor_above ON public.users AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (atalaya.may_administer(id)) WITH CHECK (atalaya.may_administer(id));

-- Likewise for users: suspending and reactivating, and approving.
CREATE POLICY status_asks_more ON public.users AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (status = 'active'
           OR status = 'suspended' AND ((SELECT atalaya.holds_all('users.suspend')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.suspend'))::int[]))
           OR status = 'pending' AND ((SELECT atalaya.holds_all('users.approve')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.approve'))::int[])))
    WITH CHECK (status = 'active'
                OR status = 'suspended' AND ((SELECT atalaya.holds_all('users.suspend')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.suspend'))::int[]))
                OR status = 'pending' AND ((SELECT atalaya.holds_all('users.approve')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('users.approve'))::int[])));

GRANT SELECT ON atalaya.sessions TO atalaya_operator, atalaya_api;
GRANT UPDATE (ended_at, end_reason) ON atalaya.sessions TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON atalaya.sessions AS RESTRICTIVE FOR ALL TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[])
           OR user_id = (SELECT atalaya.caller_id()))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.sessions FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('sessions.list') OR atalaya.holds_all('sessions.read'))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('sessions.list') || atalaya.tenants_where('sessions.read'))::int[])
           OR user_id = (SELECT atalaya.caller_id()));
CREATE POLICY caller_update ON atalaya.sessions FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('sessions.end')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('sessions.end'))::int[]))
    WITH CHECK (ended_at IS NOT NULL);
