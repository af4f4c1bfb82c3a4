//! The window on a log of millions: how smoothly it scrolls, and what it looks like. Off unless `ATALAYA_TEST_SCALE_ROWS` says how
//! many events; ten million take about half an hour to write.

use crate::crm::DATABASE;
use crate::house::House;
use crate::window::Window;
use atalaya_postgres::scratch::Scratch;
use std::process::Command;
use std::time::{Duration, Instant};

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/load/events.sql");
/// Those that the fixture has.
const TENANTS: &str = "tenants=7";

#[tokio::test]
#[ignore = "needs the window lane"]
async fn millions_scroll_like_ten() {
    let Ok(rows) = std::env::var("ATALAYA_TEST_SCALE_ROWS") else {
        println!("ATALAYA_TEST_SCALE_ROWS is not set: scrolling through millions was not tried");
        return;
    };
    let rows: u64 = rows.parse().expect("ATALAYA_TEST_SCALE_ROWS is a number");
    let house = House::new().await;
    fill(&house, rows);
    let window = house.window("scale").await;
    window.find("activity-row").await;
    window.look_twice("01-overview", ["light", "dark"]).await;
    let began = Instant::now();
    window.press("nav-audit").await;
    window.find("audit-row").await;
    println!("first rows after {:.2} s", began.elapsed().as_secs_f32());
    window.find("histogram-chart").await;
    window.find("facet-type-read_lead").await;
    window.find_css("[data-testid=\"audit-count\"][data-count]").await;
    println!("numbers after {:.2} s", began.elapsed().as_secs_f32());
    window.look_twice("02-audit", ["light", "dark"]).await;

    // Down with the key held, then with the wheel, then along rows one by one.
    for (name, presses) in [
        ("page down", ["key", "--repeat", "150", "--repeat-delay", "33", "Next"].as_slice()),
        ("wheel", &["click", "--repeat", "150", "--delay", "33", "5"]),
        ("arrow down", &["key", "--repeat", "150", "--repeat-delay", "33", "Down"]),
    ] {
        to_the_list(&window).await;
        window.point("audit-list").await;
        window.frames_begin().await;
        window.desk.run("xdotool", presses).unwrap();
        at_rest(&window).await;
        let frames = window.frames_end().await;
        println!("{name:<12} {frames}");
        assert!(frames.p95 < 250.0 && frames.longest < 3_000.0, "{name} stutters: {frames}");
    }
    let loaded = window.attribute("audit-position", "data-loaded").await;
    println!("rows loaded by then: {}", loaded.unwrap_or_default());
    window.look_twice("03-scrolled", ["light", "dark"]).await;
    to_the_list(&window).await;
    window.keys("Return");
    window.find("payload").await;
    window.look_twice("04-detail", ["light", "dark"]).await;
    window.press("detail-close").await;
    narrowed(&window).await;
    window.close().await;
}

/// Out of the menu in which the theme is chosen.
async fn to_the_list(window: &Window<'_>) {
    window.keys("Escape");
    window.js("document.querySelector('[data-testid=\"audit-list\"]').focus()", Vec::new()).await;
}

/// What was pressed may still be on its way: waits until the list stands still.
async fn at_rest(window: &Window<'_>) {
    let mut before = None;
    loop {
        let at = window.attribute("audit-position", "data-first").await;
        if at == before {
            return;
        }
        before = at;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn narrowed(window: &Window<'_>) {
    let began = Instant::now();
    window.ask("type:login_failed ip:10.7.0.0/16").await;
    window
        .find_css(
            "[data-testid=\"audit-list\"]:not([data-stale]) [data-event-type=\"login_failed\"]",
        )
        .await;
    println!("another question's rows after {:.2} s", began.elapsed().as_secs_f32());
    window.find_css("[data-testid=\"audit-count\"][data-count]").await;
    window.look_twice("05-narrowed", ["light", "dark"]).await;
}

/// As the superuser.
fn fill(house: &House, rows: u64) {
    let began = Instant::now();
    let url = house.crm.server.url(Scratch::SUPERUSER, Scratch::PASSWORD, DATABASE);
    let psql = house.crm.server.binaries().program("psql");
    let rows_of = format!("rows={rows}");
    let out = Command::new(psql)
        .args(["-XAtq", "-d", &url, "-v", &rows_of, "-v", TENANTS, "-f", EVENTS])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    println!("{rows} events, indexes and sums after {:.0} s", began.elapsed().as_secs_f32());
}
