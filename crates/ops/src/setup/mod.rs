//! The first run: a local workspace or a CRM's database, then the first administrator.

mod administrator;
mod credentials;
mod local;

pub use administrator::{Request, administrator, candidates};
pub(crate) use credentials::{Credentials, draw_password, verifier};
pub use local::create;

use atalaya_keys::passphrase;
use atalaya_model::connection::Target;
use atalaya_model::console::{ConnectionKind, PassphraseStrength};
use atalaya_model::{Code, Error, Result, Secret};

/// A set-up under way: the database is there and taken over, the first administrator is missing. Held by the shell.
pub struct Setup {
    /// The database administrator.
    pub administrator: Target,
    /// Whose Postgres.
    pub kind: ConnectionKind,
    /// The local Postgres, held meanwhile.
    pub lease: Option<atalaya_postgres::Lease>,
}

/// How strong a passphrase is; `known` are words that a guesser would try (name, e-mail).
#[must_use]
pub fn strength(passphrase: &Secret, known: &[&str]) -> PassphraseStrength {
    let judged = passphrase::strength(passphrase.expose(), known);
    let warning = judged.warning.and_then(|w| serde_json::to_value(w).ok());
    PassphraseStrength {
        // What is not accepted never looks acceptable.
        score: if judged.accepted { judged.score } else { judged.score.min(2) },
        warning: warning.as_ref().and_then(|w| w.as_str()).map(str::to_owned),
    }
}

/// Refuses a passphrase that is too easy to guess.
///
/// # Errors
/// `WEAK_PASSPHRASE`.
pub(crate) fn check_passphrase(passphrase: &Secret, known: &[&str]) -> Result<()> {
    if passphrase::strength(passphrase.expose(), known).accepted {
        Ok(())
    } else {
        Err(Error::new(Code::WeakPassphrase, "This passphrase is too easy to guess."))
    }
}
