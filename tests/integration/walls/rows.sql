-- Rows that the statements of the probe speak of. Put in by a superuser, as one finds them in a database in use.
SELECT atalaya.roll_up(1000000);
BEGIN;
INSERT INTO public.system_events (event_type, tenant_id) VALUES ('probe', 1);
UPDATE public.tenants SET status = 'suspended' WHERE id = 3;
INSERT INTO public.users (id, email, role, status, tenant_id) VALUES
    ('00000000-0000-4000-9000-000000000001', 'u1@example.com', 'closer', 'active', 1),
    ('00000000-0000-4000-9000-000000000002', 'u2@example.com', 'closer', 'active', 2),
    ('00000000-0000-4000-9000-000000000003', 'p1@example.com', 'closer', 'pending', 1),
    ('00000000-0000-4000-9000-000000000004', 'u3@example.com', 'operator', 'active', 1),
    ('00000000-0000-4000-9000-000000000005', 'p2@example.com', 'ceo', 'pending', 1),
    ('00000000-0000-4000-9000-000000000006', 'p3@example.com', 'ceo', 'suspended', 1),
    ('00000000-0000-4000-9000-000000000007', 'p4@example.com', 'closer', 'suspended', 1);
INSERT INTO public.users (email, role, status, tenant_id, db_role)
VALUES ('nobody.needs@example.com', 'closer', 'active', 1, 'atalaya_INSTALLATION_unused');
INSERT INTO public.users (email, role, tenant_id) VALUES ('no.tenant@example.com', 'closer', NULL);
INSERT INTO atalaya.roles (name) VALUES ('spare');
INSERT INTO atalaya.permissions (permission) VALUES ('x.x');
INSERT INTO atalaya.role_permissions (role, permission) VALUES ('spare', 'leads.list');
INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES
    ('00000000-0000-4000-9000-000000000001', 'closer', 1),
    ('00000000-0000-4000-9000-000000000002', 'closer', 2),
    ('00000000-0000-4000-9000-000000000007', 'operator', 1);
INSERT INTO public.credentials (tenant_id, name, value) VALUES (1, 'probe', 'x'), (2, 'probe', 'x');
INSERT INTO atalaya.sessions (tenant_id, id, user_id, kind, last_seen_at)
SELECT u.tenant_id, ('00000000-0000-4000-a000-00000000000' || u.tenant_id)::uuid, u.id, 'console', now() - INTERVAL '1 hour'
FROM public.users u WHERE u.email IN ('admin.1@example.com', 'admin.2@example.com');
INSERT INTO atalaya.sessions (tenant_id, id, user_id, kind, ended_at)
SELECT 1, '00000000-0000-4000-a000-000000000003', u.id, 'console', now() FROM public.users u WHERE u.email = 'u1@example.com';
INSERT INTO atalaya.recipients (id, kind, label, age_recipient, signing_key, signed_by, signature)
SELECT ('00000000-0000-4000-8100-00000000000' || n)::uuid, 'kit', 'kit', 'age1' || repeat(n::text, 58),
       decode(repeat('0' || n, 32), 'hex'), (SELECT id FROM atalaya.recipients WHERE signed_by IS NULL), decode(repeat('00', 64), 'hex')
FROM generate_series(1, 2) n;
INSERT INTO atalaya.secrets (id, tenant_id, name)
SELECT ('00000000-0000-4000-b000-00000000000' || n)::uuid, nullif(n, 3), 'PROBE' FROM generate_series(1, 3) n;
INSERT INTO atalaya.secrets (tenant_id, name) VALUES (1, 'EMPTY');
INSERT INTO atalaya.secret_versions (id, secret_id, version, fingerprint, strength, origin, signed_by, signature)
SELECT ('00000000-0000-4000-b100-00000000000' || n)::uuid, ('00000000-0000-4000-b000-00000000000' || n)::uuid, 1,
       repeat('0', 64), 'strong', 'generated', '00000000-0000-4000-8100-000000000001', decode(repeat('00', 64), 'hex')
FROM generate_series(1, 3) n;
INSERT INTO atalaya.secret_wraps (secret_version_id, recipient_id, ciphertext)
SELECT ('00000000-0000-4000-b100-00000000000' || n)::uuid, '00000000-0000-4000-8100-000000000001', 'x' FROM generate_series(1, 3) n;
INSERT INTO atalaya.view_counts (tenant_id, user_id, event_type, minute)
SELECT 1, id, 'log.viewed', '2026-01-01Z' FROM public.users WHERE email = 'u1@example.com';
INSERT INTO atalaya.set_aside (table_name, reason, original) VALUES ('credentials', 'probe', '{}');
INSERT INTO atalaya.audit_views (tenant_id, owner_id, name, query)
SELECT u.tenant_id, u.id, 'own', '' FROM public.users u WHERE u.db_role IS NOT NULL;
INSERT INTO atalaya.audit_views (tenant_id, id, owner_id, name, query, shared)
SELECT nullif(n, 3), ('00000000-0000-4000-c000-00000000000' || n)::uuid,
       ('00000000-0000-4000-9000-00000000000' || least(n, 2))::uuid, 'shared ' || n, '', TRUE FROM generate_series(1, 3) n;
INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note, author_id)
SELECT nullif(n, 3), 'silent_gap', 'probe', 'x', '00000000-0000-4000-9000-000000000001' FROM generate_series(1, 3) n;
COMMIT;
