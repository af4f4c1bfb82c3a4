//! The settings of the CRM and its API by their documented names (CONTRACT, Settings).
//!
//! One table holds name, aliases and whether the value is a secret; reading an environment or a `.env` goes through
//! [`Setting::resolve`], so that two names of one setting with different values are refused in one place.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name that Atalaya writes.
    pub name: &'static str,
    /// Other names that the documents use for it.
    pub aliases: &'static [&'static str],
    /// Whether its value is kept as a secret.
    pub secret: bool,
}

const fn secret(name: &'static str, aliases: &'static [&'static str]) -> Setting {
    Setting { name, aliases, secret: true }
}

/// The settings whose values are secrets and which an import of a `.env` takes over.
pub const SECRETS: &[Setting] = &[
    secret("JWT_SECRET_KEY", &["JWT_SECRET", "API_SECRET_KEY", "CRM_API_SECRET"]),
    secret("CREDENTIALS_FERNET_KEY", &[]),
    secret("ADMIN_TOKEN", &[]),
    secret("OPENAI_API_KEY", &[]),
    secret("YCLOUD_API_KEY", &[]),
    secret("YCLOUD_WEBHOOK_SECRET", &[]),
    secret("META_APP_SECRET", &[]),
    secret("WHATSAPP_VERIFY_TOKEN", &[]),
    secret("MEDIA_ENCRYPTION_KEY", &[]),
    secret("NC_AUTH_JWT_SECRET", &["NOCODB_JWT_SECRET"]),
    secret("REDIS_PASSWORD", &[]),
];

impl Setting {
    /// The one value of this setting among `(name, value)` pairs; `Err` names the two that contradict each other.
    ///
    /// # Errors
    /// Two of its names are present with different values.
    pub fn resolve<'v>(
        &self,
        get: impl Fn(&str) -> Option<&'v str>,
    ) -> Result<Option<&'v str>, (&'static str, &'static str)> {
        let mut found: Option<(&'static str, &'v str)> = None;
        for name in std::iter::once(self.name).chain(self.aliases.iter().copied()) {
            match (found, get(name)) {
                (Some((first, a)), Some(b)) if a != b => return Err((first, name)),
                (None, Some(value)) => found = Some((name, value)),
                _ => {}
            }
        }
        Ok(found.map(|(_, value)| value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_must_agree() {
        let jwt = &SECRETS[0];
        let of = |pairs: &'static [(&str, &str)]| {
            jwt.resolve(move |n| pairs.iter().find(|(k, _)| *k == n).map(|(_, v)| *v))
        };
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[("CRM_API_SECRET", "a")]), Ok(Some("a")));
        assert_eq!(of(&[("JWT_SECRET", "a"), ("JWT_SECRET_KEY", "a")]), Ok(Some("a")));
        assert_eq!(
            of(&[("JWT_SECRET", "a"), ("JWT_SECRET_KEY", "b")]),
            Err(("JWT_SECRET_KEY", "JWT_SECRET"))
        );
    }
}
