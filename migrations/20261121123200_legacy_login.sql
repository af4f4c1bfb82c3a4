-- run as owner
-- The login of the CRM that was here before. It scopes itself, as it always did: its policies are TRUE on the documented
-- tables, within column grants that keep what is new out of its hands. Its events are stamped as its own.
GRANT SELECT, INSERT, DELETE ON public.leads, public.credentials TO atalaya_legacy;
GRANT UPDATE ON public.leads, public.credentials TO atalaya_legacy;
GRANT SELECT, DELETE ON public.tenants, public.users TO atalaya_legacy;
GRANT INSERT (id, clinic_name, bot_phone_number, owner_email, config, created_at, updated_at),
      UPDATE (clinic_name, bot_phone_number, owner_email, config, created_at, updated_at)
    ON public.tenants TO atalaya_legacy;
GRANT INSERT (id, email, password_hash, role, status, first_name, last_name, tenant_id, created_at, updated_at),
      UPDATE (email, password_hash, role, status, first_name, last_name, tenant_id, created_at, updated_at)
    ON public.users TO atalaya_legacy;
-- Events: the documented INSERT and SELECT, by column. id, tx, cluster, db_user, recorded_at, actor and origin are never the
-- writer's to supply.
GRANT SELECT ON public.system_events TO atalaya_legacy;
GRANT INSERT (event_type, severity, message, payload, occurred_at) ON public.system_events TO atalaya_legacy;
GRANT USAGE ON SEQUENCE public.system_events_id_seq TO atalaya_legacy;

CREATE POLICY legacy_all ON public.tenants TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY legacy_all ON public.users TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY legacy_all ON public.leads TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY legacy_all ON public.credentials TO atalaya_legacy USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY legacy_read ON public.system_events FOR SELECT TO atalaya_legacy USING (TRUE);
CREATE POLICY legacy_insert ON public.system_events FOR INSERT TO atalaya_legacy WITH CHECK (TRUE);
-- A console operator cannot be deleted by the CRM; suspending one is refused with words by the trigger below.
CREATE POLICY operators_stay ON public.users AS RESTRICTIVE FOR DELETE TO atalaya_legacy USING (db_role IS NULL);

-- Every event that comes without an origin came past the gate: from the legacy login, or from a superuser's hands.
CREATE FUNCTION atalaya.stamp_event() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Superusers are members of everything; their own writes are not the CRM's.
    legacy CONSTANT BOOLEAN := pg_has_role(session_user, 'atalaya_legacy', 'USAGE')
        AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user);
BEGIN
    NEW.tenant_id := atalaya.legacy_tenant(NEW.payload);
    NEW.actor_id := atalaya.text_or_null(NEW.payload, 'user_id');
    NEW.actor_label := atalaya.text_or_null(NEW.payload, 'user_email');
    NEW.actor_kind := CASE WHEN legacy THEN 'legacy' ELSE 'system' END;
    NEW.resource_id := atalaya.text_or_null(NEW.payload, 'resource_id');
    NEW.ip := atalaya.inet_or_null(atalaya.text_or_null(NEW.payload, 'ip_address'));
    NEW.origin := CASE WHEN legacy THEN 'legacy' ELSE 'direct' END;
    NEW.outcome := atalaya.legacy_outcome(NEW.event_type);
    RETURN NEW;
END
$$;
CREATE TRIGGER stamp_event BEFORE INSERT ON public.system_events
    FOR EACH ROW WHEN (NEW.origin IS NULL) EXECUTE FUNCTION atalaya.stamp_event();

-- Status decides who may use the console, so for its operators the CRM does not decide it.
CREATE FUNCTION atalaya.guard_operator_status() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF pg_has_role(session_user, 'atalaya_legacy', 'USAGE')
       AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user) THEN
        RAISE EXCEPTION 'this user operates the console; change the status there' USING ERRCODE = 'AT002';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_operator_status BEFORE UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.db_role IS NOT NULL AND (OLD.status IS DISTINCT FROM NEW.status OR OLD.id IS DISTINCT FROM NEW.id))
    EXECUTE FUNCTION atalaya.guard_operator_status();
