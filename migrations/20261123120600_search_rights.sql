-- run as owner
-- What the vetted search compares. It answers keys; rows are read under the caller's own row security.
GRANT SELECT (occurred_at, event_type, severity, message, payload, tenant_id, actor_id, actor_label, resource_type,
              resource_id, ip, request_id, origin, outcome) ON public.system_events TO atalaya_gate;
