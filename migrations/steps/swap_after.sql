-- Adoption only. The other half of steps/swap_before.sql, after 20261121121400_system_events.sql in its transaction.
SET LOCAL timezone = 'UTC';
ALTER TABLE public.system_events DETACH PARTITION public.system_events_adopted;
DROP TABLE public.system_events_adopted;
ALTER TABLE public.adopting_events RENAME TO system_events_adopted;
-- From here on everybody goes through the parent.
REVOKE ALL ON TABLE public.system_events_adopted FROM atalaya_legacy;
DO $$
DECLARE
    until CONSTANT TIMESTAMPTZ := (SELECT (s.detail ->> 'until')::timestamptz FROM atalaya.adoption_steps s WHERE s.step = 'prepare_events');
    own RECORD;
    names TEXT;
BEGIN
    -- Columns that the documents do not know stay, and statements that name them go on. Nobody else fills them.
    FOR own IN
        SELECT a.attname, a.attnotnull, format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS standard
        FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = 'public.system_events_adopted'::regclass AND a.attnum > 0 AND NOT a.attisdropped
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute p WHERE p.attrelid = 'public.system_events'::regclass
                          AND p.attname = a.attname AND NOT p.attisdropped)
        ORDER BY a.attnum
    LOOP
        EXECUTE format('ALTER TABLE public.system_events ADD COLUMN %I %s', own.attname, own.type);
        IF own.standard IS NOT NULL THEN
            EXECUTE format('ALTER TABLE public.system_events ALTER COLUMN %I SET DEFAULT %s', own.attname, own.standard);
        END IF;
        IF own.attnotnull THEN
            EXECUTE format('ALTER TABLE public.system_events_adopted ALTER COLUMN %I DROP NOT NULL', own.attname);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE public.system_events ATTACH PARTITION public.system_events_adopted FOR VALUES FROM (MINVALUE) TO (%L)', until);
    ALTER TABLE public.system_events_adopted DROP CONSTRAINT adopting_until;
    CREATE TRIGGER adopting_stamp BEFORE INSERT ON public.system_events
        FOR EACH ROW WHEN (NEW.origin IS NULL) EXECUTE FUNCTION atalaya.adopting_stamp('after');
    -- What claims to be later goes where no month is made for it yet, stamped as it came.
    SELECT string_agg(format('%I', a.attname), ', ') INTO names FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = 'atalaya.early_events'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
    EXECUTE format('INSERT INTO public.system_events (%s) SELECT %s FROM atalaya.early_events', names, names);
    DROP TABLE atalaya.early_events;
    UPDATE atalaya.adoption_steps SET detail = jsonb_build_object('until', until) WHERE step = 'attach_events';
    UPDATE atalaya.adoption_steps SET finished_at = now() WHERE step = 'prepare_events';
    -- What backfill_adopted_events would do was done before.
    INSERT INTO atalaya.adoption_steps (step, finished_at, detail)
    SELECT 'backfill_events', now(), s.detail FROM atalaya.adoption_steps s WHERE s.step = 'fill_events';
    DROP FUNCTION atalaya.adopting_fill(INTEGER);
END
$$;
