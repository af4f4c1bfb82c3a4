//! The query language against SQL that says the same, and what it refuses.

use super::{left, run_up, scribe};
use crate::bed::{Copy, bed, caller};
use crate::psql::Psql;
use atalaya_model::Code;
use atalaya_model::access::{Action, Scope};
use atalaya_model::audit::AuditEvent;
use atalaya_model::audit::query::{AuditQuery, QueryAnswer, Sought};
use atalaya_ops::{Context, audit};
use atalaya_store::audit as rows;
use std::time::{Duration, Instant};
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

/// Anything that somebody may type, and the time it may take.
async fn within(cx: &Context, query: &str) -> Result<usize, Code> {
    let began = Instant::now();
    let page = audit::list(cx, &caller(&cx.workplace), query, None, 100).await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}: {:.80}", query);
    page.map(|p| p.rows.len()).map_err(|e| e.code)
}

#[tokio::test]
async fn hostile_queries_are_answered_or_refused_in_two_seconds() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let many =
        |n: usize, of: &dyn Fn(usize) -> String| (0..n).map(of).collect::<Vec<_>>().join(" ");
    let refused = [
        many(10_000, &|n| format!("type:t{n}")),
        "a ".repeat(10_000),
        "x".repeat(4_097),
        "nul\0".to_owned(),
        "type:\"a\u{7}\"".to_owned(),
        many(11, &|n| format!("w{n}")),
        many(3, &|n| format!("{}{n}", "x".repeat(333))),
        format!("ip:{}", (0..201).map(|n| format!("10.0.0.{n}")).collect::<Vec<_>>().join(",")),
        "ip:0.0.0.0/-1".to_owned(),
        "tenant:99999999999".to_owned(),
        // Beyond what the server calls a time.
        "after:pg:-9223372036854775807 before:pg:9223372036854775806".to_owned(),
    ];
    for query in refused {
        assert_eq!(within(cx, &query).await, Err(Code::ValidationFailed), "{query:.60}");
    }
    // As much text as fits in ten pieces, nothing that has any index; ranges over everything; what means something elsewhere.
    let answered = [
        many(10, &|n| format!("\"{}{n}\"", "ab".repeat(49))),
        many(10, &|n| format!("-\"{}{n}\"", "ab".repeat(49))),
        "\"(a+)+$\" \"[[:alpha:]]*\" \"^.*(.*.*)*\"".to_owned(),
        "% _ \\ \"%%%%%%%%\" \"\\\\\\\\\" '; --".to_owned(),
        "ip:0.0.0.0/0,::/0 -ip:0.0.0.0/1".to_owned(),
        "after:-infinity before:infinity".to_owned(),
        "when:\"last 100000 years\"".to_owned(),
        "after:pg:-211813488000000000 before:pg:9223371331199999999".to_owned(),
        format!("actor:{}", (0..200).map(|n| format!("a{n}")).collect::<Vec<_>>().join(",")),
        format!("-actor:{}", (0..200).map(|n| format!("A{n}")).collect::<Vec<_>>().join(",")),
        format!("-ip:{}", (0..180).map(|n| format!("10.0.0.{n}/32")).collect::<Vec<_>>().join(",")),
        "\u{10FFFF} actor:\u{10FFFF}".to_owned(),
    ];
    for query in answered {
        let n = within(cx, &query).await;
        assert!(matches!(n, Ok(_) | Err(Code::QueryTooBroad)), "{query:.60}: {n:?}");
    }
    assert_eq!(within(cx, "").await, Ok(100));
}

/// As many pieces as are wanted, and as long as they may be: all of them agree with a row of letters `a` almost to their ends.
fn nearly(pieces: usize) -> String {
    let piece = |at| format!("{}b", "a".repeat((990 / pieces).min(390) - at));
    (0..pieces).map(piece).collect::<Vec<_>>().join(" ")
}

/// Counting goes on in the background; it ends when nobody wants it any more.
async fn cancelled_soon(cx: &Context, query: &str) {
    let (request, cancel) = (caller(&cx.workplace), CancellationToken::new());
    let soon = cancel.clone();
    let began = Instant::now();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        soon.cancel();
    };
    let (n, ()) = tokio::join!(audit::count(cx, &request, query, cancel), stop);
    assert!(n.is_ok() || n.is_err_and(|e| e.code == Code::Cancelled), "{query:.60}");
    let took = began.elapsed();
    assert!(took < Duration::from_secs(1), "{query:.60}: {took:?}");
}

/// The server hears of a limit between rows. One that its writer made as long as he could, and texts that agree with it almost to
/// their ends, or only there, must not keep it from that.
#[tokio::test]
async fn no_event_is_so_long_that_a_search_for_a_text_cannot_end() {
    let copy = bed().await.small().await;
    let planted = "INSERT INTO public.system_events (event_type, message, payload, occurred_at, tenant_id)
         VALUES ('planted', repeat('a', 10000000), jsonb_build_object('a', repeat('a', 10000000)), '2026-10-01Z', 1),
                ('planted', repeat('a', 32767) || 'b', NULL, '2026-10-01Z', 1)";
    scribe(&copy).await.must(planted).await;
    for person in [copy.person("ceo", None), copy.person("auditor", Some(1))] {
        let cx = copy.context(person).await;
        for (text, fit) in [
            (nearly(1), 1),
            (nearly(10), 1),
            (format!("{} \"{}\\\"b\"", nearly(2), "a".repeat(200)), 0),
            (format!("-{} type:planted", nearly(1)), 1),
            (format!("{} -{} type:planted", "a".repeat(400), nearly(1)), 1),
        ] {
            let n = within(&cx, &text).await;
            assert!(n == Ok(fit) || n == Err(Code::QueryTooBroad), "{text:.60}: {n:?}");
            cancelled_soon(&cx, &text).await;
        }
        // A list shows as much of it as fits a line.
        let request = caller(&cx.workplace);
        let page = audit::list(&cx, &request, "type:planted", None, 10).await.unwrap();
        assert_eq!(page.rows.len(), 2);
        for row in page.rows {
            let message = row.message.unwrap();
            assert_eq!((message.chars().count(), message.ends_with("a…")), (1_025, true));
        }
    }
}

/// Each event costs every piece of text as much as one can, none fits, and there is no end of them.
#[tokio::test]
async fn events_that_nearly_fit_are_looked_through_until_the_time_is_up() {
    let copy = bed().await.small().await;
    // An index knows that an event without `aab` does not fit.
    let planted = "INSERT INTO public.system_events (event_type, message, payload, occurred_at, tenant_id)
         SELECT 'planted', 'aab ' || repeat('a', 32764), to_jsonb(repeat('a', 32766)), '2026-10-01Z', 1 FROM generate_series(1, 300)";
    scribe(&copy).await.must(planted).await;
    for person in [copy.person("ceo", None), copy.person("auditor", Some(1))] {
        let cx = copy.context(person).await;
        for text in [nearly(3), nearly(10), format!("-{} type:other", nearly(3).replace(' ', " -"))]
        {
            for query in [text.clone(), format!("{text} type:planted")] {
                let n = within(&cx, &query).await;
                assert!(matches!(n, Ok(0) | Err(Code::QueryTooBroad)), "{query:.60}: {n:?}");
                cancelled_soon(&cx, &query).await;
            }
        }
    }
}

/// Each row of the log takes so long to be looked at.
async fn slow_rows(copy: &Copy, seconds: f64) {
    let sql = format!(
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (pg_sleep({seconds}) IS NOT NULL)"
    );
    copy.superuser().await.must(sql).await;
}

/// The answer may be here a moment before the server has put the rest of the statement away.
async fn nothing_runs(su: &mut Psql, what: &str) {
    let running = "SELECT coalesce(string_agg(query, ' ; '), '') FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()";
    let mut seen = su.one(running).await;
    for _ in 0..10 {
        if seen.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        seen = su.one(running).await;
    }
    panic!("{what} still runs: {seen}");
}

#[tokio::test]
async fn what_takes_too_long_is_too_broad_and_the_server_stops() {
    let copy = bed().await.small().await;
    let person = copy.person("auditor", Some(1));
    let cx = copy.context(person).await;
    slow_rows(&copy, 0.05).await;
    let none = CancellationToken::new;
    let mut su = copy.superuser().await;
    for what in ["list", "several things", "facets", "text", "tail"] {
        let request = caller(&cx.workplace);
        let began = Instant::now();
        let e = match what {
            "list" => audit::list(&cx, &request, "", None, 500).await.map(|_| ()),
            "several things" => {
                audit::list(&cx, &request, "severity:info outcome:ok", None, 500).await.map(|_| ())
            }
            "facets" => audit::facets(&cx, &request, "", none()).await.map(|_| ()),
            "text" => audit::list(&cx, &request, "nowhere", None, 500).await.map(|_| ()),
            _ => audit::tail(&cx, &request, "", Some("3:3:")).await.map(|_| ()),
        };
        // What came with transactions is less than what was taken over; it may be few enough.
        if what == "tail" && e.is_ok() {
            continue;
        }
        let e = e.unwrap_err();
        assert_eq!(e.code, Code::QueryTooBroad, "{what}: {e:?}");
        assert!(began.elapsed() < Duration::from_millis(2_900), "{what} {:?}", began.elapsed());
        nothing_runs(&mut su, what).await;
    }
    // And what may take longer is cancelled on the server.
    for what in ["list", "text", "count", "facets", "histogram"] {
        let (request, cancel) = (caller(&cx.workplace), CancellationToken::new());
        let soon = cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            soon.cancel();
        });
        let began = Instant::now();
        let e = match what {
            "list" => audit::list_until(&cx, &request, "", None, 500, cancel).await.map(|_| ()),
            "text" => {
                audit::list_until(&cx, &request, "nowhere", None, 500, cancel).await.map(|_| ())
            }
            "count" => audit::count(&cx, &request, "", cancel).await.map(|_| ()),
            "facets" => audit::facets(&cx, &request, "", cancel).await.map(|_| ()),
            _ => audit::histogram(&cx, &request, "", 60, cancel).await.map(|_| ()),
        };
        assert_eq!(e.unwrap_err().code, Code::Cancelled, "{what}");
        assert!(began.elapsed() < Duration::from_secs(1), "{what} {:?}", began.elapsed());
        // Nobody waits for it any more: that is no failure, and no line in the log.
        assert_eq!(super::events_of(&mut su, &request).await.len(), 0, "{what}");
    }
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
