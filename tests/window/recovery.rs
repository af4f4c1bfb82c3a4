//! The keychain item is lost; the kit's words make a new one.

use crate::steps::PASSPHRASE;
use crate::window::Window;

const NEW: &str = "otra frase larga y distinta 77";

/// Deletes what the keychain holds, is refused at the lock, restores with the words, and signs in with the new passphrase.
pub async fn with_the_words(window: &Window<'_>, words: &[String]) {
    window.press("lock").await;
    window.find("sign-in").await;
    window.desk.run("secret-tool", &["clear", "service", SERVICE]).expect("nothing to clear");
    window.sign_in(PASSPHRASE).await;
    window.becomes("sign-in-error", "data-code", "KEYCHAIN_ITEM_MISSING").await;
    window.look("11-item-missing").await;
    window.press("restore").await;
    // As copied from paper: numbered, in lines.
    let numbered: Vec<_> =
        words.iter().enumerate().map(|(n, word)| format!("{}. {word}", n + 1)).collect();
    let wrong = words.iter().rev().cloned().collect::<Vec<_>>().join(" ");
    window.fill("restore-words", &wrong).await;
    window.fill("passphrase", NEW).await;
    window.fill("passphrase-repeat", NEW).await;
    window.look_twice("12-restore", ["light", "dark"]).await;
    window.press("restore-submit").await;
    window.becomes("error-note", "data-code", "KIT_WORDS_WRONG").await;
    window.fill("restore-words", &numbered.join(" ")).await;
    window.fill("passphrase", NEW).await;
    window.fill("passphrase-repeat", NEW).await;
    window.press("restore-submit").await;
    window.find("connection").await;
    window.look("13-restored").await;
    window.press("lock").await;
    window.sign_in(NEW).await;
    window.find("connection").await;
}

/// The name under which the console files its items.
const SERVICE: &str = "atalaya";
