//! `recovery.age`: what somebody needs beside the kit to get back into a workspace.
//!
//! A binary age file, encrypted to the kit's recipient and signed by the kit's key. The kit's
//! recipient is public, so without the signature anyone could leave a file that leads a restore
//! to a database and a first administrator of their own. The price: it is written while the kit is
//! at hand (at its making, or with the words typed in). For a remote database it holds no
//! password; a restore there also needs a connection of its administrator.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::kit::Kit;
use crate::mac::Canonical;
use crate::signed::verified;
use crate::wrap::{WrapError, wrap};

const MAGIC: &[u8] = b"atalaya-recovery-1\n";
const STATEMENT: &str = "atalaya recovery bundle v1";

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct ConnectionParameters {
    /// Host name, address, or the directory of a Unix socket. A local workspace may leave it
    /// empty: it is found through its data folder.
    pub host: String,
    /// TCP port, or the number in the socket's name.
    pub port: u16,
    /// Database name.
    pub database: String,
    /// TLS mode in libpq's words, such as `verify-full`.
    pub tls: String,
    /// CA certificates, PEM.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ca: Option<String>,
}

/// The administrator of a local workspace's own Postgres.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Administrator {
    /// Login role.
    pub login: String,
    /// Password.
    pub password: String,
    /// The one before, which is still in force if the new one was never set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub earlier: Option<String>,
}

impl fmt::Debug for Administrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Administrator({}, ***)", self.login)
    }
}

/// The contents of `recovery.age`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryBundle {
    /// `atalaya.installation.id`.
    pub installation: String,
    /// The first administrator's public signing key.
    pub first_key: [u8; 32],
    /// Where the database is.
    pub connection: ConnectionParameters,
    /// For a local workspace.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub administrator: Option<Administrator>,
}

/// Why a bundle does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecoveryError {
    /// Encrypted to another kit.
    #[error("this recovery file belongs to another kit")]
    OtherKit,
    /// Changed, cut short, or no recovery file.
    #[error("the recovery file is damaged")]
    Damaged,
    /// Not made with this kit: somebody may have put it there.
    #[error("the recovery file was not made with this kit")]
    NotSigned,
}

impl RecoveryBundle {
    /// The file.
    ///
    /// # Errors
    /// [`RecoveryError::Damaged`] when the library fails, which writing to memory does not.
    pub fn seal(&self, kit: &Kit) -> Result<Vec<u8>, RecoveryError> {
        let room = 4096 + 2 * self.connection.ca.as_deref().unwrap_or_default().len();
        let mut json = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *json, self).map_err(|_| RecoveryError::Damaged)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(room + 128));
        plain.extend_from_slice(MAGIC);
        plain.extend_from_slice(&kit.signing_key().sign(&statement(&json)));
        plain.extend_from_slice(&json);
        wrap(kit.identity().recipient(), &plain).map_err(|_| RecoveryError::Damaged)
    }

    /// Opens the file with the kit.
    ///
    /// # Errors
    /// See [`RecoveryError`].
    pub fn open(kit: &Kit, file: &[u8]) -> Result<Self, RecoveryError> {
        let plain = kit.identity().open(file).map_err(|error| match error {
            WrapError::NotForThisKey => RecoveryError::OtherKit,
            WrapError::BadRecipient | WrapError::Damaged => RecoveryError::Damaged,
        })?;
        let body = plain.expose().strip_prefix(MAGIC).ok_or(RecoveryError::NotSigned)?;
        let (signature, json) = body.split_first_chunk::<64>().ok_or(RecoveryError::NotSigned)?;
        if !verified(&kit.signing_key().public(), &statement(json), signature) {
            return Err(RecoveryError::NotSigned);
        }
        serde_json::from_slice(json).map_err(|_| RecoveryError::Damaged)
    }
}

fn statement(json: &[u8]) -> Canonical {
    Canonical::new(STATEMENT).field(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> RecoveryBundle {
        RecoveryBundle {
            installation: "0123456789ab".into(),
            first_key: [7; 32],
            connection: ConnectionParameters {
                host: "db.example.com".into(),
                port: 5432,
                database: "crm".into(),
                tls: "verify-full".into(),
                ca: Some("-----BEGIN CERTIFICATE-----\n".into()),
            },
            administrator: Some(Administrator {
                login: "admin".into(),
                password: "s3cret".into(),
                earlier: Some("s3cret before".into()),
            }),
        }
    }

    #[test]
    fn opens_with_its_kit_only() {
        let (kit, other) = (Kit::from_bytes(&[1; 32]), Kit::from_bytes(&[2; 32]));
        let file = bundle().seal(&kit).unwrap();
        assert_eq!(RecoveryBundle::open(&kit, &file).unwrap(), bundle());
        assert_eq!(RecoveryBundle::open(&other, &file), Err(RecoveryError::OtherKit));
        assert_eq!(
            RecoveryBundle::open(&kit, &file[..file.len() - 1]),
            Err(RecoveryError::Damaged)
        );
        assert_eq!(RecoveryBundle::open(&kit, b"x"), Err(RecoveryError::Damaged));
    }

    #[test]
    fn a_file_that_somebody_else_encrypted_to_the_kit_is_refused() {
        let (kit, mallory) = (Kit::from_bytes(&[1; 32]), Kit::from_bytes(&[2; 32]));
        let theirs = bundle().seal(&mallory).unwrap();
        let plain = mallory.identity().open(&theirs).unwrap();
        let planted = wrap(kit.identity().recipient(), plain.expose()).unwrap();
        assert_eq!(RecoveryBundle::open(&kit, &planted), Err(RecoveryError::NotSigned));
        let bare = wrap(kit.identity().recipient(), b"{}").unwrap();
        assert_eq!(RecoveryBundle::open(&kit, &bare), Err(RecoveryError::NotSigned));
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", bundle());
        assert!(!shown.contains("s3cret") && shown.contains("db.example.com"), "{shown}");
    }
}
