//! The SCRAM-SHA-256 verifier that Postgres keeps instead of a password (RFC 5802, RFC 7677).
//!
//! Made here and sent as the role's password, so that the password itself never crosses the wire
//! and never stands in a statement, a log or `pg_stat_activity`. Generated passwords are ASCII;
//! others would need SASLprep and are refused rather than prepared wrongly.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::mac::hmac_sha256;

/// Postgres's own default. More would slow down every connection and add nothing to a password
/// of 256 random bits.
pub const ITERATIONS: u32 = 4096;

/// Why no verifier can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScramError {
    /// Empty, or not printable ASCII.
    #[error("a database password here is one or more printable ASCII characters")]
    NotAscii,
}

/// The verifier as `CREATE ROLE ... PASSWORD` takes it:
/// `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`, base64.
///
/// # Errors
/// [`ScramError::NotAscii`].
pub fn verifier(password: &str, salt: &[u8; 16]) -> Result<String, ScramError> {
    if password.is_empty() || !password.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        return Err(ScramError::NotAscii);
    }
    let (stored, server) = keys(password, salt, ITERATIONS);
    Ok(format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    ))
}

/// StoredKey and ServerKey.
fn keys(password: &str, salt: &[u8], iterations: u32) -> ([u8; 32], [u8; 32]) {
    let mut salted = Zeroizing::new([0; 32]);
    pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, iterations, &mut salted[..]);
    let client = Zeroizing::new(hmac_sha256(&salted[..], &[b"Client Key"]));
    (Sha256::digest(&client[..]).into(), hmac_sha256(&salted[..], &[b"Server Key"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exchange of RFC 7677, section 3: user "user", password "pencil".
    #[test]
    fn the_exchange_of_rfc_7677_is_verified() {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let (stored, server) = keys("pencil", &salt, 4096);
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let message = format!(
            "n=user,r=rOprNGfwEbeRWgbNEkqO,\
             r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}"
        );
        let proof = STANDARD.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").unwrap();
        let signature = hmac_sha256(&stored, &[message.as_bytes()]);
        let client: Vec<u8> = proof.iter().zip(signature).map(|(p, s)| p ^ s).collect();
        assert_eq!(Sha256::digest(client)[..], stored, "the client's proof opens StoredKey");
        let answer = STANDARD.encode(hmac_sha256(&server, &[message.as_bytes()]));
        assert_eq!(answer, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    #[test]
    fn the_text_is_what_postgres_stores() {
        let text = verifier("pencil", &[7; 16]).unwrap();
        let parts: Vec<&str> = text.split(['$', ':']).collect();
        assert_eq!(parts[..3], ["SCRAM-SHA-256", "4096", "BwcHBwcHBwcHBwcHBwcHBw=="]);
        assert_eq!((parts[3].len(), parts[4].len(), parts.len()), (44, 44, 5));
        assert!(!text.contains("pencil"));
    }

    #[test]
    fn what_would_need_saslprep_is_refused() {
        for bad in ["", "contrase\u{f1}a", "a\nb", "a\u{a0}b"] {
            assert_eq!(verifier(bad, &[0; 16]), Err(ScramError::NotAscii), "{bad:?}");
        }
    }
}
