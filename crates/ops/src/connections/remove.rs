//! Forgetting a connection.

use super::{ask_again, book};
use crate::Context;
use atalaya_model::console::Connection;
use atalaya_model::{Code, Error, Result, Secret};

/// Forgets a connection that is not open, with its keychain item, for who is signed in to `open` and has its passphrase: what
/// is deleted comes back with a recovery kit alone.
///
/// # Errors
/// `CONFLICT` for the open one, `WRONG_PASSPHRASE`, `ENTITY_NOT_FOUND`, `KEYCHAIN_*`, `FILE_UNWRITABLE`, `DISK_FULL`.
pub async fn remove(
    cx: &Context,
    open: &Connection,
    id: &str,
    passphrase: Secret,
) -> Result<Vec<Connection>> {
    if open.id == id {
        return Err(Error::new(Code::Conflict, "The open connection cannot be forgotten."));
    }
    ask_again(cx, open, passphrase).await?;
    book::remove(&cx.workplace, id).await
}
