-- run as owner
-- An event explained a change of any tenant, so that a change in one was hidden by an event in another, or in the system scope,
-- where that tenant's auditors do not look. It explains changes of its own tenant now, and of rows without one. `across` lists the
-- exceptions, which may explain a tenant's change from the system scope: what set-up does to many tenants at once and no
-- caller can record, and what is about the actor's own row wherever it lies.
ALTER TABLE atalaya.event_changes ADD COLUMN across BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE atalaya.event_changes SET across = TRUE
WHERE own_row IS NOT NULL OR event_type IN ('adoption.applied', 'sample.loaded');
GRANT SELECT (tenant_id) ON public.system_events TO atalaya_upkeep_direct_change;

-- What set-up does to one user who is there already lies in that user's tenant.
CREATE OR REPLACE FUNCTION atalaya.write_setup_event(event_type TEXT, subject UUID, resource_id TEXT, note JSONB) RETURNS BIGINT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known atalaya.event_types;
    who RECORD;
BEGIN
    SELECT * INTO STRICT known FROM atalaya.event_types t WHERE t.event_type = write_setup_event.event_type;
    SELECT u.id::text AS id, u.email::text AS email, u.role::text AS role, u.tenant_id AS place INTO who FROM public.users u WHERE u.id = subject;
    RETURN atalaya.write_event(
        known.event_type, known.severity, 'ok',
        CASE WHEN known.event_type IN ('user.linked', 'operator.recovered') THEN who.place END,
        coalesce(who.id, session_user::text), coalesce(who.email, session_user::text), who.role,
        CASE WHEN who.id IS NULL THEN 'system' ELSE 'operator' END,
        known.resource_type, resource_id, NULL, 'console', inet_client_addr(), note);
END
$$;
SELECT atalaya.write_setup_event('schema.updated', NULL, NULL, jsonb_build_object('migration', 'events_explain_their_own_tenant'));
