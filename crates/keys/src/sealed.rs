//! The keychain item of a connection, encrypted under the operator's passphrase.
//!
//! Whoever reads the unlocked keychain (any program of the same user) sees a lockbox only. The
//! item is text, because KDE's wallet keeps nothing else:
//!
//! `atalaya1.` + base64url of (first 8 bytes of SHA-256 of the age file, then the age file)
//!
//! The checksum protects nothing; it tells a damaged item from a wrong passphrase before half a
//! second of scrypt is spent. Inside is compact JSON with every value in base64. Callers compare
//! [`ConnectionSecret::installation`] with the connection they meant: two items closed with one
//! passphrase could have been exchanged.
//!
//! The item also says where its password may go ([`Destination`]). Which server a connection leads
//! to stands in a plain file of the user, and whoever changes that file could otherwise have the
//! password sent to a server of their own: sqlx answers whatever a server asks for, a cleartext or
//! MD5 password too, and (as of 0.9) has no setting like libpq's `require_auth` that would insist
//! on SCRAM. So callers compare before they connect. That leaves who answers *at* the right
//! address: that is what `verify-full` is for, the default for anything but loopback and sockets.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::keychain::MAX_ITEM;
use crate::lockbox::{self, LockboxError, WorkFactor};
use crate::secret::{SecretBytes, SecretText};
use crate::signed::SigningKey;
use crate::wrap::Identity;

const PREFIX: &str = "atalaya1.";

/// Where the password of an item may be sent: everything that decides who will receive it, but for
/// the login, which is in the item anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Host name, address, or folder of a Unix socket. Empty for this machine's own Postgres, whose
    /// folder differs from start to start and is found through the data folder.
    pub host: String,
    /// Port; 0 where the host is empty.
    pub port: u16,
    /// Database.
    pub database: String,
    /// TLS mode in libpq's words, such as `verify-full`.
    pub tls: String,
    /// SHA-256 of the file of certificates to trust; none for the system's.
    pub ca: Option<[u8; 32]>,
}

impl Destination {
    /// SHA-256 of a file of certificates, for [`Destination::ca`].
    pub fn digest(certificates: &[u8]) -> [u8; 32] {
        Sha256::digest(certificates).into()
    }

    /// What differs in `other`, by the field's name: `host`, `port`, `database`, `tls`, `ca`.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("host", self.host == other.host),
            ("port", self.port == other.port),
            ("database", self.database == other.database),
            ("tls", self.tls == other.tls),
            ("ca", self.ca == other.ca),
        ]
        .into_iter()
        .filter_map(|(name, same)| (!same).then_some(name))
        .collect()
    }
}

/// What an operator needs to work with one connection.
#[derive(Clone)]
pub struct ConnectionSecret {
    /// `atalaya.installation.id`.
    pub installation: String,
    /// The operator's login role in Postgres.
    pub user: String,
    /// Its password.
    pub password: SecretText,
    /// Opens what is encrypted to this operator.
    pub identity: Identity,
    /// Signs in this operator's name.
    pub signing_key: SigningKey,
    /// The first administrator's public signing key, pinned.
    pub first_key: [u8; 32],
    /// The last global checkpoint seen (a signed note), once the log is sealed.
    pub last_checkpoint: Option<String>,
    /// Where the password may go; none in an item that was made before this was kept.
    pub destination: Option<Destination>,
}

impl fmt::Debug for ConnectionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionSecret")
            .field("installation", &self.installation)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Why an item cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Another passphrase.
    #[error("the passphrase is not the right one")]
    WrongPassphrase,
    /// The item was changed or cut short, or is none of ours.
    #[error("the keychain item is damaged")]
    Damaged,
    /// Written by a newer Atalaya.
    #[error("the keychain item was written by a newer version")]
    Newer,
    /// It would not fit into every keychain.
    #[error("the keychain item would be {0} bytes, over the limit of {MAX_ITEM}")]
    TooLarge(usize),
}

impl From<LockboxError> for SealError {
    fn from(error: LockboxError) -> Self {
        match error {
            LockboxError::WrongPassphrase => Self::WrongPassphrase,
            LockboxError::Damaged | LockboxError::TooCostly => Self::Damaged,
        }
    }
}

/// The JSON inside, with short names because an item has 2,560 bytes in all.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Inside {
    installation: String,
    user: String,
    password: String,
    age: String,
    sign: String,
    first: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    checkpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    to: Option<To>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct To {
    host: String,
    port: u16,
    db: String,
    tls: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ca: Option<String>,
}

impl To {
    fn of(destination: &Destination) -> Self {
        Self {
            host: destination.host.clone(),
            port: destination.port,
            db: destination.database.clone(),
            tls: destination.tls.clone(),
            ca: destination.ca.map(|digest| B64.encode(digest)),
        }
    }

    fn destination(&self) -> Result<Destination, SealError> {
        Ok(Destination {
            host: self.host.clone(),
            port: self.port,
            database: self.db.clone(),
            tls: self.tls.clone(),
            ca: self.ca.as_deref().map(key).transpose()?.map(|digest| *digest),
        })
    }
}

impl ConnectionSecret {
    /// Encrypts the item; the result is ASCII and fits into every keychain.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] above [`MAX_ITEM`].
    pub fn seal(&self, passphrase: &str, work: WorkFactor) -> Result<Vec<u8>, SealError> {
        let inside = Inside {
            installation: self.installation.clone(),
            user: self.user.clone(),
            password: B64.encode(self.password.expose()),
            age: B64.encode(self.identity.expose()),
            sign: B64.encode(self.signing_key.expose()),
            first: B64.encode(self.first_key),
            checkpoint: self.last_checkpoint.clone(),
            to: self.destination.as_ref().map(To::of),
        };
        // Large enough never to move, so that no unwiped copy stays behind.
        let room = 1024
            + inside.installation.len()
            + inside.user.len()
            + inside.password.len()
            + 2 * inside.checkpoint.as_deref().unwrap_or_default().len()
            + 6 * inside.to.as_ref().map_or(0, |to| to.host.len() + to.db.len());
        let mut plain = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *plain, &inside).map_err(|_| SealError::Damaged)?;
        let file = lockbox::close(passphrase, work, &plain)?;
        let mut body = checksum(&file).to_vec();
        body.extend_from_slice(&file);
        let item = format!("{PREFIX}{}", B64.encode(body)).into_bytes();
        if item.len() > MAX_ITEM { Err(SealError::TooLarge(item.len())) } else { Ok(item) }
    }

    /// Opens what [`ConnectionSecret::seal`] made. Takes about half a second: call it outside the
    /// async executor's threads.
    ///
    /// # Errors
    /// See [`SealError`].
    pub fn open(passphrase: &str, item: &[u8]) -> Result<Self, SealError> {
        let text = std::str::from_utf8(item).map_err(|_| SealError::Damaged)?.trim();
        let Some(body) = text.strip_prefix(PREFIX) else {
            let newer = text.strip_prefix("atalaya").is_some_and(|rest| {
                rest.split_once('.').is_some_and(|(version, _)| version.parse::<u8>().is_ok())
            });
            return Err(if newer { SealError::Newer } else { SealError::Damaged });
        };
        let body = B64.decode(body).map_err(|_| SealError::Damaged)?;
        let (sum, file) = body.split_at_checked(8).ok_or(SealError::Damaged)?;
        if sum != checksum(file) {
            return Err(SealError::Damaged);
        }
        let plain = lockbox::open(passphrase, file)?;
        let inside: Inside =
            serde_json::from_slice(plain.expose()).map_err(|_| SealError::Damaged)?;
        let password = B64.decode(&inside.password).map_err(|_| SealError::Damaged)?;
        let password = SecretBytes::new(password).into_text().ok_or(SealError::Damaged)?;
        Ok(Self {
            installation: inside.installation.clone(),
            user: inside.user.clone(),
            password,
            identity: Identity::from_bytes(&*key(&inside.age)?),
            signing_key: SigningKey::from_bytes(&*key(&inside.sign)?),
            first_key: *key(&inside.first)?,
            last_checkpoint: inside.checkpoint.clone(),
            destination: inside.to.as_ref().map(To::destination).transpose()?,
        })
    }
}

fn checksum(file: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(file);
    let mut out = [0; 8];
    out.copy_from_slice(&digest[..8]);
    out
}

fn key(text: &str) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let bytes = Zeroizing::new(B64.decode(text).map_err(|_| SealError::Damaged)?);
    let mut out = Zeroizing::new([0; 32]);
    if bytes.len() != 32 {
        return Err(SealError::Damaged);
    }
    out.copy_from_slice(&bytes);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Entropy;

    fn destination() -> Destination {
        Destination {
            // As long as a host name can be (RFC 1035).
            host: "a".repeat(253),
            port: 65_535,
            database: "d".repeat(63),
            tls: "verify-full".into(),
            ca: Some([255; 32]),
        }
    }

    fn secret() -> ConnectionSecret {
        let mut entropy = Entropy::seeded([1; 32]);
        ConnectionSecret {
            installation: "0123456789ab".into(),
            user: "atalaya_0123456789ab_ana".into(),
            password: "pässword \"quoted\" \u{1f511}".into(),
            identity: Identity::draw(&mut entropy).unwrap(),
            signing_key: SigningKey::draw(&mut entropy).unwrap(),
            first_key: *entropy.bytes().unwrap(),
            last_checkpoint: Some("atalaya/0123456789ab\n42\nhash=\n\n— key sig\n".repeat(4)),
            destination: Some(destination()),
        }
    }

    #[test]
    fn opens_to_what_was_sealed() {
        let secret = secret();
        let item = secret.seal("tejado violeta", WorkFactor::FLOOR).unwrap();
        assert!(item.is_ascii() && item.len() <= MAX_ITEM, "{}", item.len());
        let opened = ConnectionSecret::open("tejado violeta", &item).unwrap();
        assert_eq!(opened.installation, secret.installation);
        assert_eq!(opened.user, secret.user);
        assert_eq!(opened.password, secret.password);
        assert_eq!(opened.identity.expose(), secret.identity.expose());
        assert_eq!(opened.signing_key.expose(), secret.signing_key.expose());
        assert_eq!(opened.first_key, secret.first_key);
        assert_eq!(opened.last_checkpoint, secret.last_checkpoint);
        assert_eq!(opened.destination, secret.destination);
    }

    #[test]
    fn an_item_without_a_destination_still_opens() {
        let secret = ConnectionSecret { destination: None, ..secret() };
        let item = secret.seal("tejado violeta", WorkFactor::FLOOR).unwrap();
        assert_eq!(ConnectionSecret::open("tejado violeta", &item).unwrap().destination, None);
    }

    #[test]
    fn every_part_of_a_destination_counts() {
        let right = destination();
        type Change = fn(&mut Destination);
        let changes: [(&str, Change); 5] = [
            ("host", |d| d.host = "b".into()),
            ("port", |d| d.port = 1),
            ("database", |d| d.database = "e".into()),
            ("tls", |d| d.tls = "disable".into()),
            ("ca", |d| d.ca = None),
        ];
        for (name, change) in changes {
            let mut other = right.clone();
            change(&mut other);
            assert_eq!(right.differences(&other), [name]);
        }
        assert!(right.differences(&right.clone()).is_empty());
    }

    #[test]
    fn a_wrong_passphrase_and_damage_are_told_apart() {
        let item = secret().seal("tejado violeta", WorkFactor::FLOOR).unwrap();
        let open = |item: &[u8]| ConnectionSecret::open("tejado violeta", item).unwrap_err();
        let wrong = ConnectionSecret::open("tejado Violeta", &item).unwrap_err();
        assert_eq!(wrong, SealError::WrongPassphrase);
        for place in [0, 9, 12, 20, 60, 200, item.len() / 2, item.len() - 1] {
            let mut changed = item.clone();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&changed), SealError::Damaged, "changed at {place}");
        }
        assert_eq!(open(&item[..100]), SealError::Damaged);
        assert_eq!(open(b""), SealError::Damaged);
        assert_eq!(open(b"atalaya2.abc"), SealError::Newer);
    }

    #[test]
    fn what_does_not_fit_is_refused_before_it_is_written() {
        let mut secret = secret();
        secret.last_checkpoint = Some("x".repeat(2000));
        let error = secret.seal("p", WorkFactor::FLOOR).unwrap_err();
        assert!(matches!(error, SealError::TooLarge(size) if size > MAX_ITEM));
    }

    #[test]
    fn debug_names_the_connection_and_no_secret() {
        let shown = format!("{:?}", secret());
        assert!(shown.contains("0123456789ab") && !shown.contains("quoted"), "{shown}");
    }
}
