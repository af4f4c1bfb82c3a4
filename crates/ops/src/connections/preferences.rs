//! Saving the preferences.

use super::{ask_again, book};
use crate::{Context, Workplace};
use atalaya_model::console::{Connection, Preferences};
use atalaya_model::{Code, Error, Result, Secret};
use serde::Deserialize;

/// Preferences to save, and the passphrase of the open connection where they make the console lock later.
#[derive(Debug, Deserialize)]
pub struct Save {
    /// All of them.
    #[serde(flatten)]
    pub preferences: Preferences,
    /// Needed where `auto_lock_minutes` grows; without it that is refused like a wrong one.
    #[serde(default)]
    pub passphrase: Secret,
}

/// Saves them. Language and looks are needed at the lock too. When the console locks is for who is signed in, and later than
/// now only with the passphrase: whoever finds it unlocked must not be able to keep it so.
///
/// # Errors
/// `VALIDATION_FAILED`; for another time until it locks `NOT_SIGNED_IN` and, where that is longer, `WRONG_PASSPHRASE` and
/// `KEYCHAIN_*`; `FILE_UNWRITABLE`, `DISK_FULL`.
pub async fn save_preferences(
    workplace: &Workplace,
    open: Option<(&Context, &Connection)>,
    request: Save,
) -> Result<Preferences> {
    let preferences = request.preferences.check()?;
    let minutes = preferences.auto_lock_minutes;
    let mut longest = book::read(workplace)?.preferences.auto_lock_minutes;
    if minutes > longest {
        let (cx, connection) = open.ok_or_else(locked)?;
        ask_again(cx, connection, request.passphrase).await?;
        longest = minutes;
    }
    book::edit(workplace, |book| {
        let before = book.preferences.auto_lock_minutes;
        if minutes != before && open.is_none() {
            return Err(locked());
        }
        // Another window may have made it shorter since it was read.
        if minutes > before.max(longest) {
            return Err(Error::new(Code::WrongPassphrase, "Locking later needs the passphrase."));
        }
        book.preferences = preferences;
        Ok(preferences)
    })
}

fn locked() -> Error {
    Error::new(Code::NotSignedIn, "The console is locked.")
}
