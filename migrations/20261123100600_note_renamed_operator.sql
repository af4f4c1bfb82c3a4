-- run as gate
-- The CRM's own login edits users as it always did, and could so give an operator of the console another's name and address, under
-- which their later events stand. It may: people do change their names. But it is said at once and by name, in the same transaction.
CREATE FUNCTION atalaya.note_renamed_operator() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    named CONSTANT TEXT[] := '{email,first_name,last_name,role,tenant_id}';
    changed JSONB;
BEGIN
    -- Superusers are members of everything; what they change past the programs is reported as such.
    IF pg_has_role(session_user, 'atalaya_legacy', 'USAGE')
       AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = session_user) THEN
        SELECT jsonb_object_agg(c.key, jsonb_build_array(to_jsonb(OLD) -> c.key, to_jsonb(NEW) -> c.key)) INTO changed
        FROM unnest(named) AS c (key) WHERE to_jsonb(OLD) -> c.key IS DISTINCT FROM to_jsonb(NEW) -> c.key;
        PERFORM atalaya.write_event(
            'operator.renamed', 'critical', 'ok', OLD.tenant_id, session_user::text, session_user::text, NULL, 'legacy', 'user',
            OLD.id::text, NULL, 'upkeep', inet_client_addr(), jsonb_build_object('login', OLD.db_role, 'from_to', changed));
    END IF;
    RETURN NULL;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.note_renamed_operator() TO atalaya_owner;
