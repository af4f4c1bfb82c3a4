//! The log followed while 200 events a second come in through the CRM's own login: none is lost, none is shown twice, and the
//! screen goes on painting.

use crate::crm;
use crate::house::House;
use crate::window::Window;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// What comes in; nothing else in the log is of this type.
const TYPE: &str = "webhook_received";
/// Fifteen seconds of it.
const ALL: u32 = 3_000;
/// As many are followed before the pause; what comes in while it lasts is no more than the screen holds.
const FOLLOWED: u32 = 1_200;
/// Events of one statement, and how often one is sent: 200 a second.
const AT_ONCE: u32 = 5;
const EVERY: Duration = Duration::from_millis(25);
const WRITE: &str = "INSERT INTO system_events (event_type, severity, message, payload)
    SELECT 'webhook_received', CASE WHEN n % 50 = 0 THEN 'warning' ELSE 'info' END, 'WhatsApp: message ' || n,
           jsonb_build_object('n', n, 'ip_address', '198.51.100.' || n % 200, 'tenant_id', 1 + n % 7)
    FROM generate_series($1::int, $1::int + $2::int - 1) n";
/// Scrolls from the top to the last row that is laid out and gives the ids of all rows that were drawn on the way, as often as
/// the list has them.
const WALK: &str = "const done = arguments[0]
    const list = document.querySelector('[data-testid=\"audit-list\"]')
    const seen = new Map()
    const read = () => {
      for (const row of list.querySelectorAll('[data-testid=\"audit-row\"]')) seen.set(row.id, row.dataset.eventId)
    }
    const step = () => {
      read()
      const before = list.scrollTop
      list.scrollTop = before + list.clientHeight - 80
      if (list.scrollTop === before) return done([...seen.values()])
      requestAnimationFrame(() => requestAnimationFrame(step))
    }
    list.scrollTop = 0
    requestAnimationFrame(() => requestAnimationFrame(step))";

pub async fn two_hundred_a_second(window: &Window<'_>, house: &House) {
    window.press("nav-audit").await;
    window.ask(&format!("type:{TYPE}")).await;
    window.find("audit-empty").await;
    window.press("live-toggle").await;
    window.becomes("live", "data-state", "following").await;
    let pool = house.crm.pool(crm::LOGIN, crm::PASSWORD, crm::DATABASE);
    let began = Instant::now();
    let writer = tokio::spawn(async move {
        let mut clock = interval(EVERY);
        // Late ones are made up for: the rate is that of the whole.
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for from in (1..=ALL).step_by(AT_ONCE as usize) {
            clock.tick().await;
            let (from, n) = (from.cast_signed(), AT_ONCE.cast_signed());
            sqlx::query(WRITE).bind(from).bind(n).execute(&pool).await.unwrap();
        }
        pool.close().await;
        began.elapsed()
    });
    window.find("audit-row").await;
    window.frames_begin().await;
    paused_after(window, FOLLOWED).await;
    let following = window.frames_end().await;
    println!("following: {following}");
    // A screen that stands still for a second cannot be worked with; a tenth is noticed.
    assert!(following.p95 < 200.0 && following.longest < 1_500.0, "it stutters: {following}");

    let first = walk(window).await;
    let waiting: u32 = loop {
        let (waiting, behind) = waiting(window).await;
        if writer.is_finished() && !behind && first.len() as u32 + waiting >= ALL {
            break waiting;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{waiting} waiting, {} shown",
            first.len()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let took = writer.await.unwrap();
    println!("{} events in {:.1} s", ALL, took.as_secs_f32());
    assert_eq!(first.len() as u32 + waiting, ALL, "events were lost or counted twice");
    // What is counted in the background was counted when following began, over no event, and again when it paused.
    let counted = window.attribute("audit-count", "data-count").await.unwrap();
    let counted: usize = counted.parse().unwrap();
    assert!(counted >= first.len(), "{counted} counted, {} shown", first.len());
    window.find("histogram-chart").await;
    window.find("live-come").await;
    window.look_twice("15-paused", ["light", "dark"]).await;
    window.press("live-waiting").await;
    window.becomes("live", "data-state", "following").await;
    window.gone("live-waiting").await;
    window.becomes("audit-count", "data-count", &ALL.to_string()).await;
    window.gone("live-come").await;
    window.look("16-caught-up").await;
    let second = walk(window).await;

    let all: BTreeSet<&String> = first.iter().chain(&second).collect();
    let truth = "SELECT id FROM public.system_events WHERE event_type = 'webhook_received'";
    let truth: Vec<i64> = sqlx::query_scalar(truth).fetch_all(&house.crm.truth()).await.unwrap();
    let truth: Vec<String> = truth.iter().map(ToString::to_string).collect();
    assert_eq!(truth.len() as u32, ALL);
    let lost: Vec<&String> = truth.iter().filter(|id| !all.contains(id)).collect();
    assert!(lost.is_empty() && all.len() == truth.len(), "never shown: {lost:?}");
    window.press("live-stop").await;
    window.becomes("live", "data-state", "off").await;
    window.becomes("audit-count", "data-count", "3000").await;
}

/// Follows until so many are shown, then pauses as a person does: by going into the list.
async fn paused_after(window: &Window<'_>, shown: u32) {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        let held = window.attribute("audit-position", "data-loaded").await;
        if held.and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n >= shown) {
            break;
        }
        assert!(Instant::now() < deadline, "what comes in is not shown");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Without axe-core, which would hold the page.
    window.picture("14-following");
    window.press("live-toggle").await;
    window.becomes("live", "data-state", "paused").await;
}

/// How many wait to be shown, and whether the server has more.
async fn waiting(window: &Window<'_>) -> (u32, bool) {
    const CODE: &str = "const waiting = document.querySelector('[data-testid=\"live-waiting\"]')
        return [Number(waiting?.dataset.count ?? 0), document.querySelector('[data-testid=\"live\"]').dataset.behind ?? null]";
    let seen = window.js(CODE, Vec::new()).await;
    (seen[0].as_u64().unwrap().try_into().unwrap(), !seen[1].is_null())
}

/// All rows of the list; each only once.
async fn walk(window: &Window<'_>) -> Vec<String> {
    let Value::Array(ids) = window.js_later(WALK, Vec::new()).await else { panic!("no rows") };
    let ids: Vec<String> = ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an event is shown twice: {}", json!(ids));
    ids
}
