-- run as owner
-- The closed list of event types, and which changes of which tables an event of a type explains (DESIGN 1: change records
-- without a fitting event are `db.direct_change`). Documented types keep their names; new ones are `noun.past_or_state`.
-- Exception to "tenant in every key": the list is the same for all tenants.
CREATE TABLE atalaya.event_types (
    event_type TEXT NOT NULL,
    severity TEXT NOT NULL DEFAULT 'info',
    -- 'each': an event every time; 'counted': one event per caller, tenant and minute, the rest is counted.
    audit TEXT NOT NULL DEFAULT 'each',
    resource_type TEXT,
    -- What a caller must hold to record this as done; NULL: being a caller is enough.
    permission TEXT,
    -- 'caller': through record_event; 'set-up' and 'upkeep': only through functions of those names.
    entry TEXT NOT NULL DEFAULT 'caller',
    CONSTRAINT event_types_pkey PRIMARY KEY (event_type),
    CONSTRAINT event_types_severity_check CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT event_types_audit_check CHECK (audit IN ('each', 'counted')),
    CONSTRAINT event_types_entry_check CHECK (entry IN ('caller', 'set-up', 'upkeep')),
    CONSTRAINT event_types_permission_fkey FOREIGN KEY (permission) REFERENCES atalaya.permissions (permission)
);

CREATE TABLE atalaya.event_changes (
    event_type TEXT NOT NULL,
    -- Schema-qualified.
    table_name TEXT NOT NULL,
    operation TEXT NOT NULL,
    CONSTRAINT event_changes_pkey PRIMARY KEY (event_type, table_name, operation),
    CONSTRAINT event_changes_event_type_fkey FOREIGN KEY (event_type) REFERENCES atalaya.event_types (event_type),
    CONSTRAINT event_changes_operation_check CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);
