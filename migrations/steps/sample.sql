-- Sample data of a local workspace, on request: three companies, people, leads and half a year of events. Run by the
-- administrator on empty documented tables, before they are taken over. Everything is invented; every address ends in
-- example.com, every number in the range reserved for fiction.
INSERT INTO public.tenants (clinic_name, owner_email) VALUES
    ('Acme Ventas SA', 'compras@acme.example.com'),
    ('Ñandú Inmobiliaria', 'hola@nandu.example.com'),
    ('Café Über GmbH', 'kontakt@uber.example.com');
INSERT INTO public.users (email, password_hash, role, status, first_name, last_name, tenant_id)
SELECT lower(first) || '@' || split_part(t.owner_email, '@', 2), '!', role, 'active', first, last, t.id
FROM public.tenants t
CROSS JOIN (VALUES ('Ana', 'Ruiz', 'secretary'), ('Bruno', 'Peña', 'professional'),
                   ('Clara', 'García', 'setter'), ('Darío', 'Íñiguez', 'closer')) AS p (first, last, role);
INSERT INTO public.leads (tenant_id, phone_number, first_name, last_name, email, status, source, created_at)
SELECT t.id, '+1555010' || lpad((n % 100)::text, 2, '0'), (ARRAY['Lucía', 'Mateo', 'Noa', 'Omar', 'Paula'])[1 + n % 5],
       (ARRAY['Sosa', 'Vega', 'Núñez', 'Klein'])[1 + n % 4], 'lead' || n || '@example.com',
       (ARRAY['new', 'contacted', 'won', 'lost'])[1 + n % 4], (ARRAY['meta', 'web', 'referral'])[1 + n % 3],
       now() - n * INTERVAL '7 hours'
FROM public.tenants t, generate_series(1, 120) n;
INSERT INTO public.system_events (event_type, severity, message, payload, occurred_at)
SELECT e.event_type, e.severity, u.role || '@' || u.email || ': ' || e.event_type,
       jsonb_build_object('user_id', u.id, 'user_email', u.email, 'user_role', u.role, 'resource_id', (n * 7 % 360)::text,
                          'details', 'sample', 'ip_address', '198.51.100.' || (n % 200 + 1), 'user_agent', 'sample',
                          'path', '/admin/leads', 'method', 'GET', 'tenant_id', u.tenant_id),
       now() - n * INTERVAL '61 minutes'
FROM generate_series(1, 4000) n
JOIN LATERAL (SELECT * FROM public.users ORDER BY email OFFSET n % 12 LIMIT 1) u ON TRUE
JOIN LATERAL (SELECT * FROM (VALUES (0, 'read_lead', 'info'), (1, 'read_lead', 'info'), (2, 'login_success', 'info'),
        (3, 'update_lead', 'info'), (4, 'read_lead', 'info'), (5, 'login_failed', 'warning'), (6, 'pii_read', 'info'),
        (7, 'access_denied', 'warning'), (8, 'read_lead', 'info'), (9, 'update_lead', 'info'), (10, 'export_leads', 'warning'),
        (11, 'server_error', 'critical'), (12, 'read_lead', 'info')) AS v (k, event_type, severity)
      WHERE k = (n * 5 + n / 13) % 13) e ON TRUE;
