//! Pages that several journeys pass: the administrator, the kit, the lock.

use crate::window::Window;
use serde_json::json;
use std::time::{Duration, Instant};

/// Opens the console.
pub const PASSPHRASE: &str = "correcto caballo bateria grapa 42";

impl Window<'_> {
    /// Fills in and sends the page of the first administrator; `None` links the CEO that the CRM has.
    pub async fn administrator(&self, person: Option<(&str, &str)>) {
        // Sixty thousand events are completed before, and the machine may be busy.
        let page = "[data-testid=\"first-run\"][data-step=\"administrator\"]";
        let error = "[data-testid=\"error-note\"]";
        self.find_within(&format!("{page}, {error}"), Duration::from_secs(180)).await;
        self.find_css(page).await;
        match person {
            Some((name, email)) => {
                self.fill("admin-name", name).await;
                self.fill("admin-email", email).await;
            }
            None => self.choose("admin-who", "link").await,
        }
        self.fill("passphrase", PASSPHRASE).await;
        self.fill("passphrase-repeat", PASSPHRASE).await;
    }

    /// Sends it and waits for the kit.
    pub async fn administrator_sent(&self) {
        self.press("admin-submit").await;
        self.becomes("first-run", "data-step", "kit").await;
    }

    /// Reads the kit's words as a person does.
    pub async fn kit_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for n in 1..=24 {
            words.push(self.text(&format!("kit-shown-{n}")).await);
        }
        words
    }

    /// Goes on from the words to the page that asks for some.
    pub async fn kit_stored(&self) {
        self.press("kit-stored").await;
        self.press("kit-next").await;
        self.find("kit-word-1").await;
    }

    /// Answers with the words at the positions asked for.
    pub async fn kit_answered(&self, words: &[String]) {
        for n in 1..=3 {
            let field = format!("kit-word-{n}");
            let position: usize =
                self.attribute(&field, "data-position").await.unwrap().parse().unwrap();
            self.fill(&field, &words[position - 1]).await;
        }
        self.press("kit-confirm").await;
    }

    /// Asks the audit screen that query.
    pub async fn ask(&self, query: &str) {
        if self.has("filter-clear").await {
            self.press("filter-clear").await;
            self.gone("filter-clear").await;
        }
        self.fill("audit-query", query).await;
        self.keys("Return");
    }

    /// Locks with the keyboard and waits for the sign-in page of the window that was loaded anew.
    pub async fn locked(&self) {
        self.mark().await;
        self.keys("ctrl+l");
        self.reloaded().await;
    }

    /// The same with the button.
    pub async fn locked_by_button(&self) {
        self.mark().await;
        self.press("lock").await;
        self.reloaded().await;
    }

    /// Text of twice the size, as the settings of the system make it, or as usual.
    pub async fn large_text(&self, on: bool) {
        const SIZE: &str = "document.documentElement.style.fontSize = arguments[0]";
        self.js(SIZE, vec![json!(if on { "200%" } else { "" })]).await;
        self.settle().await;
    }

    /// It lies in sight as a whole, on top of everything, and nothing of it is cut off at a side.
    pub async fn whole(&self, css: &str) {
        const WHOLE: &str = "const it = document.querySelector(arguments[0])
            const { left, right, top, bottom } = it.getBoundingClientRect()
            const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
            const fits = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
            const wide = [it, ...it.querySelectorAll('*')].find((part) =>
              getComputedStyle(part).overflowX === 'auto' && part.scrollWidth > part.clientWidth)
            return fits && it.contains(on) && !wide ? null :
              { left, right, top, bottom, innerWidth, innerHeight, on: on?.outerHTML.slice(0, 200), wide: wide?.outerHTML.slice(0, 200) }";
        let cut = self.js(WHOLE, vec![json!(css)]).await;
        assert_eq!(cut, json!(null), "{css} is not seen as a whole");
    }

    /// The bars of the histogram reach to where its axis ends: the newest one is in sight.
    pub async fn drawn_to_its_end(&self) {
        const BEYOND: &str = "const chart = document.querySelector('[data-testid=\"histogram-chart\"]')
            const bars = [...chart.querySelectorAll('svg > rect')].map((bar) => bar.getBoundingClientRect().right)
            return Math.abs(Math.max(...bars) - chart.getBoundingClientRect().right)";
        self.find("histogram-chart").await;
        let deadline = Instant::now() + Duration::from_secs(3);
        loop {
            let beyond = self.js(BEYOND, Vec::new()).await.as_f64().unwrap();
            if beyond < 2.0 {
                return;
            }
            // A window that changes its size is measured a frame later.
            assert!(
                Instant::now() < deadline,
                "the last bar ends {beyond} pixels from the end of the axis"
            );
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// What the clipboard holds, pasted into a field that is not the console's and that shows none of it.
    pub async fn pasted(&self) -> String {
        const FIELD: &str = "const before = document.activeElement
            const field = document.createElement('input')
            window.pasted = null
            field.addEventListener('paste', (event) => {
              event.preventDefault()
              window.pasted = event.clipboardData.getData('text/plain')
              before?.focus()
              field.remove()
            })
            document.body.append(field)
            field.focus()";
        self.js(FIELD, Vec::new()).await;
        self.keys("ctrl+v");
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(text) = self.js("return window.pasted", Vec::new()).await.as_str() {
                return text.to_owned();
            }
            assert!(Instant::now() < deadline, "nothing can be pasted");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Marks the page, so that it can be told from one that was loaded anew.
    pub async fn mark(&self) {
        self.js("window.notReloaded = true", Vec::new()).await;
    }

    /// Waits until the marked page is gone and the sign-in page is there. The lock shows the sign-in page at once and then
    /// loads the window anew; in between a script may find no page at all.
    pub async fn reloaded(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.try_js("return window.notReloaded !== true").await != Some(json!(true)) {
            assert!(Instant::now() < deadline, "the page was not loaded anew");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        self.find("sign-in").await;
    }

    /// Signs in at the lock.
    pub async fn sign_in(&self, passphrase: &str) {
        self.fill("sign-in-passphrase", passphrase).await;
        self.press("sign-in-submit").await;
    }
}
