-- run as owner
-- Puts the recording triggers on the tables, and the version triggers on what facts are made of.
-- Sensitive: what must never stand in an event, a before/after or a log (CONTRACT, Database). `config` of a tenant is free
-- JSON in which the documents' programs keep tokens, so it is treated as one. atalaya.keys has no trigger: it is written once, by
-- the gate, and holds nothing that could be shown. view_counts and facts_versions are derived.
SELECT atalaya.record_changes_of('public.tenants', 'id', 'bot_phone_number,config', 'updated_at');
SELECT atalaya.record_changes_of('public.users', 'tenant_id', 'password_hash', 'updated_at');
SELECT atalaya.record_changes_of('public.leads', 'tenant_id', 'phone_number', 'updated_at');
SELECT atalaya.record_changes_of('public.credentials', 'tenant_id', 'value', 'updated_at');
SELECT atalaya.record_changes_of('atalaya.roles', '');
SELECT atalaya.record_changes_of('atalaya.permissions', '');
SELECT atalaya.record_changes_of('atalaya.role_permissions', '');
SELECT atalaya.record_changes_of('atalaya.grants', 'tenant_id');
SELECT atalaya.record_changes_of('atalaya.event_types', '');
SELECT atalaya.record_changes_of('atalaya.event_changes', '');
SELECT atalaya.record_changes_of('atalaya.sessions', 'tenant_id', '', 'last_seen_at');
SELECT atalaya.record_changes_of('atalaya.recipients', '');
SELECT atalaya.record_changes_of('atalaya.secrets', 'tenant_id');
SELECT atalaya.record_changes_of('atalaya.secret_versions', '');
SELECT atalaya.record_changes_of('atalaya.secret_wraps', '', 'ciphertext');

-- Events are their own record when they enter; changing or removing one never happens in the program. The parent has no
-- INSERT trigger, its partitions do: naming a partition is always past the programs.
CREATE TRIGGER record_update AFTER UPDATE ON public.system_events REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', '');
CREATE TRIGGER record_delete AFTER DELETE ON public.system_events REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', '');
CREATE TRIGGER record_truncate AFTER TRUNCATE ON public.system_events
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', '');
-- Change records themselves: editing (but for the mark of the upkeep), deleting or emptying them leaves one.
CREATE TRIGGER record_update AFTER UPDATE ON atalaya.change_records REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', 'checked');
CREATE TRIGGER record_delete AFTER DELETE ON atalaya.change_records REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', '');
CREATE TRIGGER record_truncate AFTER TRUNCATE ON atalaya.change_records
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change('tenant_id', '', '');

CREATE TRIGGER bump_facts AFTER INSERT OR DELETE ON public.users
    FOR EACH ROW EXECUTE FUNCTION atalaya.bump_facts('id');
CREATE TRIGGER bump_facts_update AFTER UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id
                       OR OLD.role IS DISTINCT FROM NEW.role OR OLD.db_role IS DISTINCT FROM NEW.db_role
                       OR OLD.id IS DISTINCT FROM NEW.id)
    EXECUTE FUNCTION atalaya.bump_facts('id');
CREATE TRIGGER bump_facts AFTER INSERT OR UPDATE OR DELETE ON atalaya.grants
    FOR EACH ROW EXECUTE FUNCTION atalaya.bump_facts('user_id');
CREATE TRIGGER bump_facts AFTER INSERT OR UPDATE OR DELETE ON atalaya.roles
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.bump_facts('everybody');
CREATE TRIGGER bump_facts AFTER INSERT OR UPDATE OR DELETE ON atalaya.role_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.bump_facts('everybody');
CREATE TRIGGER bump_facts_truncate AFTER TRUNCATE ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.bump_facts('everybody');
CREATE TRIGGER bump_facts_truncate AFTER TRUNCATE ON atalaya.grants
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.bump_facts('everybody');
CREATE TRIGGER bump_facts_truncate AFTER TRUNCATE ON atalaya.role_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.bump_facts('everybody');
