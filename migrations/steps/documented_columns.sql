-- Adoption only. Run in the place of 20261121120900_documented_columns.sql, as atalaya_owner and under its name, once
-- steps/prepare_rows.sql has nothing left to say: the same tables come out of it, and a test compares them.
DO $$
DECLARE
    wanted RECORD;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES ('users', 'users_db_role_key'), ('leads', 'leads_tenant_id_key'), ('credentials', 'credentials_tenant_id_key')) AS w (t, name)
    LOOP
        EXECUTE format('ALTER TABLE public.%s ADD CONSTRAINT %s UNIQUE USING INDEX %s', wanted.t, wanted.name, wanted.name);
    END LOOP;
END
$$;
