-- run as gate
-- Who is asking. For an operator the database knows by itself: session_user cannot be spoofed and names one user. The API
-- says for whom it acts, in one transaction-local value that only the holder of the context key can make:
--   v1|user uuid|tenant numbers by comma, or *|transaction id|expiry, Unix seconds|HMAC-SHA-256 of all before, hex
-- so that an injected set_config changes nothing but that nobody is the caller any more.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Internal: the verified context of an API login, or no row.
CREATE FUNCTION atalaya.signed_context() RETURNS TABLE (user_id UUID, tenants INTEGER[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    raw CONSTANT TEXT := current_setting('atalaya.context', TRUE);
    parts CONSTANT TEXT[] := string_to_array(raw, '|');
    expected TEXT;
BEGIN
    -- After a SET LOCAL has ended the setting is '', not NULL.
    IF raw IS NULL OR cardinality(parts) <> 6 OR parts[1] <> 'v1' OR NOT pg_has_role(session_user, 'atalaya_api', 'USAGE') THEN
        RETURN;
    END IF;
    expected := encode(atalaya.keyed_digest('context', convert_to(left(raw, -length(parts[6]) - 1), 'UTF8')), 'hex');
    -- Compared by digest, so that the time it takes tells nothing of the right value.
    IF expected IS NULL OR sha256(convert_to(expected, 'UTF8')) <> sha256(convert_to(parts[6], 'UTF8')) THEN
        RETURN;
    END IF;
    -- Good for the transaction that it was signed for, and not for long.
    IF parts[4] IS DISTINCT FROM pg_current_xact_id_if_assigned()::text
       OR parts[5]::bigint <= extract(epoch FROM clock_timestamp()) THEN
        RETURN;
    END IF;
    user_id := parts[2]::uuid;
    tenants := CASE WHEN parts[3] = '*' THEN NULL ELSE string_to_array(parts[3], ',')::integer[] END;
    RETURN NEXT;
END
$$;

-- The acting user, if there is one and they are active; else NULL, which every policy takes for "no".
CREATE FUNCTION atalaya.caller_id() RETURNS UUID
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller UUID;
BEGIN
    SELECT u.id INTO caller FROM public.users u WHERE u.db_role = session_user AND u.status = 'active';
    IF caller IS NOT NULL THEN
        RETURN CASE WHEN pg_has_role(session_user, 'atalaya_operator', 'USAGE') THEN caller END;
    END IF;
    SELECT u.id INTO caller FROM atalaya.signed_context() c JOIN public.users u ON u.id = c.user_id AND u.status = 'active';
    RETURN caller;
END
$$;

-- Internal: the tenants that the API has limited this request to; NULL means no limit.
CREATE FUNCTION atalaya.signed_tenants() RETURNS INTEGER[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.tenants FROM atalaya.signed_context() c
$$;

CREATE FUNCTION atalaya.facts_version() RETURNS BIGINT
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT sum(f.version)::bigint FROM atalaya.facts_versions f
            WHERE f.user_id IN (atalaya.caller_id(), '00000000-0000-0000-0000-000000000000'));
END
$$;

-- What model::access decides on: one row for a caller, none for nobody.
CREATE FUNCTION atalaya.caller_facts()
RETURNS TABLE (user_id UUID, email TEXT, name TEXT, status TEXT, version BIGINT, grants JSONB)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    signed CONSTANT INTEGER[] := atalaya.signed_tenants();
BEGIN
    RETURN QUERY
    SELECT u.id, u.email::text, btrim(concat_ws(' ', u.first_name, u.last_name)), u.status::text, atalaya.facts_version(),
           coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'permission', p.permission, 'tenant', t.tenant, 'rows', p.rows)
                                      ORDER BY g.role, p.permission, t.tenant)
                     FROM atalaya.grants g
                     JOIN atalaya.role_permissions p ON p.role = g.role
                     -- A limited request sees a grant for all tenants as one for each tenant of its limit.
                     CROSS JOIN LATERAL (SELECT g.tenant_id AS tenant WHERE signed IS NULL OR g.tenant_id = ANY (signed)
                                         UNION ALL
                                         SELECT unnest(signed) WHERE g.tenant_id IS NULL AND signed IS NOT NULL) t
                     WHERE g.user_id = u.id), '[]'::jsonb)
    FROM public.users u
    WHERE u.id = atalaya.caller_id();
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.caller_id(), atalaya.facts_version(), atalaya.caller_facts() TO atalaya_operator, atalaya_api;
-- enrol_operator, touch_session and the set-up functions ask the same question.
GRANT EXECUTE ON FUNCTION atalaya.caller_id() TO atalaya_owner, atalaya_roles, atalaya_upkeep_session_touch;
