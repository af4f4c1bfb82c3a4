-- run as owner
-- What the promoted columns of an event of the legacy CRM are, read from its payload (CONTRACT, Audit). Used for adopted
-- rows and for rows that the CRM inserts from now on. Nothing here may fail: payloads are lists, numbers or nothing, and
-- addresses are `unknown`. Personal identifiers are taken only where they are strings.
CREATE FUNCTION atalaya.inet_or_null(given TEXT) RETURNS INET
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Most of what is no address is refused here, without the cost of an exception.
    IF length(given) > 49 OR given !~ '^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$' THEN
        RETURN NULL;
    END IF;
    RETURN given::INET;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

CREATE FUNCTION atalaya.text_or_null(payload JSONB, key TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN jsonb_typeof(payload) = 'object' AND jsonb_typeof(payload -> key) IN ('string', 'number')
                THEN left(payload ->> key, 400) END
$$;

-- The tenant is never guessed from the user: without an existing tenant in the payload the event is a system event.
CREATE FUNCTION atalaya.legacy_tenant(payload JSONB) RETURNS INTEGER
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given CONSTANT TEXT := atalaya.text_or_null(payload, 'tenant_id');
BEGIN
    -- Nine digits always fit an integer; no tenant number is longer.
    IF given IS NULL OR given !~ '^[0-9]{1,9}$' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT t.id FROM public.tenants t WHERE t.id = given::INTEGER);
END
$$;

CREATE FUNCTION atalaya.legacy_outcome(event_type TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN event_type = 'access_denied' THEN 'denied'
                WHEN event_type IN ('login_failed', 'token_invalid', 'server_error') THEN 'failed'
                ELSE 'ok' END
$$;
