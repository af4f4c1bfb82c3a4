//! A machine whose keychain is missing or locked: explained, and it works once the cause is gone.

use crate::desk::{Desk, Keyring};
use crate::window::Window;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test]
#[ignore = "needs the window lane"]
async fn a_missing_or_locked_keychain_is_explained_and_tried_again() {
    let desk = Desk::new(Keyring::Missing);
    let window = Window::open(&desk, "keychain").await;
    window.becomes("keychain-notice", "data-state", "missing").await;
    window.look_twice("01-missing-en", ["light", "dark"]).await;
    let english = window.text("keychain-notice").await;
    window.language("es").await;
    assert_ne!(window.text("keychain-notice").await, english);
    window.look("02-missing-es").await;

    desk.keyring(Keyring::Locked);
    window.press("keychain-retry").await;
    window.becomes("keychain-notice", "data-state", "locked").await;
    window.look_twice("03-locked-es", ["light", "dark"]).await;
    let spanish = window.text("keychain-notice").await;
    window.language("en").await;
    assert_ne!(window.text("keychain-notice").await, spanish);

    // Going on regardless is refused before anything is kept, and nothing is lost by it.
    window.press("first-run-sample").await;
    window.press("first-run-local").await;
    window.becomes("error-note", "data-code", "KEYCHAIN_LOCKED").await;
    window.look("04-refused").await;
    assert!(!desk.data().join("postgres/data").exists(), "a server was made without a key for it");

    desk.keyring(Keyring::Unlocked);
    window.press("work-retry").await;
    let page = "[data-testid=\"first-run\"][data-step=\"administrator\"]";
    window.find_within(page, Duration::from_secs(120)).await;
    // Locked in the middle of the set-up: it is gone from Rust, and begun again it goes on where it was.
    let lock = "window.__TAURI_INTERNALS__.invoke('lock').catch(() => undefined)";
    window.js(lock, Vec::new()).await;
    window.find("first-run-local").await;
    assert_eq!(dropped(&window).await, "CONFLICT");
    window.press("first-run-local").await;
    window.administrator(Some(("Ana Torres", "ana@example.com"))).await;
    window.administrator_sent().await;
    let words = window.kit_words().await;
    window.kit_stored().await;
    window.kit_answered(&words).await;
    window.find("overview").await;

    // Locked again while the console is: it says so at the lock, and opens when it no longer is.
    window.locked_by_button().await;
    desk.keyring(Keyring::Locked);
    window.sign_in(crate::steps::PASSPHRASE).await;
    window.becomes("sign-in-error", "data-code", "KEYCHAIN_LOCKED").await;
    window.becomes("keychain-notice", "data-state", "locked").await;
    window.look("05-locked-at-the-lock").await;
    desk.keyring(Keyring::Unlocked);
    window.sign_in(crate::steps::PASSPHRASE).await;
    window.find("connection").await;

    // Locked under an open console: the doctor says it in words, and that it is well again.
    window.press("nav-settings").await;
    window.press("settings-keychain").await;
    window.becomes("keychain_delete", "data-state", "ready").await;
    desk.keyring(Keyring::Locked);
    window.press("doctor-again").await;
    window.becomes("keychain_reach", "data-state", "locked").await;
    window.look_twice("06-doctor-en", ["light", "dark"]).await;
    window.language("es").await;
    window.look_twice("06-doctor-es", ["light", "dark"]).await;
    desk.keyring(Keyring::Unlocked);
    window.press("doctor-again").await;
    window.becomes("keychain_delete", "data-state", "ready").await;
    window.close().await;
}

/// What is said to who goes on with a set-up that the lock dropped. While the window loads anew it takes nothing at all, also
/// where its first screen is there already.
async fn dropped(window: &Window<'_>) -> Value {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        match window.command_while_loading("setup_candidates", json!({})).await {
            Ok(answer) => {
                let code = answer.expect_err("a set-up outlives the lock")["code"].clone();
                if code != "NOT_SIGNED_IN" || Instant::now() > deadline {
                    return code;
                }
            }
            // The page that asked is gone.
            Err(e) => assert!(Instant::now() < deadline, "{e}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
