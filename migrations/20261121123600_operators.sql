-- run as roles
-- The login roles of console operators. CREATEROLE is nearly superuser on version 15, so nobody has it but the owner of
-- these functions, which check the name and the caller and grant nothing but atalaya_operator. Passwords come as SCRAM
-- verifiers: the server never sees one, and no log can hold one.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Internal: a caller with the permission for all tenants, or an administrator in set-up or recovery.
CREATE FUNCTION atalaya.check_operator_call(wanted TEXT, login NAME) RETURNS VOID
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT (atalaya.holds_all(wanted) OR pg_has_role(session_user, 'atalaya_owner', 'MEMBER')) THEN
        RAISE EXCEPTION 'this asks for % over all tenants', wanted USING ERRCODE = 'AT002';
    END IF;
    IF login = session_user THEN
        RAISE EXCEPTION 'nobody changes their own login' USING ERRCODE = 'AT002';
    END IF;
    -- LIKE has _ as a wildcard; and another installation of this cluster has operators of its own.
    IF login IS NULL OR NOT EXISTS (SELECT FROM atalaya.installation i
                                    WHERE login::text ~ ('^atalaya_' || i.id || '_[a-z0-9_]{1,40}$')) THEN
        RAISE EXCEPTION 'a login of this installation is called atalaya_<installation id>_<name>' USING ERRCODE = 'AT005';
    END IF;
END
$$;

CREATE FUNCTION atalaya.enrol_operator(login NAME, scram_verifier TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM atalaya.check_operator_call('operators.create', login);
    IF scram_verifier IS NULL
       OR scram_verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/]{16,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
        RAISE EXCEPTION 'the password comes as a SCRAM-SHA-256 verifier' USING ERRCODE = 'AT005';
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = login) THEN
        RAISE EXCEPTION 'there is a role % already', login USING ERRCODE = 'AT004';
    END IF;
    EXECUTE format('CREATE ROLE %I LOGIN INHERIT CONNECTION LIMIT 32 PASSWORD %L', login, scram_verifier);
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT atalaya_operator TO %I WITH INHERIT TRUE, SET FALSE', login);
    ELSE
        EXECUTE format('GRANT atalaya_operator TO %I', login);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
    -- No schema in which the CRM may have functions or operators of its own: all our names are qualified.
    -- Optional filters are static SQL with NULL parameters, which a generic plan cannot serve by index.
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET plan_cache_mode = force_custom_plan', login, current_database());
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = pg_catalog, pg_temp', login, current_database());
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', login, current_database(), '5min');
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = %L', login, current_database(), '10s');
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET timezone = %L', login, current_database(), 'UTC');
END
$$;

-- Ties a user to a login: who signs in there is this user. It gives the holder of that password all rights of the user, so
-- the caller must be able to give each of them.
CREATE FUNCTION atalaya.link_operator(target UUID, login NAME) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    caller CONSTANT UUID := atalaya.caller_id();
BEGIN
    PERFORM atalaya.check_operator_call('operators.create', login);
    IF caller IS NULL OR target = caller
       OR EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = target AND NOT atalaya.may_grant(g.role, g.tenant_id)) THEN
        RAISE EXCEPTION 'this user has rights that the caller cannot give' USING ERRCODE = 'AT002';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = login AND r.rolcanlogin
                   AND NOT r.rolsuper AND pg_has_role(r.oid, 'atalaya_operator', 'USAGE')) THEN
        RAISE EXCEPTION 'there is no operator login %', login USING ERRCODE = 'AT005';
    END IF;
    UPDATE public.users AS u SET db_role = login WHERE u.id = target AND u.db_role IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such user without a login' USING ERRCODE = 'AT005';
    END IF;
END
$$;

-- The role stays, without a way in: its name stands in events and must never mean somebody else.
CREATE FUNCTION atalaya.revoke_operator(login NAME) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM atalaya.check_operator_call('operators.delete', login);
    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);
    EXECUTE format('REVOKE atalaya_operator FROM %I', login);
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), login);
    UPDATE public.users AS u SET db_role = NULL WHERE u.db_role = login;
END
$$;

GRANT EXECUTE ON FUNCTION atalaya.enrol_operator(NAME, TEXT), atalaya.revoke_operator(NAME) TO atalaya_operator, atalaya_owner;
GRANT EXECUTE ON FUNCTION atalaya.link_operator(UUID, NAME) TO atalaya_operator;
