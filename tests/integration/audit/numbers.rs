//! Histogram and counts, and the sums behind them: the numbers of a plain count, at any time, and of one's own tenants only.

use super::facets::{COLUMNS, expected, facets, of, sorted};
use super::{run_up, scribe};
use crate::bed::{Bed, Copy, bed, caller, second_bed};
use crate::psql::Psql;
use atalaya_model::Code;
use atalaya_model::audit::{AuditHistogram, CountSource, FacetField};
use atalaya_ops::{Context, audit};
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

const OLD: &str = "before:2026-11-01T00:00:00Z";

async fn histogram(cx: &Context, query: &str, buckets: u32) -> AuditHistogram {
    let request = caller(&cx.workplace);
    audit::histogram(cx, &request, query, buckets, CancellationToken::new()).await.unwrap()
}

#[tokio::test]
async fn numbers_tell_of_ones_own_tenants_only() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("auditor", Some(2))).await;
    let mut su = copy.superuser().await;
    for summed in [false, true] {
        if summed {
            run_up(&copy).await;
        }
        let seen = facets(&cx, OLD).await;
        let own = su.one("SELECT count(*) FROM public.system_events WHERE tenant_id = 2 AND occurred_at < '2026-11-01Z'").await;
        assert_eq!(of(&seen, FacetField::Tenant), format!("2={own}"));
        for (field, expression) in COLUMNS {
            let truth = expected(&mut su, expression, "tenant_id = 2").await;
            assert_eq!(sorted(&of(&seen, field)).len(), sorted(&truth).len(), "{field:?}");
        }
        let drawn = histogram(&cx, OLD, 100).await;
        let total: i64 =
            drawn.buckets.iter().map(|b| b.info + b.warning + b.critical + b.none).sum();
        assert_eq!(total.to_string(), own);
        // Asking for another tenant shows nothing of it.
        let other = facets(&cx, &format!("tenant:1 {OLD}")).await;
        assert_eq!(of(&other, FacetField::Type), "");
        assert_eq!(of(&other, FacetField::Tenant), format!("2={own}"));
        let none = audit::count(&cx, &caller(&cx.workplace), "tenant:1", CancellationToken::new())
            .await
            .unwrap();
        assert_eq!(none.count, 0);
    }
}

/// A query about what nobody adds to while a test runs.
fn old(query: &str) -> String {
    if query.contains("before:") { query.to_owned() } else { format!("{query} {OLD}") }
}

/// Rows by bucket, as SQL counts them.
async fn bins(su: &mut Psql, step: i64, offset: i64, clause: &str) -> BTreeMap<String, String> {
    let sql = format!(
        "SELECT to_char(to_timestamp(floor((extract(epoch FROM occurred_at) - {offset}) / {step}) * {step} + {offset}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
                count(*) FILTER (WHERE severity = 'info') || ' ' || count(*) FILTER (WHERE severity = 'warning') || ' ' ||
                count(*) FILTER (WHERE severity = 'critical') || ' ' || count(*) FILTER (WHERE severity IS NULL)
         FROM public.system_events WHERE occurred_at < '2026-11-01Z' AND ({clause}) GROUP BY 1"
    );
    let rows = su.rows(sql).await.unwrap();
    rows.into_iter().map(|r| (r[0].clone().unwrap(), r[1].clone().unwrap())).collect()
}

#[tokio::test]
async fn a_histogram_is_what_sql_counts() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    let cases = [
        ("", "occurred_at >= '2000-01-01Z'", 400),
        ("", "occurred_at >= '2000-01-01Z'", 10),
        ("type:login_failed", "event_type = 'login_failed'", 60),
        ("ip:203.0.113.77", "ip = '203.0.113.77'", 60),
        ("after:2026-10-20T10:30:00Z", "occurred_at >= '2026-10-20T10:30:00Z'", 50),
        (
            "after:2026-10-31T10:30:00Z before:2026-10-31T22:10:30Z",
            "occurred_at >= '2026-10-31T10:30:00Z' AND occurred_at < '2026-10-31T22:10:30Z'",
            30,
        ),
        (
            "severity:warning,critical after:2026-09-01T01:00:00Z",
            "severity IN ('warning', 'critical') AND occurred_at >= '2026-09-01T01:00:00Z'",
            24,
        ),
    ];
    for summed in [false, true] {
        if summed {
            run_up(&copy).await;
        }
        for (query, clause, buckets) in cases {
            let drawn = histogram(cx, &old(query), buckets).await;
            let name = format!("{query} {buckets} {summed}");
            assert!(
                drawn.complete
                    && drawn.buckets.len() <= buckets as usize
                    && !drawn.buckets.is_empty(),
                "{name}: {}",
                drawn.buckets.len()
            );
            if summed && !query.contains("ip") && drawn.step_seconds >= 3_600 {
                assert_eq!(drawn.source, CountSource::Rollup, "{name}");
            }
            // Weeks begin on Mondays.
            let offset = if drawn.step_seconds % 604_800 == 0 { 345_600 } else { 0 };
            let truth = bins(&mut su, drawn.step_seconds, offset, clause).await;
            let shown: BTreeMap<_, _> = drawn
                .buckets
                .iter()
                .filter(|b| b.info + b.warning + b.critical + b.none > 0)
                .map(|b| {
                    (
                        b.start.to_string()[..16].replace('T', " "),
                        format!("{} {} {} {}", b.info, b.warning, b.critical, b.none),
                    )
                })
                .collect();
            assert_eq!(shown, truth, "{name}");
            let starts: Vec<_> = drawn.buckets.iter().map(|b| b.start.to_postgres()).collect();
            assert!(
                starts.windows(2).all(|w| w[1] - w[0] == drawn.step_seconds * 1_000_000),
                "{name}: a bucket is missing"
            );
        }
    }
    // Rows of years far away are not drawn, and it says so.
    su.must("INSERT INTO public.system_events (event_type, occurred_at) VALUES ('far', 'infinity'), ('far', '0044-03-15 BC')").await;
    for query in ["type:far", "type:far origin:legacy"] {
        let drawn = histogram(cx, query, 60).await;
        assert!(drawn.buckets.iter().all(|b| b.info == 0), "{drawn:?}");
        assert!(!drawn.complete || query.contains("origin"), "{query}");
    }
    for wrong in [9, 401] {
        let e =
            audit::histogram(cx, &caller(&cx.workplace), "", wrong, CancellationToken::new()).await;
        assert_eq!(e.unwrap_err().code, Code::ValidationFailed);
    }
}

#[tokio::test]
async fn whoever_may_not_gets_no_numbers() {
    let copy = bed().await.small().await;
    let nobody = copy.person("closer", Some(1));
    let cx = copy.context(nobody).await;
    let mut su = copy.superuser().await;
    for what in ["facets", "histogram", "tail"] {
        let request = caller(&cx.workplace);
        let e = match what {
            "facets" => {
                audit::facets(&cx, &request, "", CancellationToken::new()).await.map(|_| ())
            }
            "histogram" => {
                audit::histogram(&cx, &request, "", 60, CancellationToken::new()).await.map(|_| ())
            }
            _ => audit::tail(&cx, &request, "", None).await.map(|_| ()),
        };
        assert_eq!(e.unwrap_err().code, Code::AccessDenied, "{what}");
        super::left(&mut su, &request, "log.viewed", "denied", (&nobody.email, &nobody.login))
            .await;
    }
    // And leaves its trace where it may.
    let auditor = copy.person("auditor", Some(1));
    let cx = copy.context(auditor).await;
    let request = caller(&cx.workplace);
    histogram(&cx, OLD, 60).await;
    facets(&cx, OLD).await;
    audit::tail(&cx, &request, "", None).await.unwrap();
    let counts = su.one(format!("SELECT sum(count) FROM atalaya.view_counts WHERE user_id = '{}' AND event_type = 'log.viewed'", auditor.id)).await;
    assert_eq!(counts, "3");
}

/// The sums against a count of the rows that were committed: hours and days, by all that they are kept by.
async fn exact(su: &mut Psql) {
    for (table, unit, key) in [("event_hours", "hour", "hour"), ("event_days", "day", "day")] {
        let sql = format!(
            "SELECT count(*) FROM (
               SELECT tenant_id, {key} AS at, event_type, severity, outcome, n FROM atalaya.{table}) s
             FULL JOIN (
               SELECT tenant_id, date_trunc('{unit}', occurred_at, 'UTC') AS at, event_type, severity, outcome, count(*) AS n
               FROM public.system_events GROUP BY 1, 2, 3, 4, 5) c
             ON (s.tenant_id, s.at, s.event_type, s.severity, s.outcome) IS NOT DISTINCT FROM (c.tenant_id, c.at, c.event_type, c.severity, c.outcome)
             WHERE s.n IS DISTINCT FROM c.n"
        );
        // A full join wants an equality that it can hash: NULLs are written out.
        let sql = sql.replace(
            "ON (s.tenant_id, s.at, s.event_type, s.severity, s.outcome) IS NOT DISTINCT FROM (c.tenant_id, c.at, c.event_type, c.severity, c.outcome)",
            "ON coalesce(s.tenant_id, -1) = coalesce(c.tenant_id, -1) AND s.at = c.at AND s.event_type = c.event_type
                AND coalesce(s.severity, '-') = coalesce(c.severity, '-') AND coalesce(s.outcome, '-') = coalesce(c.outcome, '-')",
        );
        assert_eq!(su.one(sql).await, "0", "{table} differs from the log");
    }
}

async fn roll(psql: &mut Psql, batch: i32) -> i64 {
    psql.one(format!("SELECT atalaya.roll_up({batch})")).await.parse().unwrap()
}

async fn writers_and_sums(bed: &'static Bed) {
    let copy: &'static Copy = Box::leak(Box::new(bed.small().await));
    let mut su = copy.superuser().await;
    // The base in pieces, while others write: adopted rows have no transaction.
    assert_ne!(su.one("SELECT count(*) FROM public.system_events WHERE tx IS NULL").await, "0");
    let mut writers = Vec::new();
    for w in 0..20_u32 {
        writers.push(tokio::spawn(async move {
            let mut psql = scribe(copy).await;
            for n in 0..12_u32 {
                let rows = 1 + (w + n) % 5;
                psql.must("BEGIN").await;
                psql.must(format!(
                    "INSERT INTO public.system_events (event_type, severity, tenant_id, occurred_at, outcome)
                     SELECT 'written', (ARRAY['info', 'warning', NULL])[1 + {n} % 3], nullif({w} % 3, 0), now() - {n} * INTERVAL '7 hours', 'ok'
                     FROM generate_series(1, {rows})"
                ))
                .await;
                // Some transactions take long, and some come to nothing.
                tokio::time::sleep(std::time::Duration::from_millis(u64::from((w * 7 + n * 13) % 90))).await;
                psql.must(if (w + n) % 4 == 0 { "ROLLBACK" } else { "COMMIT" }).await;
            }
            psql.close().await;
        }));
    }
    let mut rolled = 0;
    let ceo = copy.person("ceo", None);
    let mut one = copy.psql(ceo).await;
    let mut two = copy.superuser().await;
    while writers.iter().any(|w| !w.is_finished()) {
        // Two at once: one of them leaves it to the other.
        let (a, b) = tokio::join!(roll(&mut one, 50), roll(&mut two, 77));
        rolled += a + b;
        tokio::time::sleep(std::time::Duration::from_millis(15)).await;
    }
    for w in writers {
        w.await.unwrap();
    }
    loop {
        let n = roll(&mut su, 500).await;
        rolled += n;
        if n == 0 {
            break;
        }
    }
    exact(&mut su).await;
    let all: i64 = su.one("SELECT count(*) FROM public.system_events").await.parse().unwrap();
    let sums: i64 = su.one("SELECT sum(n) FROM atalaya.event_days").await.parse().unwrap();
    assert_eq!(sums, all);
    assert!(rolled >= all, "{rolled} of {all}");

    // A row of the very transaction that rolls up comes with the next; a savepoint's too; one that is rolled back never.
    su.must("BEGIN; INSERT INTO public.system_events (event_type) VALUES ('own'); SELECT atalaya.roll_up(10);
             INSERT INTO public.system_events (event_type) VALUES ('own'); SAVEPOINT s;
             INSERT INTO public.system_events (event_type) VALUES ('own'); RELEASE s; SAVEPOINT t;
             INSERT INTO public.system_events (event_type) VALUES ('own'); ROLLBACK TO t; COMMIT").await;
    assert_eq!(
        su.one("SELECT coalesce(sum(n), 0) FROM atalaya.event_days WHERE event_type = 'own'").await,
        "0"
    );
    roll(&mut su, 10).await;
    assert_eq!(su.one("SELECT sum(n) FROM atalaya.event_days WHERE event_type = 'own'").await, "3");
    su.must("BEGIN; INSERT INTO public.system_events (event_type) VALUES ('undone'); SELECT atalaya.roll_up(10); ROLLBACK").await;
    roll(&mut su, 10).await;
    exact(&mut su).await;

    // One transaction that is open all the while holds nothing up, and is counted once it is over.
    let mut long = copy.superuser().await;
    long.must("BEGIN; INSERT INTO public.system_events (event_type) VALUES ('late')").await;
    su.must("INSERT INTO public.system_events (event_type) VALUES ('meanwhile')").await;
    roll(&mut su, 10).await;
    assert_eq!(su.one("SELECT string_agg(event_type, ',') FROM atalaya.event_days WHERE event_type IN ('late', 'meanwhile')").await, "meanwhile");
    long.must("COMMIT").await;
    roll(&mut su, 10).await;
    roll(&mut su, 10).await;
    exact(&mut su).await;

    // In another cluster the transactions have other numbers: everything anew, from a base.
    su.must("UPDATE atalaya.event_roll_up SET cluster = cluster + 1").await;
    let cx = copy.context(ceo).await;
    assert_eq!(
        facets(&cx, "").await.source,
        CountSource::Counted,
        "sums of elsewhere are not believed"
    );
    assert_eq!(roll(&mut su, 100).await, 100);
    assert_eq!(facets(&cx, "").await.source, CountSource::Counted, "nor half a base");
    while roll(&mut su, 300).await > 0 {}
    exact(&mut su).await;
    assert_eq!(facets(&cx, "").await.source, CountSource::Rollup);
}

#[tokio::test]
async fn sums_miss_nothing_and_count_nothing_twice() {
    writers_and_sums(bed().await).await;
    if let Some(second) = second_bed().await {
        writers_and_sums(second).await;
    }
}

#[tokio::test]
async fn numbers_are_exact_between_two_rounds() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let mut su = scribe(&copy).await;
    run_up(&copy).await;
    su.must(
        "INSERT INTO public.system_events (event_type, severity, tenant_id, occurred_at, outcome)
         SELECT 'fresh', 'info', 1, '2026-10-20Z'::timestamptz + n * INTERVAL '40 minutes', 'ok' FROM generate_series(1, 100) n",
    )
    .await;
    let mut open = copy.superuser().await;
    open.must("BEGIN; INSERT INTO public.system_events (event_type) VALUES ('fresh')").await;
    for query in [
        "type:fresh",
        "type:fresh after:2026-10-21T10:10:00Z before:2026-10-21T17:50:00Z",
        "type:fresh after:2026-10-20T10:10:00Z before:2026-10-22T17:50:00Z tenant:1",
        "type:fresh after:2026-10-21T10:10:00Z before:2026-10-21T10:50:00Z",
    ] {
        let seen = facets(&cx, query).await;
        assert_eq!(seen.source, CountSource::Rollup);
        let after =
            query.split("after:").nth(1).and_then(|q| q.split(' ').next()).unwrap_or("-infinity");
        let before =
            query.split("before:").nth(1).and_then(|q| q.split(' ').next()).unwrap_or("infinity");
        let truth = su.one(format!("SELECT count(*) FROM public.system_events WHERE event_type = 'fresh' AND occurred_at >= '{after}' AND occurred_at < '{before}'")).await;
        assert_eq!(of(&seen, FacetField::Severity), format!("info={truth}"), "{query}");
        let counted = audit::count(&cx, &caller(&cx.workplace), query, CancellationToken::new())
            .await
            .unwrap();
        assert_eq!(counted.count.to_string(), truth, "{query}");
    }
    // Nobody who is not signed in keeps sums.
    let mut closer = copy.psql(copy.person("nobody", None)).await;
    let said = closer.run("SELECT atalaya.roll_up(10)").await;
    assert!(said.is_err(), "{said:?}");
}
