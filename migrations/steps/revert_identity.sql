-- Reverting, after revert.sql in its transaction: events that had an identity column have one again, which goes on where the
-- sequence stands that normalise.sql made in its place.
SET LOCAL search_path = pg_catalog, pg_temp;
DO $$
DECLARE
    noted CONSTANT JSONB := (SELECT r.state #> '{tables,system_events}' FROM pg_temp.reverting_state r);
    drawn CONSTANT JSONB := (SELECT k -> 'identity' FROM jsonb_array_elements(nullif(noted -> 'columns', 'null')) k
                             WHERE k ->> 'name' = 'id' AND jsonb_typeof(k -> 'identity') = 'object');
    held RECORD;
    own RECORD;
BEGIN
    IF drawn IS NULL THEN
        RETURN;
    END IF;
    SELECT s.last_value, s.is_called INTO held FROM public.system_events_id_seq s;
    DROP SEQUENCE public.system_events_id_seq;
    EXECUTE format('ALTER TABLE public.system_events ALTER COLUMN id ADD GENERATED %s AS IDENTITY (SEQUENCE NAME public.system_events_id_seq
                        START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s CYCLE)',
                   CASE drawn ->> 'kind' WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, drawn ->> 'start', drawn ->> 'increment',
                   drawn ->> 'min', drawn ->> 'max', drawn ->> 'cache', CASE WHEN NOT (drawn ->> 'cycle')::boolean THEN 'NO' END);
    PERFORM setval('public.system_events_id_seq', held.last_value, held.is_called);
    FOR own IN SELECT g ->> 0 AS grantee, g ->> 1 AS privilege, (g ->> 2)::boolean AS grantable
               FROM jsonb_array_elements(CASE jsonb_typeof(noted -> 'sequence_acl') WHEN 'array' THEN noted -> 'sequence_acl' ELSE '[]' END) g
               WHERE g ->> 0 = '-' OR to_regrole(g ->> 0) IS NOT NULL
    LOOP
        EXECUTE format('GRANT %s ON SEQUENCE public.system_events_id_seq TO %s%s', own.privilege, CASE own.grantee WHEN '-' THEN 'PUBLIC' ELSE own.grantee END,
                       CASE WHEN own.grantable THEN ' WITH GRANT OPTION' END);
    END LOOP;
END
$$;
