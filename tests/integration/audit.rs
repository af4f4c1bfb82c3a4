//! The audit log: list, count, read, options, overview. Each done, denied, failed and audited.

mod facets;
mod follow;
mod hostile;
mod long;
mod numbers;
mod query;
mod search;

use crate::bed::{Copy, Person, bed, caller};
use crate::psql::Psql;
use atalaya_model::access::Caller;
use atalaya_model::audit::{AuditCursor, EventId, PAGE_LIMIT};
use atalaya_model::{Code, Instant};
use atalaya_ops::{Context, audit, overview, sessions};
use atalaya_store::Upkeep;
use tokio_util::sync::CancellationToken;

/// The events of one request: type, outcome, actor, login, tenant.
pub async fn events_of(su: &mut Psql, request: &Caller) -> Vec<Vec<Option<String>>> {
    let sql = format!(
        "SELECT event_type, outcome, actor_label, db_user, origin FROM public.system_events
         WHERE request_id = '{}' ORDER BY id",
        request.request_id
    );
    su.rows(sql).await.unwrap()
}

/// Asserts that a request left exactly one event.
pub async fn left(su: &mut Psql, request: &Caller, kind: &str, outcome: &str, who: (&str, &str)) {
    let text = |s: &str| Some(s.to_owned());
    let expected = vec![vec![text(kind), text(outcome), text(who.0), text(who.1), text("console")]];
    assert_eq!(events_of(su, request).await, expected);
}

/// A superuser whose rows keep the columns that they are given: what enters the log past the gate is stamped otherwise.
pub async fn scribe(copy: &Copy) -> Psql {
    let mut su = copy.superuser().await;
    su.must("SET session_replication_role = replica").await;
    su
}

/// Does the upkeep of the sums to its end, as a console does it.
pub async fn run_up(copy: &Copy) {
    let person = copy.adopted.people.iter().find(|p| p.role == "auditor");
    let store = match person {
        Some(person) => copy.context(person).await.store,
        None => copy.console().await.context.store,
    };
    while store.upkeep(Upkeep::RollUp).await.unwrap() > 0 {}
    store.close().await;
}

const OF_IP: &str = "type:login_failed ip:203.0.113.77";

#[tokio::test]
async fn the_burst_lists_and_counts_four_hundred() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let request = caller(&cx.workplace);
    let counted = audit::count(cx, &request, OF_IP, CancellationToken::new()).await.unwrap();
    assert_eq!((counted.count, counted.capped), (400, false));
    let mut seen = 0;
    let mut cursor = None;
    loop {
        let page = audit::list(cx, &request, OF_IP, cursor, 150).await.unwrap();
        assert!(page.rows.iter().all(|r| r.ip.as_deref() == Some("203.0.113.77")));
        seen += page.rows.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, 400);
    // The network that the address is in, and all of the log.
    let all = audit::count(cx, &request, "", CancellationToken::new()).await.unwrap();
    assert!(all.count >= 60_450, "{all:?}");
    // Whatever was counted left the one event of its minute: two at most, if the minute ended meanwhile.
    let mut su = copy.superuser().await;
    let viewed = events_of(&mut su, &request).await;
    assert!((1..=2).contains(&viewed.len()), "{viewed:?}");
    let counts =
        su.one("SELECT sum(count) FROM atalaya.view_counts WHERE event_type = 'log.viewed'").await;
    assert!(counts.parse::<i64>().unwrap() >= 5, "{counts}");
}

#[tokio::test]
async fn paging_loses_and_repeats_nothing() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    // Many events in one microsecond, at both infinities, and before the year 0.
    su.must(
        "INSERT INTO public.system_events (event_type, occurred_at, payload)
         SELECT 'nasty', t::timestamptz, '{}' FROM unnest('{infinity,-infinity,0044-03-15 BC,294276-12-31}'::text[]) t,
                generate_series(1, 40)",
    )
    .await;
    let types = "type:nasty,server_error";
    let expected = su
        .one("SELECT count(*) || ' ' || sum(id) FROM public.system_events WHERE event_type IN ('nasty', 'server_error')")
        .await;
    let mut keys: Vec<(Instant, EventId)> = Vec::new();
    let mut cursor: Option<AuditCursor> = None;
    loop {
        let page = audit::list(cx, &caller(&cx.workplace), types, cursor, 37).await.unwrap();
        keys.extend(page.rows.iter().map(|r| (r.occurred_at, r.id)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert!(keys.windows(2).all(|w| w[0] > w[1]), "newest first, each once");
    assert_eq!(format!("{} {}", keys.len(), keys.iter().map(|k| k.1.0).sum::<i64>()), expected);
    assert_eq!(keys[0].0, Instant::INFINITY);
    // The densest microsecond of the fixture.
    let dense = su.one("SELECT max(n) FROM (SELECT count(*) n FROM public.system_events GROUP BY occurred_at) d").await;
    assert!(dense.parse::<i64>().unwrap() >= 50);
    let one = audit::list(cx, &caller(&cx.workplace), "", None, i64::MAX).await.unwrap();
    assert_eq!(one.rows.len() as i64, PAGE_LIMIT);
}

#[tokio::test]
async fn filters_narrow() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    let email = su
        .one("SELECT actor_label FROM public.system_events WHERE actor_label LIKE '%@%' LIMIT 1")
        .await;
    let cases: Vec<(String, String)> = vec![
        ("tenant:3".into(), "tenant_id = 3".into()),
        ("tenant:3,system".into(), "tenant_id = 3 OR tenant_id IS NULL".into()),
        ("tenant:system".into(), "tenant_id IS NULL".into()),
        (format!("actor:\" {email} \""), format!("actor_label = '{email}'")),
        ("ip:203.0.113.0/24".into(), "ip <<= '203.0.113.0/24'".into()),
        (
            "after:2026-01-01T00:00:00Z before:2026-10-01T00:00:00Z".into(),
            "occurred_at >= '2026-01-01Z' AND occurred_at < '2026-10-01Z'".into(),
        ),
        (
            "severity:critical outcome:failed,denied".into(),
            "severity = 'critical' AND outcome IN ('failed', 'denied')".into(),
        ),
    ];
    for (filter, clause) in cases {
        // Rows of the program's own come on top while this runs.
        let sql = format!(
            "SELECT count(*) FROM public.system_events WHERE origin = 'legacy' AND ({clause})"
        );
        let expected: i64 = su.one(sql).await.parse().unwrap();
        let own = format!(
            "SELECT count(*) FROM public.system_events WHERE origin <> 'legacy' AND ({clause})"
        );
        let counted = audit::count(cx, &caller(&cx.workplace), &filter, CancellationToken::new())
            .await
            .unwrap()
            .count;
        let own: i64 = su.one(own).await.parse().unwrap();
        assert!(
            counted >= expected && counted <= expected + own,
            "{clause}: {counted}, {expected} + {own}"
        );
        assert!(expected > 0 || clause.contains("critical"), "{clause} shows nothing");
    }
    let e = audit::list(cx, &caller(&cx.workplace), "actor:", None, 10).await.unwrap_err();
    assert_eq!(e.code, Code::ValidationFailed);
}

#[tokio::test]
async fn reading_one_is_audited_each_time_and_fails_with_an_event() {
    let copy = bed().await.small().await;
    let auditor = copy.person("auditor", Some(1));
    let cx = copy.context(auditor).await;
    let mut su = copy.superuser().await;
    let page = audit::list(&cx, &caller(&cx.workplace), "", None, 5).await.unwrap();
    assert!(page.rows.iter().all(|r| r.tenant_id == Some(1)) && !page.rows.is_empty());
    let row = &page.rows[0];
    for _ in 0..2 {
        let request = caller(&cx.workplace);
        let event = audit::read(&cx, &request, row.id, row.occurred_at).await.unwrap();
        assert_eq!(event.row, *row);
        assert_eq!(events_of(&mut su, &request).await.len(), 1);
    }
    // The twin's event is not there for this caller, and saying so is recorded.
    let twin = su.rows("SELECT id, extract(epoch FROM occurred_at)::bigint FROM public.system_events WHERE tenant_id = 2 LIMIT 1").await.unwrap();
    let id = EventId(twin[0][0].as_ref().unwrap().parse().unwrap());
    let at = su
        .one(format!("SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM public.system_events WHERE id = {}", id.0))
        .await;
    let request = caller(&cx.workplace);
    let e = audit::read(&cx, &request, id, at.parse().unwrap()).await.unwrap_err();
    assert_eq!((e.code, e.request_id), (Code::EntityNotFound, Some(request.request_id)));
    let outcomes: Vec<_> =
        events_of(&mut su, &request).await.into_iter().map(|r| r[1].clone().unwrap()).collect();
    assert_eq!(outcomes, ["ok", "failed"], "the attempt before the rows, then its end");
    // By its number alone it is the same.
    let found = audit::find(&cx, &caller(&cx.workplace), row.id).await.unwrap();
    assert_eq!(found.row, *row);
    let request = caller(&cx.workplace);
    let by_number = audit::find(&cx, &request, id).await.unwrap_err();
    assert_eq!((by_number.code, by_number.message), (e.code, e.message));
    assert_eq!(events_of(&mut su, &request).await.len(), 2);
    let twin = copy.context(copy.person("auditor", Some(2))).await;
    assert!(audit::read(&twin, &caller(&twin.workplace), id, at.parse().unwrap()).await.is_ok());
}

async fn denied(
    copy: &Copy,
    person: &Person,
    kind: &str,
    call: impl AsyncFnOnce(&Context, &Caller) -> Code,
) {
    let cx = copy.context(person).await;
    let request = caller(&cx.workplace);
    assert_eq!(call(&cx, &request).await, Code::AccessDenied, "{kind}");
    let mut su = copy.superuser().await;
    left(&mut su, &request, kind, "denied", (&person.email, &person.login)).await;
    let reason = format!(
        "SELECT severity || ' ' || coalesce(tenant_id::text, '-') || ' ' || (payload -> 'details' ->> 'reason')
         FROM public.system_events WHERE request_id = '{}'",
        request.request_id
    );
    assert_eq!(su.one(reason).await, "warning - no_grant");
}

#[tokio::test]
async fn whoever_may_not_is_refused_with_an_event() {
    let copy = bed().await.small().await;
    let nobody = copy.person("closer", Some(1));
    denied(&copy, nobody, "log.viewed", async |cx, c| {
        audit::list(cx, c, "", None, 5).await.unwrap_err().code
    })
    .await;
    denied(&copy, nobody, "log.viewed", async |cx, c| {
        audit::count(cx, c, "", CancellationToken::new()).await.unwrap_err().code
    })
    .await;
    denied(&copy, nobody, "log.viewed", async |cx, c| {
        audit::options(cx, c).await.unwrap_err().code
    })
    .await;
    denied(&copy, nobody, "overview.viewed", async |cx, c| {
        overview::view(cx, c).await.unwrap_err().code
    })
    .await;
    denied(&copy, nobody, "event.viewed", async |cx, c| {
        audit::read(cx, c, EventId(1), Instant::INFINITY).await.unwrap_err().code
    })
    .await;
    denied(&copy, nobody, "event.viewed", async |cx, c| {
        audit::find(cx, c, EventId(1)).await.unwrap_err().code
    })
    .await;
}

#[tokio::test]
async fn options_and_overview_tell_of_ones_own_tenants_only() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("ceo", Some(1))).await;
    let options = audit::options(&cx, &caller(&cx.workplace)).await.unwrap();
    assert_eq!(options.tenants.iter().map(|t| t.id.0).collect::<Vec<_>>(), [1]);
    let mut su = copy.superuser().await;
    let own = su.one("SELECT string_agg(DISTINCT event_type, ' ' ORDER BY event_type) FROM public.system_events WHERE tenant_id = 1").await;
    let mut types = options.types;
    types.sort();
    assert_eq!(types.join(" "), own);
    let view = overview::view(&cx, &caller(&cx.workplace)).await.unwrap();
    let leads: i64 =
        su.one("SELECT count(*) FROM public.leads WHERE tenant_id = 1").await.parse().unwrap();
    assert_eq!((view.totals.tenants, view.totals.leads), (1, leads));
    assert!(view.activity.iter().all(|r| r.tenant_id == Some(1)));
    let all = copy.context(copy.person("ceo", None)).await;
    let view = overview::view(&all, &caller(&all.workplace)).await.unwrap();
    assert_eq!(view.totals.tenants, 7);
    assert!(view.attention.iter().any(|a| a.code == "legacy_login_active"));
}

#[tokio::test]
async fn a_count_can_be_cancelled() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let request = caller(&cx.workplace);
    // Whether the answer or the cancellation is first is open; neither may harm the connection.
    if let Err(e) = audit::count(&cx, &request, "", cancel).await {
        assert_eq!(e.code, Code::Cancelled);
    }
    assert!(audit::count(&cx, &request, "", CancellationToken::new()).await.is_ok());
}

/// What the screen asks for a session's events is what they carry.
#[tokio::test]
async fn an_event_of_a_session_leads_to_the_others_of_it() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let cx = opened.context;
    let query = "type:console.opened";
    let page = audit::list(&cx, &caller(&cx.workplace), query, None, 1).await.unwrap();
    let row = &page.rows[0];
    let event = audit::read(&cx, &caller(&cx.workplace), row.id, row.occurred_at).await.unwrap();
    let session = event.session_id.expect("the event of a session names it");
    assert_eq!(session, opened.id.to_string());
    sessions::end(&cx, &caller(&cx.workplace), opened.id, "test").await.unwrap();
    let query = format!("resource:sessions/{session}");
    let all = audit::list(&cx, &caller(&cx.workplace), &query, None, 10).await.unwrap();
    let types: Vec<_> = all.rows.iter().map(|r| r.event_type.as_str()).collect();
    assert_eq!(types, ["console.locked", "console.opened"]);
    let others = "-type:console.opened,console.locked";
    let other = audit::list(&cx, &caller(&cx.workplace), others, None, 1).await;
    let row = other.unwrap().rows.remove(0);
    let event = audit::read(&cx, &caller(&cx.workplace), row.id, row.occurred_at).await.unwrap();
    assert_eq!(event.session_id, None);
}
