//! The HMAC under which the API tells Postgres who is calling.
//!
//! A plain setting such as `app.tenant` can be changed by one injected statement. So the API sets
//! one transaction-local text and signs it; a gate function checks it before any policy believes
//! it. Core Postgres has `sha256()` and no `hmac()`, so the database keeps the two padded keys of
//! RFC 2104 and computes `sha256(outer || sha256(inner || message))`.
//!
//! `v1|<user uuid or empty>|<tenants, comma-separated, or *>|<xid8>|<expiry, epoch seconds>|<hex HMAC>`;
//! the HMAC covers everything before the last `|`. The transaction id keeps a text that was seen
//! from being used in another transaction.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entropy::{Entropy, NoEntropy};
use crate::mac::hmac_sha256;

/// A key of `atalaya.keys` (`context` or `digest`).
#[derive(Clone, PartialEq, Eq)]
pub struct PadKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for PadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PadKey(***)")
    }
}

/// The tenants that a signed context reaches; the caller's grants narrow it further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tenants {
    /// All.
    All,
    /// These; none is a valid answer and reaches nothing.
    These(Vec<i32>),
}

/// What a context says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The calling user; without one only gate functions answer.
    pub user: Option<Uuid>,
    /// The tenants of this request.
    pub tenants: Tenants,
    /// `pg_current_xact_id()` of the transaction it is for.
    pub transaction: u64,
    /// When it stops being believed, seconds since 1970 (UTC).
    pub expires: i64,
}

impl PadKey {
    /// The context key of an installation whose first administrator has this signing key. Derived, so that a set-up which
    /// is cut off between installing the gate's pads and storing the key as a secret can be finished at the next sign-in.
    pub fn derived(first: &crate::signed::SigningKey) -> Self {
        Self(crate::mac::hkdf_sha256(b"atalaya", first.expose(), b"api context key v1"))
    }

    /// A new key.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives no random bytes.
    pub fn draw(entropy: &mut Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(entropy.bytes()?))
    }

    /// The key over 32 bytes.
    pub fn from_bytes(key: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*key))
    }

    /// The key, to be encrypted to the API.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// `inner_pad` and `outer_pad`, 64 bytes each, for `atalaya.install_keys`.
    pub fn pads(&self) -> (Zeroizing<[u8; 64]>, Zeroizing<[u8; 64]>) {
        let (mut inner, mut outer) = (Zeroizing::new([0x36; 64]), Zeroizing::new([0x5c; 64]));
        for (index, byte) in self.0.iter().enumerate() {
            inner[index] ^= byte;
            outer[index] ^= byte;
        }
        (inner, outer)
    }

    /// The text for `set_config('atalaya.context', ..., true)`.
    pub fn sign(&self, context: &Context) -> String {
        let user = context.user.map(|user| user.to_string()).unwrap_or_default();
        let tenants = match &context.tenants {
            Tenants::All => "*".to_owned(),
            Tenants::These(ids) => ids.iter().map(i32::to_string).collect::<Vec<_>>().join(","),
        };
        let message = format!("v1|{user}|{tenants}|{}|{}", context.transaction, context.expires);
        let mac = hmac_sha256(&self.0[..], &[message.as_bytes()]);
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{message}|{hex}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn context() -> Context {
        Context {
            user: Some(Uuid::from_bytes([0xab; 16])),
            tenants: Tenants::These(vec![3, 7]),
            transaction: 734,
            expires: 1_800_000_000,
        }
    }

    /// What the gate function computes.
    fn in_postgres(key: &PadKey, message: &str) -> String {
        let (inner, outer) = key.pads();
        let first = Sha256::new().chain_update(&inner[..]).chain_update(message).finalize();
        let mac = Sha256::new().chain_update(&outer[..]).chain_update(first).finalize();
        mac.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_pads_give_the_same_hmac() {
        let key = PadKey::from_bytes(&[9; 32]);
        let text = key.sign(&context());
        let (message, mac) = text.rsplit_once('|').unwrap();
        let user = "abababab-abab-abab-abab-abababababab";
        assert_eq!(message, format!("v1|{user}|3,7|734|1800000000"));
        assert_eq!(mac, in_postgres(&key, message));
        assert_ne!(mac, in_postgres(&PadKey::from_bytes(&[8; 32]), message));
    }

    #[test]
    fn every_scope_has_a_spelling_of_its_own() {
        let key = PadKey::draw(&mut Entropy::seeded([1; 32])).unwrap();
        let sign = |tenants, user| {
            let text = key.sign(&Context { tenants, user, ..context() });
            text.split('|').nth(2).unwrap().to_owned()
        };
        assert_eq!(sign(Tenants::All, None), "*");
        assert_eq!(sign(Tenants::These(vec![]), None), "");
        let anonymous = key.sign(&Context { user: None, ..context() });
        assert!(anonymous.starts_with("v1||3,7|"));
        assert_eq!(format!("{key:?}"), "PadKey(***)");
    }
}
