//! Events that no writer was expected to write: huge, endless, of several lines, from right to left.

use crate::crm;
use crate::house::House;
use crate::window::Window;
use serde_json::{Value, json};

const LIST: &str = "[data-testid=\"audit-list\"]";
const DETAIL: &str = "[data-testid=\"audit-detail\"]";
/// A payload of 280 KB with a before and after of more fields than are shown, one of them long.
const HUGE: &str = "INSERT INTO system_events (event_type, severity, message, payload)
    SELECT 'corner_huge', 'warning', 'A payload of 280 KB', jsonb_build_object(
        'job', 'corner', 'user_email', 'ana@example.com', 'tenant_id', 1,
        'before', fields.was || jsonb_build_object('notes', repeat('lorem ipsum ', 400)),
        'after', fields.became || jsonb_build_object('notes', repeat('dolor sit ', 400)),
        'body', (SELECT jsonb_object_agg('row_' || n, md5(n::text) || md5((n * 7)::text)) FROM generate_series(1, 3300) n))
    FROM (SELECT jsonb_object_agg('field_' || n, n) AS was, jsonb_object_agg('field_' || n, n + 1) AS became
          FROM generate_series(1, 300) n) AS fields";
/// 10,000 characters without a space.
const ENDLESS: &str = "INSERT INTO system_events (event_type, severity, message, payload)
    VALUES ('corner_endless_' || repeat('x', 400), 'critical', repeat('x', 10000), jsonb_build_object(
        'job', 'corner', 'user_email', repeat('a', 390) || '@example.com', 'resource_id', repeat('9', 400), 'tenant_id', 1, 'note', repeat('y', 10000)))";
/// Line breaks, letters from right to left with marks that turn what follows, and a family of one emoji.
const TURNED: &str = "INSERT INTO system_events (event_type, severity, message, payload)
    VALUES ('corner_turned', 'info', E'first\nsecond\r\nthird\tשלום עולם مرحبا \u{202e}evil\u{202c} 👩‍👩‍👧‍👦 🇪🇸', jsonb_build_object(
        'job', 'corner', 'user_email', E'שלום\n👩‍👩‍👧‍👦\u{202e}moc.elpmaxe@ana', 'resource_id', E'a\nb', 'tenant_id', 6, 'note', E'مرحبا\n👋🏽'))";

pub async fn written(house: &House) {
    let own = house.crm.pool(crm::LOGIN, crm::PASSWORD, crm::DATABASE);
    for statement in [HUGE, ENDLESS, TURNED] {
        sqlx::query(statement).execute(&own).await.unwrap();
    }
    own.close().await;
}

pub async fn by_mouse(window: &Window<'_>, house: &House) {
    huge(window, house).await;
    window.ask("corner").await;
    window.find_css(&listed("corner_turned")).await;
    window.find_css("[data-testid=\"audit-list\"]:not([data-stale])").await;
    window.look("33-rows-light").await;
    window.whole(LIST).await;
    begins_in_sight(window).await;
    window.press_css("[data-event-type^=\"corner_endless\"]").await;
    window.says("detail-sentence", &["xxx…", "Acme Ventas SA"]).await;
    window.find("payload").await;
    window.look_twice("34-endless", ["light", "dark"]).await;
    window.whole(DETAIL).await;
    window.press_css("[data-event-type=\"corner_turned\"]").await;
    window.says("detail-sentence", &["corner_turned"]).await;
    window.find("payload").await;
    window.look("35-turned-light").await;
    window.whole(DETAIL).await;
    let text = window
        .js("return document.querySelector(arguments[0]).innerText", vec![json!(DETAIL)])
        .await;
    assert!(text.as_str().unwrap().contains("first\nsecond"), "the lines run together: {text}");
    window.press("detail-close").await;

    mistyped(window).await;
    window.press("live-toggle").await;
    window.becomes("live", "data-state", "following").await;
    written(house).await;
    window.find("live-come").await;
    window.whole(LIST).await;
    window.keep("36-live-light").await;
    window.press("live-stop").await;
    window.press("filter-clear").await;
    window.gone("filter-clear").await;
}

/// A type that no event has is answered with the one that was meant; more text than is looked for, with how much that is.
async fn mistyped(window: &Window<'_>) {
    window.ask("type:corner_turnde").await;
    window.says("audit-empty-meant", &["corner_turned"]).await;
    window.look("37-meant-light").await;
    window.press("audit-empty-meant").await;
    window.find_css(&listed("corner_turned")).await;
    let long = "x".repeat(390);
    window.ask(&format!("{long} -{long} {}", "y".repeat(221))).await;
    window.becomes("query-problem", "data-kind", "text_too_long").await;
    window.says("query-problem", &["1000 bytes"]).await;
    window.look("38-text-too-long-light").await;
    window.ask("corner").await;
}

/// What is shown of it, how the rest is reached, and that a copy is all of it.
async fn huge(window: &Window<'_>, house: &House) {
    const TRUTH: &str =
        "SELECT payload::text FROM public.system_events WHERE event_type = 'corner_huge'";
    let truth: String = sqlx::query_scalar(TRUTH).fetch_one(&house.crm.truth()).await.unwrap();
    assert!(truth.len() > 280_000, "{}", truth.len());
    window.ask("type:corner_huge").await;
    window.press_css(&listed("corner_huge")).await;
    window.says("payload-cut", &[&in_spanish(truth.len())]).await;
    window.says("diff-cut", &["200", "301"]).await;
    window.look("30-huge-light").await;
    window.js(&to("diff-cut"), Vec::new()).await;
    window.keep("31-diff-cut-light").await;
    window.press("diff-more").await;
    window.gone("diff-cut").await;
    window.press("diff-value-more").await;
    window.says("diff", &[&"lorem ipsum ".repeat(300), "field_300"]).await;
    window.js(&to("payload-cut"), Vec::new()).await;
    window.keep("32-payload-cut-light").await;
    window.whole(DETAIL).await;
    window.press("detail-copy-json").await;
    let copied: Value = serde_json::from_str(&window.pasted().await).unwrap();
    assert!(copied["payload"] == serde_json::from_str::<Value>(&truth).unwrap(), "not all of it");
    window.press("detail-close").await;
}

pub async fn by_keys(window: &Window<'_>, house: &House) {
    const TRUTH: &str =
        "SELECT message FROM public.system_events WHERE event_type = 'corner_turned' LIMIT 1";
    let truth: String = sqlx::query_scalar(TRUTH).fetch_one(&house.crm.truth()).await.unwrap();
    window.keys("slash");
    window.reach("[data-testid=\"audit-query\"]").await;
    window.write("type:corner_turned");
    window.keys("Return");
    window.find_css(&listed("corner_turned")).await;
    window.becomes("audit-count", "data-count", "2").await;
    for key in ["Escape", "Down", "Home", "Return"] {
        window.keys(key);
    }
    window.find("payload").await;
    window.keys("c");
    window.says("audit-copied", &["Copied"]).await;
    let copied: Value = serde_json::from_str(&window.pasted().await).unwrap();
    assert_eq!(copied["message"], json!(truth));
    window.keep("40-turned-en").await;
    window.keys("Escape");
    window.gone("audit-detail").await;
}

/// A name from right to left is cut at its end, which is on the left: its first letter is seen.
async fn begins_in_sight(window: &Window<'_>) {
    const BEGIN: &str = "const name = document.querySelector('[data-event-type=\"corner_turned\"] bdi')
        const letter = document.createRange()
        letter.setStart(name.firstChild, 0)
        letter.setEnd(name.firstChild, 1)
        const [at, cell] = [letter.getBoundingClientRect(), name.closest('[role=\"gridcell\"]').getBoundingClientRect()]
        return at.left >= cell.left && at.right <= cell.right + 1";
    assert_eq!(window.js(BEGIN, Vec::new()).await, json!(true), "its beginning is cut off");
}

fn listed(event_type: &str) -> String {
    format!("[data-testid=\"audit-list\"]:not([data-stale]) [data-event-type=\"{event_type}\"]")
}

fn to(id: &str) -> String {
    format!("document.querySelector('[data-testid=\"{id}\"]').scrollIntoView({{ block: 'end' }})")
}

/// Six digits as the Spanish window groups them.
fn in_spanish(number: usize) -> String {
    format!("{}.{:03}", number / 1_000, number % 1_000)
}
