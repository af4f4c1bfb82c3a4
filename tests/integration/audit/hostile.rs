//! Queries and rows that would hold the log up: answered or refused in time, and cancelled on the server.

use super::scribe;
use crate::bed::{CRM, Copy, PASSWORD, bed, caller};
use crate::psql::Psql;
use atalaya_model::Code;
use atalaya_ops::{Context, audit};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

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
            (format!("{} \"{}\\\"b\"", nearly(2), "a".repeat(95)), 0),
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

/// Each event costs every piece of text as much as one can, none fits, and there is no end of them: those that are long to look
/// through, and those whose payload takes longest to be made text of.
#[tokio::test]
async fn events_that_nearly_fit_are_looked_through_until_the_time_is_up() {
    // An index knows that an event without `aab` does not fit.
    for (payload, rows) in [
        ("to_jsonb(repeat('a', 32766))", 300),
        ("jsonb_build_object('a', repeat(chr(1), 1398000))", 30),
        ("(SELECT jsonb_agg('1e131071'::numeric) FROM generate_series(1, 63))", 30),
        ("(SELECT jsonb_agg(1) FROM generate_series(1, 690000))", 30),
    ] {
        let copy = bed().await.small().await;
        let planted = format!(
            "INSERT INTO system_events (event_type, message, payload)
             SELECT 'planted', 'aab ' || repeat('a', 32764), {payload} FROM generate_series(1, {rows})"
        );
        copy.bed.psql(CRM, PASSWORD, &copy.name).await.must(planted).await;
        let cx = copy.context(copy.person("ceo", None)).await;
        let quoted =
            format!("\"{}\\\"b\" {} -{}c", "a".repeat(240), "a".repeat(241), "a".repeat(242));
        for query in [format!("{} type:planted", nearly(10)), quoted] {
            let n = within(&cx, &query).await;
            assert!(matches!(n, Ok(0) | Err(Code::QueryTooBroad)), "{payload} {query:.60}: {n:?}");
            cancelled_soon(&cx, &query).await;
        }
    }
}

/// Each row of the log takes so long to be looked at.
pub(super) async fn slow_rows(copy: &Copy, seconds: f64) {
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
