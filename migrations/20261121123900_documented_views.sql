-- run as owner
-- auth_events and audit_logs (WhatsSuite 3 and 4): what happened at the door, and everything else. security_invoker: they
-- show each reader what row security shows them in the log itself.
CREATE VIEW public.auth_events WITH (security_invoker = TRUE) AS
SELECT e.id, e.tenant_id, e.event_type, e.outcome, e.actor_id AS user_id, e.actor_label AS user_email, e.ip AS ip_address,
       e.payload, e.occurred_at
FROM public.system_events e
WHERE e.event_type IN ('login_success', 'login_failed', 'token_invalid', 'console.opened', 'console.locked',
                       'console.unlock_failed', 'session.ended');

CREATE VIEW public.audit_logs WITH (security_invoker = TRUE) AS
SELECT e.id, e.tenant_id, e.event_type AS action, e.severity, e.outcome, e.actor_id AS user_id, e.actor_label AS user_email,
       e.resource_type, e.resource_id, e.ip AS ip_address, e.message, e.payload, e.occurred_at
FROM public.system_events e
WHERE e.event_type NOT IN ('login_success', 'login_failed', 'token_invalid', 'console.opened', 'console.locked',
                           'console.unlock_failed', 'session.ended');

GRANT SELECT ON public.auth_events, public.audit_logs TO atalaya_operator, atalaya_api;
