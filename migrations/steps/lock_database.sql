-- Run by the owner of the database, after the migrations, with
--   SELECT set_config('atalaya.step_login', '<login that keeps CONNECT: the CRM's, or empty>', TRUE);
--   SELECT set_config('atalaya.step_administrator', '<the administrator>', TRUE);
-- CONNECT and TEMPORARY leave PUBLIC: from here on each login is let in by name. atalaya_roles may pass CONNECT on, to the
-- operators it enrols. Idempotent.
DO $$
DECLARE
    login TEXT;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO atalaya_roles WITH GRANT OPTION', current_database());
    FOREACH login IN ARRAY ARRAY[current_setting('atalaya.step_login', TRUE),
                                 current_setting('atalaya.step_administrator', TRUE)] LOOP
        IF login <> '' THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
        END IF;
    END LOOP;
END
$$;
