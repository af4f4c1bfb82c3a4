//! Signed secret versions: who made a value, and for which place.
//!
//! age does not authenticate its sender, and the database is the attacked place: whoever can write
//! it could otherwise put a value of their own under `JWT_SECRET_KEY`, or move a ciphertext to
//! another tenant, name or version. So the plaintext of every wrap is an envelope:
//!
//! `"atalaya-secret-1\n" || signer id (16) || signature (64) || salt (32) || value`
//!
//! where the Ed25519 signature covers, with its own domain, *secret id, tenant, name, version,
//! signer id and commitment*; the commitment is `HMAC-SHA256(salt, domain || value)`.
//!
//! - The place is **not** in the envelope. Whoever opens it says which place they mean, and the
//!   signed bytes are built from that: a ciphertext that was moved fails its signature, and there
//!   is nothing to parse before it is proved.
//! - Wrapping again for a further recipient repeats the envelope and needs no signer.
//! - The row shows signer, signature and the commitment as `fingerprint`: a list is verified
//!   without opening anything. The salt stays inside, so neither shown value helps to guess a weak
//!   secret, while whoever may open a version can tell whether another value is the same.
//! - Not covered here: an older version of the **same** secret that a writer of the database marks
//!   as the current one is genuine. The version's state is protected by the sealed log.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::chain::{Standing, TrustedRecipients};
use crate::entropy::{Entropy, NoEntropy};
use crate::mac::{Canonical, hmac_sha256};
use crate::secret::SecretBytes;
use crate::wrap::{self, Identity, Recipient, WrapError};

/// Longest secret value, in bytes.
pub const MAX_VALUE: usize = 65_536;

const MAGIC: &[u8] = b"atalaya-secret-1\n";
const STATEMENT: &str = "atalaya secret version v1";
const COMMITMENT: &[u8] = b"atalaya secret value v1";
const HEAD: usize = MAGIC.len() + 16 + 64 + 32;

/// An Ed25519 signing key.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives no random bytes.
    pub fn draw(entropy: &mut Entropy) -> Result<Self, NoEntropy> {
        let seed = entropy.bytes::<32>()?;
        Ok(Self::from_bytes(&seed))
    }

    /// The key over a 32-byte seed (RFC 8032).
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, to be sealed.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub(crate) fn sign(&self, statement: &Canonical) -> [u8; 64] {
        self.0.sign(statement.bytes()).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// Strict verification: no small-order keys, no second spelling of a signature.
pub(crate) fn verified(key: &[u8; 32], statement: &Canonical, signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| {
        key.verify_strict(statement.bytes(), &Signature::from_bytes(signature)).is_ok()
    })
}

/// Why a secret version is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignedError {
    /// It cannot be opened at all.
    #[error(transparent)]
    Wrap(#[from] WrapError),
    /// What was inside is no envelope of ours.
    #[error("the encrypted value is not a signed secret")]
    NotAnEnvelope,
    /// The signer is not among the trusted recipients, or may not sign.
    #[error("the secret was signed by somebody who is not trusted")]
    UnknownSigner,
    /// The signature does not fit this secret, tenant, name, version and value.
    #[error("the signature does not fit this secret")]
    BadSignature,
    /// Empty, or over [`MAX_VALUE`].
    #[error("a secret value has 1 to 65,536 bytes")]
    BadLength,
    /// No random bytes.
    #[error("the operating system gave no random bytes")]
    NoEntropy,
}

impl From<NoEntropy> for SignedError {
    fn from(_: NoEntropy) -> Self {
        Self::NoEntropy
    }
}

/// The place a version belongs to; all of it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `secrets.id`.
    pub secret: Uuid,
    /// `secrets.tenant_id`; none for a secret of the whole installation.
    pub tenant: Option<i32>,
    /// `secrets.name`, such as `JWT_SECRET_KEY`.
    pub name: String,
    /// `secret_versions.version`, from 1.
    pub version: i32,
}

impl Place {
    fn statement(&self, signer: Uuid, fingerprint: &Fingerprint) -> Canonical {
        Canonical::new(STATEMENT)
            .field(self.secret.as_bytes())
            .optional(self.tenant.map(i32::to_be_bytes).as_ref().map(|t| &t[..]))
            .field(self.name.as_bytes())
            .field(&self.version.to_be_bytes())
            .field(signer.as_bytes())
            .field(&fingerprint.0)
    }
}

/// A salted commitment to a value: tells versions apart and says nothing about the value.
/// In text and in the database 64 hex digits; screens show the first 16.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    fn of(salt: &[u8], value: &[u8]) -> Self {
        Self(hmac_sha256(salt, &[COMMITMENT, value]))
    }

    /// The first 16 hex digits, for people.
    pub fn short(&self) -> String {
        self.to_string()[..16].to_owned()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = SignedError;

    fn try_from(text: String) -> Result<Self, SignedError> {
        text.parse()
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = SignedError;

    fn from_str(text: &str) -> Result<Self, SignedError> {
        let lower_hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
        if text.len() != 64 || !text.as_bytes().iter().all(lower_hex) {
            return Err(SignedError::BadSignature);
        }
        let mut out = [0; 32];
        for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| SignedError::BadSignature)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| SignedError::BadSignature)?;
        }
        Ok(Self(out))
    }
}

/// A signed value, either just made or opened and proved.
pub struct SignedSecret {
    envelope: Zeroizing<Vec<u8>>,
    /// For `secret_versions.fingerprint`.
    pub fingerprint: Fingerprint,
    /// For `secret_versions.signed_by`.
    pub signer: Uuid,
    /// For `secret_versions.signature`.
    pub signature: [u8; 64],
    /// Whether the signer still is a current recipient.
    pub standing: Standing,
}

impl SignedSecret {
    /// Signs `value` for `place` in the name of the recipient `signer`.
    ///
    /// # Errors
    /// [`SignedError::BadLength`], [`SignedError::NoEntropy`].
    pub fn make(
        place: &Place,
        value: &[u8],
        signer: Uuid,
        key: &SigningKey,
        entropy: &mut Entropy,
    ) -> Result<Self, SignedError> {
        if value.is_empty() || value.len() > MAX_VALUE {
            return Err(SignedError::BadLength);
        }
        let salt = entropy.bytes::<32>()?;
        let fingerprint = Fingerprint::of(&salt[..], value);
        let signature = key.sign(&place.statement(signer, &fingerprint));
        let mut envelope = Zeroizing::new(Vec::with_capacity(HEAD + value.len()));
        envelope.extend_from_slice(MAGIC);
        envelope.extend_from_slice(signer.as_bytes());
        envelope.extend_from_slice(&signature);
        envelope.extend_from_slice(&salt[..]);
        envelope.extend_from_slice(value);
        Ok(Self { envelope, fingerprint, signer, signature, standing: Standing::Current })
    }

    /// Opens a wrap and proves that it was made for `place` by somebody trusted.
    ///
    /// # Errors
    /// Every variant of [`SignedError`] but the last two; nothing of the value gets out with one.
    pub fn open(
        ciphertext: &[u8],
        identity: &Identity,
        place: &Place,
        trusted: &TrustedRecipients,
    ) -> Result<Self, SignedError> {
        let opened = identity.open(ciphertext)?;
        let bytes = opened.expose();
        if bytes.len() <= HEAD || !bytes.starts_with(MAGIC) {
            return Err(SignedError::NotAnEnvelope);
        }
        let (signer, rest) = bytes[MAGIC.len()..].split_at(16);
        let (signature, rest) = rest.split_at(64);
        let (salt, value) = rest.split_at(32);
        let signer = Uuid::from_slice(signer).map_err(|_| SignedError::NotAnEnvelope)?;
        let signature: [u8; 64] = signature.try_into().map_err(|_| SignedError::NotAnEnvelope)?;
        let fingerprint = Fingerprint::of(salt, value);
        let standing = verify_row(place, &fingerprint, signer, &signature, trusted)?;
        let envelope = Zeroizing::new(bytes.to_vec());
        Ok(Self { envelope, fingerprint, signer, signature, standing })
    }

    /// The value.
    pub fn value(&self) -> SecretBytes {
        SecretBytes::new(self.envelope[HEAD..].to_vec())
    }

    /// Whether `candidate` is this value (to tell whether a running CRM uses it).
    pub fn is(&self, candidate: &[u8]) -> bool {
        self.envelope[HEAD..].ct_eq(candidate).into()
    }

    /// The ciphertext for one recipient; the row of `secret_wraps`.
    ///
    /// # Errors
    /// [`WrapError::BadRecipient`].
    pub fn wrap_to(&self, recipient: &Recipient) -> Result<Vec<u8>, WrapError> {
        wrap::wrap(recipient, &self.envelope)
    }
}

impl fmt::Debug for SignedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedSecret({}, signer {})", self.fingerprint.short(), self.signer)
    }
}

/// Verifies what a row of `secret_versions` says, without opening a wrap.
///
/// # Errors
/// [`SignedError::UnknownSigner`], [`SignedError::BadSignature`].
pub fn verify_row(
    place: &Place,
    fingerprint: &Fingerprint,
    signer: Uuid,
    signature: &[u8; 64],
    trusted: &TrustedRecipients,
) -> Result<Standing, SignedError> {
    let (key, standing) = trusted.signer(signer).ok_or(SignedError::UnknownSigner)?;
    if verified(&key, &place.statement(signer, fingerprint), signature) {
        Ok(standing)
    } else {
        Err(SignedError::BadSignature)
    }
}

#[cfg(test)]
#[path = "signed_tests.rs"]
mod tests;
