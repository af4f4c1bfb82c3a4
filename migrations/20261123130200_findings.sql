-- run as owner
-- What counts as a finding, and what people noted about findings that were none. The findings themselves are queries over the
-- log, asked under the reader's own row security, and are stored nowhere.
-- Exception to "tenant in every key": the rules are the same for all tenants.
CREATE TABLE atalaya.finding_rules (
    rule TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT TRUE,
    -- What it counts is said beside each rule below.
    threshold INTEGER NOT NULL,
    window_minutes INTEGER NOT NULL,
    CONSTRAINT finding_rules_pkey PRIMARY KEY (rule),
    CONSTRAINT finding_rules_threshold_check CHECK (threshold BETWEEN 1 AND 1000000),
    -- Up to 90 days.
    CONSTRAINT finding_rules_window_check CHECK (window_minutes BETWEEN 1 AND 129600)
);
INSERT INTO atalaya.finding_rules (rule, threshold, window_minutes) VALUES
    -- So many failed logins from one address in a window (UX, Overview: above 10 a minute).
    ('failed_logins', 11, 1),
    -- A sign-in from an address that this actor has not used in the window before, after at least so many sign-ins.
    ('new_ip', 5, 43200),
    -- So many changes of somebody's rights by one actor in a window.
    ('rights_raised', 1, 60),
    -- So many single reads of personal data, or of events, by one actor in a window.
    ('mass_reads', 200, 60),
    -- So many exports by one actor in a window.
    ('mass_exports', 5, 60),
    -- Activity at an hour of the day in which, or beside which, this actor did nothing in the window before, with at least so
    -- many events in it.
    ('unusual_hours', 50, 43200),
    -- Nothing at all in the log for a window, and for so many times as long as 99 of 100 gaps.
    ('silent_gap', 10, 360);

CREATE TABLE atalaya.finding_notes (
    -- Whose log the finding is about; NULL: all tenants.
    tenant_id INTEGER,
    rule TEXT NOT NULL,
    -- An address or an actor; '' where the rule has neither.
    subject TEXT NOT NULL,
    note TEXT NOT NULL,
    author_id UUID NOT NULL DEFAULT atalaya.caller_id(),
    noted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT finding_notes_key UNIQUE NULLS NOT DISTINCT (tenant_id, rule, subject),
    CONSTRAINT finding_notes_subject_check CHECK (length(subject) <= 400),
    CONSTRAINT finding_notes_note_check CHECK (length(btrim(note)) BETWEEN 1 AND 1000),
    CONSTRAINT finding_notes_rule_fkey FOREIGN KEY (rule) REFERENCES atalaya.finding_rules (rule),
    CONSTRAINT finding_notes_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE,
    CONSTRAINT finding_notes_author_fkey FOREIGN KEY (author_id) REFERENCES public.users (id) ON DELETE CASCADE
);

SELECT atalaya.protect_table('atalaya.finding_rules');
CREATE POLICY floor ON atalaya.finding_rules AS RESTRICTIVE TO atalaya_operator, atalaya_api USING (TRUE) WITH CHECK ((SELECT atalaya.reaches_all()));
CREATE POLICY caller_read ON atalaya.finding_rules FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('audit.list')) OR cardinality((SELECT atalaya.tenants_where('audit.list'))) > 0);
CREATE POLICY caller_update ON atalaya.finding_rules FOR UPDATE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('settings.update'))) WITH CHECK ((SELECT atalaya.holds_all('settings.update')));
GRANT SELECT, UPDATE (enabled, threshold, window_minutes) ON atalaya.finding_rules TO atalaya_operator, atalaya_api;
SELECT atalaya.record_changes_of('atalaya.finding_rules', '');

SELECT atalaya.protect_table('atalaya.finding_notes');
CREATE POLICY floor ON atalaya.finding_notes AS RESTRICTIVE TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]))
    WITH CHECK ((SELECT atalaya.reaches_all()) OR tenant_id = ANY ((SELECT atalaya.reached_tenants())::int[]));
CREATE POLICY caller_read ON atalaya.finding_notes FOR SELECT TO atalaya_operator, atalaya_api
    USING ((SELECT atalaya.holds_all('audit.list')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.list'))::int[]));
CREATE POLICY caller_insert ON atalaya.finding_notes FOR INSERT TO atalaya_operator, atalaya_api
    WITH CHECK (author_id = (SELECT atalaya.caller_id())
                AND ((SELECT atalaya.holds_all('audit.review')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('audit.review'))::int[])));
GRANT SELECT, INSERT (tenant_id, rule, subject, note) ON atalaya.finding_notes TO atalaya_operator, atalaya_api;
GRANT SELECT (tenant_id, rule, subject), DELETE ON atalaya.finding_notes TO atalaya_gate;
CREATE POLICY gate_read ON atalaya.finding_notes FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_delete ON atalaya.finding_notes FOR DELETE TO atalaya_gate USING (TRUE);
SELECT atalaya.record_changes_of('atalaya.finding_notes', 'tenant_id');

INSERT INTO atalaya.event_types (event_type, severity, audit, resource_type, permission, entry) VALUES
    ('findings.viewed', 'info', 'counted', 'finding', 'audit.list', 'caller'),
    ('finding.noted', 'info', 'each', 'finding', 'audit.review', 'caller'),
    ('finding_rule.updated', 'warning', 'each', 'finding', 'settings.update', 'caller');
INSERT INTO atalaya.event_changes (event_type, table_name, operation) VALUES
    ('finding.noted', 'atalaya.finding_notes', 'INSERT'),
    ('finding.noted', 'atalaya.finding_notes', 'DELETE'),
    ('finding_rule.updated', 'atalaya.finding_rules', 'UPDATE');
SELECT atalaya.write_setup_event('schema.updated', NULL, NULL, jsonb_build_object('migration', 'findings'));
