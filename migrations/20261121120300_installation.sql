-- run as owner
-- What this installation is, which migrations it has had, and how far its adoption has come.
-- Exception to "tenant in every key": these describe the database, not a tenant.
CREATE TABLE atalaya.installation (
    singleton BOOLEAN NOT NULL DEFAULT TRUE,
    -- Random; part of every login role's name, so that two databases of one cluster cannot share a login.
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    completed_at TIMESTAMPTZ,
    -- The login of the CRM that was here before, named on Overview as a risk until it is retired.
    legacy_login NAME,
    -- Ed25519 public key of the first administrator: the anchor that keychains and the API pin.
    first_key BYTEA,
    CONSTRAINT installation_pkey PRIMARY KEY (singleton),
    CONSTRAINT installation_singleton_check CHECK (singleton),
    CONSTRAINT installation_id_check CHECK (id ~ '^[0-9a-f]{12}$'),
    CONSTRAINT installation_kind_check CHECK (kind IN ('local', 'adopted')),
    CONSTRAINT installation_first_key_check CHECK (octet_length(first_key) = 32)
);

CREATE TABLE atalaya.migrations (
    version BIGINT NOT NULL,
    sentence TEXT NOT NULL,
    -- SHA-256 of the file: a landed migration is never edited, and the runner refuses one that was.
    checksum BYTEA NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT migrations_pkey PRIMARY KEY (version)
);

CREATE TABLE atalaya.adoption_steps (
    step TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    finished_at TIMESTAMPTZ,
    detail JSONB,
    CONSTRAINT adoption_steps_pkey PRIMARY KEY (step)
);
