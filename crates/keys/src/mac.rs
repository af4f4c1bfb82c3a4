//! HMAC-SHA256 and HKDF-SHA256 in the two shapes this crate uses, and canonical bytes to sign.
//!
//! Canonical bytes are a domain string followed by fields that each carry their length, so that no
//! two different lists of fields give the same bytes and no statement can be read as another kind.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA256 (RFC 2104) of the parts in a row.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length is valid");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// 32 bytes of HKDF-SHA256 (RFC 5869).
#[expect(clippy::expect_used, reason = "32 bytes are far below the limit of 255 blocks")]
pub(crate) fn hkdf_sha256(salt: &[u8], key: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), key).expand(info, &mut out[..]).expect("32 bytes fit");
    out
}

/// Bytes to sign: a domain and fields, each with its length (u32, big endian) before it.
pub(crate) struct Canonical(Vec<u8>);

impl Canonical {
    pub(crate) fn new(domain: &str) -> Self {
        Self(Vec::with_capacity(256)).field(domain.as_bytes())
    }

    pub(crate) fn field(mut self, bytes: &[u8]) -> Self {
        // A field of 4 GiB cannot occur: values are limited to 64 KiB before they come here.
        self.0.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// A field that may be absent; absent and empty are different.
    pub(crate) fn optional(self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            None => self.field(&[0]),
            Some(bytes) => self.field(&[1]).field(bytes),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_matches_rfc_4231_case_2() {
        let got = hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        let hex: String = got.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn hkdf_matches_rfc_5869_case_1() {
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let got = hkdf_sha256(&salt, &[0x0b; 22], &info);
        let hex: String = got.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn fields_cannot_run_into_each_other() {
        let two = |a: &str, b: &str| {
            Canonical::new("d").field(a.as_bytes()).field(b.as_bytes()).bytes().to_vec()
        };
        assert_ne!(two("ab", "c"), two("a", "bc"));
        let absent = Canonical::new("d").optional(None);
        let empty = Canonical::new("d").optional(Some(b""));
        assert_ne!(absent.bytes(), empty.bytes());
    }
}
