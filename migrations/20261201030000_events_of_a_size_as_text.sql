-- run as owner
-- As 20261130220400_events_of_a_size.sql, and a payload has a size as text, too: a control character is written with six bytes, and a
-- number that is stored in nine with 131,072 digits. Text is made of a payload in one go, deaf to limits and cancellations; so the
-- beginnings of what is long are kept here, once, for all searches (20261201020000_search_text.sql). A severity that nobody knows is
-- set aside as it was written, so it has a size as well.
CREATE OR REPLACE FUNCTION atalaya.bound_event() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- As it is unpacked: joined with nothing, a value out of another table is what it is.
    payload CONSTANT JSONB := NEW.payload || CASE jsonb_typeof(NEW.payload) WHEN 'object' THEN '{}'::jsonb ELSE '[]' END;
    written CONSTANT TEXT := NEW.payload::text;
    size CONSTANT INTEGER := coalesce(octet_length(written), 0);
BEGIN
    IF octet_length(NEW.event_type) > 1000 OR octet_length(NEW.severity) > 1000 OR octet_length(NEW.message) > 8388608 OR pg_column_size(payload) > 8388608 OR size > 8388608 THEN
        RAISE EXCEPTION 'the event is too large' USING ERRCODE = 'program_limit_exceeded',
            DETAIL = format('Its type has %s bytes of 1,000, its severity %s, its message %s of 8,388,608, its payload %s of 8,388,608 as text, and %s of as many as jsonb is stored unpacked.',
                            octet_length(NEW.event_type), coalesce(octet_length(NEW.severity), 0), coalesce(octet_length(NEW.message), 0), size, coalesce(pg_column_size(payload), 0)),
            HINT = 'Record where the rest is, not the rest itself.';
    END IF;
    NEW.atalaya_search_text := CASE WHEN octet_length(NEW.message) > 32768 OR size > 32768 THEN
        coalesce(NEW.message::varchar(32768), '') || E'\n' || coalesce(written::varchar(32768), '') END;
    RETURN NEW;
END
$$;
DROP TRIGGER bound_event ON public.system_events;
-- Text of a payload is made in any case, for the index of texts. What is smaller than 32,768 is so unpacked, too: no method of
-- compression that Postgres has packs better than 1 to 255. A text for searches is never the writer's to supply.
CREATE TRIGGER bound_event BEFORE INSERT ON public.system_events FOR EACH ROW
    WHEN (octet_length(NEW.event_type) > 1000 OR octet_length(NEW.severity) > 1000 OR octet_length(NEW.message) > 32768 OR octet_length(NEW.payload::text) > 32768
          OR pg_column_size(NEW.payload) > 32768 OR NEW.atalaya_search_text IS NOT NULL)
    EXECUTE FUNCTION atalaya.bound_event();
