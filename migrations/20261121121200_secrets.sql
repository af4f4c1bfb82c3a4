-- run as owner
-- Secrets as signed versions, each encrypted with age to its recipients (DESIGN 5). The database holds no key to any of
-- it: it is the attacked place, and what it hands out is believed only after its signature was checked.
-- Exception to "tenant in every key": a secret of the whole CRM has no tenant; recipients belong to the installation.
CREATE TABLE atalaya.recipients (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    kind TEXT NOT NULL,
    user_id UUID,
    label TEXT NOT NULL,
    age_recipient TEXT NOT NULL,
    -- Ed25519 public key.
    signing_key BYTEA NOT NULL,
    -- NULL: the first administrator signs itself.
    signed_by UUID,
    signature BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    removed_at TIMESTAMPTZ,
    CONSTRAINT recipients_pkey PRIMARY KEY (id),
    CONSTRAINT recipients_kind_check CHECK (kind IN ('operator', 'kit', 'api')),
    CONSTRAINT recipients_user_check CHECK ((kind = 'operator') = (user_id IS NOT NULL)),
    CONSTRAINT recipients_age_recipient_check CHECK (age_recipient ~ '^age1[0-9a-z]{58}$'),
    CONSTRAINT recipients_signing_key_check CHECK (octet_length(signing_key) = 32),
    CONSTRAINT recipients_signature_check CHECK (octet_length(signature) = 64),
    CONSTRAINT recipients_user_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT recipients_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES atalaya.recipients (id)
);
CREATE UNIQUE INDEX recipients_signing_key_key ON atalaya.recipients (signing_key) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX recipients_age_recipient_key ON atalaya.recipients (age_recipient) WHERE removed_at IS NULL;
-- Only one recipient may vouch for itself.
CREATE UNIQUE INDEX recipients_anchor_key ON atalaya.recipients ((signed_by IS NULL)) WHERE signed_by IS NULL;
CREATE INDEX recipients_user_idx ON atalaya.recipients (user_id);

CREATE TABLE atalaya.secrets (
    tenant_id INTEGER,
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT secrets_pkey PRIMARY KEY (id),
    CONSTRAINT secrets_tenant_name_key UNIQUE NULLS NOT DISTINCT (tenant_id, name),
    CONSTRAINT secrets_name_check CHECK (name ~ '^[A-Z][A-Z0-9_]{1,79}$'),
    -- No cascade: the CRM's own login may delete a tenant, and must not take its keys along unasked.
    CONSTRAINT secrets_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id)
);

CREATE TABLE atalaya.secret_versions (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    secret_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'current',
    fingerprint TEXT NOT NULL,
    strength TEXT NOT NULL,
    origin TEXT NOT NULL,
    signed_by UUID NOT NULL,
    signature BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT secret_versions_pkey PRIMARY KEY (id),
    CONSTRAINT secret_versions_secret_version_key UNIQUE (secret_id, version),
    CONSTRAINT secret_versions_version_check CHECK (version > 0),
    CONSTRAINT secret_versions_state_check CHECK (state IN ('current', 'accepted', 'retired')),
    CONSTRAINT secret_versions_origin_check CHECK (origin IN ('generated', 'imported')),
    CONSTRAINT secret_versions_signature_check CHECK (octet_length(signature) = 64),
    CONSTRAINT secret_versions_secret_fkey FOREIGN KEY (secret_id) REFERENCES atalaya.secrets (id) ON DELETE CASCADE,
    CONSTRAINT secret_versions_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES atalaya.recipients (id)
);
CREATE UNIQUE INDEX secret_versions_current_key ON atalaya.secret_versions (secret_id) WHERE state = 'current';

-- One age file per recipient, so that adding or removing one touches its own rows only.
CREATE TABLE atalaya.secret_wraps (
    secret_version_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    ciphertext BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT secret_wraps_pkey PRIMARY KEY (secret_version_id, recipient_id),
    CONSTRAINT secret_wraps_version_fkey FOREIGN KEY (secret_version_id)
        REFERENCES atalaya.secret_versions (id) ON DELETE CASCADE,
    CONSTRAINT secret_wraps_recipient_fkey FOREIGN KEY (recipient_id) REFERENCES atalaya.recipients (id)
);
CREATE INDEX secret_wraps_recipient_idx ON atalaya.secret_wraps (recipient_id);
