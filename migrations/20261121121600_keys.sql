-- run as gate
-- The keys that the gate checks with. The table belongs to the gate itself, so that not even the owner of all other tables
-- reads it. Core Postgres has sha256() but no hmac(): the inner and outer pads (key XOR 0x36.., key XOR 0x5c..) are stored.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE atalaya.keys (
    name TEXT NOT NULL,
    inner_pad BYTEA NOT NULL,
    outer_pad BYTEA NOT NULL,
    CONSTRAINT keys_pkey PRIMARY KEY (name),
    CONSTRAINT keys_name_check CHECK (name IN ('context', 'digest')),
    CONSTRAINT keys_pads_check CHECK (octet_length(inner_pad) = 64 AND octet_length(outer_pad) = 64)
);
ALTER TABLE atalaya.keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY gate_all ON atalaya.keys TO atalaya_gate USING (TRUE) WITH CHECK (TRUE);

-- HMAC-SHA-256 (RFC 2104). NULL without the key, which every use takes for "no".
CREATE FUNCTION atalaya.keyed_digest(key_name TEXT, message BYTEA) RETURNS BYTEA
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pads atalaya.keys;
BEGIN
    SELECT * INTO pads FROM atalaya.keys k WHERE k.name = key_name;
    RETURN sha256(pads.outer_pad || sha256(pads.inner_pad || message));
END
$$;

-- Set-up: puts both keys in, once.
CREATE FUNCTION atalaya.install_keys(context_inner BYTEA, context_outer BYTEA, digest_inner BYTEA, digest_outer BYTEA)
RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM atalaya.keys) THEN
        RAISE EXCEPTION 'the keys of this installation are there already' USING ERRCODE = 'AT004';
    END IF;
    INSERT INTO atalaya.keys (name, inner_pad, outer_pad)
    VALUES ('context', context_inner, context_outer), ('digest', digest_inner, digest_outer);
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.install_keys(BYTEA, BYTEA, BYTEA, BYTEA) TO atalaya_owner;
