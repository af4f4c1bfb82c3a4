-- run as owner
-- Filling the promoted columns of 60,450 adopted events took 12 s on a busy machine: half of it went into keeping indexes that
-- nobody reads meanwhile, a quarter into calling a function for each value. Now the indexes that the columns change step aside
-- first and come back one at a time, and the values are read in place; what they are is as before (legacy_tenant,
-- text_or_null, legacy_outcome). The primary key and the index on id stay, and so does that on payload: it is the one whose
-- making would keep the CRM waiting.

CREATE OR REPLACE FUNCTION atalaya.backfill_adopted_events(batch INTEGER) RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    done_to BIGINT;
    reached BIGINT;
    filled INTEGER;
    aside RECORD;
    missing JSONB := '[]';
BEGIN
    INSERT INTO atalaya.adoption_steps (step, detail) VALUES ('backfill_events', '{"last_id": "-9223372036854775808", "rows": 0}')
    ON CONFLICT ON CONSTRAINT adoption_steps_pkey DO NOTHING;
    IF FOUND THEN
        FOR aside IN
            SELECT i.indexrelid::regclass AS name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS definition
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = 'public.system_events'::regclass AND NOT i.indisprimary
              AND c.relname NOT IN ('system_events_id_idx', 'idx_system_events_payload')
            ORDER BY c.relname
        LOOP
            missing := missing || to_jsonb(aside.definition);
            EXECUTE format('DROP INDEX %s', aside.name);
        END LOOP;
        -- With the definitions written down in the same transaction, whoever resumes knows what is missing.
        INSERT INTO atalaya.adoption_steps (step, detail) VALUES ('index_events', jsonb_build_object('missing', missing));
        -- Dropping locks the whole log until the commit.
        batch := least(batch, 500);
    END IF;
    SELECT (s.detail ->> 'last_id')::bigint INTO done_to FROM atalaya.adoption_steps s
    WHERE s.step = 'backfill_events' AND s.finished_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT count(*), max(n.id) INTO filled, reached
    FROM (SELECT e.id FROM public.system_events_adopted e WHERE e.id > done_to ORDER BY e.id LIMIT greatest(batch, 1)) n;
    UPDATE public.system_events_adopted e SET
        (tenant_id, actor_id, actor_label, resource_id, ip) = (
            SELECT CASE WHEN v.tenant ~ '^[0-9]{1,9}$' THEN (SELECT t.id FROM public.tenants t WHERE t.id = v.tenant::integer) END,
                v.actor_id, v.actor_label, v.resource_id, CASE WHEN v.ip IS NOT NULL THEN atalaya.inet_or_null(v.ip) END
            FROM (SELECT
                CASE WHEN jsonb_typeof(p.user_id) IN ('string', 'number') THEN left(p.user_id #>> '{}', 400) END AS actor_id,
                CASE WHEN jsonb_typeof(p.user_email) IN ('string', 'number') THEN left(p.user_email #>> '{}', 400) END AS actor_label,
                CASE WHEN jsonb_typeof(p.resource_id) IN ('string', 'number') THEN left(p.resource_id #>> '{}', 400) END AS resource_id,
                CASE WHEN jsonb_typeof(p.ip_address) = 'string' THEN p.ip_address #>> '{}' END AS ip,
                CASE WHEN jsonb_typeof(p.tenant_id) IN ('string', 'number') THEN left(p.tenant_id #>> '{}', 400) END AS tenant
                FROM (SELECT e.payload -> 'user_id' AS user_id, e.payload -> 'user_email' AS user_email, e.payload -> 'resource_id' AS resource_id,
                             e.payload -> 'ip_address' AS ip_address, e.payload -> 'tenant_id' AS tenant_id OFFSET 0) p OFFSET 0) v),
        actor_kind = 'legacy',
        origin = 'legacy',
        outcome = CASE WHEN e.event_type = 'access_denied' THEN 'denied'
                       WHEN e.event_type IN ('login_failed', 'token_invalid', 'server_error') THEN 'failed' ELSE 'ok' END
    -- What the CRM wrote since the swap was stamped as it came.
    WHERE e.id > done_to AND e.id <= reached AND e.origin IS NULL;
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

-- Brings back one of the indexes that stepped aside; 1, or 0 when none is left. The CRM waits with writing events while one
-- is made.
CREATE FUNCTION atalaya.index_adopted_events() RETURNS INTEGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    next TEXT;
BEGIN
    SELECT s.detail -> 'missing' ->> 0 INTO next FROM atalaya.adoption_steps s WHERE s.step = 'index_events' FOR UPDATE;
    IF next IS NULL THEN
        UPDATE atalaya.adoption_steps SET finished_at = now() WHERE step = 'index_events' AND finished_at IS NULL;
        RETURN 0;
    END IF;
    EXECUTE next;
    UPDATE atalaya.adoption_steps SET detail = jsonb_set(detail, '{missing}', (detail -> 'missing') - 0) WHERE step = 'index_events';
    RETURN 1;
END
$$;
