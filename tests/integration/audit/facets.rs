//! Facets: values with their counts, from sums, rows or the newest of them.

use super::run_up;
use crate::bed::{bed, caller};
use crate::psql::Psql;
use atalaya_model::audit::{AuditFacets, CountSource, FacetField};
use atalaya_ops::{Context, audit};
use tokio_util::sync::CancellationToken;

const OLD: &str = "before:2026-11-01T00:00:00Z";

pub(super) async fn facets(cx: &Context, query: &str) -> AuditFacets {
    audit::facets(cx, &caller(&cx.workplace), query, CancellationToken::new()).await.unwrap()
}

/// Of all that fits: on a busy machine counting may run out of its time, and is asked for again.
async fn of_all(cx: &Context, query: &str) -> AuditFacets {
    for _ in 0..10 {
        let counted = facets(cx, query).await;
        if counted.newest.is_none() {
            return counted;
        }
    }
    panic!("{query} is never counted as a whole");
}

pub(super) fn of(facets: &AuditFacets, field: FacetField) -> String {
    let found = facets.facets.iter().find(|f| f.field == field).unwrap();
    let values = found.values.iter().map(|v| format!("{}={}", v.value, v.count));
    values.collect::<Vec<_>>().join(" ")
}

/// The twenty most frequent values of an expression, as SQL counts them.
pub(super) async fn expected(su: &mut Psql, expression: &str, clause: &str) -> String {
    let sql = format!(
        "SELECT coalesce(string_agg(v || '=' || n, ' ' ORDER BY n DESC, v COLLATE \"C\"), '') FROM (
           SELECT {expression} AS v, count(*) AS n FROM public.system_events
           WHERE occurred_at < '2026-11-01Z' AND ({clause}) AND {expression} IS NOT NULL
           GROUP BY 1 ORDER BY n DESC, 1 LIMIT 20) x"
    );
    su.one(sql).await
}

pub(super) fn sorted(line: &str) -> Vec<String> {
    let mut parts: Vec<_> = line.split(' ').map(str::to_owned).collect();
    parts.sort();
    parts
}

pub(super) const COLUMNS: [(FacetField, &str); 9] = [
    (FacetField::Type, "event_type"),
    (FacetField::Severity, "severity"),
    (FacetField::Outcome, "outcome"),
    (FacetField::Actor, "coalesce(actor_label, actor_id)"),
    (FacetField::Tenant, "coalesce(tenant_id::text, 'system')"),
    (FacetField::Resource, "resource_type"),
    (FacetField::Ip, "host(ip)"),
    (
        FacetField::Network,
        "text(network(set_masklen(ip, CASE family(ip) WHEN 4 THEN 16 ELSE 48 END)))",
    ),
    (FacetField::Origin, "origin"),
];

/// Each case: the query, its clause as a whole, and its clause without what it says of type, of tenant, of ip.
const CASES: [(&str, &str, [&str; 3]); 4] = [
    ("", "TRUE", ["TRUE", "TRUE", "TRUE"]),
    (
        "type:login_failed,login",
        "event_type IN ('login_failed', 'login')",
        [
            "TRUE",
            "event_type IN ('login_failed', 'login')",
            "event_type IN ('login_failed', 'login')",
        ],
    ),
    (
        "severity:warning -type:read_lead tenant:1,2",
        "severity = 'warning' AND event_type <> 'read_lead' AND tenant_id IN (1, 2)",
        [
            "severity = 'warning' AND tenant_id IN (1, 2)",
            "severity = 'warning' AND event_type <> 'read_lead'",
            "severity = 'warning' AND event_type <> 'read_lead' AND tenant_id IN (1, 2)",
        ],
    ),
    (
        "type:login_failed ip:203.0.113.0/24",
        "event_type = 'login_failed' AND ip <<= '203.0.113.0/24'",
        [
            "ip <<= '203.0.113.0/24'",
            "event_type = 'login_failed' AND ip <<= '203.0.113.0/24'",
            "event_type = 'login_failed'",
        ],
    ),
];

/// Counting by value has two seconds. Where that is not enough for all rows, it is done over the newest, and says so.
#[tokio::test]
async fn facets_that_would_take_too_long_are_those_of_the_newest() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    // Some tens of microseconds a row: seconds for all 60,450 of them.
    su.must(
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING ((SELECT count(*) FROM generate_series(1, 400 + (id % 2)::int)) > 0)",
    )
    .await;
    let seen = facets(cx, &format!("origin:legacy {OLD}")).await;
    // 200 on a machine that has much else to do.
    let most = seen.newest.expect("counted over the newest");
    assert!([2_000, 200].contains(&most), "{most}");
    for (field, column) in [(FacetField::Outcome, "outcome"), (FacetField::Origin, "origin")] {
        let newest = format!(
            "id IN (SELECT id FROM public.system_events WHERE origin = 'legacy' AND occurred_at < '2026-11-01Z'
                    ORDER BY occurred_at DESC, id DESC LIMIT {most})"
        );
        assert_eq!(of(&seen, field), expected(&mut su, column, &newest).await, "{column}");
    }
}

/// Where the sums themselves are too many to be looked through, rows are counted.
#[tokio::test]
async fn facets_go_without_sums_that_are_slow() {
    let copy = bed().await.small().await;
    run_up(&copy).await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let before = facets(&cx, OLD).await;
    assert_eq!(before.source, CountSource::Rollup);
    for table in ["event_hours", "event_days"] {
        let sql = format!(
            "CREATE POLICY slow ON atalaya.{table} AS RESTRICTIVE FOR SELECT TO atalaya_operator USING (pg_sleep(0.1) IS NOT NULL)"
        );
        copy.superuser().await.must(sql).await;
    }
    let seen = facets(&cx, OLD).await;
    assert_eq!((seen.source, seen.newest), (CountSource::Counted, None));
    assert_eq!(seen.facets, before.facets);
}

/// What not even the newest few tell in time is left open, and no reason to withhold what the sums know.
#[tokio::test]
async fn facets_that_cannot_be_counted_are_left_open() {
    let copy = bed().await.small().await;
    run_up(&copy).await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let before = facets(&cx, OLD).await;
    assert_ne!(of(&before, FacetField::Actor), "");
    let sql =
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (pg_sleep(0.05) IS NOT NULL)";
    copy.superuser().await.must(sql).await;
    let began = std::time::Instant::now();
    let seen = facets(&cx, OLD).await;
    assert!(began.elapsed() < std::time::Duration::from_millis(2_900), "{:?}", began.elapsed());
    assert_eq!((seen.source, seen.newest), (CountSource::Rollup, None));
    for counts in &seen.facets {
        let exact = before.facets.iter().find(|f| f.field == counts.field).unwrap();
        let summed =
            [FacetField::Type, FacetField::Severity, FacetField::Outcome, FacetField::Tenant];
        if summed.contains(&counts.field) {
            assert_eq!(counts, exact);
        } else {
            assert_eq!((counts.values.len(), counts.more), (0, true), "{:?}", counts.field);
        }
    }
}

#[tokio::test]
async fn facets_are_what_sql_counts_with_and_without_sums() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    for summed in [false, true] {
        if summed {
            run_up(&copy).await;
        }
        for (query, whole, [type_less, tenant_less, ip_less]) in CASES {
            let query = format!("{query} {OLD}");
            let counted = of_all(cx, &query).await;
            let from_sums = summed && !query.contains("ip:");
            let source = if from_sums { CountSource::Rollup } else { CountSource::Counted };
            assert_eq!(counted.source, source, "{query}");
            for (field, expression) in COLUMNS {
                let clause = match field {
                    FacetField::Type => type_less,
                    FacetField::Tenant => tenant_less,
                    FacetField::Ip | FacetField::Network => ip_less,
                    // The case's own severity does not narrow severities.
                    FacetField::Severity if whole.contains("severity") => {
                        "event_type <> 'read_lead' AND tenant_id IN (1, 2)"
                    }
                    _ => whole,
                };
                let truth = expected(&mut su, expression, clause).await;
                let shown = of(&counted, field);
                let counts = |line: &str| {
                    line.split(' ')
                        .filter_map(|v| v.rsplit_once('=')?.1.parse().ok())
                        .collect::<Vec<i64>>()
                };
                // Equals may come in another order, and the last ones may be others.
                assert_eq!(counts(&shown), counts(&truth), "{field:?} of {query}");
                if counts(&truth).len() < 20 {
                    assert_eq!(sorted(&shown), sorted(&truth), "{field:?} of {query}");
                }
            }
        }
        let tenants = facets(cx, OLD).await;
        let first = tenants.facets.iter().find(|f| f.field == FacetField::Tenant).unwrap();
        assert!(first.values.iter().any(|v| v.label.is_some()), "tenants have names");
    }
}
