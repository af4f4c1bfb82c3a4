-- run as owner
-- Questions to the log that people keep: their own, or shared with whoever lists the log of the same tenant. A view is the
-- text of a query and opens nothing: what it shows is what its reader may see.
CREATE TABLE atalaya.audit_views (
    -- Whose log it is about; NULL: all tenants. A shared view may name people of its tenant, so it stays there.
    tenant_id INTEGER,
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    owner_id UUID NOT NULL DEFAULT atalaya.caller_id(),
    name TEXT NOT NULL,
    -- In the query language, at most as long as the language allows.
    query TEXT NOT NULL,
    shared BOOLEAN NOT NULL DEFAULT FALSE,
    -- On the overview of everybody who sees it.
    pinned BOOLEAN NOT NULL DEFAULT FALSE,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT audit_views_pkey PRIMARY KEY (id),
    CONSTRAINT audit_views_tenant_id_key UNIQUE NULLS NOT DISTINCT (tenant_id, id),
    CONSTRAINT audit_views_owner_name_key UNIQUE (owner_id, name),
    CONSTRAINT audit_views_name_check CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 80 AND name !~ '[[:cntrl:]]'),
    CONSTRAINT audit_views_query_check CHECK (octet_length(query) <= 4096),
    CONSTRAINT audit_views_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE,
    CONSTRAINT audit_views_owner_fkey FOREIGN KEY (owner_id) REFERENCES public.users (id) ON DELETE CASCADE
);

SELECT atalaya.protect_table('atalaya.audit_views');
CREATE POLICY floor ON atalaya.audit_views AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.audit_views FOR SELECT TO atalaya_operator, atalaya_api
    USING ((shared OR owner_id = (SELECT atalaya.caller_id()))
           AND ((SELECT atalaya.holds_all('audit.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list'))::int[])));
CREATE POLICY caller_insert ON atalaya.audit_views FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (owner_id = (SELECT atalaya.caller_id())
                AND ((SELECT atalaya.holds_all('audit.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list'))::int[])));
CREATE POLICY caller_update ON atalaya.audit_views FOR UPDATE TO atalaya_operator, atalaya_api
    USING (owner_id = (SELECT atalaya.caller_id())
           AND ((SELECT atalaya.holds_all('audit.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list'))::int[])))
    WITH CHECK (owner_id = (SELECT atalaya.caller_id())
                AND ((SELECT atalaya.holds_all('audit.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list'))::int[])));
GRANT SELECT ON atalaya.audit_views TO atalaya_operator, atalaya_api;
-- The owner and the tenant stay as they were.
GRANT INSERT (tenant_id, name, query, shared, pinned), UPDATE (name, query, shared, pinned, updated_at)
    ON atalaya.audit_views TO atalaya_operator, atalaya_api;

-- What remove_audit_view needs.
GRANT SELECT (id, tenant_id, owner_id, shared), DELETE ON atalaya.audit_views TO atalaya_gate;
CREATE POLICY gate_read ON atalaya.audit_views FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_delete ON atalaya.audit_views FOR DELETE TO atalaya_gate USING (TRUE);

SELECT atalaya.record_changes_of('atalaya.audit_views', 'tenant_id', '', 'updated_at');

INSERT INTO atalaya.event_types (event_type, severity, audit, resource_type, permission, entry) VALUES
    ('views.listed', 'info', 'counted', 'view', 'audit.list', 'caller'),
    ('view.saved', 'info', 'each', 'view', 'audit.list', 'caller'),
    ('view.removed', 'info', 'each', 'view', 'audit.list', 'caller'),
    ('changes.viewed', 'info', 'counted', 'event', 'audit.read', 'caller');
INSERT INTO atalaya.event_changes (event_type, table_name, operation) VALUES
    ('view.saved', 'atalaya.audit_views', 'INSERT'),
    ('view.saved', 'atalaya.audit_views', 'UPDATE'),
    ('view.removed', 'atalaya.audit_views', 'DELETE');
SELECT atalaya.write_setup_event('schema.updated', NULL, NULL, jsonb_build_object('migration', 'saved_views'));
