//! A saved view: made, shared, pinned to Overview with its number, opened from there, renamed, removed.

use crate::house::House;
use crate::review::ATTACK;
use crate::window::Window;

const PINNED: &str = "[data-testid=\"pinned-views\"] [data-count=\"400\"]";

pub async fn view(window: &Window<'_>, house: &House) {
    window.theme("dark").await;
    window.press("views").await;
    window.press("view-new").await;
    window.look("10-view-new-dark").await;
    window.keys("Escape");
    window.gone("view-name").await;
    window.theme("light").await;
    window.press("views").await;
    window.press("view-new").await;
    window.fill("view-name", "Ataque de enero").await;
    window.press("view-shared").await;
    window.press("view-pinned").await;
    window.look("10-view-new-light").await;
    window.press("view-save").await;
    window.gone("view-name").await;
    let shared = "SELECT count(*) FROM atalaya.audit_views WHERE shared AND pinned AND name = 'Ataque de enero'";
    assert_eq!(house.crm.number(shared).await, 1);
    window.press("views").await;
    window.look("11-views").await;
    window.keys("Escape");

    // From Overview, whatever was asked in between.
    window.press("filter-clear").await;
    window.press("nav-overview").await;
    window.find_css(PINNED).await;
    window.look_twice("12-pinned", ["light", "dark"]).await;
    window.says("pinned-views", &["400", "Ataque de enero"]).await;
    window.press_css(PINNED).await;
    window.becomes("audit-query", "value", ATTACK).await;
    window.becomes("audit-count", "data-count", "400").await;
    window.says("views", &["Ataque de enero"]).await;

    window.press("views").await;
    window.press_css("[data-testid^=\"view-\"][data-testid$=\"-edit\"]").await;
    window.fill("view-name", "Ataque").await;
    window.press("view-save").await;
    window.gone("view-name").await;
    let renamed = "SELECT count(*) FROM atalaya.audit_views WHERE name = 'Ataque'";
    assert_eq!(house.crm.number(renamed).await, 1);
    window.press("views").await;
    window.press_css("[data-testid^=\"view-\"][data-testid$=\"-remove\"]").await;
    window.find("view-remove-submit").await;
    window.look("13-view-remove").await;
    window.press("view-remove-submit").await;
    window.gone("view-remove-submit").await;
    assert_eq!(house.crm.number("SELECT count(*) FROM atalaya.audit_views").await, 0);
    window.press("nav-overview").await;
    window.find("activity-row").await;
    window.gone("pinned-views").await;
}
