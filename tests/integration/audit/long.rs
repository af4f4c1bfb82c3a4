//! Events that take long to look through: they keep no search from the rest of the log, however many there are.

use super::scribe;
use crate::bed::{CRM, Copy, PASSWORD, bed, caller};
use atalaya_ops::{Context, audit};
use std::time::{Duration, Instant};

/// Planted by the CRM's login in one transaction, so that all of them are of one moment, with something to be found before them.
async fn plant(copy: &Copy, message: &str, payload: &str, rows: i32) {
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    crm.must(
        "INSERT INTO system_events (event_type, message, payload, occurred_at)
         SELECT 'hay', 'the silver needle §§ ' || n, jsonb_build_object('tenant_id', 1), now() - INTERVAL '1 hour'
         FROM generate_series(1, 5) n",
    )
    .await;
    crm.must(format!(
        "WITH costly AS MATERIALIZED (SELECT {message} AS message, {payload} AS payload)
         INSERT INTO system_events (event_type, message, payload)
         SELECT 'planted', message, payload FROM costly, generate_series(1, {rows})"
    ))
    .await;
    // They are of a tenant whose auditor does not search by the index.
    scribe(copy)
        .await
        .must("UPDATE public.system_events SET tenant_id = 1 WHERE event_type = 'planted'")
        .await;
}

/// How many events all pages of a query show, none of which may be refused or take longer than a screen waits.
async fn found(cx: &Context, query: &str) -> usize {
    let (mut rows, mut cursor) = (0, None);
    for _ in 0..60 {
        let began = Instant::now();
        let page = audit::list(cx, &caller(&cx.workplace), query, cursor, 50).await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(2), "{query}: {took:?}");
        let page = page.unwrap_or_else(|e| panic!("{query}: {e:?}"));
        rows += page.rows.len();
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
    panic!("{query}: no end of it");
}

/// List and tail get past such events, and find what lies before and behind them.
async fn nothing_is_hidden_by(message: &str, payload: &str, rows: i32) {
    let copy = bed().await.small().await;
    let all = copy.context(copy.person("ceo", None)).await;
    let one = copy.context(copy.person("auditor", Some(1))).await;
    let first = audit::tail(&one, &caller(&one.workplace), "needle", None).await.unwrap();
    plant(&copy, message, payload, rows).await;
    for cx in [&all, &one] {
        assert_eq!(found(cx, "needle").await, 5);
        assert_eq!(found(cx, "\"silver needle\" -golden").await, 5);
    }
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    crm.must(
        "INSERT INTO system_events (event_type, message, payload)
         VALUES ('hay', 'needle at last', '{\"tenant_id\": 1}')",
    )
    .await;
    assert_eq!(came(&one, "needle", first.mark).await, 6);
}

/// How many events the tail shows since a mark.
async fn came(cx: &Context, query: &str, mut mark: String) -> usize {
    let mut rows = 0;
    for _ in 0..60 {
        let began = Instant::now();
        let tail = audit::tail(cx, &caller(&cx.workplace), query, Some(&mark)).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        rows += tail.rows.len();
        mark = tail.mark;
        if !tail.more {
            return rows;
        }
    }
    panic!("{query}: no end of it");
}

/// Eight megabytes as text, which take a tenth of a second to be written.
#[tokio::test]
async fn no_search_is_kept_from_the_rest_by_payloads_that_are_costly_to_write() {
    let payload = "(SELECT jsonb_agg(''::text) FROM generate_series(1, 2070000))";
    nothing_is_hidden_by("'x'", payload, 16).await;
}

/// As long as what is looked through can be.
#[tokio::test]
async fn no_search_is_kept_from_the_rest_by_long_texts() {
    nothing_is_hidden_by("repeat('😀', 32768)", "to_jsonb(repeat('😀', 32766))", 500).await;
}

/// A flood of small events is left out by the query: the next one that fits is far behind it, whatever is looked for. Each of them takes
/// a while, which is what a flood of millions is like.
#[tokio::test]
async fn no_search_is_kept_from_what_lies_behind_a_flood() {
    let copy = bed().await.small().await;
    plant(&copy, "'x'", "'{}'::jsonb", 500).await;
    scribe(&copy)
        .await
        .must(
            "UPDATE public.system_events SET actor_label = 'spam@example.com' WHERE event_type = 'planted';
             CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
             USING (CASE event_type WHEN 'planted' THEN pg_sleep(0.002) IS NOT NULL ELSE TRUE END)",
        )
        .await;
    for person in [copy.person("ceo", None), copy.person("auditor", Some(1))] {
        let cx = copy.context(person).await;
        // A beginning of a name is compared behind the policies, so that they are asked for each of them.
        assert_eq!(found(&cx, "silver -actor:spam").await, 5);
        // Which no index of trigrams helps with.
        assert_eq!(found(&cx, "§§ -actor:spam").await, 5);
    }
}

/// What is looked through of each event, beside what is kept of it.
const LOOKED_AT: &str = "SELECT string_agg(concat_ws(' ', event_type, atalaya_search_text IS NOT NULL,
         atalaya_search_text = coalesce(left(message, 32768), '') || E'\\n' || coalesce(left(payload::text, 32768), '')), ', ' ORDER BY event_type)
     FROM public.system_events WHERE event_type LIKE 'long.%'";

#[tokio::test]
async fn the_text_of_long_events_is_kept_and_of_no_other() {
    let copy = bed().await.small().await;
    let events = "INSERT INTO system_events (event_type, message, payload) VALUES
         ('long.1', repeat('x', 32768), jsonb_build_object('a', 'b')), ('long.2', repeat('x', 32769), NULL),
         ('long.3', NULL, to_jsonb(repeat('x', 32766))), ('long.4', NULL, to_jsonb(repeat('x', 32767))),
         ('long.5', repeat('ñ', 20000), to_jsonb(repeat('ñ', 40000))), ('long.6', NULL, (SELECT jsonb_agg('1e200'::numeric) FROM generate_series(1, 200)))";
    let kept = "long.1 f, long.2 t t, long.3 f, long.4 t t, long.5 t t, long.6 t t";
    copy.bed.psql(CRM, PASSWORD, &copy.name).await.must(events).await;
    let mut su = copy.superuser().await;
    assert_eq!(su.one(LOOKED_AT).await, kept);
    // It is not the writer's to supply, not even an owner's of the table.
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    let supplied = "INSERT INTO public.system_events (event_type, message, atalaya_search_text) VALUES ('long.0', 'what was done', 'nothing')";
    assert_eq!(crm.refused(supplied).await, "42501");
    su.must(supplied).await;
    assert_eq!(su.one(LOOKED_AT).await, format!("long.0 f, {kept}"));
    // Events from before get theirs, once.
    let mut before = scribe(&copy).await;
    before.must("UPDATE public.system_events SET atalaya_search_text = NULL").await;
    let migration =
        include_str!("../../../migrations/20261201030100_search_text_of_long_events.sql");
    for _ in 0..2 {
        su.must(format!("BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL ROLE atalaya_owner; {migration}; COMMIT"))
            .await;
        assert_eq!(su.one(LOOKED_AT).await, format!("long.0 f, {kept}"));
    }
}
