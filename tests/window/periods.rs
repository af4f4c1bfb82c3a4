//! The menu of periods: one of the usual ones, words, and a range, by mouse and by keyboard.

use crate::house::House;
use crate::window::Window;
use serde_json::json;

/// The focus is back at the button of the menu.
const AT_BUTTON: &str = "[data-testid=\"filter-time\"]:focus";
/// It is open.
const MENU: &str = "[role=\"dialog\"] [data-testid=\"filter-time-apply\"]";
const LIST: &str = "[data-testid=\"audit-list\"]";
/// What has the focus shows it.
const RING: &str = "return getComputedStyle(document.activeElement).outlineStyle";
const SIDEWAYS: &str = "const it = document.querySelector(arguments[0])
    return it.scrollWidth - it.clientWidth";
/// Two minutes in the clock of the window, as they are typed and as they are: the attack lies between them, and nothing that the
/// console itself writes meanwhile.
const RANGE: &str = "return [90, 2].map((before) => {
      const at = new Date(Math.floor(Date.now() / 60000 - before) * 60000)
      const local = new Date(at.getTime() - at.getTimezoneOffset() * 60000)
      return [local.toISOString().slice(0, 16).replace('T', ' '), at.toISOString()]
    })";

pub async fn by_mouse(window: &Window<'_>, house: &House) {
    for theme in ["dark", "light"] {
        window.theme(theme).await;
        window.press("filter-time").await;
        window.find_css(MENU).await;
        window.look(&format!("10-periods-{theme}")).await;
        window.whole("[role=\"dialog\"]").await;
        window.keys("Escape");
        window.gone_css(MENU).await;
        window.find_css(AT_BUTTON).await;
    }
    window.press("filter-time").await;
    window.press("filter-time-h1").await;
    window.gone_css(MENU).await;
    window.says("filter-time", &["Última hora"]).await;
    window.value("audit-query", |text| text == "when:\"last 1 hour\"").await;
    range(window, house).await;
}

/// From and to; first the wrong way round.
async fn range(window: &Window<'_>, house: &House) {
    let range = window.js(RANGE, Vec::new()).await;
    let said = |at: usize, form: usize| range[at][form].as_str().unwrap().to_owned();
    let (from, to) = (said(0, 0), said(1, 0));
    window.press("filter-time").await;
    window.press("filter-time-between").await;
    window.fill("filter-time-after", &to).await;
    window.fill("filter-time-before", &from).await;
    window.press("filter-time-apply").await;
    window
        .find_css("[role=\"dialog\"] [data-testid=\"filter-time-before\"][aria-invalid=\"true\"]")
        .await;
    window.look("12-range-wrong-light").await;
    window.fill("filter-time-after", &from).await;
    window.fill("filter-time-before", &to).await;
    window.press("filter-time-apply").await;
    window.gone_css(MENU).await;
    let query = "SELECT count(*) FROM public.system_events WHERE occurred_at >= $1::timestamptz AND occurred_at < $2::timestamptz";
    let truth: i64 = sqlx::query_scalar(query)
        .bind(said(0, 1))
        .bind(said(1, 1))
        .fetch_one(&house.crm.truth())
        .await
        .unwrap();
    window.becomes("audit-count", "data-count", &truth.to_string()).await;
    window.keep("13-range-light").await;
    window.press("filter-time-clear").await;
    window.gone("filter-time-clear").await;
}

/// The same from the list, by keys alone; and with text of twice the size in the smallest window.
pub async fn by_keys(window: &Window<'_>) {
    window.keys("Down");
    window.find_css(&format!("{LIST}:focus")).await;
    window.keys("d");
    window.find_css("[data-testid=\"filter-time-all\"]:focus").await;
    for each in ["h1", "h24", "d7"] {
        window.keys("Down");
        window.find_css(&format!("[data-testid=\"filter-time-{each}\"]:checked:focus")).await;
        assert_eq!(window.js(RING, Vec::new()).await, json!("solid"), "no ring at {each}");
    }
    window.look("14-walked-en").await;
    assert!(window.has("filter-time-apply").await, "walking applies nothing");
    window.keys("Return");
    window.gone_css(MENU).await;
    window.find_css(&format!("{LIST}:focus")).await;
    window.value("audit-query", |text| text == "when:\"last 7 days\"").await;
    // Again, from its button, to which Escape gives the focus back; in the menu it is at what is chosen.
    window.reach("[data-testid=\"filter-time\"]").await;
    window.keys("Return");
    window.find_css("[data-testid=\"filter-time-d7\"]:checked:focus").await;
    window.keys("Escape");
    window.gone_css(MENU).await;
    window.find_css(AT_BUTTON).await;
    range_by_keys(window).await;
    large(window).await;
}

async fn range_by_keys(window: &Window<'_>) {
    window.keys("Return");
    for (from, to) in [("d7", "d30"), ("d30", "d90"), ("d90", "words")] {
        window.find_css(&format!("[data-testid=\"filter-time-{from}\"]:checked:focus")).await;
        window.keys("Down");
        window.find_css(&format!("[data-testid=\"filter-time-{to}\"]:checked:focus")).await;
    }
    window.keys("Down");
    window.find("filter-time-after").await;
    window.reach("[data-testid=\"filter-time-after\"]").await;
    window.write("yesterday");
    window.reach("[data-testid=\"filter-time-before\"]").await;
    window.write("today 02:00");
    window.look("15-range-en").await;
    window.keys("Return");
    window.gone_css(MENU).await;
    window.find_css(AT_BUTTON).await;
    window.value("audit-query", |text| text == "after:yesterday before:\"today 02:00\"").await;
    window.keep("16-range-applied-en").await;
}

/// The menu with the most that it has, and with nothing but its choices.
async fn large(window: &Window<'_>) {
    let before = window.size(1024, 700);
    window.large_text(true).await;
    window.keys("Return");
    window.find_css("[data-testid=\"filter-time-between\"]:checked:focus").await;
    window.settle().await;
    window.whole("[role=\"dialog\"]").await;
    window.reach("[data-testid=\"filter-time-apply\"]").await;
    window.look("17-range-large-en").await;
    window.keys("Escape");
    window.gone_css(MENU).await;
    window.find_css(AT_BUTTON).await;
    window.keys("x");
    window.gone("filter-time-clear").await;
    window.drawn_to_its_end().await;
    window.find("audit-row").await;
    // The screen scrolls down to the list's end there, and nothing to the side.
    let beyond = window.js(SIDEWAYS, vec![json!(LIST)]).await;
    assert_eq!(beyond, json!(0), "the list runs out of the window");
    window.keep("19-list-large-en").await;
    window.keys("d");
    window.find_css("[data-testid=\"filter-time-all\"]:focus").await;
    window.settle().await;
    window.look("18-periods-large-en").await;
    window.whole("[role=\"dialog\"]").await;
    window.keys("Escape");
    window.gone_css(MENU).await;
    window.large_text(false).await;
    window.size(before.0, before.1);
    window.drawn_to_its_end().await;
}
