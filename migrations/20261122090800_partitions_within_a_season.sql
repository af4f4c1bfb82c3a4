-- run as owner
-- ensure_partitions made up to 24 months for whoever called it; operators and the API need three. Set-up keeps the rest.
CREATE OR REPLACE FUNCTION atalaya.ensure_partitions(months_ahead INTEGER) RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    -- The adopted partition covers everything before this.
    first CONSTANT TIMESTAMPTZ := (SELECT (s.detail ->> 'until')::timestamptz FROM atalaya.adoption_steps s WHERE s.step = 'attach_events');
    most CONSTANT INTEGER := CASE WHEN pg_has_role(session_user, 'atalaya_owner', 'MEMBER') THEN 24 ELSE 3 END;
    wanted TIMESTAMPTZ;
    made INTEGER := 0;
BEGIN
    IF months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND most THEN
        RAISE EXCEPTION 'months_ahead is from 0 to %', most USING ERRCODE = 'AT005';
    END IF;
    FOR wanted IN
        SELECT m FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => months_ahead), INTERVAL '1 month') m
        WHERE m >= first
    LOOP
        IF to_regclass(to_char(wanted, '"public.system_events_y"YYYY"m"MM')) IS NULL THEN
            -- One at a time, and only when there is something to do: two consoles look at the same moment.
            PERFORM pg_advisory_xact_lock(hashtextextended('atalaya.ensure_partitions', 0));
            IF to_regclass(to_char(wanted, '"public.system_events_y"YYYY"m"MM')) IS NULL THEN
                PERFORM atalaya.make_partition(wanted::date);
                made := made + 1;
            END IF;
        END IF;
    END LOOP;
    RETURN made;
END
$$;
