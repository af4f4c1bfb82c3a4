//! What an operator is given: a login's password, an encryption identity and a signing key.

use crate::Workplace;
use crate::context::no_entropy;
use atalaya_keys::entropy::Entropy;
use atalaya_keys::generate::{Shape, generate};
use atalaya_keys::scram;
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_keys::secret::SecretText;
use atalaya_keys::signed::SigningKey;
use atalaya_keys::wrap::Identity;
use atalaya_model::{Code, Error, Result};

/// Freshly drawn credentials of one operator.
pub(crate) struct Credentials {
    pub(crate) password: SecretText,
    /// The password as Postgres stores it.
    pub(crate) verifier: String,
    pub(crate) identity: Identity,
    pub(crate) signing_key: SigningKey,
    tail: String,
}

impl Credentials {
    /// Draws them.
    ///
    /// # Errors
    /// `INTERNAL` without random bytes.
    pub(crate) fn draw(workplace: &Workplace) -> Result<Self> {
        let (password, verifier) = password(workplace)?;
        Ok(Self {
            password,
            verifier,
            identity: workplace.draw(Identity::draw).map_err(no_entropy)?,
            signing_key: workplace.draw(SigningKey::draw).map_err(no_entropy)?,
            tail: workplace.uuid()?.simple().to_string()[..6].to_owned(),
        })
    }

    /// A name for the login: from an e-mail or a word, and never one that was there before.
    pub(crate) fn suffix(&self, from: &str) -> String {
        let slug: String = from
            .split('@')
            .next()
            .unwrap_or_default()
            .chars()
            .map(|c| c.to_ascii_lowercase())
            .filter(char::is_ascii_alphanumeric)
            .take(20)
            .collect();
        let slug = if slug.is_empty() { "operator" } else { &slug };
        format!("{slug}_{}", self.tail)
    }

    /// The keychain item.
    pub(crate) fn secret(
        &self,
        installation: &str,
        login: String,
        first_key: [u8; 32],
    ) -> ConnectionSecret {
        ConnectionSecret {
            installation: installation.to_owned(),
            user: login,
            password: self.password.clone(),
            identity: self.identity.clone(),
            signing_key: self.signing_key.clone(),
            first_key,
            last_checkpoint: None,
            destination: None,
        }
    }
}

/// A password for a login and its SCRAM verifier.
///
/// # Errors
/// `INTERNAL` without random bytes.
pub(crate) fn password(workplace: &Workplace) -> Result<(SecretText, String)> {
    let password = draw_password(workplace)?;
    let verifier = verifier(workplace, &password)?;
    Ok((password, verifier))
}

/// A password for a login.
///
/// # Errors
/// `INTERNAL` without random bytes.
pub(crate) fn draw_password(workplace: &Workplace) -> Result<SecretText> {
    workplace.draw(|e| generate(Shape::DatabasePassword, e)).map_err(no_entropy)
}

/// A password as Postgres stores it.
///
/// # Errors
/// `INTERNAL` without random bytes.
pub(crate) fn verifier(workplace: &Workplace, password: &SecretText) -> Result<String> {
    let salt = workplace.draw(Entropy::bytes::<16>).map_err(no_entropy)?;
    scram::verifier(password.expose(), &salt)
        .map_err(|e| Error::new(Code::Internal, "A password could not be prepared.").because(e))
}
