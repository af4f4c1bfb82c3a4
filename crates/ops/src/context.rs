//! What operations work with: the machine ([`Workplace`]) and the signed-in operator on a database ([`Context`]).
//!
//! Clock and randomness come in here and nowhere else, so that a test can set them.

use atalaya_keys::entropy::{Entropy, NoEntropy};
use atalaya_keys::keychain::Keychain;
use atalaya_keys::lockbox::WorkFactor;
use atalaya_keys::signed::SigningKey;
use atalaya_keys::wrap::Identity;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::{Code, Error, Instant, Result};
use atalaya_store::Store;
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock(fn() -> DateTime<Utc>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the machine's clock is read"
        )]
        Self(Utc::now)
    }

    /// A clock of a test.
    #[must_use]
    pub const fn with(now: fn() -> DateTime<Utc>) -> Self {
        Self(now)
    }

    /// Now.
    #[must_use]
    pub fn now(self) -> DateTime<Utc> {
        (self.0)()
    }

    /// Now, as the log writes it.
    #[must_use]
    pub fn instant(self) -> Instant {
        self.now().into()
    }
}

/// This machine and its user: folder, keychain, clock, randomness.
#[derive(Clone)]
pub struct Workplace {
    home: PathBuf,
    /// The OS keychain.
    pub keychain: Arc<Keychain>,
    /// The clock.
    pub clock: Clock,
    /// Work of a passphrase.
    pub work: WorkFactor,
    entropy: Arc<Mutex<Entropy>>,
}

impl Workplace {
    /// The machine as it is; `home` is the application's data folder.
    #[must_use]
    pub fn new(home: PathBuf, keychain: Keychain) -> Self {
        Self {
            home,
            keychain: Arc::new(keychain),
            clock: Clock::system(),
            work: WorkFactor::STANDARD,
            entropy: Arc::new(Mutex::new(Entropy::system())),
        }
    }

    /// The application's data folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Runs something that draws random bytes.
    pub(crate) fn draw<T>(&self, f: impl FnOnce(&mut Entropy) -> T) -> T {
        // A panic while drawing leaves the generator usable: it has no invariant that could break.
        f(&mut self.entropy.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A random UUID (version 4).
    ///
    /// # Errors
    /// `INTERNAL` when the operating system gives no random bytes.
    pub fn uuid(&self) -> Result<Uuid> {
        let bytes = self.draw(Entropy::bytes::<16>).map_err(no_entropy)?;
        Ok(uuid::Builder::from_random_bytes(*bytes).into_uuid())
    }

    /// A caller for one request through `origin`.
    ///
    /// # Errors
    /// `INTERNAL` when the operating system gives no random bytes.
    pub fn caller(&self, origin: Origin) -> Result<Caller> {
        Ok(Caller { origin, request_id: self.uuid()? })
    }
}

/// The keys of the signed-in operator; dropped, and with that wiped, when the console locks.
pub struct Signer {
    /// Opens what is encrypted to this operator.
    pub identity: Identity,
    /// Signs in this operator's name.
    pub signing_key: SigningKey,
    /// The pinned key of the first administrator.
    pub first_key: [u8; 32],
}

/// An operator, signed in on a database.
pub struct Context {
    /// The way to the data.
    pub store: Store,
    /// The machine.
    pub workplace: Workplace,
    /// The operator's keys; `None` where the login came from a connection string, which carries no keys.
    pub signer: Option<Signer>,
}

impl Context {
    /// The operator's keys, for what signs or decrypts.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` where no passphrase opened a keychain item.
    pub fn signer(&self) -> Result<&Signer> {
        self.signer.as_ref().ok_or_else(|| {
            Error::new(
                Code::NotSignedIn,
                "This needs the operator's keys; open a connection of the keychain with its passphrase.",
            )
        })
    }
}

pub(crate) fn no_entropy(e: NoEntropy) -> Error {
    Error::new(Code::Internal, "The operating system gave no random bytes.").because(e)
}

/// Runs what takes the processor for long (key derivation) away from the executor's threads.
pub(crate) async fn heavy<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(|e| Error::new(Code::Internal, "A calculation broke off.").because(e))
}
