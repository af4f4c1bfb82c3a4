//! Facets where there is no room for them beside the list and what is opened: they come over it.

use crate::window::Window;
use serde_json::json;

const FACETS: &str = "[data-testid=\"facets\"]";
const LIST: &str = "[data-testid=\"audit-list\"]";
const FIRST: &str = "[data-testid=\"facet-type-fold\"]:focus";

pub async fn by_mouse(window: &Window<'_>) {
    let before = window.size(1024, 700);
    window.press("audit-row").await;
    window.find("payload").await;
    window.gone("facets").await;
    for theme in ["dark", "light"] {
        window.theme(theme).await;
        window.press("facets-toggle").await;
        window.find("facet-type-fold").await;
        window.look(&format!("20-over-{theme}")).await;
        window.whole(FACETS).await;
        window.press("facets-toggle").await;
        window.gone("facets").await;
    }
    window.press("facets-toggle").await;
    window.find("facet-type-fold").await;
    // The first one may only take the button's tooltip away.
    for _ in 0..2 {
        if window.has("facets").await {
            window.keys("Escape");
            window.settle().await;
        }
    }
    window.gone("facets").await;
    assert!(window.has("audit-detail").await, "what lies on top goes first");
    window.find_css("[data-testid=\"facets-toggle\"]:focus").await;
    window.press("detail-close").await;
    window.size(before.0, before.1);
}

/// With text of the usual size and of twice that, where the detail leaves nothing of the list in sight.
pub async fn by_keys(window: &Window<'_>) {
    let before = window.size(1024, 700);
    for key in ["Down", "Home", "Return"] {
        window.keys(key);
    }
    window.find("payload").await;
    window.gone("facets").await;
    for (large, size, back) in
        [(false, "usual", LIST), (true, "large", "[data-testid=\"audit-detail\"]")]
    {
        window.large_text(large).await;
        window.keys("f");
        window.find_css(FIRST).await;
        window.whole(FACETS).await;
        window.look(&format!("21-over-{size}-en")).await;
        window.keys("End");
        in_sight_at_the_end(window).await;
        window.keys("Home");
        window.find_css(FIRST).await;
        window.keys("Escape");
        window.gone("facets").await;
        window.find_css(&format!("{back}:focus")).await;
        window.find("audit-detail").await;
    }
    window.large_text(false).await;
    // What is chosen keeps the focus, though the list is asked anew.
    window.keys("f");
    window.find_css(FIRST).await;
    for key in ["Down", "Return"] {
        window.keys(key);
    }
    window.find_css(&format!("{FACETS} [aria-pressed=\"true\"]:focus")).await;
    window.find("filter-clear").await;
    window.keys("Escape");
    window.find_css(&format!("{LIST}:focus")).await;
    window.keys("x");
    window.gone("filter-clear").await;
    window.size(before.0, before.1);
}

async fn in_sight_at_the_end(window: &Window<'_>) {
    const SIGHT: &str = "const rail = document.querySelector(arguments[0])
        const at = document.activeElement.getBoundingClientRect()
        return [document.activeElement === [...rail.querySelectorAll('[data-facet]')].at(-1),
          at.bottom <= rail.getBoundingClientRect().bottom && at.bottom <= innerHeight]";
    window.settle().await;
    let seen = window.js(SIGHT, vec![json!(FACETS)]).await;
    assert_eq!(seen, json!([true, true]), "the last facet is not focused, or not in sight");
}
