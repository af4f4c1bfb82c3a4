//! The connections that this console knows, and how they are reached.
//!
//! What is not secret stands in `console.json` in the data folder ([`book`]); what is secret, in the keychain under the
//! connection's id.

pub mod book;
pub(crate) mod destination;
mod doctor;
pub(crate) mod local;
mod passphrase;
mod preferences;
mod remove;
mod test;
mod watch;

pub use destination::{Redirect, redirect};
pub use doctor::{keychain_doctor, keychain_unlock};
pub(crate) use passphrase::ask_again;
pub use passphrase::change_passphrase;
pub use preferences::{Save, save_preferences};
pub use remove::remove;
pub use test::test;
pub use watch::found_again;

use crate::Workplace;
use atalaya_keys::keychain::{KeychainError, State};
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::connection::Target;
use atalaya_model::console::{Connection, ConnectionKind, KeychainState, KeychainStatus};
use atalaya_model::{Code, Error, Result, Secret};

/// The target of a connection with its operator's login. A local one is found through its lease, because the socket's
/// folder may differ from start to start.
pub(crate) fn target(
    connection: &Connection,
    lease: Option<&atalaya_postgres::Lease>,
    secret: &ConnectionSecret,
    ca_pem: Option<Vec<u8>>,
) -> Target {
    let (host, port) = match (connection.kind, lease) {
        (ConnectionKind::Local, Some(lease)) => {
            let endpoint = lease.endpoint();
            (endpoint.host.display().to_string(), endpoint.port)
        }
        _ => (connection.host.clone(), connection.port),
    };
    Target {
        host,
        port,
        database: connection.database.clone(),
        user: secret.user.clone(),
        password: Secret::new(secret.password.expose().to_owned()),
        tls: connection.tls,
        ca_file: connection.ca_file.clone().map(Into::into),
        ca_pem,
    }
}

/// Keeps a connection: its secrets sealed under the passphrase in the keychain, for this place alone, the rest in the book.
///
/// # Errors
/// `KEYCHAIN_*`, `FILE_UNWRITABLE`, `DISK_FULL`.
pub(crate) async fn keep(
    workplace: &Workplace,
    connection: &Connection,
    secret: &ConnectionSecret,
    passphrase: Secret,
) -> Result<()> {
    destination::bind(workplace, connection, secret.clone(), passphrase).await?;
    book::edit(workplace, |book| {
        book::put_first(book, connection.clone());
        Ok(())
    })
}

/// What the keychain can say.
pub(crate) fn keychain_error(e: KeychainError) -> Error {
    let (code, message) = match &e {
        KeychainError::Missing(_) => {
            (Code::KeychainMissing, "No keychain service answers on this machine.")
        }
        KeychainError::NoKeyring => (Code::KeychainLocked, "The keychain has no keyring yet."),
        KeychainError::Locked => (Code::KeychainLocked, "The keychain is locked."),
        KeychainError::TimedOut => (Code::KeychainTimeout, "The keychain did not answer in time."),
        KeychainError::ItemMissing => {
            (Code::KeychainItemMissing, "The keychain holds nothing for this connection.")
        }
        _ => (Code::KeychainItemDamaged, "The keychain cannot give this item."),
    };
    Error::new(code, message).because(e)
}

/// Whether an item could be kept now, asked before something is done that needs it at its end.
///
/// # Errors
/// `KEYCHAIN_*`.
pub async fn keychain_ready(workplace: &Workplace) -> Result<()> {
    match workplace.keychain.read("readiness-probe").await {
        Ok(_) | Err(KeychainError::ItemMissing) => Ok(()),
        Err(e) => Err(keychain_error(e)),
    }
}

/// The keychain's state for the screen.
pub async fn keychain_status(workplace: &Workplace) -> KeychainStatus {
    let status = workplace.keychain.status().await;
    KeychainStatus {
        state: keychain_state(status.state),
        store: status.store.to_owned(),
        detail: status.detail.unwrap_or_default(),
    }
}

fn keychain_state(state: State) -> KeychainState {
    match state {
        State::Ready => KeychainState::Ready,
        State::Locked => KeychainState::Locked,
        State::Missing => KeychainState::Missing,
        State::NoKeyring => KeychainState::NoKeyring,
        State::TimedOut => KeychainState::TimedOut,
        State::Failed => KeychainState::Failed,
    }
}
