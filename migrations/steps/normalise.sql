-- Adoption only. Run as atalaya_owner after the first migrations, once for each documented table, with
--   SELECT set_config('atalaya.step_table', '<name>', TRUE);
-- What the documents have and this CRM has not is added; what contradicts them is changed as the decisions in
-- atalaya.before_adoption say, and what gives way is kept in atalaya.set_aside. Idempotent. A decision that is missing stops it:
-- `adopt inspect` names them before anything is touched.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$
DECLARE
    given CONSTANT TEXT := current_setting('atalaya.step_table');
    relation CONSTANT REGCLASS := to_regclass(format('public.%I', given));
    decisions CONSTANT JSONB := coalesce((SELECT b.state -> 'decisions' FROM atalaya.before_adoption b), '{}');
    added RECORD;
    additions TEXT;
    drawn RECORD;
    named NAME[];
BEGIN
    IF relation IS NULL OR (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = relation) <> 'r' THEN
        RETURN;
    END IF;
    named := ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped);
    IF given = 'system_events' AND NOT 'occurred_at' = ANY (named) THEN
        IF decisions ->> 'event_time_column' IS DISTINCT FROM 'rename' THEN
            RAISE EXCEPTION 'system_events has created_at for occurred_at' USING ERRCODE = 'AT005', HINT = 'event_time_column=rename';
        END IF;
        ALTER TABLE public.system_events RENAME COLUMN created_at TO occurred_at;
        ALTER TABLE public.system_events ALTER COLUMN occurred_at SET DEFAULT now();
    END IF;

    -- A partition may have no identity: the log gets the documented sequence, which goes on where the identity stands. Nobody draws
    -- a number meanwhile, because the column is locked; from here on drawing one takes a right on the sequence.
    IF given = 'system_events' AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attname = 'id' AND a.attidentity <> '') THEN
        LOCK TABLE public.system_events IN ACCESS EXCLUSIVE MODE;
        SELECT s.last_value, s.is_called, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle INTO drawn
        FROM public.system_events_id_seq s, pg_catalog.pg_sequence q WHERE q.seqrelid = 'public.system_events_id_seq'::regclass;
        ALTER TABLE public.system_events ALTER COLUMN id DROP IDENTITY;
        EXECUTE format('CREATE SEQUENCE public.system_events_id_seq START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s CYCLE
                        OWNED BY public.system_events.id', drawn.seqstart, drawn.seqincrement, drawn.seqmin, drawn.seqmax, drawn.seqcache,
                       CASE WHEN NOT drawn.seqcycle THEN 'NO' END);
        PERFORM setval('public.system_events_id_seq', drawn.last_value, drawn.is_called);
        ALTER TABLE public.system_events ALTER COLUMN id SET DEFAULT nextval('public.system_events_id_seq');
        GRANT USAGE ON SEQUENCE public.system_events_id_seq TO atalaya_legacy;
    END IF;

    SELECT string_agg(format('ADD COLUMN %s %s', w.c, w.definition), ', ') INTO additions
    FROM (VALUES
        ('tenants', 'bot_phone_number', 'TEXT'), ('tenants', 'owner_email', 'TEXT'), ('tenants', 'config', 'JSONB'),
        ('tenants', 'created_at', 'TIMESTAMPTZ'), ('tenants', 'updated_at', 'TIMESTAMPTZ'),
        ('users', 'first_name', 'TEXT'), ('users', 'last_name', 'TEXT'), ('users', 'tenant_id', 'INTEGER REFERENCES public.tenants (id)'),
        ('users', 'created_at', 'TIMESTAMPTZ'), ('users', 'updated_at', 'TIMESTAMPTZ'),
        ('leads', 'first_name', 'TEXT'), ('leads', 'last_name', 'TEXT'), ('leads', 'email', 'TEXT'), ('leads', 'status', 'TEXT'),
        ('leads', 'source', 'TEXT'), ('leads', 'created_at', 'TIMESTAMPTZ'), ('leads', 'updated_at', 'TIMESTAMPTZ'),
        ('credentials', 'category', 'TEXT'), ('credentials', 'created_at', 'TIMESTAMPTZ'), ('credentials', 'updated_at', 'TIMESTAMPTZ'),
        ('system_events', 'severity', 'TEXT'), ('system_events', 'message', 'TEXT'), ('system_events', 'payload', 'JSONB')
    ) AS w (t, c, definition)
    WHERE w.t = given AND NOT w.c = ANY (named);
    IF additions IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s %s', relation, additions);
        -- Defaults come second: old rows were not made now.
        FOR added IN
            SELECT a.attname, d.standard FROM pg_catalog.pg_attribute a
            JOIN (VALUES ('created_at', 'now()'), ('updated_at', 'now()'), ('severity', quote_literal('info'))) AS d (c, standard) ON d.c = a.attname
            WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attname = ANY (named)
        LOOP
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', relation, added.attname, added.standard);
        END LOOP;
    END IF;

    IF given = 'credentials' AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = relation AND x.indisunique AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
          AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = relation AND a.attnum = ANY (x.indkey::int2[])) = '{name,tenant_id}') THEN
        -- Credentials are few; nobody adds another of the same name meanwhile.
        LOCK TABLE public.credentials IN SHARE ROW EXCLUSIVE MODE;
        IF EXISTS (SELECT FROM public.credentials c WHERE c.tenant_id IS NOT NULL GROUP BY c.tenant_id, c.name HAVING count(*) > 1) THEN
            IF coalesce(decisions ->> 'credential_duplicates', '') NOT IN ('newest', 'oldest') THEN
                RAISE EXCEPTION 'credentials of the same tenant have the same name' USING ERRCODE = 'AT005', HINT = 'credential_duplicates=newest';
            END IF;
            WITH ranked AS (
                SELECT c.id,
                       row_number() OVER (PARTITION BY c.tenant_id, c.name ORDER BY coalesce(c.updated_at, c.created_at) DESC NULLS LAST, c.id DESC) AS from_new,
                       row_number() OVER (PARTITION BY c.tenant_id, c.name ORDER BY coalesce(c.updated_at, c.created_at) NULLS FIRST, c.id) AS from_old
                FROM public.credentials c WHERE c.tenant_id IS NOT NULL
            ), gone AS (
                DELETE FROM public.credentials c USING ranked r
                WHERE r.id = c.id AND CASE decisions ->> 'credential_duplicates' WHEN 'newest' THEN r.from_new ELSE r.from_old END > 1
                RETURNING c.*
            )
            INSERT INTO atalaya.set_aside (table_name, reason, original) SELECT 'credentials', 'credential_duplicates', to_jsonb(g) FROM gone g;
        END IF;
        ALTER TABLE public.credentials ADD CONSTRAINT credentials_tenant_id_name_key UNIQUE (tenant_id, name);
    END IF;

    IF given <> 'system_events' THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM public.system_events e WHERE e.occurred_at IS NULL) THEN
        IF decisions ->> 'event_time_missing' IS DISTINCT FROM 'set_aside' THEN
            RAISE EXCEPTION 'events have no time' USING ERRCODE = 'AT005', HINT = 'event_time_missing=set_aside';
        END IF;
        -- From here on none comes after; index_events.sql takes the promise over.
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = relation AND k.conname = 'adopting_occurred_at') THEN
            ALTER TABLE public.system_events ADD CONSTRAINT adopting_occurred_at CHECK (occurred_at IS NOT NULL) NOT VALID;
        END IF;
        WITH gone AS (DELETE FROM public.system_events e WHERE e.occurred_at IS NULL RETURNING e.*)
        INSERT INTO atalaya.set_aside (table_name, reason, original) SELECT 'system_events', 'event_time_missing', to_jsonb(g) FROM gone g;
    END IF;
END
$$;
