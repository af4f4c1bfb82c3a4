//! The console's passphrase: changed, and asked for again.

use super::{book, destination, keychain_error};
use crate::context::heavy;
use crate::sessions::seal_error;
use crate::setup::check_passphrase;
use crate::{Context, Workplace};
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::console::Connection;
use atalaya_model::{Code, Error, Result, Secret};

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

/// Proves that who is at the screen is who signed in: the passphrase opens the keychain item of the open connection, and the
/// key in it is that of this session. Asked before what a finder of an unlocked console must not be able to do.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `KEYCHAIN_*`, `NOT_SIGNED_IN` without keys.
pub(crate) async fn ask_again(
    cx: &Context,
    connection: &Connection,
    passphrase: Secret,
) -> Result<()> {
    let session = cx.signer()?.signing_key.public();
    let secret = destination::open_item(&cx.workplace, connection, passphrase).await?;
    if secret.signing_key.public() == session {
        return Ok(());
    }
    Err(Error::new(Code::KeychainItemDamaged, "The keychain item is not that of this session."))
}
