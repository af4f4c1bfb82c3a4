-- Each statement under the table that it is about and what it tries: a table's commands in the caller's own tenant (1), in
-- another (2) and in none, its columns that nobody may read or supply, what the gate and the roles must not give.
-- U1 and U2 are users of tenants 1 and 2, U3 one whose role is operator, P1 a pending one, P2 and P3 a pending and a suspended
-- CEO of tenant 1, P4 a suspended user of it who holds the role operator, ME the caller, S1 and S2 sessions, S3 one that has ended, K1 and K0 secrets of tenant 1
-- and of none, V1 a version of K1, R and R2 recipients (rows.sql).
-- public.tenants | read
SELECT string_agg(id::text, ',' ORDER BY id) FROM public.tenants
-- public.tenants | read config
SELECT count(config) FROM public.tenants
-- public.tenants | insert
INSERT INTO public.tenants (clinic_name) VALUES ('x')
-- public.tenants | insert with id
INSERT INTO public.tenants (id, clinic_name) VALUES (99, 'x')
-- public.tenants | update 1
UPDATE public.tenants SET clinic_name = 'x' WHERE id = 1
-- public.tenants | update 2
UPDATE public.tenants SET clinic_name = 'x' WHERE id = 2
-- public.tenants | update config
UPDATE public.tenants SET config = NULL WHERE id = 1
-- public.tenants | suspend 1
UPDATE public.tenants SET status = 'suspended' WHERE id = 1
-- public.tenants | archive 1
UPDATE public.tenants SET status = 'archived' WHERE id = 1
-- public.tenants | reactivate 3
UPDATE public.tenants SET status = 'active' WHERE id = 3
-- public.tenants | delete
DELETE FROM public.tenants WHERE id = 7
-- public.tenants | truncate
TRUNCATE public.tenants CASCADE
-- public.users | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.users
-- public.users | read others
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.users WHERE id <> 'ME'
-- public.users | read password_hash
SELECT count(password_hash) FROM public.users
-- public.users | insert 1
INSERT INTO public.users (email, role, tenant_id) VALUES ('new', 'closer', 1)
-- public.users | insert 2
INSERT INTO public.users (email, role, tenant_id) VALUES ('new', 'closer', 2)
-- public.users | insert above
INSERT INTO public.users (email, role, tenant_id) VALUES ('new', 'ceo', 1)
-- public.users | insert a CEO
INSERT INTO public.users (email, role) VALUES ('new', 'ceo')
-- public.users | insert active
INSERT INTO public.users (email, role, tenant_id, status) VALUES ('new', 'closer', 1, 'active')
-- public.users | insert db_role
INSERT INTO public.users (email, role, tenant_id, db_role) VALUES ('new', 'closer', 1, NULL)
-- public.users | update 1
UPDATE public.users SET first_name = 'x' WHERE id = 'U1'
-- public.users | update 2
UPDATE public.users SET first_name = 'x' WHERE id = 'U2'
-- public.users | update oneself
UPDATE public.users SET first_name = 'x' WHERE id = 'ME'
-- public.users | move 1 to 2
UPDATE public.users SET tenant_id = 2 WHERE id = 'U1'
-- public.users | suspend 1
UPDATE public.users SET status = 'suspended' WHERE id = 'U1'
-- public.users | suspend an operator
UPDATE public.users SET status = 'suspended' WHERE email = 'closer.1@example.com'
-- public.users | rename an operator, and the alarm
WITH u AS (UPDATE public.users SET first_name = 'Somebody else' WHERE email = 'closer.1@example.com' RETURNING 1) SELECT count(*) FROM u; SELECT count(*) FROM public.system_events WHERE event_type = 'operator.renamed'
-- public.users | approve 1
UPDATE public.users SET status = 'active' WHERE id = 'P1'
-- public.users | approve a CEO of 1
UPDATE public.users SET status = 'active' WHERE id = 'P2'
-- public.users | bring back a CEO of 1
UPDATE public.users SET status = 'active' WHERE id = 'P3'
-- public.users | bring back somebody with more
UPDATE public.users SET status = 'active' WHERE id = 'P4'
-- public.users | move an operator 1 to 2
UPDATE public.users SET tenant_id = 2 WHERE id = 'U3'
-- public.users | suspend every CEO
UPDATE public.users SET status = 'suspended' WHERE id IN (SELECT g.user_id FROM atalaya.grants g WHERE g.role = 'ceo' AND g.tenant_id IS NULL)
-- public.users | set role
UPDATE public.users SET role = 'ceo' WHERE id = 'U1'
-- public.users | set db_role
UPDATE public.users SET db_role = NULL WHERE id = 'U1'
-- public.users | set password_hash
UPDATE public.users SET password_hash = 'x' WHERE id = 'U1'
-- public.users | delete 1
DELETE FROM public.users WHERE id = 'P1'
-- public.users | delete an operator
DELETE FROM public.users WHERE email = 'nobody.needs@example.com'
-- public.users | truncate
TRUNCATE public.users CASCADE
-- public.leads | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.leads
-- public.leads | insert 1
INSERT INTO public.leads (tenant_id, phone_number) VALUES (1, 'x')
-- public.leads | insert 2
INSERT INTO public.leads (tenant_id, phone_number) VALUES (2, 'x')
-- public.leads | insert with id
INSERT INTO public.leads (id, tenant_id, phone_number) VALUES (-1, 1, 'x')
-- public.leads | update 1
UPDATE public.leads SET status = 'x' WHERE tenant_id = 1
-- public.leads | update 2
UPDATE public.leads SET status = 'x' WHERE tenant_id = 2
-- public.leads | move 1 to 2
UPDATE public.leads SET tenant_id = 2 WHERE tenant_id = 1
-- public.leads | delete 1
DELETE FROM public.leads WHERE tenant_id = 1
-- public.leads | delete 2
DELETE FROM public.leads WHERE tenant_id = 2
-- public.leads | truncate
TRUNCATE public.leads
-- public.credentials | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.credentials
-- public.credentials | read value
SELECT count(value) > 0 FROM public.credentials
-- public.credentials | insert 1
INSERT INTO public.credentials (tenant_id, name, value) VALUES (1, 'x', 'x')
-- public.credentials | insert 2
INSERT INTO public.credentials (tenant_id, name, value) VALUES (2, 'x', 'x')
-- public.credentials | update 1
UPDATE public.credentials SET value = 'x' WHERE tenant_id = 1 AND name = 'probe'
-- public.credentials | update 2
UPDATE public.credentials SET value = 'x' WHERE tenant_id = 2 AND name = 'probe'
-- public.credentials | move 1 to 2
UPDATE public.credentials SET tenant_id = 2 WHERE tenant_id = 1
-- public.credentials | delete 1
DELETE FROM public.credentials WHERE tenant_id = 1 AND name = 'probe'
-- public.credentials | delete 2
DELETE FROM public.credentials WHERE tenant_id = 2 AND name = 'probe'
-- public.credentials | truncate
TRUNCATE public.credentials
-- public.credentials | insert with id
INSERT INTO public.credentials (id, tenant_id, name, value) VALUES (-1, 1, 'x', 'x')
-- public.system_events | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.system_events
-- public.system_events | read audit_logs
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.audit_logs
-- public.system_events | read auth_events
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.auth_events
-- public.system_events | read a partition
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM public.system_events_adopted
-- public.system_events | insert documented
INSERT INTO public.system_events (event_type, severity, message, payload) VALUES ('login_success', 'info', 'x', '{"tenant_id": 1}')
-- public.system_events | insert too much
INSERT INTO public.system_events (event_type) VALUES (repeat('x', 1001))
-- public.system_events | insert id
INSERT INTO public.system_events (id, event_type) VALUES (1, 'x')
-- public.system_events | insert tx
INSERT INTO public.system_events (event_type, tx) VALUES ('x', '3')
-- public.system_events | insert cluster
INSERT INTO public.system_events (event_type, cluster) VALUES ('x', 1)
-- public.system_events | insert db_user
INSERT INTO public.system_events (event_type, db_user) VALUES ('x', 'x')
-- public.system_events | insert actor
INSERT INTO public.system_events (event_type, actor_id) VALUES ('x', 'x')
-- public.system_events | insert origin
INSERT INTO public.system_events (event_type, origin) VALUES ('x', 'console')
-- public.system_events | insert recorded_at
INSERT INTO public.system_events (event_type, recorded_at) VALUES ('x', now())
-- public.system_events | insert partition
INSERT INTO public.system_events_default (event_type, occurred_at) VALUES ('x', 'infinity')
-- public.system_events | update
UPDATE public.system_events SET message = 'x' WHERE tenant_id = 1
-- public.system_events | delete
DELETE FROM public.system_events WHERE tenant_id = 1
-- public.system_events | truncate
TRUNCATE public.system_events
-- public.system_events | stamp
WITH i AS (INSERT INTO public.system_events (event_type, payload) VALUES ('login_failed', '{"tenant_id": 2, "user_id": "u"}') RETURNING origin, outcome, tenant_id, actor_id) SELECT concat_ws(' ', origin, outcome, tenant_id, actor_id) FROM i
-- public.system_events | record own
SELECT atalaya.record_event('console.opened', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL) > 0
-- public.system_events | record in 1
SELECT atalaya.record_event('log.exported', 'ok', 1, NULL, NULL, NULL, 'console', NULL, NULL) > 0
-- public.system_events | record in 2
SELECT atalaya.record_event('log.exported', 'ok', 2, NULL, NULL, NULL, 'console', NULL, NULL) > 0
-- public.system_events | record as the API
SELECT atalaya.record_event('log.exported', 'ok', 1, NULL, NULL, NULL, 'api', NULL, NULL) > 0
-- public.system_events | record unknown
SELECT atalaya.record_event('no.such', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL)
-- public.system_events | record set-up
SELECT atalaya.record_event('installation.created', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL)
-- public.system_events | write past the gate
SELECT atalaya.write_event('console.opened', 'info', 'ok', NULL, 'x', 'x', 'x', 'user', NULL, NULL, NULL, 'console', NULL, NULL) > 0
-- atalaya.change_records | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.change_records
-- atalaya.change_records | read one's own change before it is over
WITH u AS (UPDATE public.leads SET status = 'guess' WHERE tenant_id = 1 RETURNING 1) SELECT count(*) FROM u; SELECT count(*) FROM atalaya.change_records WHERE tx = pg_current_xact_id_if_assigned()
-- atalaya.change_records | insert
INSERT INTO atalaya.change_records (table_name, operation) VALUES ('x', 'INSERT')
-- atalaya.change_records | check off
UPDATE atalaya.change_records SET checked = TRUE
-- atalaya.change_records | update
UPDATE atalaya.change_records SET row_count = 0 WHERE row_count > 0 AND id = (SELECT min(id) FROM atalaya.change_records)
-- atalaya.change_records | delete
DELETE FROM atalaya.change_records WHERE id = (SELECT min(id) FROM atalaya.change_records)
-- atalaya.change_records | truncate
TRUNCATE atalaya.change_records
-- atalaya.change_records | upkeep
SELECT atalaya.note_direct_changes()
-- atalaya.permissions | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.permissions
-- atalaya.permissions | insert
INSERT INTO atalaya.permissions (permission) VALUES ('x.y')
-- atalaya.permissions | change
UPDATE atalaya.permissions SET permission = 'x.y' WHERE permission = 'x.x'
-- atalaya.permissions | delete
DELETE FROM atalaya.permissions
-- atalaya.roles | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.roles
-- atalaya.roles | insert
INSERT INTO atalaya.roles (name) VALUES ('new')
-- atalaya.roles | insert built in
INSERT INTO atalaya.roles (name, built_in) VALUES ('new', TRUE)
-- atalaya.roles | update
UPDATE atalaya.roles SET description = 'x' WHERE name = 'spare'
-- atalaya.roles | update built in
UPDATE atalaya.roles SET description = 'x' WHERE name = 'closer'
-- atalaya.roles | delete
DELETE FROM atalaya.roles WHERE name = 'spare'
-- atalaya.roles | delete built in
DELETE FROM atalaya.roles WHERE name = 'closer'
-- atalaya.roles | truncate
TRUNCATE atalaya.roles CASCADE
-- atalaya.roles | make built in
UPDATE atalaya.roles SET built_in = TRUE
-- atalaya.role_permissions | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.role_permissions
-- atalaya.role_permissions | insert
INSERT INTO atalaya.role_permissions (role, permission) VALUES ('spare', 'leads.read')
-- atalaya.role_permissions | insert above
INSERT INTO atalaya.role_permissions (role, permission) VALUES ('spare', 'secrets.use')
-- atalaya.role_permissions | insert built in
INSERT INTO atalaya.role_permissions (role, permission) VALUES ('closer', 'audit.list')
-- atalaya.role_permissions | update
UPDATE atalaya.role_permissions SET rows = 'own' WHERE role = 'spare'
-- atalaya.role_permissions | update built in
UPDATE atalaya.role_permissions SET rows = 'own' WHERE role = 'closer'
-- atalaya.role_permissions | delete
DELETE FROM atalaya.role_permissions WHERE role = 'spare'
-- atalaya.role_permissions | delete built in
DELETE FROM atalaya.role_permissions WHERE role = 'closer'
-- atalaya.role_permissions | truncate
TRUNCATE atalaya.role_permissions
-- atalaya.role_permissions | move
UPDATE atalaya.role_permissions SET permission = 'leads.read'
-- atalaya.grants | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.grants
-- atalaya.grants | read others
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.grants WHERE user_id <> 'ME'
-- atalaya.grants | insert 1
INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('P1', 'closer', 1)
-- atalaya.grants | insert 2
INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('P1', 'closer', 2)
-- atalaya.grants | insert all
INSERT INTO atalaya.grants (user_id, role) VALUES ('P1', 'closer')
-- atalaya.grants | insert above in 1
INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('P1', 'operator', 1)
-- atalaya.grants | insert oneself
INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('ME', 'spare', 1)
-- atalaya.grants | insert granted_by
INSERT INTO atalaya.grants (user_id, role, tenant_id, granted_by) VALUES ('P1', 'closer', 1, NULL)
-- atalaya.grants | update
UPDATE atalaya.grants SET tenant_id = 1 WHERE user_id = 'U1'
-- atalaya.grants | delete 1
DELETE FROM atalaya.grants WHERE user_id = 'U1'
-- atalaya.grants | delete 2
DELETE FROM atalaya.grants WHERE user_id = 'U2'
-- atalaya.grants | delete own
DELETE FROM atalaya.grants WHERE user_id = 'ME'
-- atalaya.grants | truncate
TRUNCATE atalaya.grants
-- atalaya.facts_versions | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.facts_versions
-- atalaya.facts_versions | update
UPDATE atalaya.facts_versions SET version = 0
-- atalaya.facts_versions | facts
SELECT count(*) FROM atalaya.caller_facts() WHERE version > 0
-- atalaya.facts_versions | insert
INSERT INTO atalaya.facts_versions (user_id) VALUES ('K1')
-- atalaya.facts_versions | delete
DELETE FROM atalaya.facts_versions
-- atalaya.keys | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.keys
-- atalaya.keys | delete
DELETE FROM atalaya.keys
-- atalaya.keys | digest
SELECT atalaya.keyed_digest('context', 'x') IS NOT NULL
-- atalaya.keys | install
SELECT atalaya.install_keys(NULL, NULL, NULL, NULL)
-- atalaya.keys | insert
INSERT INTO atalaya.keys (name, inner_pad, outer_pad) VALUES ('x', 'x', 'x')
-- atalaya.keys | update
UPDATE atalaya.keys SET inner_pad = 'x'
-- atalaya.event_types | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.event_types
-- atalaya.event_types | insert
INSERT INTO atalaya.event_types (event_type) VALUES ('x')
-- atalaya.event_types | update
UPDATE atalaya.event_types SET permission = NULL WHERE event_type = 'log.exported'
-- atalaya.event_types | delete
DELETE FROM atalaya.event_types
-- atalaya.event_changes | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.event_changes
-- atalaya.event_changes | insert
INSERT INTO atalaya.event_changes (event_type, table_name, operation) VALUES ('log.viewed', 'public.leads', 'DELETE')
-- atalaya.event_changes | update
UPDATE atalaya.event_changes SET operation = 'DELETE'
-- atalaya.event_changes | delete
DELETE FROM atalaya.event_changes
-- atalaya.installation | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.installation
-- atalaya.installation | update
UPDATE atalaya.installation SET completed_at = NULL
-- atalaya.installation | complete
SELECT atalaya.complete_installation('ME', NULL)
-- atalaya.installation | insert
INSERT INTO atalaya.installation (id, kind) VALUES ('x', 'x')
-- atalaya.installation | delete
DELETE FROM atalaya.installation
-- atalaya.migrations | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.migrations
-- atalaya.migrations | delete
DELETE FROM atalaya.migrations WHERE version = 0
-- atalaya.adoption_steps | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.adoption_steps
-- atalaya.adoption_steps | delete
DELETE FROM atalaya.adoption_steps WHERE step = 'x'
-- atalaya.before_adoption | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.before_adoption
-- atalaya.before_adoption | insert
INSERT INTO atalaya.before_adoption (singleton, state) VALUES (TRUE, '{}') ON CONFLICT DO NOTHING
-- atalaya.before_adoption | update
UPDATE atalaya.before_adoption SET state = '{}'
-- atalaya.before_adoption | delete
DELETE FROM atalaya.before_adoption
-- atalaya.set_aside | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.set_aside
-- atalaya.set_aside | insert
INSERT INTO atalaya.set_aside (table_name, reason, original) VALUES ('x', 'x', '{}')
-- atalaya.set_aside | update
UPDATE atalaya.set_aside SET restored_at = now()
-- atalaya.set_aside | delete
DELETE FROM atalaya.set_aside
-- public.system_events | search
SELECT string_agg(DISTINCT coalesce(e.tenant_id::text, '-'), ',') FROM atalaya.search_log('{"texts": ["%e%"]}', NULL, NULL, NULL, NULL, 1000) k LEFT JOIN public.system_events e USING (occurred_at, id)
-- public.system_events | search for nothing
SELECT count(*) FROM atalaya.search_log('{}', NULL, NULL, NULL, NULL, 10)
-- public.system_events | search rows directly
SELECT count(*) FROM public.system_events WHERE message ILIKE '%e%' HAVING count(*) = 0
-- atalaya.audit_views | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-') || CASE WHEN shared THEN ' shared' ELSE ' own' END, ',') FROM atalaya.audit_views
-- atalaya.audit_views | read another's
SELECT count(*) FROM atalaya.audit_views WHERE NOT shared AND owner_id <> 'ME'
-- atalaya.audit_views | insert 1
INSERT INTO atalaya.audit_views (tenant_id, name, query) VALUES (1, 'x', '')
-- atalaya.audit_views | insert 2
INSERT INTO atalaya.audit_views (tenant_id, name, query) VALUES (2, 'x', '')
-- atalaya.audit_views | insert for all tenants
INSERT INTO atalaya.audit_views (name, query) VALUES ('x', '')
-- atalaya.audit_views | insert another's
INSERT INTO atalaya.audit_views (tenant_id, owner_id, name, query) VALUES (1, 'U1', 'x', '')
-- atalaya.audit_views | insert with id
INSERT INTO atalaya.audit_views (tenant_id, id, name, query) VALUES (1, gen_random_uuid(), 'x', '')
-- atalaya.audit_views | update one's own
UPDATE atalaya.audit_views SET name = 'y' WHERE owner_id = 'ME'
-- atalaya.audit_views | update another's
UPDATE atalaya.audit_views SET query = 'y' WHERE owner_id <> 'ME'
-- atalaya.audit_views | move
UPDATE atalaya.audit_views SET tenant_id = 2 WHERE owner_id = 'ME'
-- atalaya.audit_views | give away
UPDATE atalaya.audit_views SET owner_id = 'U1' WHERE owner_id = 'ME'
-- atalaya.audit_views | delete
DELETE FROM atalaya.audit_views
-- atalaya.audit_views | truncate
TRUNCATE atalaya.audit_views
-- atalaya.audit_views | remove one's own
SELECT count(*) FILTER (WHERE atalaya.remove_audit_view(id)) FROM atalaya.audit_views WHERE owner_id = 'ME'
-- atalaya.audit_views | remove 1
SELECT atalaya.remove_audit_view('00000000-0000-4000-c000-000000000001')
-- atalaya.audit_views | remove 2
SELECT atalaya.remove_audit_view('00000000-0000-4000-c000-000000000002')
-- atalaya.audit_views | remove that of all tenants
SELECT atalaya.remove_audit_view('00000000-0000-4000-c000-000000000003')
-- atalaya.finding_rules | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.finding_rules
-- atalaya.finding_rules | insert
INSERT INTO atalaya.finding_rules (rule, threshold, window_minutes) VALUES ('x', 1, 1)
-- atalaya.finding_rules | switch off
UPDATE atalaya.finding_rules SET enabled = FALSE WHERE rule = 'silent_gap'
-- atalaya.finding_rules | rename
UPDATE atalaya.finding_rules SET rule = 'x' WHERE rule = 'new_ip'
-- atalaya.finding_rules | delete
DELETE FROM atalaya.finding_rules WHERE rule = 'new_ip'
-- atalaya.finding_rules | truncate
TRUNCATE atalaya.finding_rules CASCADE
-- atalaya.finding_notes | read
SELECT string_agg(coalesce(tenant_id::text, '-'), ',' ORDER BY tenant_id) FROM atalaya.finding_notes
-- atalaya.finding_notes | insert 1
INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note) VALUES (1, 'new_ip', 'x', 'x')
-- atalaya.finding_notes | insert 2
INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note) VALUES (2, 'new_ip', 'x', 'x')
-- atalaya.finding_notes | insert for all tenants
INSERT INTO atalaya.finding_notes (rule, subject, note) VALUES ('new_ip', 'x', 'x')
-- atalaya.finding_notes | insert another's
INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note, author_id) VALUES (1, 'new_ip', 'x', 'x', 'U1')
-- atalaya.finding_notes | update
UPDATE atalaya.finding_notes SET note = 'y' WHERE tenant_id = 1
-- atalaya.finding_notes | delete
DELETE FROM atalaya.finding_notes WHERE tenant_id = 1
-- atalaya.finding_notes | truncate
TRUNCATE atalaya.finding_notes
-- atalaya.finding_notes | forget 1
SELECT atalaya.forget_finding_note(1, 'silent_gap', 'probe')
-- atalaya.finding_notes | forget 2
SELECT atalaya.forget_finding_note(2, 'silent_gap', 'probe')
-- atalaya.finding_notes | forget that of all tenants
SELECT atalaya.forget_finding_note(NULL, 'silent_gap', 'probe')
-- atalaya.event_hours | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.event_hours
-- atalaya.event_hours | insert
INSERT INTO atalaya.event_hours (hour, event_type, n) VALUES (now(), 'x', 1)
-- atalaya.event_hours | update
UPDATE atalaya.event_hours SET n = 1 WHERE n > 1000000
-- atalaya.event_hours | delete
DELETE FROM atalaya.event_hours WHERE n > 1000000
-- atalaya.event_hours | truncate
TRUNCATE atalaya.event_hours
-- atalaya.event_hours | roll up
SELECT CASE WHEN atalaya.roll_up(1000000) > 0 THEN 'some' ELSE 'none' END
-- atalaya.event_days | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.event_days
-- atalaya.event_days | insert
INSERT INTO atalaya.event_days (day, event_type, n) VALUES (now(), 'x', 1)
-- atalaya.event_days | update
UPDATE atalaya.event_days SET n = 1 WHERE n > 1000000
-- atalaya.event_days | delete
DELETE FROM atalaya.event_days WHERE n > 1000000
-- atalaya.event_days | truncate
TRUNCATE atalaya.event_days
-- atalaya.event_days | roll up
SELECT CASE WHEN atalaya.roll_up(1000000) > 0 THEN 'some' ELSE 'none' END
-- atalaya.event_roll_up | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.event_roll_up
-- atalaya.event_roll_up | insert
INSERT INTO atalaya.event_roll_up (singleton, cluster, base) VALUES (FALSE, 1, pg_current_snapshot())
-- atalaya.event_roll_up | update
UPDATE atalaya.event_roll_up SET last = NULL
-- atalaya.event_roll_up | delete
DELETE FROM atalaya.event_roll_up
-- atalaya.event_roll_up | truncate
TRUNCATE atalaya.event_roll_up
-- atalaya.event_roll_up | roll up
SELECT CASE WHEN atalaya.roll_up(1000000) > 0 THEN 'some' ELSE 'none' END
-- atalaya.event_roll_up | roll up too much
SELECT atalaya.roll_up(1000001)
-- atalaya.view_counts | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.view_counts
-- atalaya.view_counts | view in 1
SELECT atalaya.count_view('log.viewed', 1, NULL, 'console', atalaya.caller_id(), atalaya.facts_version())
-- atalaya.view_counts | view in 2
SELECT atalaya.count_view('log.viewed', 2, NULL, 'console', atalaya.caller_id(), atalaya.facts_version())
-- atalaya.view_counts | insert
INSERT INTO atalaya.view_counts (user_id, event_type, minute) VALUES ('U1', 'log.viewed', now())
-- atalaya.view_counts | update
UPDATE atalaya.view_counts SET count = 0
-- atalaya.view_counts | delete
DELETE FROM atalaya.view_counts
-- atalaya.sessions | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.sessions
-- atalaya.sessions | insert
INSERT INTO atalaya.sessions (id, user_id, kind) VALUES (gen_random_uuid(), 'ME', 'console')
-- atalaya.sessions | end 1
UPDATE atalaya.sessions SET ended_at = now() WHERE id = 'S1'
-- atalaya.sessions | end 2
UPDATE atalaya.sessions SET ended_at = now() WHERE id = 'S2'
-- atalaya.sessions | begin again
UPDATE atalaya.sessions SET ended_at = NULL WHERE id = 'S1'
-- atalaya.sessions | end again
UPDATE atalaya.sessions SET ended_at = now() WHERE id = 'S3'
-- atalaya.sessions | keep alive
UPDATE atalaya.sessions SET last_seen_at = now() WHERE id = 'S1'
-- atalaya.sessions | delete
DELETE FROM atalaya.sessions WHERE id = 'S1'
-- atalaya.sessions | open own
SELECT atalaya.open_session(gen_random_uuid(), 'console', 'x')
-- atalaya.sessions | touch own
SELECT string_agg(atalaya.touch_session(i)::text, '') FROM unnest(ARRAY['S1', 'S2']::uuid[]) i
-- atalaya.sessions | end own
SELECT string_agg(atalaya.end_session(i, 'x')::text, '') FROM unnest(ARRAY['S1', 'S2']::uuid[]) i
-- atalaya.recipients | read
SELECT CASE count(*) WHEN 0 THEN 'none' ELSE 'some' END FROM atalaya.recipients
-- atalaya.recipients | insert
INSERT INTO atalaya.recipients (id, kind, label, age_recipient, signing_key, signed_by, signature) VALUES (gen_random_uuid(), 'kit', 'x', 'age1' || repeat('q', 58), decode(repeat('01', 32), 'hex'), 'R', decode(repeat('01', 64), 'hex'))
-- atalaya.recipients | insert created_at
INSERT INTO atalaya.recipients (kind, label, age_recipient, signing_key, signature, created_at) VALUES ('kit', 'x', 'x', 'x', 'x', now())
-- atalaya.recipients | remove
UPDATE atalaya.recipients SET removed_at = now() WHERE id = 'R'
-- atalaya.recipients | exchange
UPDATE atalaya.recipients SET age_recipient = 'age1' || repeat('q', 58) WHERE id = 'R'
-- atalaya.recipients | delete
DELETE FROM atalaya.recipients WHERE label = 'none'
-- atalaya.secrets | read
SELECT string_agg(DISTINCT coalesce(tenant_id::text, '-'), ',') FROM atalaya.secrets
-- atalaya.secrets | insert 1
INSERT INTO atalaya.secrets (tenant_id, name) VALUES (1, 'X_Y')
-- atalaya.secrets | insert 2
INSERT INTO atalaya.secrets (tenant_id, name) VALUES (2, 'X_Y')
-- atalaya.secrets | insert none
INSERT INTO atalaya.secrets (name) VALUES ('X_Y')
-- atalaya.secrets | insert created_at
INSERT INTO atalaya.secrets (tenant_id, name, created_at) VALUES (1, 'X_Y', now())
-- atalaya.secrets | update
UPDATE atalaya.secrets SET tenant_id = 2 WHERE tenant_id = 1
-- atalaya.secrets | delete
DELETE FROM atalaya.secrets WHERE name = 'EMPTY'
-- atalaya.secret_versions | read
SELECT string_agg(DISTINCT coalesce(s.tenant_id::text, '-'), ',') FROM atalaya.secret_versions v JOIN atalaya.secrets s ON s.id = v.secret_id
-- atalaya.secret_versions | count
SELECT count(*) FROM atalaya.secret_versions
-- atalaya.secret_versions | insert 1
INSERT INTO atalaya.secret_versions (secret_id, version, state, fingerprint, strength, origin, signed_by, signature) VALUES ('K1', 2, 'accepted', repeat('0', 64), 'strong', 'generated', 'R', decode(repeat('01', 64), 'hex'))
-- atalaya.secret_versions | insert none
INSERT INTO atalaya.secret_versions (secret_id, version, state, fingerprint, strength, origin, signed_by, signature) VALUES ('K0', 2, 'accepted', repeat('0', 64), 'strong', 'generated', 'R', decode(repeat('01', 64), 'hex'))
-- atalaya.secret_versions | retire 1
UPDATE atalaya.secret_versions SET state = 'retired' WHERE id = 'V1'
-- atalaya.secret_versions | edit
UPDATE atalaya.secret_versions SET fingerprint = repeat('1', 64) WHERE id = 'V1'
-- atalaya.secret_versions | delete
DELETE FROM atalaya.secret_versions WHERE version = -1
-- atalaya.secret_wraps | count
SELECT count(*) FROM atalaya.secret_wraps
-- atalaya.secret_wraps | insert 1
INSERT INTO atalaya.secret_wraps (secret_version_id, recipient_id, ciphertext) VALUES ('V1', 'R2', 'x')
-- atalaya.secret_wraps | edit
UPDATE atalaya.secret_wraps SET ciphertext = 'x' WHERE secret_version_id = 'V1'
-- atalaya.secret_wraps | delete 1
DELETE FROM atalaya.secret_wraps WHERE secret_version_id = 'V1'
-- functions | reach
SELECT concat_ws(' ', atalaya.reaches_all(), atalaya.reached_tenants(), atalaya.sees_system(), atalaya.tenants_where('leads.list'), atalaya.holds_all('leads.list'))
-- functions | sees the whole log
SELECT atalaya.sees_whole_log()
-- functions | search the whole log
SELECT count(*) FROM atalaya.search_whole_log('{"texts": ["%e%"]}', NULL, NULL, NULL, NULL, 1000)
-- functions | vouch for an author
SELECT atalaya.assert_caller_is_active()
-- functions | tenant names
SELECT count(*) FROM atalaya.tenant_names()
-- functions | own profile
SELECT atalaya.update_own_profile('x', 'y')
-- functions | partitions
SELECT atalaya.ensure_partitions(3)
-- functions | more partitions
SELECT atalaya.ensure_partitions(6) > 0
-- functions | name a CEO
SELECT concat_ws(' ', atalaya.may_name('ceo', 1), atalaya.may_name('closer', 1), atalaya.may_place('U1', 'closer', 2))
-- functions | lock
DO $x$ BEGIN LOCK TABLE public.leads IN ACCESS EXCLUSIVE MODE; END $x$
-- functions | backfill
SELECT atalaya.backfill_adopted_events(1)
-- functions | enrol
SELECT atalaya.enrol_operator('LOGIN_new', 'VERIFIER')
-- functions | enrol foreign name
SELECT atalaya.enrol_operator('postgres2', 'VERIFIER')
-- functions | revoke
SELECT atalaya.revoke_operator('LOGIN_closer_2')
-- functions | link
SELECT atalaya.link_operator('U1', 'LOGIN_nobody')
-- functions | set-up
SELECT atalaya.install_first_administrator('ME', 'x', 'x', 'x', TRUE, 'x', NULL)
-- functions | become owner
SET ROLE atalaya_owner
-- functions | become gate
SET ROLE atalaya_gate
-- functions | become roles
SET ROLE atalaya_roles
-- functions | create in public
CREATE TABLE public.mine (id int)
-- functions | create in atalaya
CREATE FUNCTION atalaya.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
-- functions | create role
CREATE ROLE mine SUPERUSER
-- functions | read files
SELECT pg_read_file('/etc/passwd') IS NOT NULL
