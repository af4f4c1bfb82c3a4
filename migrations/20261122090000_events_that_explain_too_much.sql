-- run as owner
-- Two event types explained more than their author may do. An event type without a permission can be recorded by everybody,
-- so it explains one row only, and that its actor's own: `own_row` is the key of the changed row that has to equal the actor's
-- id, before and after. And using a recovery kit changes recipients, which asks for keys.create like every other change of them.
-- schema.updated is how a migration that changes recorded tables says so (migrations/README.md).
ALTER TABLE atalaya.event_changes ADD COLUMN own_row TEXT;

UPDATE atalaya.event_types SET permission = 'keys.create' WHERE event_type = 'kit.used';
UPDATE atalaya.event_changes SET own_row = 'id' WHERE event_type = 'profile.updated' AND table_name = 'public.users';
UPDATE atalaya.event_changes SET own_row = 'user_id'
WHERE event_type IN ('console.opened', 'console.locked', 'login_success') AND table_name = 'atalaya.sessions';

INSERT INTO atalaya.event_types (event_type, severity, audit, resource_type, permission, entry) VALUES
    ('schema.updated', 'info', 'each', 'installation', NULL, 'set-up');
INSERT INTO atalaya.event_changes (event_type, table_name, operation)
SELECT 'schema.updated', table_name, operation
FROM unnest(ARRAY['atalaya.event_types', 'atalaya.event_changes']) AS table_name
CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS operation;
SELECT atalaya.write_setup_event('schema.updated', NULL, NULL, jsonb_build_object('migration', 'events_that_explain_too_much'));
