-- run as owner
-- DELETE (and UPDATE, TRUNCATE) on a whole table carries LOCK TABLE .. IN ACCESS EXCLUSIVE MODE with it, which no policy
-- binds: any operator could stop the CRM. No operation deletes yet, so the right goes, and with it the policies that it
-- asked. An operation that deletes brings a function of the gate that asks for its permission and deletes what it names;
-- UPDATE stays granted by column, which locks no table.
REVOKE DELETE ON public.leads, public.credentials, atalaya.roles, atalaya.role_permissions, atalaya.grants, atalaya.secret_wraps
    FROM atalaya_operator, atalaya_api;
DROP POLICY caller_delete ON public.leads;
DROP POLICY caller_delete ON public.credentials;
DROP POLICY caller_delete ON atalaya.roles;
DROP POLICY not_built_in_delete ON atalaya.roles;
DROP POLICY caller_delete ON atalaya.role_permissions;
DROP POLICY not_above_oneself_delete ON atalaya.role_permissions;
DROP POLICY caller_delete ON atalaya.grants;
DROP POLICY not_oneself_nor_above_delete ON atalaya.grants;
DROP POLICY caller_delete ON atalaya.secret_wraps;
