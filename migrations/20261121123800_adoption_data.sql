-- run as owner
-- Data steps of adoption: small, resumable, called as the owner until they answer 0.

-- Fills the promoted columns of adopted events, by id. Direct work on the partition, before its recording triggers are on:
-- giving old rows the columns they lack is no change of the log. When nothing is left the partition is sealed off.
CREATE FUNCTION atalaya.backfill_adopted_events(batch INTEGER) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    done_to BIGINT;
    reached BIGINT;
    filled INTEGER;
BEGIN
    INSERT INTO atalaya.adoption_steps (step, detail) VALUES ('backfill_events', '{"last_id": "-9223372036854775808", "rows": 0}')
    ON CONFLICT ON CONSTRAINT adoption_steps_pkey DO NOTHING;
    SELECT (s.detail ->> 'last_id')::bigint INTO done_to FROM atalaya.adoption_steps s
    WHERE s.step = 'backfill_events' AND s.finished_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    WITH next AS (
        SELECT e.id, e.occurred_at FROM public.system_events_adopted e WHERE e.id > done_to ORDER BY e.id LIMIT greatest(batch, 1)
    ), filled_rows AS (
        UPDATE public.system_events_adopted e SET
            tenant_id = atalaya.legacy_tenant(e.payload),
            actor_id = atalaya.text_or_null(e.payload, 'user_id'),
            actor_label = atalaya.text_or_null(e.payload, 'user_email'),
            actor_kind = 'legacy',
            resource_id = atalaya.text_or_null(e.payload, 'resource_id'),
            ip = atalaya.inet_or_null(atalaya.text_or_null(e.payload, 'ip_address')),
            origin = 'legacy',
            outcome = atalaya.legacy_outcome(e.event_type)
        FROM next
        -- What the CRM wrote since the swap was stamped as it came.
        WHERE e.occurred_at = next.occurred_at AND e.id = next.id AND e.origin IS NULL
        RETURNING e.id
    )
    SELECT count(*), max(id) INTO filled, reached FROM next;
    IF filled = 0 THEN
        PERFORM atalaya.protect_partition('public.system_events_adopted');
        -- The planner has never seen these columns filled.
        ANALYZE public.system_events_adopted;
        UPDATE atalaya.adoption_steps SET finished_at = now() WHERE step = 'backfill_events';
    ELSE
        UPDATE atalaya.adoption_steps SET detail = jsonb_build_object('last_id', reached::text, 'rows', (detail ->> 'rows')::bigint + filled)
        WHERE step = 'backfill_events';
    END IF;
    RETURN filled;
END
$$;

-- Grants, once, from users.role: a CEO everywhere, the CRM's other roles in their tenant. Pending users get theirs when they
-- are approved; a role that the CRM's documents do not name, and a tenant that is missing, are left for somebody to decide.
CREATE FUNCTION atalaya.adopt_grants() RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made INTEGER;
BEGIN
    INSERT INTO atalaya.adoption_steps (step) VALUES ('grants') ON CONFLICT ON CONSTRAINT adoption_steps_pkey DO NOTHING;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    INSERT INTO atalaya.grants (user_id, role, tenant_id)
    SELECT u.id, u.role, CASE WHEN u.role <> 'ceo' THEN u.tenant_id END
    FROM public.users u
    WHERE u.status IN ('active', 'suspended')
      AND (u.role = 'ceo' OR u.role IN ('secretary', 'professional', 'setter', 'closer') AND u.tenant_id IS NOT NULL)
    ON CONFLICT ON CONSTRAINT grants_user_role_tenant_key DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    UPDATE atalaya.adoption_steps SET finished_at = now(), detail = jsonb_build_object('grants', made) WHERE step = 'grants';
    IF made > 0 THEN
        PERFORM atalaya.write_setup_event('adoption.applied', NULL, NULL, jsonb_build_object('step', 'grants', 'grants', made));
    END IF;
    RETURN made;
END
$$;
