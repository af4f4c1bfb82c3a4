-- run as owner
-- Who may do what: permissions (closed list), roles, and grants (CONTRACT, Roles and rights). Grants are the truth;
-- users.role is kept for the readers that know nothing else.
-- Exception to "tenant in every key": permissions and roles are the same for all tenants; a grant for all tenants has none.
CREATE TABLE atalaya.permissions (
    permission TEXT NOT NULL,
    CONSTRAINT permissions_pkey PRIMARY KEY (permission),
    CONSTRAINT permissions_permission_check CHECK (permission ~ '^[a-z]+\.[a-z]+$')
);

CREATE TABLE atalaya.roles (
    name TEXT NOT NULL,
    built_in BOOLEAN NOT NULL DEFAULT FALSE,
    description TEXT NOT NULL DEFAULT '',
    CONSTRAINT roles_pkey PRIMARY KEY (name),
    CONSTRAINT roles_name_check CHECK (name ~ '^[a-z][a-z0-9_]{1,39}$')
);

CREATE TABLE atalaya.role_permissions (
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    -- Which rows of a tenant: checked by the program, the policies know tenants only.
    rows TEXT NOT NULL DEFAULT 'all',
    CONSTRAINT role_permissions_pkey PRIMARY KEY (role, permission),
    CONSTRAINT role_permissions_role_fkey FOREIGN KEY (role) REFERENCES atalaya.roles (name) ON DELETE CASCADE,
    CONSTRAINT role_permissions_permission_fkey FOREIGN KEY (permission) REFERENCES atalaya.permissions (permission),
    CONSTRAINT role_permissions_rows_check CHECK (rows IN ('all', 'team', 'own'))
);
CREATE INDEX role_permissions_permission_idx ON atalaya.role_permissions (permission, role);

CREATE TABLE atalaya.grants (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    -- NULL means all tenants, present and future, and the system scope.
    tenant_id INTEGER,
    -- NULL for what adoption and set-up granted.
    granted_by UUID,
    granted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT grants_pkey PRIMARY KEY (id),
    CONSTRAINT grants_user_role_tenant_key UNIQUE NULLS NOT DISTINCT (user_id, role, tenant_id),
    CONSTRAINT grants_user_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE,
    CONSTRAINT grants_role_fkey FOREIGN KEY (role) REFERENCES atalaya.roles (name),
    CONSTRAINT grants_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);
CREATE INDEX grants_tenant_idx ON atalaya.grants (tenant_id, user_id);

-- One row per user, and one under the nil UUID for what concerns everybody. Facts are cached by the sum of both.
CREATE TABLE atalaya.facts_versions (
    user_id UUID NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT facts_versions_pkey PRIMARY KEY (user_id)
);
INSERT INTO atalaya.facts_versions (user_id) VALUES ('00000000-0000-0000-0000-000000000000');
