//! The window on a log of millions: how smoothly it scrolls, and what it looks like. Off unless `ATALAYA_TEST_SCALE_ROWS` says how
//! many events; ten million take about half an hour to write.

use crate::crm::DATABASE;
use crate::house::House;
use crate::window::Window;
use atalaya_postgres::scratch::Scratch;
use std::process::Command;
use std::time::{Duration, Instant};

/// As `crates/ops/examples/bench-audit.rs` writes them, over the year before now.
const ROWS: &str = "
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO public.system_events
  (event_type, severity, message, payload, occurred_at, tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, ip, origin, outcome)
SELECT (ARRAY['read_lead','read_lead','read_lead','read_lead','update_lead','pii_read','login_success','login_failed','token_invalid','export_leads'])[1 + h % 10],
       CASE WHEN h % 1000 = 0 THEN 'critical' WHEN h % 20 = 0 THEN 'warning' ELSE 'info' END,
       'operator@user' || h % 5000 || ': routine work on lead ' || h % 100000,
       jsonb_build_object('path', '/leads/' || h % 100000, 'ms', h % 900),
       now() - ($rows - n) * (INTERVAL '360 days' / $rows), 1 + h % 7, (h % 5000)::text, 'user' || h % 5000 || '@example.com', 'user',
       (ARRAY['leads','users','credentials','sessions'])[1 + h % 4], (h % 100000)::text,
       ('10.' || h % 200 || '.' || (h / 200) % 250 || '.' || h % 250)::inet, (ARRAY['legacy','legacy','legacy','api','console'])[1 + h % 5],
       CASE WHEN h % 97 = 0 THEN 'denied' WHEN h % 31 = 0 THEN 'failed' ELSE 'ok' END
FROM (SELECT n, (n * 2654435761) % 1000003 AS h FROM generate_series($from::bigint, $to::bigint) n) s";
const INDEXES: &str =
    "SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') || ';' FROM pg_index i
    WHERE i.indrelid = 'public.system_events'::regclass AND NOT i.indisprimary";
const WITHOUT: &str =
    "DO $$ DECLARE i REGCLASS; BEGIN FOR i IN SELECT x.indexrelid::regclass FROM pg_index x
    WHERE x.indrelid = 'public.system_events'::regclass AND NOT x.indisprimary LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$";

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
        window
            .js("document.querySelector('[data-testid=\"audit-list\"]').focus()", Vec::new())
            .await;
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
    window.keys("Return");
    window.find("payload").await;
    window.look_twice("04-detail", ["light", "dark"]).await;
    window.press("detail-close").await;
    narrowed(&window).await;
    window.close().await;
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
    window.ask("type:login_failed ip:10.20.0.0/16").await;
    window
        .find_css(
            "[data-testid=\"audit-list\"]:not([data-stale]) [data-event-type=\"login_failed\"]",
        )
        .await;
    println!("another question's rows after {:.2} s", began.elapsed().as_secs_f32());
    window.find_css("[data-testid=\"audit-count\"][data-count]").await;
    window.look_twice("05-narrowed", ["light", "dark"]).await;
}

/// Rows first, then the indexes and the sums, as a take-over makes them.
fn fill(house: &House, rows: u64) {
    let began = Instant::now();
    sql(house, "ALTER SYSTEM SET maintenance_work_mem = '512MB'");
    sql(house, "ALTER SYSTEM SET max_wal_size = '8GB'");
    sql(house, "SELECT pg_reload_conf()");
    let indexes = sql(house, INDEXES);
    sql(house, WITHOUT);
    for from in (1..=rows).step_by(1_000_000) {
        let to = (from + 999_999).min(rows);
        let text = ROWS.replace("$rows", &rows.to_string()).replace("$from", &from.to_string());
        sql(house, &text.replace("$to", &to.to_string()));
    }
    println!("{rows} rows after {:.0} s", began.elapsed().as_secs_f32());
    for index in indexes.split(";\n").filter(|i| !i.trim().is_empty()) {
        sql(house, index);
    }
    sql(house, "VACUUM ANALYZE public.system_events");
    while sql(house, "SELECT atalaya.roll_up(1000000)") != "0" {}
    sql(house, "VACUUM ANALYZE atalaya.event_hours, atalaya.event_days");
    println!("indexes and sums after {:.0} s", began.elapsed().as_secs_f32());
}

/// As the superuser.
fn sql(house: &House, text: &str) -> String {
    let url = house.crm.server.url(Scratch::SUPERUSER, Scratch::PASSWORD, DATABASE);
    let psql = house.crm.server.binaries().program("psql");
    let out = Command::new(psql)
        .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", text])
        .output();
    let out = out.unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}
