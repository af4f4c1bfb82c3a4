-- run as owner
-- The one function that makes partitions, and what each of them needs. A child inherits neither row security nor TRUNCATE
-- triggers, and a statement that names a child passes the parent's statement triggers by; so each child has its own.

-- Switches row security on and lets nobody in but the owner (whom FORCE would blind without a policy) and backups. The
-- policies of the callers are written out in each table's own migration.
CREATE FUNCTION atalaya.protect_table(target REGCLASS) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', target);
    EXECUTE format('CREATE POLICY owner_all ON %s TO atalaya_owner USING (TRUE) WITH CHECK (TRUE)', target);
    EXECUTE format('CREATE POLICY backup_read ON %s FOR SELECT TO atalaya_backup USING (TRUE)', target);
    EXECUTE format('GRANT SELECT ON TABLE %s TO atalaya_backup', target);
END
$$;

-- Change records of a table: one trigger each for INSERT, UPDATE, DELETE (a trigger with transition tables serves one
-- command) and TRUNCATE. `tenant_column` is '' where rows have none; `sensitive` columns enter as keyed digests only;
-- updates of nothing but `ignored` columns are no change.
CREATE FUNCTION atalaya.record_changes_of(target REGCLASS, tenant_column TEXT, sensitive TEXT DEFAULT '', ignored TEXT DEFAULT '')
RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    call CONSTANT TEXT := format('FOR EACH STATEMENT EXECUTE FUNCTION atalaya.record_change(%L, %L, %L)',
                                 tenant_column, sensitive, ignored);
BEGIN
    EXECUTE format('CREATE TRIGGER record_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS after_rows %s', target, call);
    EXECUTE format('CREATE TRIGGER record_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows %s', target, call);
    EXECUTE format('CREATE TRIGGER record_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS before_rows %s', target, call);
    EXECUTE format('CREATE TRIGGER record_truncate AFTER TRUNCATE ON %s %s', target, call);
END
$$;

CREATE FUNCTION atalaya.protect_partition(child REGCLASS) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM atalaya.protect_table(child);
    -- Readers and backups go through the parent.
    EXECUTE format('REVOKE ALL ON TABLE %s FROM atalaya_backup', child);
    PERFORM atalaya.record_changes_of(child, 'tenant_id');
END
$$;

CREATE FUNCTION atalaya.make_partition(month DATE) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    low CONSTANT TIMESTAMPTZ := date_trunc('month', month::timestamptz);
    high CONSTANT TIMESTAMPTZ := low + INTERVAL '1 month';
    child CONSTANT TEXT := to_char(low, '"system_events_y"YYYY"m"MM');
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.system_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child);
    -- Rows that came too early wait in the default partition, and would block this month. Moving is no change: the
    -- recording triggers rest meanwhile, under the lock that attaching takes anyway.
    IF EXISTS (SELECT FROM public.system_events_default WHERE occurred_at >= low AND occurred_at < high) THEN
        ALTER TABLE public.system_events_default DISABLE TRIGGER USER;
        EXECUTE format('WITH moved AS (DELETE FROM public.system_events_default WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *)
                        INSERT INTO public.%I SELECT * FROM moved', child) USING low, high;
        ALTER TABLE public.system_events_default ENABLE TRIGGER USER;
    END IF;
    EXECUTE format('ALTER TABLE public.system_events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', child, low, high);
    PERFORM atalaya.protect_partition(format('public.%I', child)::regclass);
END
$$;

-- Upkeep: makes what is missing from this month to `months_ahead` months from now; answers how many it made.
CREATE FUNCTION atalaya.ensure_partitions(months_ahead INTEGER) RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    -- The adopted partition covers everything before this.
    first CONSTANT TIMESTAMPTZ := (SELECT (s.detail ->> 'until')::timestamptz FROM atalaya.adoption_steps s WHERE s.step = 'attach_events');
    wanted TIMESTAMPTZ;
    made INTEGER := 0;
BEGIN
    IF months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND 24 THEN
        RAISE EXCEPTION 'months_ahead is from 0 to 24' USING ERRCODE = 'AT005';
    END IF;
    FOR wanted IN
        SELECT m FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => months_ahead), INTERVAL '1 month') m
        WHERE m >= first
    LOOP
        IF to_regclass(to_char(wanted, '"public.system_events_y"YYYY"m"MM')) IS NULL THEN
            -- One at a time, and only when there is something to do: two consoles look at the same moment.
            PERFORM pg_advisory_xact_lock(hashtextextended('atalaya.ensure_partitions', 0));
            IF to_regclass(to_char(wanted, '"public.system_events_y"YYYY"m"MM')) IS NULL THEN
                PERFORM atalaya.make_partition(wanted::date);
                made := made + 1;
            END IF;
        END IF;
    END LOOP;
    RETURN made;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.ensure_partitions(INTEGER) TO atalaya_operator, atalaya_api;
