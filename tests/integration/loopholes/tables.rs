//! Whole tables: locking them, drawing their numbers, learning what row security hides.

use crate::bed::{Bed, CRM, PASSWORD, bed, second_bed};
use crate::psql::Psql;

/// Every table and view, in every mode above what reading takes.
const LOCKS: &str = r"DO $do$
DECLARE
    target RECORD;
    mode TEXT;
    got TEXT[] := '{}';
BEGIN
    FOR target IN SELECT c.oid::regclass AS name FROM pg_class c
                  WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relkind IN ('r', 'p', 'v') LOOP
        FOREACH mode IN ARRAY '{ROW SHARE,ROW EXCLUSIVE,SHARE UPDATE EXCLUSIVE,SHARE,SHARE ROW EXCLUSIVE,EXCLUSIVE,ACCESS EXCLUSIVE}'::text[] LOOP
            BEGIN
                EXECUTE format('LOCK TABLE %s IN %s MODE NOWAIT', target.name, mode);
                got := got || format('%s %s', target.name, mode);
                RAISE EXCEPTION 'undo' USING ERRCODE = 'ZZ000';
            EXCEPTION WHEN insufficient_privilege OR SQLSTATE 'ZZ000' THEN NULL;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('test.locks', array_to_string(got, ', '), FALSE);
END
$do$; SELECT current_setting('test.locks')";

async fn locks(bed: &'static Bed) {
    let copy = bed.small().await;
    // 16 and newer let SELECT take ROW SHARE, which stops nobody who writes.
    for (role, place) in [
        ("ceo", None),
        ("admin", None),
        ("operator", None),
        ("closer", Some(1)),
        ("nobody", None),
        ("api", None),
    ] {
        let got = copy.psql(copy.person(role, place)).await.one(LOCKS).await;
        let stopping: Vec<_> =
            got.split(", ").filter(|l| !l.is_empty() && !l.ends_with(" ROW SHARE")).collect();
        assert_eq!(stopping, Vec::<&str>::new(), "{role} on {}", bed.major());
    }
    let mut ceo = copy.psql(copy.person("ceo", None)).await;
    assert_eq!(ceo.refused("SELECT atalaya.ensure_partitions(4)").await, "AT005");
    ceo.must("SELECT atalaya.ensure_partitions(3)").await;
}

#[tokio::test]
async fn no_operator_can_lock_a_table() {
    locks(bed().await).await;
    if let Some(second) = second_bed().await {
        locks(second).await;
    }
}

/// Every sequence, in every way that draws from it, moves it or looks at it.
const DRAW: &str = r"DO $do$
DECLARE
    target RECORD;
    way TEXT;
    got TEXT[] := '{}';
BEGIN
    FOR target IN SELECT c.oid::regclass AS name FROM pg_class c
                  WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relkind = 'S' ORDER BY 1 LOOP
        FOREACH way IN ARRAY ARRAY['SELECT nextval(%L)', 'SELECT setval(%L, 1)', 'SELECT last_value FROM %s'] LOOP
            BEGIN
                EXECUTE format(way, target.name);
                got := got || format(way, target.name);
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('test.drawn', array_to_string(got, ' '), FALSE);
END
$do$; SELECT current_setting('test.drawn')";

async fn numbers(bed: &'static Bed) {
    let copy = bed.small().await;
    for (role, place) in
        [("ceo", None), ("admin", None), ("operator", None), ("closer", Some(1)), ("api", None)]
    {
        let drawn = copy.psql(copy.person(role, place)).await.one(DRAW).await;
        assert_eq!(drawn, "", "{role} on {}", bed.major());
    }
    // Rows still get theirs, one after the other, whoever writes them.
    let mut crm = bed.psql(CRM, PASSWORD, &copy.name).await;
    let lead = "INSERT INTO public.leads (tenant_id, phone_number) VALUES (1, 'x') RETURNING id";
    let credential = |name| {
        format!(
            "INSERT INTO public.credentials (tenant_id, name, value) VALUES (1, '{name}', 'v') RETURNING id"
        )
    };
    let tenant = "INSERT INTO public.tenants (clinic_name) VALUES ('x') RETURNING id";
    for (role, operators, crms) in [
        ("ceo", lead.to_owned(), lead.to_owned()),
        ("admin", credential("A1"), credential("B1")),
        ("ceo", tenant.to_owned(), tenant.to_owned()),
    ] {
        let mut operator = copy.psql(copy.person(role, None)).await;
        let one: i64 = operator.one(operators.as_str()).await.parse().unwrap();
        let next: i64 = crm.one(crms.as_str()).await.parse().unwrap();
        assert_eq!(next, one + 1, "{operators}");
    }
    // Nobody but the CRM, as before, says which.
    let mut ceo = copy.psql(copy.person("ceo", None)).await;
    assert_eq!(
        ceo.refused("INSERT INTO public.leads (id, tenant_id, phone_number) VALUES (1, 1, 'x')")
            .await,
        "42501"
    );
    crm.must(
        "INSERT INTO leads (id, tenant_id, phone_number) VALUES (nextval('leads_id_seq'), 1, 'x')",
    )
    .await;
}

#[tokio::test]
async fn nobody_draws_a_number_without_a_row() {
    numbers(bed().await).await;
    if let Some(second) = second_bed().await {
        numbers(second).await;
    }
}

#[tokio::test]
async fn a_digest_tells_nothing_to_the_transaction_that_made_it() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut operator = copy.psql(copy.person("operator", Some(1))).await;
    let value = su
        .one("SELECT value FROM public.credentials WHERE tenant_id = 1 ORDER BY id LIMIT 1")
        .await;
    let same = "SELECT coalesce(string_agg((before -> 0 -> 'value' = after -> 0 -> 'value')::text, ' ' ORDER BY id), 'hidden')
                FROM atalaya.change_records WHERE table_name = 'public.credentials' AND tx >= (SELECT test.since())";
    su.must(
        "CREATE SCHEMA test; GRANT USAGE ON SCHEMA test TO PUBLIC;
         CREATE TABLE test.begin AS SELECT pg_current_xact_id() AS tx; GRANT SELECT ON test.begin TO PUBLIC;
         CREATE FUNCTION test.since() RETURNS xid8 LANGUAGE sql AS 'SELECT tx FROM test.begin'",
    )
    .await;
    for guess in ["wrong", value.as_str()] {
        operator.must("BEGIN").await;
        let updated = operator
            .must(format!(
                "UPDATE public.credentials SET value = '{guess}', category = gen_random_uuid()::text
                 WHERE id = (SELECT min(id) FROM public.credentials WHERE tenant_id = 1)"
            ))
            .await;
        assert_eq!(updated, 1);
        assert_eq!(operator.one(same).await, "hidden", "{guess}");
        // Nor from a part of it.
        operator.must("SAVEPOINT s").await;
        assert_eq!(operator.one(same).await, "hidden", "{guess}");
        operator.must("ROLLBACK").await;
    }
    // Once it is over, and recorded for good, it is there for whoever reads the log.
    operator
        .must("UPDATE public.credentials SET value = 'x', category = 'x' WHERE id = (SELECT min(id) FROM public.credentials WHERE tenant_id = 1)")
        .await;
    assert_eq!(operator.one(same).await, "false");
}

/// Every value of a plan, with its path; what depends on the clock and the cache is left out.
fn leaves(at: &str, plan: &serde_json::Value, found: &mut Vec<(String, serde_json::Value)>) {
    match plan {
        serde_json::Value::Object(fields) => {
            let timed = |k: &str| ["Time", "Blocks", "Cost", "Width"].iter().any(|w| k.contains(w));
            for (key, value) in fields.iter().filter(|(k, _)| !timed(k)) {
                leaves(&format!("{at}/{key}"), value, found);
            }
        }
        serde_json::Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                leaves(&format!("{at}/{n}"), item, found);
            }
        }
        value => found.push((at.to_owned(), value.clone())),
    }
}

/// What EXPLAIN says of a query: its leaves, and how many rows it removed in scans of `table`.
async fn explained(
    psql: &mut Psql,
    table: &str,
    query: &str,
) -> (Vec<(String, serde_json::Value)>, u64) {
    let text = psql.one(format!("EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) {query}")).await;
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    leaves("", &plan, &mut found);
    let mut removed = 0;
    let mut nodes = vec![&plan[0]["Plan"]];
    while let Some(node) = nodes.pop() {
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
        if node["Relation Name"] == table {
            removed += node["Rows Removed by Filter"].as_u64().unwrap_or(0);
            removed += node["Rows Removed by Index Recheck"].as_u64().unwrap_or(0);
        }
    }
    (found, removed)
}

/// Whose plans are compared.
const TABLES: [&str; 3] = ["users", "leads", "credentials"];

/// A known limit, pinned: it is in the README, and whoever changes it has to change that too.
#[tokio::test]
async fn explain_tells_how_many_rows_are_hidden_and_never_what_is_in_them() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // Statistics that are taken meanwhile are another reason for another plan, and so is a table that has grown.
    for table in TABLES {
        su.must(format!("ALTER TABLE public.{table} SET (autovacuum_enabled = off)")).await;
        su.must(format!("VACUUM (FULL, ANALYZE) public.{table}")).await;
    }
    su.must("ANALYZE public.system_events").await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    let hidden = copy.person("closer", Some(2));
    let lead = su.one("SELECT min(id) FROM public.leads WHERE tenant_id = 2").await;
    // Whether an indexed value is there, out of sight: one row more is removed.
    for (table, column, there, not) in [
        ("users", "email", hidden.email.as_str(), "nobody.at.all@example.com"),
        ("users", "id", hidden.id.as_str(), "00000000-0000-4000-8fff-000000000000"),
        ("leads", "id", lead.as_str(), "-1"),
    ] {
        admin.must("SET enable_seqscan = off").await;
        let query = |value| format!("SELECT 1 FROM public.{table} WHERE {column} = '{value}'");
        assert_eq!(admin.one(format!("SELECT count(*) FROM ({}) s", query(there))).await, "0");
        assert_eq!(explained(&mut admin, table, &query(there)).await.1, 1, "{table}.{column}");
        assert_eq!(explained(&mut admin, table, &query(not)).await.1, 0, "{table}.{column}");
        admin.must("RESET enable_seqscan").await;
    }
    // How many rows a table has.
    let seen: u64 = admin.one("SELECT count(*) FROM public.leads").await.parse().unwrap();
    let all: u64 = su.one("SELECT count(*) FROM public.leads").await.parse().unwrap();
    assert!(seen < all);
    admin.must("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off").await;
    let removed = explained(&mut admin, "leads", "SELECT * FROM public.leads").await.1;
    assert_eq!(seen + removed, all);
    admin.must("RESET ALL").await;
    // A function that could tell of a value is not called on it: no division by zero, no failing cast.
    for telling in
        ["1 / (tenant_id - 2) < 0", "(CASE tenant_id WHEN 2 THEN 'x' ELSE '1' END)::int = 1"]
    {
        let counted = admin.one(format!("SELECT count(*) FROM public.leads WHERE {telling}")).await;
        assert_eq!(counted, seen.to_string(), "{telling}");
    }
    // Everything in it but numbers stays the same, whatever the hidden rows hold.
    let queries = [
        "SELECT * FROM public.leads ORDER BY first_name LIMIT 1",
        "SELECT status, count(*), min(first_name), max(phone_number) FROM public.leads GROUP BY status",
        "SELECT u.email, l.phone_number FROM public.users u JOIN public.leads l ON l.email = u.email",
        "SELECT id, email FROM public.users WHERE email >= 'a' AND first_name IS NOT NULL ORDER BY email DESC",
        "SELECT id, name FROM public.credentials WHERE name LIKE 'A%'",
        "SELECT id, payload FROM public.system_events WHERE event_type = 'login_failed' ORDER BY occurred_at DESC LIMIT 3",
    ];
    let words = |found: Vec<(String, serde_json::Value)>| -> Vec<(String, serde_json::Value)> {
        found.into_iter().filter(|(_, v)| !v.is_number()).collect()
    };
    let mut before = Vec::new();
    for query in queries {
        before.push(words(explained(&mut admin, "", query).await.0));
    }
    su.must(
        "UPDATE public.leads SET first_name = 'Zzz' || id, phone_number = 'hidden' || id, status = 'hidden' || id % 3, email = 'hidden' || id WHERE tenant_id <> 1;
         UPDATE public.users SET email = 'hidden' || id, first_name = 'hidden' WHERE tenant_id <> 1 AND db_role IS NULL;
         UPDATE public.credentials SET name = 'HIDDEN' || id WHERE tenant_id <> 1",
    )
    .await;
    for table in TABLES {
        su.must(format!("VACUUM (FULL) public.{table}")).await;
    }
    for (query, before) in queries.into_iter().zip(before) {
        let now = words(explained(&mut admin, "", query).await.0);
        assert!(
            !now.is_empty() && !format!("{now:?}").to_lowercase().contains("hidden"),
            "{query}: {now:?}"
        );
        assert_eq!(now, before, "{query}");
    }
}
