-- run as owner
-- A session is ended once. When and why it ended was open to everybody who may end sessions.
DROP POLICY caller_update ON atalaya.sessions;
CREATE POLICY caller_update ON atalaya.sessions FOR UPDATE TO atalaya_operator, atalaya_api
    USING (ended_at IS NULL
           AND ((SELECT atalaya.holds_all('sessions.end')) OR tenant_id = ANY ((SELECT atalaya.tenants_where('sessions.end'))::int[])))
    WITH CHECK (ended_at IS NOT NULL);
