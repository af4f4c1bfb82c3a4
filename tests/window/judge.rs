//! Eyes on the window: axe-core over what is on screen, and a picture of it for people.

use crate::window::Window;
use serde_json::{Value, json};

const RUN: &str = "const done = arguments[0]
    const say = (node) => `${node.html.slice(0, 240)} :: ${node.failureSummary}`
    axe.run(document, { resultTypes: ['violations'] }).then(
      (found) => done(found.violations.map((v) => `${v.id}: ${v.help}\\n    ` + v.nodes.slice(0, 3).map(say).join('\\n    '))),
      (reason) => done([`axe-core failed: ${reason}`]),
    )";

impl Window<'_> {
    /// Judges the screen and keeps a picture of it.
    pub async fn look(&self, screen: &str) {
        if unjudged() {
            return;
        }
        self.leave();
        self.judge(screen).await;
    }

    /// Judges the screen as it is, with the pointer where it rests.
    pub async fn judge(&self, screen: &str) {
        if unjudged() {
            return;
        }
        // What is fading in is neither legible nor finished yet.
        self.settle().await;
        self.picture(screen);
        if self.js("return typeof window.axe", Vec::new()).await == json!("undefined") {
            self.js(&axe(), Vec::new()).await;
        }
        let Value::Array(found) = self.js_later(RUN, Vec::new()).await else {
            panic!("axe-core gave no list")
        };
        let mut faults = self.faults.lock().unwrap();
        faults.extend(
            found.iter().map(|each| format!("{screen}: {}", each.as_str().unwrap_or_default())),
        );
    }

    /// Keeps a picture of what was judged elsewhere: axe-core takes its time.
    pub async fn keep(&self, screen: &str) {
        if unjudged() {
            return;
        }
        self.leave();
        self.settle().await;
        self.picture(screen);
    }

    /// Judges the screen in both themes; it stays in the first one.
    pub async fn look_twice(&self, screen: &str, themes: [&str; 2]) {
        if unjudged() {
            return;
        }
        self.look(&format!("{screen}-{}", themes[0])).await;
        self.theme(themes[1]).await;
        self.look(&format!("{screen}-{}", themes[1])).await;
        self.theme(themes[0]).await;
    }

    /// Switches to `light` or `dark`.
    pub async fn theme(&self, theme: &str) {
        self.preference("theme", theme).await;
        self.find_css(&format!("html[data-mantine-color-scheme=\"{theme}\"]")).await;
    }

    /// Switches to `es` or `en`.
    pub async fn language(&self, language: &str) {
        self.preference("language", language).await;
        self.find_css(&format!("html[lang=\"{language}\"]")).await;
    }

    async fn preference(&self, group: &str, value: &str) {
        let item = format!("{group}-{value}");
        self.press("preferences").await;
        self.press(&item).await;
        if self.has(&item).await {
            self.press("preferences").await;
        }
        self.gone(&item).await;
    }
}

/// For working on a journey: its steps alone.
fn unjudged() -> bool {
    std::env::var_os("ATALAYA_TEST_UNJUDGED").is_some()
}

fn axe() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).expect("axe-core is not there: run `npm ci` in ui/")
}
