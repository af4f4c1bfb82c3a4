-- run as owner
-- What the gate needs to forget the wraps of a recipient who was removed (forget_wraps).
GRANT SELECT (recipient_id), DELETE ON atalaya.secret_wraps TO atalaya_gate;
GRANT SELECT (id, removed_at) ON atalaya.recipients TO atalaya_gate;
CREATE POLICY gate_read ON atalaya.secret_wraps FOR SELECT TO atalaya_gate USING (TRUE);
CREATE POLICY gate_delete ON atalaya.secret_wraps FOR DELETE TO atalaya_gate USING (TRUE);
CREATE POLICY gate_read ON atalaya.recipients FOR SELECT TO atalaya_gate USING (TRUE);
