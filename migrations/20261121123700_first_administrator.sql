-- run as owner
-- Set-up functions: nobody but the owner may call them, and nobody is the owner but an administrator between steps/open.sql
-- and steps/close.sql. Each writes its events, so that nothing of the set-up looks like a direct change.

-- Internal: an event of set-up, whose actor is the user it is about, or the administrator's login.
CREATE FUNCTION atalaya.write_setup_event(event_type TEXT, subject UUID, resource_id TEXT, note JSONB) RETURNS BIGINT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known atalaya.event_types;
    who RECORD;
BEGIN
    SELECT * INTO STRICT known FROM atalaya.event_types t WHERE t.event_type = write_setup_event.event_type;
    SELECT u.id::text AS id, u.email::text AS email, u.role::text AS role INTO who FROM public.users u WHERE u.id = subject;
    RETURN atalaya.write_event(
        known.event_type, known.severity, 'ok', NULL,
        coalesce(who.id, session_user::text), coalesce(who.email, session_user::text), who.role,
        CASE WHEN who.id IS NULL THEN 'system' ELSE 'operator' END,
        known.resource_type, resource_id, NULL, 'console', inet_client_addr(), note);
END
$$;

-- Once: a new user, or (link) an active CEO who is there already, becomes the first administrator, with the login db_role,
-- and holds ceo + admin + operator over all tenants. Without a password for the CRM the hash is '!', which matches nothing.
CREATE FUNCTION atalaya.install_first_administrator(
    user_id UUID, email TEXT, first_name TEXT, last_name TEXT, link BOOLEAN, db_role NAME, password_hash TEXT)
RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    given TEXT;
BEGIN
    IF NOT EXISTS (SELECT FROM atalaya.installation i WHERE i.completed_at IS NULL) THEN
        RAISE EXCEPTION 'this installation has its first administrator' USING ERRCODE = 'AT004';
    END IF;
    IF link THEN
        UPDATE public.users AS u SET db_role = db_role
        WHERE u.id = user_id AND u.role = 'ceo' AND u.status = 'active' AND (u.db_role IS NULL OR u.db_role = db_role);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no active CEO % to link', user_id USING ERRCODE = 'AT005';
        END IF;
        PERFORM atalaya.write_setup_event('user.linked', user_id, user_id::text, NULL);
    ELSE
        INSERT INTO public.users (id, email, password_hash, role, status, first_name, last_name, db_role)
        VALUES (user_id, email, coalesce(password_hash, '!'), 'ceo', 'active', first_name, last_name, db_role);
        PERFORM atalaya.write_setup_event('user.created', user_id, user_id::text, NULL);
    END IF;
    FOREACH given IN ARRAY '{ceo,admin,operator}'::text[] LOOP
        INSERT INTO atalaya.grants (user_id, role) VALUES (user_id, given)
        ON CONFLICT ON CONSTRAINT grants_user_role_tenant_key DO NOTHING;
        IF FOUND THEN
            PERFORM atalaya.write_setup_event('grant.created', user_id, user_id::text, jsonb_build_object('role', given, 'tenant', NULL));
        END IF;
    END LOOP;
END
$$;

-- The last step: from here on no first administrator can be installed. first_key is that of the recipient which vouches for
-- itself.
CREATE FUNCTION atalaya.complete_installation(administrator UUID, first_key BYTEA) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    UPDATE atalaya.installation AS i SET completed_at = now(), first_key = first_key
    WHERE i.completed_at IS NULL AND first_key IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the installation is complete already, or has no first key' USING ERRCODE = 'AT004';
    END IF;
    PERFORM atalaya.write_setup_event('installation.created', administrator, (SELECT i.id FROM atalaya.installation i), NULL);
END
$$;

-- Recovery, when nobody can sign in any more: whoever holds the administrator's password puts an active user on a new login
-- (made by enrol_operator). It leaves a critical event.
CREATE FUNCTION atalaya.recover_operator(target UUID, login NAME) RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.users AS u SET db_role = login WHERE u.id = target AND u.status = 'active';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no active user %', target USING ERRCODE = 'AT005';
    END IF;
    PERFORM atalaya.write_setup_event('operator.recovered', target, target::text, jsonb_build_object('login', login));
END
$$;
