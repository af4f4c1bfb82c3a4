//! Changing the console's passphrase.

use super::{book, keychain_error};
use crate::Workplace;
use crate::context::heavy;
use crate::sessions::seal_error;
use crate::setup::check_passphrase;
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::{Result, Secret};

/// Opens the keychain item with the current passphrase and seals it under the next one.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `WEAK_PASSPHRASE`, `KEYCHAIN_*`.
pub async fn change_passphrase(
    workplace: &Workplace,
    connection_id: &str,
    current: Secret,
    next: Secret,
) -> Result<()> {
    let connection = book::find(workplace, connection_id)?;
    check_passphrase(&next, &[&connection.name])?;
    let item = workplace.keychain.read(connection_id).await.map_err(keychain_error)?;
    let work = workplace.work;
    let sealed = heavy(move || {
        ConnectionSecret::open(current.expose(), item.expose())?.seal(next.expose(), work)
    })
    .await?
    .map_err(seal_error)?;
    workplace.keychain.write(connection_id, &sealed).await.map_err(keychain_error)
}
