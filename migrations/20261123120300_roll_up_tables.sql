-- run as owner
-- Sums of the log by hour and by day (UTC), and how far they reach. Counting ten million rows takes seconds, adding up some
-- thousand sums takes none. Readers add what came since (event_roll_up.last) themselves, so numbers are exact at any time.
GRANT USAGE ON SCHEMA atalaya, public TO atalaya_upkeep_roll_up;

CREATE TABLE atalaya.event_hours (
    -- NULL is the system scope, as in the log.
    tenant_id INTEGER,
    hour TIMESTAMPTZ NOT NULL,
    event_type TEXT NOT NULL,
    severity TEXT,
    outcome TEXT,
    n BIGINT NOT NULL,
    CONSTRAINT event_hours_key UNIQUE NULLS NOT DISTINCT (tenant_id, hour, event_type, severity, outcome),
    CONSTRAINT event_hours_n_check CHECK (n > 0)
);
CREATE INDEX event_hours_hour_idx ON atalaya.event_hours (hour);

CREATE TABLE atalaya.event_days (
    tenant_id INTEGER,
    day TIMESTAMPTZ NOT NULL,
    event_type TEXT NOT NULL,
    severity TEXT,
    outcome TEXT,
    n BIGINT NOT NULL,
    CONSTRAINT event_days_key UNIQUE NULLS NOT DISTINCT (tenant_id, day, event_type, severity, outcome),
    CONSTRAINT event_days_n_check CHECK (n > 0)
);
CREATE INDEX event_days_day_idx ON atalaya.event_days (day);

-- One row for the whole log; transactions belong to the cluster, so it has no tenant.
CREATE TABLE atalaya.event_roll_up (
    singleton BOOLEAN NOT NULL DEFAULT TRUE,
    -- Whose transactions the snapshots below tell of.
    cluster BIGINT NOT NULL,
    -- Rows that this snapshot sees are the base; it is added up in the order of the log's key.
    base PG_SNAPSHOT NOT NULL,
    reached_at TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
    reached_id BIGINT NOT NULL DEFAULT -9223372036854775808,
    -- Rows that this snapshot sees are in the sums; NULL while the base is not whole.
    last PG_SNAPSHOT,
    rolled_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT event_roll_up_pkey PRIMARY KEY (singleton),
    CONSTRAINT event_roll_up_singleton_check CHECK (singleton)
);

SELECT atalaya.protect_table(target)
FROM unnest(ARRAY['atalaya.event_hours', 'atalaya.event_days', 'atalaya.event_roll_up']::regclass[]) AS target;

-- Read as the log is read (log_policies).
GRANT SELECT ON atalaya.event_hours, atalaya.event_days, atalaya.event_roll_up TO atalaya_operator, atalaya_api;
CREATE POLICY floor ON atalaya.event_hours AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.event_hours FOR SELECT TO atalaya_operator, atalaya_api
    USING (tenant_id IS NOT NULL AND ((SELECT atalaya.holds_all('audit.list')) OR (SELECT atalaya.holds_all('audit.read')))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list') || atalaya.tenants_where('audit.read'))::int[])
           OR tenant_id IS NULL AND (SELECT atalaya.sees_system()));
CREATE POLICY floor ON atalaya.event_days AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.event_days FOR SELECT TO atalaya_operator, atalaya_api
    USING (tenant_id IS NOT NULL AND ((SELECT atalaya.holds_all('audit.list')) OR (SELECT atalaya.holds_all('audit.read')))
           OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list') || atalaya.tenants_where('audit.read'))::int[])
           OR tenant_id IS NULL AND (SELECT atalaya.sees_system()));
-- Which transactions were over is no secret of a tenant, and every reader needs it.
CREATE POLICY floor ON atalaya.event_roll_up AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.caller_id()) IS NOT NULL) WITH CHECK ((SELECT atalaya.caller_id()) IS NOT NULL);
CREATE POLICY caller_read ON atalaya.event_roll_up FOR SELECT TO atalaya_operator, atalaya_api USING (TRUE);

-- The upkeep that writes them.
GRANT SELECT, INSERT, UPDATE, DELETE ON atalaya.event_hours, atalaya.event_days, atalaya.event_roll_up TO atalaya_upkeep_roll_up;
CREATE POLICY roll_up_all ON atalaya.event_hours TO atalaya_upkeep_roll_up USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY roll_up_all ON atalaya.event_days TO atalaya_upkeep_roll_up USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY roll_up_all ON atalaya.event_roll_up TO atalaya_upkeep_roll_up USING (TRUE) WITH CHECK (TRUE);
GRANT SELECT (id, occurred_at, event_type, severity, outcome, tenant_id, tx, cluster) ON public.system_events TO atalaya_upkeep_roll_up;
CREATE POLICY roll_up_read ON public.system_events FOR SELECT TO atalaya_upkeep_roll_up USING (TRUE);
