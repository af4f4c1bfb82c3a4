-- run as gate
-- The database records what changed; the program's event says only who and why. One trigger function for all tables: it
-- runs as the gate, which alone may write change records and read the digest key.

-- Internal: a row whose sensitive columns are keyed digests. The digest covers table, row and column, so that it shows
-- whether this value changed, and not whether two rows hold the same one.
CREATE FUNCTION atalaya.redacted(source TEXT, given JSONB, sensitive TEXT[]) RETURNS JSONB
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown JSONB := given;
    hidden TEXT;
    message TEXT;
BEGIN
    FOREACH hidden IN ARRAY sensitive LOOP
        IF jsonb_typeof(given -> hidden) <> 'null' THEN
            message := concat_ws(chr(31), source, coalesce(given ->> 'id', given ->> 'secret_version_id', ''), hidden, given ->> hidden);
            shown := jsonb_set(shown, ARRAY[hidden],
                               jsonb_build_object('digest', encode(atalaya.keyed_digest('digest', convert_to(message, 'UTF8')), 'hex')));
        END IF;
    END LOOP;
    RETURN shown;
END
$$;

-- Arguments, by record_changes_of: the tenant's column or '', sensitive columns by comma, ignored columns by comma.
CREATE FUNCTION atalaya.record_change() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source CONSTANT TEXT := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    place CONSTANT TEXT := TG_ARGV[0];
    sensitive CONSTANT TEXT[] := string_to_array(TG_ARGV[1], ',');
    ignored CONSTANT TEXT[] := string_to_array(TG_ARGV[2], ',');
    shown CONSTANT INTEGER := 20;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO atalaya.change_records (table_name, operation) VALUES (source, TG_OP);
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO atalaya.change_records (tenant_id, table_name, operation, row_count, after)
        SELECT tenant, source, TG_OP, count(*), jsonb_agg(atalaya.redacted(source, given, sensitive)) FILTER (WHERE place_in <= shown)
        FROM (SELECT (r.given ->> place)::integer AS tenant, r.given, row_number() OVER (PARTITION BY r.given ->> place) AS place_in
              FROM (SELECT to_jsonb(a) AS given FROM after_rows a) r) numbered
        GROUP BY tenant;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO atalaya.change_records (tenant_id, table_name, operation, row_count, before)
        SELECT tenant, source, TG_OP, count(*), jsonb_agg(atalaya.redacted(source, given, sensitive)) FILTER (WHERE place_in <= shown)
        FROM (SELECT (r.given ->> place)::integer AS tenant, r.given, row_number() OVER (PARTITION BY r.given ->> place) AS place_in
              FROM (SELECT to_jsonb(b) AS given FROM before_rows b) r) numbered
        GROUP BY tenant;
    ELSE
        -- Both transition tables hold the rows in the order in which they were changed.
        INSERT INTO atalaya.change_records (tenant_id, table_name, operation, row_count, before, after)
        SELECT tenant, source, TG_OP, count(*),
               jsonb_agg(atalaya.redacted(source, old_row, sensitive) ORDER BY place_in) FILTER (WHERE place_in <= shown),
               jsonb_agg(atalaya.redacted(source, new_row, sensitive) ORDER BY place_in) FILTER (WHERE place_in <= shown)
        FROM (SELECT (n.given ->> place)::integer AS tenant, o.given AS old_row, n.given AS new_row,
                     row_number() OVER (PARTITION BY n.given ->> place ORDER BY n.nth) AS place_in
              FROM (SELECT to_jsonb(b) AS given, row_number() OVER () AS nth FROM before_rows b) o
              JOIN (SELECT to_jsonb(a) AS given, row_number() OVER () AS nth FROM after_rows a) n USING (nth)
              WHERE o.given - ignored <> n.given - ignored) numbered
        GROUP BY tenant;
    END IF;
    RETURN NULL;
END
$$;
GRANT EXECUTE ON FUNCTION atalaya.record_change() TO atalaya_owner;
