//! What is seldom seen: an Overview that is still looking, could not look or found something; the menu of periods; facets laid
//! over the list; events of odd sizes and letters; more findings than are shown; and the screen in the place of one that cannot be drawn. The mouse does
//! it in Spanish, the keyboard in English.

use crate::house::House;
use crate::window::Window;
use crate::{many, narrow, odd, periods};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use std::time::{Duration, Instant};

#[tokio::test]
#[ignore = "needs the window lane"]
async fn corners_hold_their_shape() {
    let began = Instant::now();
    let say = |what: &str| println!("{what} after {:.1} s", began.elapsed().as_secs_f32());
    let house = House::new().await;
    odd::written(&house).await;
    say("taken over");
    let window = uneasy(&house).await;
    say("overview");
    window.press("nav-audit").await;
    window.find("audit-row").await;
    window.drawn_to_its_end().await;
    periods::by_mouse(&window, &house).await;
    say("periods by mouse");
    narrow::by_mouse(&window).await;
    say("narrow by mouse");
    odd::by_mouse(&window, &house).await;
    say("odd events by mouse");
    window.language("en").await;
    window.keys("Escape");
    periods::by_keys(&window).await;
    narrow::by_keys(&window).await;
    say("periods and facets by keyboard");
    odd::by_keys(&window, &house).await;
    say("odd events by keyboard");
    many::periods(&window).await;
    many::findings(&window, &house).await;
    say("more findings than are shown");
    ringed(&window).await;
    undrawn(&window).await;
    say("whole journey");
    window.close().await;
}

/// Overview while its numbers come, while the rules are asked, once they could not be, and once they were.
async fn uneasy(house: &House) -> Window<'_> {
    const TOTALS: &str = "LOCK TABLE public.leads IN ACCESS EXCLUSIVE MODE";
    const RULES: &str = "LOCK TABLE atalaya.finding_rules IN ACCESS EXCLUSIVE MODE";
    /// As somebody at the server may do.
    const CANCEL: &str = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND query LIKE '%finding_rules%'";
    let rules = held(house, RULES).await;
    let totals = held(house, TOTALS).await;
    let window = house.window("corners").await;
    window.language("es").await;
    window.find_css("[data-testid=\"overview\"] [role=\"status\"]").await;
    window.look("01-loading-light").await;
    totals.rollback().await.unwrap();
    window.find("attention-looking").await;
    // Not told by a finding yet.
    window.find("attention-failed_logins_burst").await;
    window.look("02-looking-light").await;
    let deadline = Instant::now() + Duration::from_secs(30);
    while !window.has("attention-error").await {
        assert!(Instant::now() < deadline, "the rules are still asked");
        house.crm.number(CANCEL).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(!window.has("attention-none").await, "calm, though nobody could look");
    window.look_twice("03-unchecked", ["light", "dark"]).await;
    rules.rollback().await.unwrap();
    window.press_css("[data-testid=\"attention\"] [data-testid=\"retry\"]").await;
    window.says("found-failed_logins", &["400", "203.0.113.77"]).await;
    window.gone("attention-error").await;
    // One attack is told once.
    window.gone("attention-failed_logins_burst").await;
    window
}

/// Nobody gets to the table until it is let go.
async fn held(house: &House, lock: &'static str) -> Transaction<'static, Postgres> {
    let mut hold = house.crm.truth().begin().await.unwrap();
    sqlx::query(lock).execute(&mut *hold).await.unwrap();
    hold
}

/// Where the arrow keys are among several of which one is chosen: a ring that WebKit draws too.
async fn ringed(window: &Window<'_>) {
    const RING: &str = "const at = document.activeElement
        const drawn = [at, at.nextElementSibling, at.parentElement].map((each) => each && getComputedStyle(each))
        return drawn.some((style) => style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)";
    window.press("nav-settings").await;
    window.press("settings-appearance").await;
    window.reach("[data-testid=\"settings-density\"] input").await;
    window.keys("Right");
    window.keep("50-ring-en").await;
    assert_eq!(window.js(RING, Vec::new()).await, json!(true), "nothing is drawn around it");
    window.keys("Left");
    window.press("nav-audit").await;
    window.find("audit-row").await;
}

/// An answer of Rust that is none: the page is given it in place of the real one, as it comes over the wire. The frame stays, and
/// both ways on lead back.
async fn undrawn(window: &Window<'_>) {
    const SPOIL: &str = "window.truly = window.fetch
        const spoilt = () => new Response('{\"facets\":5}', { headers: { 'Content-Type': 'application/json', 'Tauri-Response': 'ok' } })
        window.fetch = (to, ...rest) => String(to.url ?? to).includes('audit_facets') ? Promise.resolve(spoilt()) : window.truly(to, ...rest)";
    window.js(SPOIL, Vec::new()).await;
    window.press("refresh").await;
    window.find("error-panel").await;
    window.find("nav-overview").await;
    window.look_twice("60-undrawn", ["light", "dark"]).await;
    window.js("window.fetch = window.truly", Vec::new()).await;
    window.press("retry").await;
    window.find("audit-row").await;
    window.gone("error-panel").await;
    window.js(SPOIL, Vec::new()).await;
    window.press("refresh").await;
    window.press("reload").await;
    window.find("audit-row").await;
}
