-- run as owner
-- What the documents' tables gain. Their own columns, keys and constraints stay as they are.

-- Links a user to a login role of Postgres: the database itself knows which user a console operator is. Never granted for
-- writing: only the functions of atalaya_roles and the set-up functions change it.
ALTER TABLE public.users ADD COLUMN db_role NAME;
ALTER TABLE public.users ADD CONSTRAINT users_db_role_key UNIQUE (db_role);
ALTER TABLE public.users ADD CONSTRAINT users_db_role_check CHECK (db_role ~ '^atalaya_[0-9a-f]{12}_[a-z0-9_]{1,40}$');
-- A user may be made before they have a password for the CRM; no bcrypt hash is a single character.
ALTER TABLE public.users ALTER COLUMN password_hash SET DEFAULT '!';
CREATE INDEX users_tenant_idx ON public.users (tenant_id, id);

ALTER TABLE public.tenants ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE public.tenants ADD CONSTRAINT tenants_status_check CHECK (status IN ('active', 'suspended', 'archived'));

-- For composite foreign keys, so that a row of one tenant can never point at a row of another.
ALTER TABLE public.leads ADD CONSTRAINT leads_tenant_id_key UNIQUE (tenant_id, id);
ALTER TABLE public.credentials ADD CONSTRAINT credentials_tenant_id_key UNIQUE (tenant_id, id);
