-- run as owner
-- What the gate's functions read and write, and no more. Its policies are TRUE: the functions are what decides.
GRANT SELECT ON atalaya.roles, atalaya.role_permissions, atalaya.grants,
    atalaya.facts_versions, atalaya.event_types, atalaya.sessions, atalaya.view_counts TO atalaya_gate;
GRANT SELECT (id, email, role, status, first_name, last_name, tenant_id, db_role) ON public.users TO atalaya_gate;
GRANT UPDATE (first_name, last_name, updated_at) ON public.users TO atalaya_gate;
GRANT SELECT (id, clinic_name, status) ON public.tenants TO atalaya_gate;
GRANT INSERT (tenant_id, id, user_id, kind, client, ip), UPDATE (ended_at, end_reason) ON atalaya.sessions TO atalaya_gate;
GRANT INSERT (tenant_id, user_id, event_type, minute), UPDATE (count) ON atalaya.view_counts TO atalaya_gate;
GRANT INSERT (user_id, version), UPDATE (version) ON atalaya.facts_versions TO atalaya_gate;
GRANT INSERT (tenant_id, table_name, operation, row_count, before, after) ON atalaya.change_records TO atalaya_gate;
-- Not id, tx, cluster, db_user, recorded_at: nobody supplies these, the gate included.
GRANT INSERT (event_type, severity, message, payload, tenant_id, actor_id, actor_label, actor_kind, resource_type,
              resource_id, ip, request_id, origin, outcome) ON public.system_events TO atalaya_gate;
GRANT SELECT (id) ON public.system_events TO atalaya_gate;
GRANT USAGE ON SEQUENCE public.system_events_id_seq TO atalaya_gate;
