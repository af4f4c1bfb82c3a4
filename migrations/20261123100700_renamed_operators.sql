-- run as owner
-- Puts note_renamed_operator on users, and its event type on the list.
CREATE TRIGGER note_renamed_operator AFTER UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.db_role IS NOT NULL AND (OLD.email IS DISTINCT FROM NEW.email OR OLD.first_name IS DISTINCT FROM NEW.first_name
                       OR OLD.last_name IS DISTINCT FROM NEW.last_name OR OLD.role IS DISTINCT FROM NEW.role OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id))
    EXECUTE FUNCTION atalaya.note_renamed_operator();
INSERT INTO atalaya.event_types (event_type, severity, audit, resource_type, permission, entry) VALUES
    ('operator.renamed', 'critical', 'each', 'user', NULL, 'upkeep');
SELECT atalaya.write_setup_event('schema.updated', NULL, NULL, jsonb_build_object('migration', 'renamed_operators'));
