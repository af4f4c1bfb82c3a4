//! An attack in the log of a CRM that was taken over: found from Overview in three steps, narrowed, explained and exported with
//! the mouse in Spanish, and with the keyboard alone in English; then saved views, and the log followed while it grows.

use crate::exports;
use crate::house::House;
use crate::window::Window;
use crate::{follow, keyboard, saved};
use serde_json::{Value, json};
use sqlx::Row;
use std::path::Path;
use std::time::Instant;

/// The query that shows the attack and nothing else, wherever the clock stands.
pub const ATTACK: &str = "type:login_failed ip:203.0.113.77";

#[tokio::test]
#[ignore = "needs the window lane"]
async fn an_attack_is_found_explained_and_exported() {
    let began = Instant::now();
    let house = House::new().await;
    println!("taken over after {:.1} s", began.elapsed().as_secs_f32());
    let window = house.window("review").await;
    window.language("es").await;
    found(&window).await;
    narrowed(&window, &house).await;
    explained(&window).await;
    exported(&window, &house).await;
    println!("with the mouse after {:.1} s", began.elapsed().as_secs_f32());
    saved::view(&window, &house).await;
    println!("views after {:.1} s", began.elapsed().as_secs_f32());
    sampled(&window, &house).await;
    follow::two_hundred_a_second(&window, &house).await;
    println!("followed after {:.1} s", began.elapsed().as_secs_f32());
    keyboard::alone(&window, &house).await;
    println!("whole journey {:.1} s", began.elapsed().as_secs_f32());
    window.close().await;
}

/// Three steps: what Overview says, the events that it is about, one of them.
async fn found(window: &Window<'_>) {
    window.says("found-failed_logins", &["400", "203.0.113.77"]).await;
    window.find("activity-row").await;
    window.look_twice("01-overview", ["light", "dark"]).await;
    window.press_css("[data-testid=\"found-failed_logins\"] button").await;
    window.becomes("audit-count", "data-count", "400").await;
    window.find("facet-type-login_failed").await;
    window.look("02-burst-light").await;
    twice_the_text(window).await;
    window.press("audit-row").await;
    window.find("payload").await;
    window.says("detail-sentence", &["ceo@example.com", "203.0.113.77"]).await;
    window.look_twice("03-event", ["light", "dark"]).await;
    window.press("detail-close").await;
}

/// In the smallest window with the largest text: nothing of the top bar lies over another, and nothing is outside.
async fn twice_the_text(window: &Window<'_>) {
    const SIZE: &str = "document.documentElement.style.fontSize = arguments[0]";
    const APART: &str = "const bar = document.querySelector('header')
        const boxes = [...bar.querySelectorAll(':scope > *, [data-testid=\"connection\"] > *')]
          .filter((it) => !it.querySelector('[data-testid]') && it.dataset.testid !== 'connection')
          .map((it) => it.getBoundingClientRect()).filter((it) => it.width > 0)
        boxes.sort((a, b) => a.left - b.left)
        const over = boxes.find((box, at) => at > 0 && boxes[at - 1].right > box.left + 0.5)
        return over || boxes.at(-1).right > innerWidth ? boxes.map((it) => [it.left, it.right]) : null";
    let before = window.size(1024, 700);
    window.js(SIZE, vec![json!("200%")]).await;
    window.drawn_to_its_end().await;
    window.look("02-large-text").await;
    assert_eq!(window.js(APART, Vec::new()).await, json!(null), "the top bar does not fit");
    window.js(SIZE, vec![json!("")]).await;
    window.size(before.0, before.1);
}

/// By a word of the payload, then by a facet.
async fn narrowed(window: &Window<'_>, house: &House) {
    const TOOL: &str = "SELECT count(*) FROM public.system_events WHERE event_type = 'login_failed'
        AND ip = '203.0.113.77' AND payload::text LIKE '%python-requests%'";
    let query = format!("{ATTACK} python-requests");
    window.ask(&query).await;
    let with_the_tool = house.crm.number(TOOL).await;
    assert!((1..400).contains(&with_the_tool), "{with_the_tool}");
    window.becomes("audit-count", "data-count", &with_the_tool.to_string()).await;
    window.press("facet-outcome-failed").await;
    window.becomes("facet-outcome-failed", "aria-pressed", "true").await;
    let asked = window.find("audit-query").await.prop("value").await.unwrap().unwrap();
    assert!(asked.contains("outcome:failed") && asked.contains("python-requests"), "{asked}");
    window.becomes("audit-count", "data-count", &with_the_tool.to_string()).await;
    window.look("05-facet-light").await;
    window.press("filter-clear").await;
}

/// The finding says what and why; one event leads to all of its address.
async fn explained(window: &Window<'_>) {
    window.press("nav-overview").await;
    window.press("found-more").await;
    window.says("finding-failed_logins", &["400", "203.0.113.77", "Regla"]).await;
    window.look_twice("06-findings", ["light", "dark"]).await;
    window.press("finding-failed_logins-open").await;
    window.becomes("audit-count", "data-count", "400").await;
    window.press("findings-close").await;
    window.press("audit-row").await;
    window.press("related-ip").await;
    window.becomes("audit-query", "value", "ip:203.0.113.77").await;
    window.becomes("audit-count", "data-count", "400").await;
}

/// Where counting every event takes longer than a screen waits, the facets are those of the newest, and say so.
async fn sampled(window: &Window<'_>, house: &House) {
    const SLOW: &str =
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
        USING (id % 10 > 0 OR pg_sleep(0.001) IS NOT NULL)";
    sqlx::query(SLOW).execute(&house.crm.truth()).await.unwrap();
    window.press("nav-audit").await;
    window.ask("tipo:read_lead").await;
    window.find_css("[data-testid=\"facets-source\"][data-newest]").await;
    window.says("facets-source", &["más recientes"]).await;
    window
        .js(
            "document.querySelector('[data-testid=\"facets-source\"]').scrollIntoView()",
            Vec::new(),
        )
        .await;
    window.look_twice("13-newest", ["light", "dark"]).await;
    sqlx::query("DROP POLICY slow ON public.system_events")
        .execute(&house.crm.truth())
        .await
        .unwrap();
    window.press("filter-clear").await;
}

async fn exported(window: &Window<'_>, house: &House) {
    window.ask(ATTACK).await;
    window.becomes("audit-count", "data-count", "400").await;
    for theme in ["dark", "light"] {
        window.theme(theme).await;
        window.press("export").await;
        window.says("export-count", &["400"]).await;
        window.look(&format!("08-export-{theme}")).await;
        window.keys("Escape");
        window.gone("export-dialog").await;
    }
    let path = window.desk.files().join("ataque.jsonl");
    exports::begin(window, "jsonl", &path).await;
    window.becomes("export-bar", "data-stage", "done").await;
    window.look("09-exported-light").await;
    same(&path, house).await;
    window.press("export-close").await;
}

/// The file holds the attack: 400 records, in the order of the screen.
pub async fn same(path: &Path, house: &House) {
    const TRUTH: &str = "SELECT id, payload::text FROM public.system_events
        WHERE event_type = 'login_failed' AND ip = '203.0.113.77' ORDER BY occurred_at DESC, id DESC";
    let rows = sqlx::query(TRUTH).fetch_all(&house.crm.truth()).await.unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), rows.len()), (400, 400));
    for (line, row) in lines.iter().zip(&rows) {
        let id = line["id"].as_str().map_or_else(|| line["id"].to_string(), str::to_owned);
        assert_eq!(id, row.get::<i64, _>(0).to_string());
        let payload: Value = serde_json::from_str(&row.get::<String, _>(1)).unwrap();
        assert_eq!(line["payload"], payload);
    }
}
