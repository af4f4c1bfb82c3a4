-- run as gate
-- Somebody has to be left who runs the whole: the last active user who is CEO over all tenants and has a login is neither
-- suspended nor parted from it, by whomever.
CREATE FUNCTION atalaya.guard_last_ceo() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM atalaya.grants g WHERE g.user_id = OLD.id AND g.role = 'ceo' AND g.tenant_id IS NULL) THEN
        -- Locked, so that two who go at the same time do not each count on the other.
        PERFORM FROM public.users u JOIN atalaya.grants g ON g.user_id = u.id AND g.role = 'ceo' AND g.tenant_id IS NULL
        WHERE u.id <> OLD.id AND u.status = 'active' AND u.db_role IS NOT NULL
        LIMIT 1 FOR SHARE OF u;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this is the last active CEO over all tenants with a login'
                USING ERRCODE = 'AT002', HINT = 'Give another CEO over all tenants a login first.';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.guard_last_ceo() TO atalaya_owner;
