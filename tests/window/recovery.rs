//! The keychain item is lost; the kit's words, or its file, make a new one.

use crate::steps::PASSPHRASE;
use crate::window::Window;
use std::path::{Path, PathBuf};

const NEW: &str = "otra frase larga y distinta 77";

/// Deletes what the keychain holds, is refused at the lock, restores with the words, and signs in with the new passphrase.
pub async fn with_the_words(window: &Window<'_>, words: &[String]) {
    window.locked().await;
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
    window.locked().await;
    window.sign_in(NEW).await;
    window.find("connection").await;
}

/// The name under which the console files its items.
const SERVICE: &str = "atalaya";

const THIRD: &str = "una tercera frase bien larga 31";
const OF_THE_FILE: &str = "llave del archivo en un cajón 55";

/// Saves the kit under a passphrase of its own, through the native dialog, while its words are on screen.
pub async fn save(window: &Window<'_>) -> PathBuf {
    let path = window.desk.files().join("kit.age");
    window.press("kit-save").await;
    window.fill("kit-save-passphrase", OF_THE_FILE).await;
    window.press("kit-save-submit").await;
    let dialog = window.dialog().await;
    window.answer(&dialog, &path).await;
    window.find("kit-saved").await;
    window.look("03-kit-saved").await;
    path
}

/// The same with the kit's file: a wrong passphrase is said, then a new one is set and opens.
pub async fn with_the_file(window: &Window<'_>, file: &Path) {
    window.locked().await;
    window.press("restore").await;
    window.choose("restore-page", "file").await;
    window.press("restore-file").await;
    let dialog = window.dialog().await;
    window.answer(&dialog, file).await;
    window.fill("restore-file-passphrase", "no es la del archivo").await;
    window.fill("passphrase", THIRD).await;
    window.fill("passphrase-repeat", THIRD).await;
    window.press("restore-submit").await;
    window.becomes("error-note", "data-code", "KIT_FILE_INVALID").await;
    window.look_twice("14-restore-file", ["light", "dark"]).await;
    window.fill("restore-file-passphrase", OF_THE_FILE).await;
    window.fill("passphrase", THIRD).await;
    window.fill("passphrase-repeat", THIRD).await;
    window.press("restore-submit").await;
    window.find("connection").await;
    window.locked().await;
    window.sign_in(THIRD).await;
    window.find("connection").await;
}
