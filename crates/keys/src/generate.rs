//! Making the secrets that a CRM needs, in the shapes its documents give.
//!
//! What comes out has at least 128 bits and needs no judgement; [`crate::weak`] judges what is
//! imported. Deliberately absent: passwords for people to remember.

use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, NoEntropy};
use crate::secret::SecretText;

/// The secrets of a new workspace, by the shape of their value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 64 bytes as 86 url-safe characters: `JWT_SECRET_KEY` (Python's `token_urlsafe(64)`).
    TokenKey,
    /// 32 bytes as 64 hex digits: `ADMIN_TOKEN` (`openssl rand -hex 32`).
    AdminToken,
    /// 32 bytes as url-safe base64 with padding: `CREDENTIALS_FERNET_KEY`.
    FernetKey,
    /// 32 bytes as 43 url-safe characters, which need no quoting in a DSN or a shell.
    DatabasePassword,
    /// 16 bytes as 32 hex digits: webhook secrets and verification tokens.
    WebhookToken,
}

impl Shape {
    /// The shape for a setting of the CRM that Atalaya can generate.
    pub fn of(setting: &str) -> Option<Self> {
        Some(match setting {
            "JWT_SECRET_KEY" | "JWT_SECRET" | "API_SECRET_KEY" | "CRM_API_SECRET"
            | "NC_AUTH_JWT_SECRET" | "NOCODB_JWT_SECRET" => Self::TokenKey,
            "ADMIN_TOKEN" => Self::AdminToken,
            "CREDENTIALS_FERNET_KEY" => Self::FernetKey,
            "REDIS_PASSWORD" | "CRM_DB_PASSWORD" => Self::DatabasePassword,
            "WHATSAPP_VERIFY_TOKEN" => Self::WebhookToken,
            _ => return None,
        })
    }
}

/// Makes a value.
///
/// # Errors
/// [`NoEntropy`] when the operating system gives no random bytes.
pub fn generate(shape: Shape, entropy: &mut Entropy) -> Result<SecretText, NoEntropy> {
    Ok(match shape {
        Shape::TokenKey => base64(&URL_SAFE_NO_PAD, &entropy.bytes::<64>()?[..]),
        Shape::AdminToken => hex(&entropy.bytes::<32>()?[..]),
        Shape::FernetKey => base64(&URL_SAFE, &entropy.bytes::<32>()?[..]),
        Shape::DatabasePassword => base64(&URL_SAFE_NO_PAD, &entropy.bytes::<32>()?[..]),
        Shape::WebhookToken => hex(&entropy.bytes::<16>()?[..]),
    })
}

fn base64(engine: &impl base64::Engine, bytes: &[u8]) -> SecretText {
    let mut out = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    engine.encode_string(bytes, &mut out);
    out.into()
}

fn hex(bytes: &[u8]) -> SecretText {
    let mut out = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weak::{Verdict, judge};

    fn make(shape: Shape) -> String {
        generate(shape, &mut Entropy::seeded([1; 32])).unwrap().expose().to_owned()
    }

    #[test]
    fn shapes_are_those_of_the_documents() {
        let url_safe =
            |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let lower_hex =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let token = make(Shape::TokenKey);
        assert!(token.len() == 86 && url_safe(&token));
        let admin = make(Shape::AdminToken);
        assert!(admin.len() == 64 && lower_hex(&admin));
        let password = make(Shape::DatabasePassword);
        assert!(password.len() == 43 && url_safe(&password));
        let webhook = make(Shape::WebhookToken);
        assert!(webhook.len() == 32 && lower_hex(&webhook));
    }

    #[test]
    fn a_fernet_key_works_in_the_fernet_crate() {
        let fernet = fernet::Fernet::new(&make(Shape::FernetKey)).unwrap();
        assert_eq!(fernet.decrypt(&fernet.encrypt(b"value")).unwrap(), b"value");
    }

    #[test]
    fn what_is_generated_is_judged_strong() {
        for setting in ["JWT_SECRET_KEY", "ADMIN_TOKEN", "CREDENTIALS_FERNET_KEY"] {
            let value = generate(Shape::of(setting).unwrap(), &mut Entropy::system()).unwrap();
            assert_eq!(judge(setting, value.expose()).verdict, Verdict::Strong, "{setting}");
        }
    }
}
