-- Each documented table as `name rows digest`, over what the CRM knows of it, and the log with what was promoted. Without
-- what Atalaya writes of its own.
SELECT concat_ws(' ', t, count(*), md5(string_agg(line, '|' ORDER BY line))) FROM (
    SELECT 'tenants' AS t, (SELECT t FROM (SELECT id, clinic_name, bot_phone_number, owner_email, config, created_at, updated_at) t)::text AS line
    FROM public.tenants
    UNION ALL
    SELECT 'users', (SELECT t FROM (SELECT id, email, password_hash, role, status, first_name, last_name, tenant_id, created_at, updated_at) t)::text
    FROM public.users
    UNION ALL
    SELECT 'leads', (SELECT t FROM (SELECT id, tenant_id, phone_number, first_name, last_name, email, status, source, created_at, updated_at) t)::text
    FROM public.leads
    UNION ALL
    SELECT 'credentials', (SELECT t FROM (SELECT id, tenant_id, name, value, category, created_at, updated_at) t)::text FROM public.credentials
    UNION ALL
    SELECT 'system_events', (SELECT t FROM (SELECT id, event_type, severity, message, payload, occurred_at) t)::text
    FROM public.system_events WHERE event_type NOT IN ('adoption.applied', 'schema.updated')
) all_rows GROUP BY t ORDER BY t
