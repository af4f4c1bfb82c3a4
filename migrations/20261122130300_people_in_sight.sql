-- run as owner
-- Who is brought back (may_bring_back); and a grant goes to users in the caller's sight only: one for a user of another tenant
-- took that user from their own administrator (may_administer), and told whether an id exists.
CREATE POLICY nobody_above_is_brought_back ON public.users AS RESTRICTIVE FOR UPDATE TO atalaya_operator, atalaya_api
    USING (status = 'active' OR atalaya.may_bring_back(id)) WITH CHECK (TRUE);

DROP POLICY not_oneself_nor_above_insert ON atalaya.grants;
CREATE POLICY not_oneself_nor_above_insert ON atalaya.grants AS RESTRICTIVE FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (user_id <> (SELECT atalaya.caller_id()) AND atalaya.may_grant(role, tenant_id)
                AND EXISTS (SELECT FROM public.users u WHERE u.id = user_id));

-- A cascade of the CRM's own foreign keys runs as the tables' owner, past the policy that keeps operators.
CREATE FUNCTION atalaya.guard_operator_delete() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'this user operates the console and cannot be deleted' USING ERRCODE = 'AT002';
END
$$;
CREATE TRIGGER guard_operator_delete BEFORE DELETE ON public.users
    FOR EACH ROW WHEN (OLD.db_role IS NOT NULL) EXECUTE FUNCTION atalaya.guard_operator_delete();
