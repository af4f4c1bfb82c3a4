//! One value encrypted to one recipient: age X25519 (the format age-encryption.org/v1).
//!
//! Each recipient of a secret has a ciphertext of its own, so that adding one touches one row and
//! a list of recipients cannot be read out of somebody else's row. age does not say **who**
//! encrypted: authenticity is the business of [`crate::signed`], and nothing opened here may be
//! believed without it.

use std::fmt;
use std::io::Read;
use std::str::FromStr;

use bech32::{Bech32, Hrp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::entropy::{Entropy, NoEntropy};
use crate::secret::SecretBytes;

/// Why a wrap cannot be made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrapError {
    /// The text is no `age1...` X25519 recipient.
    #[error("not an age X25519 recipient")]
    BadRecipient,
    /// Encrypted to another key.
    #[error("this value is encrypted to another key")]
    NotForThisKey,
    /// Not an age file, cut short or changed.
    #[error("the encrypted value is damaged")]
    Damaged,
}

/// The public half: `age1...`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient(String);

impl Recipient {
    /// The text that other age programs read.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn native(&self) -> Result<age::x25519::Recipient, WrapError> {
        self.0.parse().map_err(|_| WrapError::BadRecipient)
    }
}

impl FromStr for Recipient {
    type Err = WrapError;

    /// Accepts exactly the canonical lower-case spelling: a recipient is signed as text.
    fn from_str(text: &str) -> Result<Self, WrapError> {
        let parsed: age::x25519::Recipient = text.parse().map_err(|_| WrapError::BadRecipient)?;
        let canonical = parsed.to_string();
        if canonical == text { Ok(Self(canonical)) } else { Err(WrapError::BadRecipient) }
    }
}

impl TryFrom<String> for Recipient {
    type Error = WrapError;

    fn try_from(text: String) -> Result<Self, WrapError> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.0
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The private half, an X25519 scalar.
#[derive(Clone)]
pub struct Identity {
    scalar: Zeroizing<[u8; 32]>,
    native: age::x25519::Identity,
    recipient: Recipient,
}

impl Identity {
    /// A new identity.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives no random bytes.
    pub fn draw(entropy: &mut Entropy) -> Result<Self, NoEntropy> {
        let seed = entropy.bytes::<32>()?;
        Ok(Self::from_bytes(&seed))
    }

    /// The identity over 32 bytes of key material. Every value is a valid X25519 key (RFC 7748
    /// clamps it).
    #[expect(clippy::expect_used, reason = "encoding and parsing back 32 bytes cannot fail")]
    pub fn from_bytes(scalar: &[u8; 32]) -> Self {
        // age takes identities as text only.
        let prefix = Hrp::parse_unchecked("age-secret-key-");
        let mut text = Zeroizing::new(String::with_capacity(96));
        bech32::encode_upper_to_fmt::<Bech32, _>(&mut *text, prefix, scalar)
            .expect("32 bytes fit into bech32");
        let native: age::x25519::Identity = text.parse().expect("own encoding");
        let recipient = Recipient(native.to_public().to_string());
        Self { scalar: Zeroizing::new(*scalar), native, recipient }
    }

    /// The key material, to be sealed.
    pub fn expose(&self) -> &[u8; 32] {
        &self.scalar
    }

    /// The public half.
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// Opens what [`wrap`] made for this identity.
    ///
    /// # Errors
    /// [`WrapError::NotForThisKey`] or [`WrapError::Damaged`].
    pub fn open(&self, ciphertext: &[u8]) -> Result<SecretBytes, WrapError> {
        let decryptor = age::Decryptor::new(ciphertext).map_err(|_| WrapError::Damaged)?;
        let mut reader =
            decryptor.decrypt(std::iter::once(&self.native as _)).map_err(|error| match error {
                age::DecryptError::NoMatchingKeys => WrapError::NotForThisKey,
                _ => WrapError::Damaged,
            })?;
        // The plaintext is shorter than its ciphertext: the buffer never moves, so no copy stays.
        let mut plain = Zeroizing::new(Vec::with_capacity(ciphertext.len()));
        reader.read_to_end(&mut plain).map_err(|_| WrapError::Damaged)?;
        Ok(plain.into())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.recipient)
    }
}

/// Encrypts `plain` to one recipient.
///
/// # Errors
/// [`WrapError::BadRecipient`] when the recipient is not usable.
pub fn wrap(recipient: &Recipient, plain: &[u8]) -> Result<Vec<u8>, WrapError> {
    age::encrypt(&recipient.native()?, plain).map_err(|_| WrapError::BadRecipient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(seed: u8) -> Identity {
        Identity::draw(&mut Entropy::seeded([seed; 32])).unwrap()
    }

    #[test]
    fn opens_for_its_recipient_and_for_nobody_else() {
        let (ana, eva) = (identity(1), identity(2));
        let sealed = wrap(ana.recipient(), b"value").unwrap();
        assert_eq!(ana.open(&sealed).unwrap().expose(), b"value");
        assert_eq!(eva.open(&sealed), Err(WrapError::NotForThisKey));
        assert_ne!(sealed, wrap(ana.recipient(), b"value").unwrap(), "never twice the same");
    }

    #[test]
    fn a_changed_or_cut_ciphertext_is_refused() {
        let ana = identity(1);
        let sealed = wrap(ana.recipient(), &[7; 300]).unwrap();
        for cut in 0..sealed.len() {
            assert!(ana.open(&sealed[..cut]).is_err(), "cut at {cut}");
        }
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(ana.open(&changed).is_err(), "changed at {place}");
        }
    }

    #[test]
    fn only_the_canonical_spelling_of_a_recipient_is_read() {
        let ana = identity(1);
        let text = ana.recipient().as_str();
        assert_eq!(&text.parse::<Recipient>().unwrap(), ana.recipient());
        for bad in ["", "age1", &text.to_uppercase(), &text[..text.len() - 1], &format!("{text} ")]
        {
            assert_eq!(bad.parse::<Recipient>(), Err(WrapError::BadRecipient), "{bad:?}");
        }
    }

    #[test]
    fn the_same_bytes_are_the_same_identity() {
        let ana = identity(1);
        assert_eq!(Identity::from_bytes(ana.expose()).recipient(), ana.recipient());
        assert!(!format!("{ana:?}").contains("SECRET"));
    }
}
