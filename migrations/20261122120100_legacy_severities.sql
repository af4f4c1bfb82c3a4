-- run as owner
-- The log knows three severities and a CRM may have used others. Their usual names mean one of the three; what else there is
-- means what the decision `severity_unknown` of the take-over said. The word itself is kept in atalaya.set_aside. And a tenant that the
-- CRM names in a column of its own (which only a log that had one lets it do) counts where there is such a tenant.
CREATE OR REPLACE FUNCTION atalaya.known_severity(given TEXT) RETURNS TEXT
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN given IS NULL OR given IN ('info', 'warning', 'critical') THEN given
        WHEN lower(btrim(given)) IN ('trace', 'debug', 'verbose', 'info', 'information', 'notice', 'low') THEN 'info'
        WHEN lower(btrim(given)) IN ('warn', 'warning', 'medium') THEN 'warning'
        WHEN lower(btrim(given)) IN ('err', 'error', 'high', 'severe', 'fatal', 'critical', 'crit', 'alert', 'emerg', 'emergency') THEN 'critical'
        ELSE coalesce((SELECT b.state -> 'decisions' ->> 'severity_unknown' FROM atalaya.before_adoption b), 'warning')
    END
$$;

CREATE OR REPLACE FUNCTION atalaya.stamp_event() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Superusers are members of everything; their own writes are not the CRM's.
    legacy CONSTANT BOOLEAN := pg_has_role(session_user, 'atalaya_legacy', 'USAGE')
        AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user);
BEGIN
    IF legacy THEN
        NEW.tenant_id := coalesce((SELECT t.id FROM public.tenants t WHERE t.id = NEW.tenant_id), atalaya.legacy_tenant(NEW.payload));
        IF NEW.severity NOT IN ('info', 'warning', 'critical') THEN
            INSERT INTO atalaya.set_aside (table_name, reason, original)
            VALUES ('system_events', 'severity', jsonb_build_object('id', NEW.id, 'severity', NEW.severity));
            NEW.severity := atalaya.known_severity(NEW.severity);
        END IF;
    ELSE
        NEW.tenant_id := atalaya.legacy_tenant(NEW.payload);
    END IF;
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
