-- run as owner
-- Sessions of consoles and of the API, and the counts of frequent reads.
CREATE TABLE atalaya.sessions (
    -- The user's tenant when the session began; NULL for those who have none.
    tenant_id INTEGER,
    -- Chosen by the program, so that its first event can name it. Exception to "tenant in every key": a CEO has no tenant.
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    client TEXT,
    ip INET,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    last_seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    ended_at TIMESTAMPTZ,
    end_reason TEXT,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_kind_check CHECK (kind IN ('console', 'api')),
    CONSTRAINT sessions_client_check CHECK (length(client) <= 200),
    CONSTRAINT sessions_end_reason_check CHECK (length(end_reason) <= 200),
    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE SET NULL
);
CREATE INDEX sessions_tenant_idx ON atalaya.sessions (tenant_id, started_at);
CREATE INDEX sessions_user_idx ON atalaya.sessions (user_id, started_at);

CREATE TABLE atalaya.view_counts (
    tenant_id INTEGER,
    user_id UUID NOT NULL,
    event_type TEXT NOT NULL,
    minute TIMESTAMPTZ NOT NULL,
    count BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT view_counts_key UNIQUE NULLS NOT DISTINCT (tenant_id, user_id, event_type, minute),
    CONSTRAINT view_counts_event_type_fkey FOREIGN KEY (event_type) REFERENCES atalaya.event_types (event_type)
);
