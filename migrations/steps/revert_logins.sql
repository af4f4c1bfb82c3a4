-- Reverting. Run by the administrator as atalaya_roles, first: the console's operators have no way in any more. Their roles stay,
-- as revoke_operator() leaves them: a name that stands in events must never mean somebody else.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    login NAME;
BEGIN
    FOR login IN SELECT r.rolname FROM pg_catalog.pg_roles r, atalaya.installation i
                 WHERE r.rolname ~ ('^atalaya_' || i.id || '_[a-z0-9_]{1,40}$') LOOP
        EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);
        EXECUTE format('REVOKE atalaya_operator FROM %I', login);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', login, current_database());
    END LOOP;
END
$$;
