-- run as owner
-- What the gate needs to see whether somebody else can open a version, and to let nobody take recipients away meanwhile.
GRANT SELECT (secret_version_id) ON atalaya.secret_wraps TO atalaya_gate;
-- For the lock alone: the policy lets no row be written.
GRANT UPDATE (removed_at) ON atalaya.recipients TO atalaya_gate;
CREATE POLICY gate_lock ON atalaya.recipients FOR UPDATE TO atalaya_gate USING (TRUE) WITH CHECK (FALSE);
