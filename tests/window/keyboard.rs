//! The attack again, in English and with the keyboard alone, from the lock to the exported file. Whatever a mouse would do on the
//! way is noticed.

use crate::house::House;
use crate::review;
use crate::steps::PASSPHRASE;
use crate::window::Window;
use serde_json::json;
use std::time::{Duration, Instant};

/// Notes what no keyboard does. Enter on a button clicks too, but that click has no number of presses.
const WATCH: &str = "window.hands = []
    const note = (event) => window.hands.push(`${event.type} ${event.isTrusted} ${event.detail} ${event.target.outerHTML?.slice(0, 120)}`)
    for (const name of ['pointerdown', 'mousedown', 'wheel']) window.addEventListener(name, note, true)
    window.addEventListener('click', (event) => (event.detail === 0 ? undefined : note(event)), true)";
const ACTIVE: &str = "const at = document.activeElement
    return [at !== null && at.matches(arguments[0]), at?.outerHTML?.slice(0, 160) ?? '']";

pub async fn alone(window: &Window<'_>, house: &House) {
    window.locked().await;
    window.js(WATCH, Vec::new()).await;
    // The field for the passphrase waits for it.
    window.reach("[data-testid=\"sign-in-passphrase\"]").await;
    window.write(PASSPHRASE);
    window.keys("Return");
    // The screen that was left is there again.
    window.find("audit-list").await;
    for key in ["g", "o"] {
        window.keys(key);
    }
    window.find("overview").await;
    palette(window, "ingles", "html[lang=\"en\"]").await;
    window.keys("question");
    window.find_css("[role=\"dialog\"]").await;
    window.look("20-keys").await;
    window.keys("Escape");
    window.gone_css("[role=\"dialog\"]").await;

    // Overview: the finding, then its events.
    window.find("found-failed_logins").await;
    window.reach("[data-testid=\"found-failed_logins\"] button").await;
    window.look("21-overview-en").await;
    window.keys("Return");
    window.becomes("audit-count", "data-count", "400").await;
    window.find("audit-row").await;

    // Narrowed in the query bar, with what it offers.
    window.keys("slash");
    window.reach("[data-testid=\"audit-query\"]").await;
    window.keys("End");
    window.write(" outc");
    window.says("query-choice-0", &["outcome:"]).await;
    window.keys("Tab");
    window.value("audit-query", |text| text.ends_with(" outcome:")).await;
    window.write("fai");
    window.says("query-choice-0", &["failed"]).await;
    window.look("22-completion-en").await;
    window.keys("Tab");
    window.value("audit-query", |text| text.ends_with(" outcome:failed")).await;
    window.keys("Return");
    window.find_css("[data-testid=\"facet-outcome-failed\"][aria-pressed=\"true\"]").await;
    window.becomes("audit-count", "data-count", "400").await;
    // A facet leaves out what nothing of it is left without; back to the question before.
    window.keys("Escape");
    window.keys("b");
    window.becomes("audit-count", "data-count", "400").await;

    // Explained: the rule, then an event.
    window.keys("i");
    window.says("finding-failed_logins", &["400", "203.0.113.77", "Rule"]).await;
    window.look("23-findings-en").await;
    window.keys("Escape");
    window.gone("findings").await;
    window.reach("[data-testid=\"audit-list\"]").await;
    for key in ["Home", "Down", "Down", "Next", "End"] {
        window.keys(key);
    }
    // The last of 400, though only the first 200 had been fetched. The head is a row too.
    let last = "[data-testid=\"audit-row\"][aria-rowindex=\"401\"][aria-selected=\"true\"]";
    window.find_css(last).await;
    for key in ["Home", "Down"] {
        window.keys(key);
    }
    window.keys("Return");
    window.find("payload").await;
    window.says("detail-sentence", &["ceo@example.com", "203.0.113.77"]).await;
    window.keys("Down");
    window.find("payload").await;
    window.look("24-event-en").await;
    window.keys("Escape");
    window.gone("audit-detail").await;
    exported(window, house).await;
    assert_eq!(window.js("return window.hands", Vec::new()).await, json!([]), "not by a key");
}

/// `e`, JSON Lines with the arrows, past the CSV for Excel, Return; the native dialog by its own keys.
async fn exported(window: &Window<'_>, house: &House) {
    window.keys("e");
    window.reach("[data-testid=\"export-csv\"]").await;
    window.keys("Down");
    window.find_css("[data-testid=\"export-excel\"]:checked").await;
    window.keys("Down");
    window.find_css("[data-testid=\"export-jsonl\"]:checked").await;
    window.look("25-export-en").await;
    window.keys("Return");
    let path = window.desk.files().join("burst-by-keys.jsonl");
    let dialog = window.dialog().await;
    window.answer(&dialog, &path).await;
    window.becomes("export-bar", "data-stage", "done").await;
    window.look("26-exported-en").await;
    review::same(&path, house).await;
}

/// An action by name, through the palette.
async fn palette(window: &Window<'_>, name: &str, then: &str) {
    window.keys("ctrl+k");
    window.reach("[data-testid=\"palette-search\"]").await;
    window.write(name);
    window.settle().await;
    window.keys("Return");
    window.find_css(then).await;
    window.gone("palette-search").await;
}

impl Window<'_> {
    /// Types on the real keyboard.
    pub fn write(&self, text: &str) {
        self.desk.run("xdotool", &["type", "--delay", "8", "--clearmodifiers", text]).unwrap();
    }

    /// Presses Tab until the focus is there.
    pub async fn reach(&self, css: &str) {
        self.find_css(css).await;
        for _ in 0..120 {
            let at = self.js(ACTIVE, vec![json!(css)]).await;
            if at[0] == json!(true) {
                // A key before this one may still be on its way.
                tokio::time::sleep(Duration::from_millis(60)).await;
                if self.js(ACTIVE, vec![json!(css)]).await[0] == json!(true) {
                    return;
                }
            }
            self.keys("Tab");
        }
        let at = self.js(ACTIVE, vec![json!(css)]).await;
        panic!("the keyboard does not reach {css}; it is at {}", at[1]);
    }

    /// Waits until a field holds what fits.
    pub async fn value(&self, id: &str, fits: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let value = self.find(id).await.prop("value").await.unwrap().unwrap_or_default();
            if fits(&value) {
                return;
            }
            assert!(Instant::now() < deadline, "{id} holds {value:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
