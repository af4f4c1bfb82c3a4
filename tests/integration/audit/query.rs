//! The query language against SQL that says the same, and what it refuses.

use super::hostile::slow_rows;
use super::{left, run_up, scribe};
use crate::bed::{bed, caller};
use crate::psql::Psql;
use atalaya_model::Code;
use atalaya_model::access::{Action, Scope};
use atalaya_model::audit::AuditEvent;
use atalaya_model::audit::query::{AuditQuery, QueryAnswer, Sought};
use atalaya_ops::{Context, audit};
use atalaya_store::audit as rows;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What nobody adds to while a test runs.
const OLD: &str = "before:2026-11-01T00:00:00Z";

async fn counted(cx: &Context, query: &str) -> i64 {
    let request = caller(&cx.workplace);
    let n = audit::count(cx, &request, query, CancellationToken::new()).await;
    n.unwrap_or_else(|e| panic!("{query}: {e:?}")).count
}

/// Ids of all pages.
async fn listed(cx: &Context, query: &str) -> Vec<i64> {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let page = audit::list(cx, &caller(&cx.workplace), query, cursor, 400).await;
        let page = page.unwrap_or_else(|e| panic!("{query}: {e:?}"));
        ids.extend(page.rows.iter().map(|r| r.id.0));
        cursor = page.next;
        if cursor.is_none() {
            return ids;
        }
    }
}

/// Rows with every column that is asked for, also such that no column of the fixture has.
async fn varied(su: &mut Psql) {
    su.must(
        r#"INSERT INTO public.system_events
             (event_type, severity, message, payload, occurred_at, tenant_id, actor_id, actor_label, resource_type, resource_id,
              ip, request_id, origin, outcome)
           SELECT (ARRAY['lead.read', 'lead.saved', 'varied'])[1 + n % 3], (ARRAY['info', 'warning', 'critical', NULL])[1 + n % 4],
                  CASE n % 5 WHEN 0 THEN 'discount 100% off' WHEN 1 THEN 'a_b c\d "said"' WHEN 2 THEN 'Ñandú (.*)+ [x]' END,
                  CASE WHEN n % 7 = 0 THEN jsonb_build_object('path', '/leads/' || n, 'note', 'hidden needle ' || n) END,
                  '2026-10-01Z'::timestamptz + n * INTERVAL '1 minute', nullif(n % 4, 0), CASE WHEN n % 6 = 0 THEN n::text END,
                  (ARRAY['ana@example.com', 'ana@example.com.ar', 'anabel', 'Ana@Example.com', 'crm_app', NULL])[1 + n % 6],
                  (ARRAY['leads', 'users', NULL])[1 + n % 3], (n % 10)::text,
                  CASE WHEN n % 9 = 0 THEN NULL WHEN n % 2 = 0 THEN ('10.7.' || n % 200 || '.9')::inet ELSE ('2001:db8::' || n % 50)::inet END,
                  CASE WHEN n % 11 = 0 THEN '00000000-0000-4000-8000-00000000000b'::uuid END,
                  (ARRAY['console', 'api', 'direct', NULL])[1 + n % 4], (ARRAY['ok', 'denied', 'failed', NULL])[1 + n % 4]
           FROM generate_series(1, 600) n"#,
    )
    .await;
}

const CASES: [(&str, &str); 37] = [
    ("", "TRUE"),
    ("type:varied", "event_type = 'varied'"),
    ("type:varied,lead.read", "event_type IN ('varied', 'lead.read')"),
    ("-type:varied", "event_type <> 'varied'"),
    ("severity:critical", "severity = 'critical'"),
    ("-severity:critical", "severity IS DISTINCT FROM 'critical'"),
    (
        "outcome:denied,failed -type:read_lead",
        "outcome IN ('denied', 'failed') AND event_type <> 'read_lead'",
    ),
    ("tenant:2", "tenant_id = 2"),
    ("tenant:2,system", "tenant_id = 2 OR tenant_id IS NULL"),
    ("-tenant:2,system", "tenant_id <> 2"),
    ("-tenant:2", "tenant_id IS DISTINCT FROM 2"),
    ("origin:direct", "origin = 'direct'"),
    ("-origin:direct,legacy", "coalesce(origin, '') NOT IN ('direct', 'legacy')"),
    ("actor:ana@example.com", "actor_label = 'ana@example.com'"),
    ("actor:ANA@EXAMPLE.COM", "actor_label IN ('ANA@EXAMPLE.COM', 'ana@example.com')"),
    ("actor:ana", "actor_label LIKE 'ana%@%' OR actor_label = 'ana' OR actor_id = 'ana'"),
    ("actor:crm", "actor_label LIKE 'crm%@%' OR actor_label = 'crm' OR actor_id = 'crm'"),
    ("actor:crm_app,ana", "actor_label = 'crm_app' OR actor_label LIKE 'ana%@%'"),
    ("actor:42,ana@example.com", "actor_id = '42' OR actor_label = 'ana@example.com'"),
    ("-actor:ana", "actor_label IS NULL OR actor_label NOT LIKE 'ana%@%'"),
    (
        "-actor:ana@example.com,crm_app",
        "actor_label IS NULL OR actor_label NOT IN ('ana@example.com', 'crm_app')",
    ),
    ("resource:leads", "resource_type = 'leads'"),
    ("resource:leads/7", "resource_type = 'leads' AND resource_id = '7'"),
    (
        "resource:leads/7,users",
        "resource_type = 'leads' AND resource_id = '7' OR resource_type = 'users'",
    ),
    (
        "-resource:leads/7,users",
        "NOT coalesce(resource_type = 'leads' AND resource_id = '7' OR resource_type = 'users', FALSE)",
    ),
    ("ip:10.7.4.9", "ip = '10.7.4.9'"),
    ("ip:10.7.0.0/17", "ip <<= '10.7.0.0/17'"),
    ("ip:2001:db8::/64,10.7.4.9", "ip <<= '2001:db8::/64' OR ip = '10.7.4.9'"),
    ("-ip:10.0.0.0/8", "ip IS NULL OR NOT ip <<= '10.0.0.0/8'"),
    (
        "request:00000000-0000-4000-8000-00000000000b",
        "request_id = '00000000-0000-4000-8000-00000000000b'",
    ),
    ("\"100%\"", "message LIKE '%100\\%%' OR payload::text LIKE '%100\\%%'"),
    ("a_b", "message ILIKE '%a\\_b%' OR payload::text ILIKE '%a\\_b%'"),
    (r#""c\\d""#, r"message LIKE '%c\\d%'"),
    ("ñandú \"(.*)+\"", "message ILIKE '%Ñandú (.*)+%'"),
    ("\"needle 7\"", "payload::text LIKE '%needle 7%'"),
    (
        "-needle type:varied,lead.saved",
        "event_type IN ('varied', 'lead.saved') AND coalesce(payload::text, '') NOT LIKE '%needle%'",
    ),
    (
        "type:varied severity:info,critical -outcome:ok ip:10.0.0.0/8 after:2026-10-01T02:00:00Z",
        "event_type = 'varied' AND severity IN ('info', 'critical') AND outcome IS DISTINCT FROM 'ok' AND ip <<= '10.0.0.0/8' AND occurred_at >= '2026-10-01T02:00:00Z'",
    ),
];

#[tokio::test]
async fn queries_show_what_the_same_sql_shows() {
    let copy = bed().await.small().await;
    let mut su = scribe(&copy).await;
    varied(&mut su).await;
    let all = copy.context(copy.person("ceo", None)).await;
    let one = copy.context(copy.person("auditor", Some(2))).await;
    // The second time the sums are there, for those that they can answer.
    for summed in [false, true] {
        if summed {
            run_up(&copy).await;
        }
        for (query, clause) in CASES {
            for (cx, reach) in [(&all, "TRUE"), (&one, "tenant_id = 2")] {
                let sql = format!(
                    "SELECT coalesce(array_agg(id ORDER BY occurred_at DESC, id DESC), '{{}}')::text FROM public.system_events
                     WHERE occurred_at < '2026-11-01Z' AND ({clause}) AND {reach}"
                );
                let expected = su.one(sql).await;
                let query = format!("{query} {OLD}");
                let ids = listed(cx, &query).await;
                let shown: Vec<_> = ids.iter().map(i64::to_string).collect();
                assert_eq!(format!("{{{}}}", shown.join(",")), expected, "{query}");
                assert_eq!(counted(cx, &query).await, ids.len() as i64, "{query}");
            }
            let any =
                su.one(format!("SELECT count(*) FROM public.system_events WHERE {clause}")).await;
            // What only begins like a name that is no e-mail is somebody else.
            assert!(any != "0" || query == "actor:crm", "{clause} shows nothing");
        }
    }
}

/// What the screen asks the log for.
fn sought(query: &str) -> Sought {
    AuditQuery::parse(query).unwrap().at(&chrono::DateTime::UNIX_EPOCH).unwrap()
}

/// Ids of the first page of `query`: as the planner likes it, walked in order, and gathered.
async fn in_all_ways(cx: &Context, query: &str) -> [Vec<i64>; 3] {
    let sought = sought(query);
    let request = caller(&cx.workplace);
    let permit = cx.store.permit(&request, Action::AuditList, Scope::All).await.unwrap();
    let ids = |rows: Vec<AuditEvent>| rows.iter().map(|e| e.row.id.0).collect::<Vec<_>>();
    cx.store
        .view(permit, async move |read| {
            let freely = rows::page(read, &sought, None, 200, false).await?;
            let in_order = rows::page_in_order(read, &sought, None, 200).await?.unwrap();
            let time = Duration::from_secs(20);
            let gathered = rows::page_gathered(read, &sought, None, 200, time).await?;
            Ok([freely, in_order, gathered].map(ids))
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn every_way_to_a_page_shows_the_same() {
    let copy = bed().await.small().await;
    varied(&mut scribe(&copy).await).await;
    let all = copy.context(copy.person("ceo", None)).await;
    let one = copy.context(copy.person("auditor", Some(2))).await;
    let mut seen = 0;
    for (query, _) in CASES {
        for cx in [&all, &one] {
            let [freely, in_order, gathered] = in_all_ways(cx, &format!("{query} {OLD}")).await;
            assert_eq!(in_order, freely, "{query}");
            assert_eq!(gathered, freely, "{query}");
            seen += freely.len();
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[tokio::test]
async fn walking_that_takes_too_long_leaves_the_snapshot_as_it_was() {
    let copy = bed().await.small().await;
    varied(&mut scribe(&copy).await).await;
    let cx = copy.context(copy.person("auditor", Some(2))).await;
    // There are rows of each, and none of all.
    let query = format!("type:varied severity:warning actor:anabel {OLD}");
    assert_eq!(listed(&cx, &query).await, Vec::<i64>::new());
    slow_rows(&copy, 0.02).await;
    let (none, broad) = (sought(&query), sought(""));
    let request = caller(&cx.workplace);
    let permit = cx.store.permit(&request, Action::AuditList, Scope::All).await.unwrap();
    let (late, after) = cx
        .store
        .view(permit, async move |read| {
            let late = rows::page_in_order(read, &broad, None, 500).await?;
            let time = Duration::from_secs(60);
            Ok((late, rows::page_gathered(read, &none, None, 500, time).await?))
        })
        .await
        .unwrap();
    assert!(late.is_none() && after.is_empty(), "{late:?} {after:?}");
}

#[tokio::test]
async fn a_wrong_query_says_where_before_anything_is_asked() {
    let copy = bed().await.small().await;
    let person = copy.person("auditor", Some(1));
    let cx = copy.context(person).await;
    let request = caller(&cx.workplace);
    let e = audit::list(&cx, &request, "type:a severity:grave", None, 10).await.unwrap_err();
    assert_eq!(e.code, Code::ValidationFailed);
    let detail = |key: &str| e.detail[key].as_str();
    assert_eq!((detail("kind"), detail("from"), detail("to")), ("value_unknown", "16", "21"));
    assert_eq!(detail("suggestion"), "info, warning, critical");
    let e =
        audit::facets(&cx, &request, "when:today after:infinity", CancellationToken::new()).await;
    assert_eq!(e.unwrap_err().detail["kind"], "period_empty");
    let mut su = copy.superuser().await;
    assert!(super::events_of(&mut su, &request).await.is_empty());
    assert!(matches!(audit::parse("tipo:x"), QueryAnswer::Ok { text, .. } if text == "type:x"));
    assert!(
        matches!(audit::parse("tipe:x"), QueryAnswer::Problem { problem } if problem.suggestion.as_deref() == Some("type"))
    );
}

#[tokio::test]
async fn a_period_in_words_does_not_move_from_page_to_page() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("auditor", Some(1))).await;
    let mut su = scribe(&copy).await;
    // One a minute, over the last two hours.
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, occurred_at)
         SELECT 'ticking', 1, now() - n * INTERVAL '1 minute' FROM generate_series(1, 120) n",
    )
    .await;
    let query = "type:ticking when:\"last 90 minutes\"";
    let first = audit::list(&cx, &caller(&cx.workplace), query, None, 30).await.unwrap();
    let mut next = first.next.unwrap();
    // As if this page were asked for 50 minutes after the first.
    let earlier = next.now.to_postgres() - 50 * 60 * 1_000_000;
    next.now = atalaya_model::Instant::from_postgres(earlier);
    let rest = audit::list(&cx, &caller(&cx.workplace), query, Some(next), 500).await.unwrap();
    assert_eq!((first.rows.len(), rest.rows.len()), (30, 90));
    let nonsense =
        atalaya_model::audit::AuditCursor { now: atalaya_model::Instant::INFINITY, ..next };
    let request = caller(&cx.workplace);
    let e = audit::list(&cx, &request, query, Some(nonsense), 500).await.unwrap_err();
    assert_eq!(e.code, Code::ValidationFailed);
}

#[tokio::test]
async fn completion_offers_what_the_caller_may_see() {
    let copy = bed().await.small().await;
    let mut su = scribe(&copy).await;
    varied(&mut su).await;
    su.must("INSERT INTO public.system_events (event_type, tenant_id, actor_label) VALUES ('of.two', 2, 'zoe@two.example')").await;
    let cx = copy.context(copy.person("auditor", Some(1))).await;
    let offers = async |text: &str| {
        let request = caller(&cx.workplace);
        let offers = audit::complete(&cx, &request, text, text.len()).await.unwrap().offers;
        offers.into_iter().map(|o| o.insert).collect::<Vec<_>>()
    };
    assert_eq!(offers("sev").await, ["severity:"]);
    assert_eq!(offers("grav").await, ["severity:"]);
    assert_eq!(offers("gravx").await, Vec::<String>::new());
    assert_eq!(offers("gravedad:cr").await, ["critical"]);
    assert_eq!(offers("type:lead.").await, ["lead.read", "lead.saved"]);
    assert_eq!(offers("type:of").await, Vec::<String>::new());
    // A slip of the pen.
    assert_eq!(offers("type:laed.saved").await, ["lead.saved"]);
    assert_eq!(offers("type:of.tow").await, Vec::<String>::new());
    assert_eq!(offers("resource:laeds").await, ["leads"]);
    assert_eq!(offers("actor:ana").await, ["ana@example.com.ar"]);
    assert_eq!(offers("actor:zoe").await, Vec::<String>::new());
    // The people of the copy were entered by psql, under the event type's own resource.
    assert_eq!(offers("-resource:us").await, ["user", "users"]);
    assert_eq!(offers("when:\"last 7").await, ["\"last 7 days\""]);
    assert!(offers("tenant:").await.contains(&"system".to_owned()));
    // Nobody's log, nobody's values.
    let nobody = copy.person("closer", Some(1));
    let cx = copy.context(nobody).await;
    let request = caller(&cx.workplace);
    let e = audit::complete(&cx, &request, "type:", 5).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    left(&mut su, &request, "log.viewed", "denied", (&nobody.email, &nobody.login)).await;
}
