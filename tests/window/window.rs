//! Hands on the console's window: things are found by their `data-testid` (listed in `ui/README.md`).

use crate::desk::{Desk, until, variable};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// How long anything may take to appear; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);
/// How the native dialogs are found.
const DIALOGS: [&str; 4] = ["search", "--onlyvisible", "--name", "^(Save|Open) File$"];
const LOOK_AGAIN: Duration = Duration::from_millis(60);

/// The console, open.
pub struct Window<'a> {
    pub desk: &'a Desk,
    driver: WebDriver,
    /// Number of its window on the screen.
    main: String,
    /// Where this journey's pictures go.
    pub pictures: PathBuf,
    /// What axe-core objected to so far.
    pub faults: Mutex<Vec<String>>,
}

impl<'a> Window<'a> {
    /// Starts the console. `journey` names the folder of its pictures.
    pub async fn open(desk: &'a Desk, journey: &str) -> Self {
        let mut wanted = Capabilities::default();
        wanted
            .set("tauri:options", json!({ "application": variable("ATALAYA_TEST_CONSOLE") }))
            .unwrap();
        let driver = WebDriver::new(desk.driver_url(), wanted)
            .await
            .unwrap_or_else(|e| panic!("{e}\n{}", desk.log()));
        driver.set_script_timeout(PATIENCE).await.unwrap();
        let pictures =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/window").join(journey);
        std::fs::create_dir_all(&pictures).unwrap();
        let mut main = String::new();
        until("the window", || {
            main = desk
                .run("xdotool", &["search", "--onlyvisible", "--name", "^Atalaya$"])
                .unwrap_or_default();
            !main.is_empty()
        });
        Self { desk, driver, main, pictures, faults: Mutex::default() }
    }

    /// Closes the console; the journey fails here if any screen had a fault.
    pub async fn close(self) {
        self.driver.clone().quit().await.unwrap();
        let faults = self.faults.lock().unwrap();
        assert!(faults.is_empty(), "axe-core objects:\n{}", faults.join("\n"));
    }

    /// The thing of that name, once it is there.
    pub async fn find(&self, id: &str) -> WebElement {
        self.find_css(&by(id)).await
    }

    /// The first thing that the selector fits, once it is there.
    pub async fn find_css(&self, css: &str) -> WebElement {
        self.find_within(css, PATIENCE).await
    }

    /// The same for what takes its time.
    pub async fn find_within(&self, css: &str, limit: Duration) -> WebElement {
        let deadline = Instant::now() + limit;
        loop {
            if let Ok(found) = self.driver.find(By::Css(css)).await {
                return found;
            }
            self.or_fail(deadline, &format!("{css} did not appear")).await;
        }
    }

    /// Whether it is there now.
    pub async fn has(&self, id: &str) -> bool {
        self.driver.find(By::Css(by(id))).await.is_ok()
    }

    /// Waits until it is no longer there.
    pub async fn gone(&self, id: &str) {
        self.gone_css(&by(id)).await;
    }

    /// Waits until the selector fits nothing.
    pub async fn gone_css(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.driver.find(By::Css(css)).await.is_ok() {
            self.or_fail(deadline, &format!("{css} did not go")).await;
        }
    }

    /// Clicks it.
    pub async fn press(&self, id: &str) {
        self.press_css(&by(id)).await;
    }

    /// Clicks the first thing that the selector fits, as soon as it can be clicked.
    pub async fn press_css(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // React may replace it between finding and clicking; a disabled button is waited for.
            let found = self.find_css(css).await;
            if found.is_enabled().await.unwrap_or(false) && found.click().await.is_ok() {
                return;
            }
            self.or_fail(deadline, &format!("{css} could not be clicked")).await;
        }
    }

    /// Picks a value of a group of radio buttons; their inputs are hidden behind labels.
    pub async fn choose(&self, id: &str, value: &str) {
        self.find(id).await;
        let code = "document.querySelector(arguments[0]).click()";
        self.js(code, vec![json!(format!("{} input[value=\"{value}\"]", by(id)))]).await;
    }

    /// Puts text in a field, replacing what is there.
    pub async fn fill(&self, id: &str, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        // A page that is still being put together may take the field away in between.
        while self.typed(id, text).await.ok().flatten().as_deref() != Some(text) {
            self.or_fail(deadline, &format!("{id} does not hold what was typed")).await;
        }
    }

    async fn typed(&self, id: &str, text: &str) -> WebDriverResult<Option<String>> {
        let field = self.find(id).await;
        field.clear().await?;
        field.send_keys(text).await?;
        field.prop("value").await
    }

    /// Its text as shown.
    pub async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.unwrap()
    }

    /// Waits until its text has all of these.
    pub async fn says(&self, id: &str, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Not `text()`, which leaves out what the view has scrolled away.
            let text = self.find(id).await.prop("textContent").await;
            let text = text.ok().flatten().unwrap_or_default();
            if words.iter().all(|word| text.contains(word)) {
                return;
            }
            self.or_fail(deadline, &format!("{id} does not say {words:?} but {text:?}")).await;
        }
    }

    /// An attribute of it.
    pub async fn attribute(&self, id: &str, name: &str) -> Option<String> {
        self.find(id).await.attr(name).await.unwrap()
    }

    /// Waits until an attribute has that value.
    pub async fn becomes(&self, id: &str, name: &str, value: &str) {
        self.find_css(&format!("{}[{name}=\"{value}\"]", by(id))).await;
    }

    /// Runs code in the page.
    pub async fn js(&self, code: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute(code, arguments).await;
        answer.unwrap_or_else(|e| panic!("{code:.200}: {e}")).json().clone()
    }

    /// Runs code in the page and gives nothing where there is no page at the moment.
    pub async fn try_js(&self, code: &str) -> Option<Value> {
        let answer = self.driver.execute(code, Vec::new()).await;
        answer.ok().map(|it| it.json().clone())
    }

    /// Runs code that calls its last argument with the answer.
    pub async fn js_later(&self, code: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute_async(code, arguments).await;
        answer.unwrap_or_else(|e| panic!("{code:.200}: {e}")).json().clone()
    }

    /// Calls a command of Rust as an injected script would, past the screens.
    pub async fn command(&self, name: &str, arguments: Value) -> Result<Value, Value> {
        let answer = self.command_while_loading(name, arguments).await;
        answer.unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The same, where the page may be loading anew: then the driver says that it went away.
    pub async fn command_while_loading(
        &self,
        name: &str,
        arguments: Value,
    ) -> WebDriverResult<Result<Value, Value>> {
        const CODE: &str = "const [name, args, done] = arguments
            window.__TAURI_INTERNALS__.invoke(name, args).then((ok) => done({ ok }), (error) => done({ error }))";
        let answer = self.driver.execute_async(CODE, vec![json!(name), arguments]).await?;
        Ok(match answer.json().get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer.json()["ok"].clone()),
        })
    }

    /// Presses keys on the real keyboard, as `ctrl+l`.
    pub fn keys(&self, keys: &str) {
        self.desk.run("xdotool", &["key", "--clearmodifiers", keys]).unwrap();
    }

    /// Waits for the native dialog for files and gives its number.
    pub async fn dialog(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.desk.run("xdotool", &DIALOGS);
            if let Some(first) = found.as_deref().and_then(|all| all.lines().next()) {
                return first.to_owned();
            }
            self.or_fail(deadline, "no native dialog came").await;
        }
    }

    /// Types a path into a native dialog and accepts it.
    pub async fn answer(&self, dialog: &str, path: &Path) {
        self.desk.run("xdotool", &["windowfocus", "--sync", dialog]).unwrap();
        // A dialog that opens has no field for a path until it is asked for.
        let opens = self.desk.run("xdotool", &["getwindowname", dialog]).unwrap() == "Open File";
        self.keys(if opens { "ctrl+l" } else { "ctrl+a" });
        self.desk.run("xdotool", &["type", "--delay", "4", &path.display().to_string()]).unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.keys("Return");
            // It completes paths on its own and takes no answer while it does.
            tokio::time::sleep(Duration::from_millis(250)).await;
            if !self.desk.run("xdotool", &DIALOGS).is_some_and(|all| all.contains(dialog)) {
                return;
            }
            self.or_fail(deadline, "the native dialog takes no answer").await;
        }
    }

    /// Makes the window so large and gives the size that it had.
    pub fn size(&self, width: u32, height: u32) -> (u32, u32) {
        let said = self.desk.run("xdotool", &["getwindowgeometry", "--shell", &self.main]).unwrap();
        let of = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|n| n.parse().ok()).expect("a window has a size")
        };
        let before = (of("WIDTH="), of("HEIGHT="));
        let (width, height) = (width.to_string(), height.to_string());
        self.desk.run("xdotool", &["windowsize", "--sync", &self.main, &width, &height]).unwrap();
        before
    }

    /// Rests the real pointer on it.
    pub async fn point(&self, id: &str) {
        let at = self.find(id).await.rect().await.unwrap();
        let (x, y) = (at.x + at.width / 2.0, at.y + at.height / 2.0);
        for step in [0.0, 2.0] {
            let (x, y) = ((x + step).round().to_string(), y.round().to_string());
            self.desk.run("xdotool", &["mousemove", "--window", &self.main, &x, &y]).unwrap();
        }
    }

    /// Takes the pointer off whatever it is on.
    pub fn leave(&self) {
        // The real pointer: the driver's own stays where it clicked last. Two moves, so that one is a move.
        for at in ["500", "502"] {
            self.desk.run("xdotool", &["mousemove", "--window", &self.main, "60", at]).unwrap();
        }
    }

    /// Waits until nothing moves and the page is painted.
    pub async fn settle(&self) {
        const PAINTED: &str = "const still = () => document.getAnimations().every((it) =>
                it.playState !== 'running' || it.effect?.getComputedTiming().iterations === Infinity)
            const look = (n) => requestAnimationFrame(() =>
                n > 60 || still() ? requestAnimationFrame(arguments[0]) : look(n + 1))
            setTimeout(() => look(0), 60)";
        self.js_later(PAINTED, Vec::new()).await;
    }

    /// A picture of the window. Not through the driver, which hangs where a busy machine paints late.
    pub fn picture(&self, name: &str) {
        let path = self.pictures.join(format!("{name}.png"));
        self.desk
            .run("import", &["-window", &self.main, &path.display().to_string()])
            .expect("no picture");
    }

    /// Complains, with what is on screen, once the deadline is over; until then waits a little.
    async fn or_fail(&self, deadline: Instant, complaint: &str) {
        if Instant::now() > deadline {
            // All of the screen: a dialog may be what it waits for.
            let failed = self.pictures.join("failed.png").display().to_string();
            self.desk.run("import", &["-window", "root", &failed]);
            let text = self.js("return document.body.innerText", Vec::new()).await;
            panic!(
                "{complaint}; on screen:\n{:.1500}\n{}",
                text.as_str().unwrap_or_default(),
                self.desk.log()
            );
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The desk ends the console; asking a driver that may be stuck would only take time.
            let _ = self.driver.clone().leak();
        }
    }
}

fn by(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
