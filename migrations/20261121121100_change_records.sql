-- run as owner
-- What changed, as the database saw it: one row per statement, table and tenant. The triggers that write it come later.
CREATE TABLE atalaya.change_records (
    tenant_id INTEGER,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    tx XID8 NOT NULL DEFAULT pg_current_xact_id(),
    cluster BIGINT NOT NULL DEFAULT (pg_control_system()).system_identifier,
    -- Schema-qualified.
    table_name TEXT NOT NULL,
    operation TEXT NOT NULL,
    -- NULL for TRUNCATE, which does not say.
    row_count BIGINT,
    -- Up to 20 rows each; sensitive columns as keyed digests.
    before JSONB,
    after JSONB,
    -- The login, whatever role it has taken.
    db_user NAME NOT NULL DEFAULT session_user,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- Whether note_direct_changes has looked at it. Exception to "tenant in every key": a statement without tenant has none.
    checked BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT change_records_pkey PRIMARY KEY (id),
    CONSTRAINT change_records_operation_check CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'))
);
CREATE INDEX change_records_tenant_idx ON atalaya.change_records (tenant_id, recorded_at, id);
CREATE INDEX change_records_tx_idx ON atalaya.change_records (tx, cluster);
CREATE INDEX change_records_unchecked_idx ON atalaya.change_records (id) WHERE NOT checked;
