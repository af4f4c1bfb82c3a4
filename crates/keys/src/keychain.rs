//! The keychain of the operating system: Secret Service on Linux, Credential Manager on Windows,
//! Keychain on macOS.
//!
//! - Calls block, some for ever (a locked keyring that waits for a prompt nobody sees). They run
//!   on one thread of their own with a time limit; a thread that does not come back is left
//!   behind and the next call gets a new one.
//! - Nothing is remembered about a failure: every call connects anew, so that a retry works as
//!   soon as the cause is gone.
//! - A locked keyring is reported, not unlocked behind the user's back: [`Keychain::unlock`] shows
//!   the system's own prompt when the user asks for it.
//! - Items have at most [`MAX_ITEM`] bytes, the least of all platforms, and are text, because
//!   KDE's wallet keeps nothing else. What is stored is already encrypted ([`crate::sealed`]).
//!
//! Deliberately absent: a file to fall back on. Without a keychain nothing is stored.
//!
//! A write that ran into its time limit may still happen later, when the system comes back; a
//! caller that retries writes the same item again, and reads it back before relying on it.

mod memory;
mod platform;
mod thread;

use std::time::Duration;

use serde::Serialize;
use thiserror::Error;

pub use memory::{Fault, InMemory};
use platform::Store;
use thread::KeychainThread;

use crate::secret::SecretBytes;

/// Largest item in bytes: the limit of Windows' Credential Manager.
pub const MAX_ITEM: usize = 2560;

/// How long a call may take before it is given up.
pub const LIMIT: Duration = Duration::from_secs(5);

/// How long the system's own unlock prompt may stay open.
pub const PROMPT_LIMIT: Duration = Duration::from_secs(120);

const SERVICE: &str = "atalaya";
const PROBE: &str = "doctor-probe";

/// Why a call to the keychain failed. Details come from the operating system and are for a
/// doctor's page; none has a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeychainError {
    /// No keychain service: no D-Bus session, or nobody on it who keeps secrets.
    #[error("there is no keychain service: {0}")]
    Missing(String),
    /// The service runs and has no default keyring yet; [`Keychain::unlock`] offers to make one.
    #[error("the keychain has no default keyring yet")]
    NoKeyring,
    /// The keyring is locked, or the user dismissed the prompt.
    #[error("the keychain is locked")]
    Locked,
    /// No answer within the time limit.
    #[error("the keychain did not answer in time")]
    TimedOut,
    /// No item of this name.
    #[error("the keychain has no such item")]
    ItemMissing,
    /// Over [`MAX_ITEM`] bytes, or not text.
    #[error("an item of {0} bytes does not fit into every keychain")]
    DoesNotFit(usize),
    /// Anything else the operating system says.
    #[error("the keychain failed: {0}")]
    Other(String),
}

impl KeychainError {
    /// The state of a keychain that fails like this.
    pub fn state(&self) -> State {
        match self {
            Self::Missing(_) => State::Missing,
            Self::NoKeyring => State::NoKeyring,
            Self::Locked => State::Locked,
            Self::TimedOut => State::TimedOut,
            Self::ItemMissing | Self::DoesNotFit(_) => State::Ready,
            Self::Other(_) => State::Failed,
        }
    }
}

/// The keychain as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Open and answering.
    Ready,
    /// No service.
    Missing,
    /// No default keyring yet.
    NoKeyring,
    /// Locked.
    Locked,
    /// Not answering.
    TimedOut,
    /// Failing otherwise.
    Failed,
}

/// What [`Keychain::status`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// In one word.
    pub state: State,
    /// The name under which people know the store, such as `Secret Service`.
    pub store: &'static str,
    /// The operating system's words, when it failed.
    pub detail: Option<String>,
}

/// A step of [`Keychain::doctor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The service answers and is unlocked.
    Reach,
    /// An item of the largest size can be written.
    Write,
    /// It reads back unchanged.
    Read,
    /// It can be deleted, and then is gone.
    Delete,
}

/// A step and how it went; the doctor stops at the first failure but still cleans up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The step.
    pub check: Check,
    /// How it went.
    pub outcome: Result<(), KeychainError>,
}

/// The keychain. One per program; calls take turns.
pub struct Keychain {
    store: Store,
    limit: Duration,
    thread: tokio::sync::Mutex<KeychainThread>,
}

impl Keychain {
    /// The keychain of this operating system.
    pub fn system() -> Self {
        Self::new(Store::System)
    }

    /// A keychain that forgets at exit and fails on demand. For tests.
    pub fn in_memory(memory: InMemory) -> Self {
        Self::new(Store::Memory(memory))
    }

    fn new(store: Store) -> Self {
        Self { store, limit: LIMIT, thread: tokio::sync::Mutex::default() }
    }

    /// Another time limit than [`LIMIT`].
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Whether the keychain can be used now. Never shows a prompt.
    pub async fn status(&self) -> Status {
        let store = self.store.name();
        match self.call(self.limit, Store::reach).await {
            Ok(()) => Status { state: State::Ready, store, detail: None },
            Err(error) => Status { state: error.state(), store, detail: Some(error.to_string()) },
        }
    }

    /// Shows the system's prompt to unlock the keyring, or to make the first one, and waits for
    /// it up to `limit` ([`PROMPT_LIMIT`] suits people).
    ///
    /// # Errors
    /// [`KeychainError::Locked`] when the prompt was dismissed, [`KeychainError::TimedOut`] when
    /// nobody answered it.
    pub async fn unlock(&self, limit: Duration) -> Result<(), KeychainError> {
        self.call(limit, Store::unlock).await
    }

    /// Reads an item.
    ///
    /// # Errors
    /// [`KeychainError::ItemMissing`] and the states of the keychain.
    pub async fn read(&self, account: &str) -> Result<SecretBytes, KeychainError> {
        let account = account.to_owned();
        self.call(self.limit, move |store| store.read(SERVICE, &account)).await
    }

    /// Writes an item, replacing one of the same name.
    ///
    /// # Errors
    /// [`KeychainError::DoesNotFit`] and the states of the keychain.
    pub async fn write(&self, account: &str, item: &[u8]) -> Result<(), KeychainError> {
        if item.len() > MAX_ITEM || std::str::from_utf8(item).is_err() {
            return Err(KeychainError::DoesNotFit(item.len()));
        }
        let (account, item) = (account.to_owned(), SecretBytes::new(item.to_vec()));
        self.call(self.limit, move |store| store.write(SERVICE, &account, item.expose())).await
    }

    /// Deletes an item.
    ///
    /// # Errors
    /// [`KeychainError::ItemMissing`] and the states of the keychain.
    pub async fn delete(&self, account: &str) -> Result<(), KeychainError> {
        let account = account.to_owned();
        self.call(self.limit, move |store| store.delete(SERVICE, &account)).await
    }

    /// Tries the keychain with an item of the largest size.
    pub async fn doctor(&self) -> Vec<Checked> {
        let reached = self.call(self.limit, Store::reach).await;
        let mut report = vec![Checked { check: Check::Reach, outcome: reached }];
        if report[0].outcome.is_err() {
            return report;
        }
        let probe: Vec<u8> = (b'!'..=b'~').cycle().take(MAX_ITEM).collect();
        let written = self.write(PROBE, &probe).await;
        let wrote = written.is_ok();
        report.push(Checked { check: Check::Write, outcome: written });
        if wrote {
            let read = self.read(PROBE).await.and_then(|item| {
                let same = item.expose() == probe;
                same.then_some(()).ok_or(KeychainError::Other("the item was changed".into()))
            });
            report.push(Checked { check: Check::Read, outcome: read });
            let deleted = match self.delete(PROBE).await {
                Ok(()) => match self.read(PROBE).await {
                    Err(KeychainError::ItemMissing) => Ok(()),
                    Err(error) => Err(error),
                    Ok(_) => Err(KeychainError::Other("the deleted item is still there".into())),
                },
                Err(error) => Err(error),
            };
            report.push(Checked { check: Check::Delete, outcome: deleted });
        }
        report
    }

    async fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Store) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let store = self.store.clone();
        self.thread.lock().await.call(limit, move || work(&store)).await
    }
}

#[cfg(test)]
#[path = "keychain/tests.rs"]
mod tests;
