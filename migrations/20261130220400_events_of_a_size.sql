-- run as owner
-- How large an event may be. Postgres takes a message of a gigabyte and a payload of a quarter of one, and makes text of it deaf to
-- limits and cancellations; a row of more than a gigabyte cannot be sent at all, and no export gets past it. An index entry has
-- 2,700 bytes, and the sums' keys hold a type beside other things.
CREATE FUNCTION atalaya.bound_event() RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- As it is unpacked: joined with nothing, a value out of another table is what it is.
    payload CONSTANT JSONB := NEW.payload || CASE jsonb_typeof(NEW.payload) WHEN 'object' THEN '{}'::jsonb ELSE '[]' END;
BEGIN
    IF octet_length(NEW.event_type) > 1000 OR octet_length(NEW.message) > 8388608 OR pg_column_size(payload) > 8388608 THEN
        RAISE EXCEPTION 'the event is too large' USING ERRCODE = 'program_limit_exceeded',
            DETAIL = format('Its type has %s bytes of 1,000, its message %s of 8,388,608, its payload, as jsonb is stored unpacked, %s of 8,388,608.',
                            octet_length(NEW.event_type), coalesce(octet_length(NEW.message), 0), coalesce(pg_column_size(payload), 0)),
            HINT = 'Record where the rest is, not the rest itself.';
    END IF;
    RETURN NEW;
END
$$;
-- What is smaller than this is so unpacked, too: no method of compression that Postgres has packs better than 1 to 255.
CREATE TRIGGER bound_event BEFORE INSERT ON public.system_events FOR EACH ROW
    WHEN (octet_length(NEW.event_type) > 1000 OR octet_length(NEW.message) > 8388608 OR pg_column_size(NEW.payload) > 32768)
    EXECUTE FUNCTION atalaya.bound_event();
