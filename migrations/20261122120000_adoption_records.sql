-- run as owner
-- How a database was before it was taken over, and rows that a decision took out of the way. Where a CRM is adopted
-- steps/note_before.sql has made both already, before anything was touched; here they are made for everybody and closed: rows
-- set aside may be credentials, so nobody reads them but the owner.
-- Exception to "tenant in every key": these describe the database, not a tenant.
SET LOCAL client_min_messages = warning;
CREATE TABLE IF NOT EXISTS atalaya.before_adoption (
    singleton BOOLEAN NOT NULL DEFAULT TRUE,
    noted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    -- Owners, rights, columns, constraints, indexes and counts, as steps/note_before.sql found them.
    state JSONB NOT NULL,
    CONSTRAINT before_adoption_pkey PRIMARY KEY (singleton),
    CONSTRAINT before_adoption_singleton_check CHECK (singleton)
);
CREATE TABLE IF NOT EXISTS atalaya.set_aside (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    table_name TEXT NOT NULL,
    -- Which decision took it out of the way: the key that `adopt inspect` names.
    reason TEXT NOT NULL,
    original JSONB NOT NULL,
    set_aside_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    restored_at TIMESTAMPTZ,
    CONSTRAINT set_aside_pkey PRIMARY KEY (id)
);
SELECT atalaya.protect_table('atalaya.before_adoption');
SELECT atalaya.protect_table('atalaya.set_aside');
