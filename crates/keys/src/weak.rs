//! Judging the secrets that somebody else made: too short, of the wrong shape, guessable, or an
//! example out of a document.
//!
//! The verdict is one word for a screen and a finding for its explanation; the value itself goes
//! nowhere. Refused means that a start or an import stops; weak and fair are shown until the
//! secret is rotated. Add a rule by adding a [`Finding`] and its line in `judge`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde::Serialize;
use zeroize::Zeroizing;

/// One word about a secret; the text in `secret_versions.strength`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// May not be used.
    Refused,
    /// Works, and should be rotated soon.
    Weak,
    /// Works, below what new ones have.
    Fair,
    /// Nothing to say.
    Strong,
}

impl Verdict {
    /// The word for the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}

/// What there is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Finding {
    /// No value.
    Empty,
    /// An example or default value out of the documents, or a placeholder.
    KnownExample,
    /// Fewer characters than asked for.
    TooShort {
        /// What there is.
        characters: usize,
        /// What new ones have.
        wanted: usize,
    },
    /// `ADMIN_TOKEN` has 64 hex digits.
    NotHex64,
    /// The key at this place of the ring (from 1) is no Fernet key.
    NotFernet {
        /// Position between the commas, from 1.
        position: usize,
    },
    /// The same key stands in the ring twice.
    RepeatedKey {
        /// Position of the second one, from 1.
        position: usize,
    },
    /// Repetitive, or put together from guessable parts.
    Guessable,
}

/// Verdict and reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The word.
    pub verdict: Verdict,
    /// The reason, unless it is strong.
    pub finding: Option<Finding>,
}

impl Judgement {
    const STRONG: Self = Self { verdict: Verdict::Strong, finding: None };

    const fn new(verdict: Verdict, finding: Finding) -> Self {
        Self { verdict, finding: Some(finding) }
    }
}

/// Values that stand in the documents, in capitals. CRM Ventas 1.2, MetaBuilder 3.3.2, CRM
/// Autónomo (webhook example), LeadBoostAI 11.1.
const EXAMPLES: [&str; 14] = [
    "TU_JWT_SECRET_KEY_DE_64_CARACTERES_MINIMO_GENERADO_ALEATORIAMENTE",
    "TU_CLAVE_FERNET_GENERADA_AUTOMATICAMENTE_32_BYTES_BASE64",
    "TU_TOKEN_ESTATICO_INFRAESTRUCTURA_HEX_64_CARACTERES",
    "TU_WEBHOOK_SECRET",
    "TU_META_APP_SECRET",
    "TU_YCLOUD_API_KEY",
    "SK-...",
    "DEV-SECRET",
    "PHASE3_MASTER_KEY_2025",
    "TEST123",
    "PASSWORD",
    "SECRET",
    "CHANGEME",
    "CHANGE-ME",
];

/// How placeholders begin that nobody replaced.
const PLACEHOLDERS: [&str; 6] = ["TU_", "TU-", "YOUR_", "YOUR-", "CHANGE_ME", "CHANGE-ME"];

fn is_placeholder(value: &str, upper: &str) -> bool {
    let enclosed = |open, close| value.starts_with(open) && value.ends_with(close);
    // Random values mix cases: one that begins with "Tu_" by chance is no placeholder.
    let one_case = !(value.contains(char::is_uppercase) && value.contains(char::is_lowercase));
    let begins = PLACEHOLDERS.iter().any(|start| upper.starts_with(start));
    enclosed("<", ">") || enclosed("${", "}") || (one_case && begins)
}

/// Judges a value by the rules of its setting (CONTRACT, Settings); settings without rules of
/// their own are judged as keys in general.
pub fn judge(setting: &str, value: &str) -> Judgement {
    let value = value.trim();
    if value.is_empty() {
        return Judgement::new(Verdict::Refused, Finding::Empty);
    }
    let upper = Zeroizing::new(value.to_uppercase());
    if EXAMPLES.contains(&upper.as_str()) || is_placeholder(value, &upper) {
        return Judgement::new(Verdict::Refused, Finding::KnownExample);
    }
    match setting {
        "JWT_SECRET_KEY" | "JWT_SECRET" | "API_SECRET_KEY" | "CRM_API_SECRET" => token_key(value),
        "ADMIN_TOKEN" => admin_token(value),
        "CREDENTIALS_FERNET_KEY" => fernet_ring(value),
        "POSTGRES_DSN" | "DATABASE_URL" => match dsn_password(value) {
            // A DSN without a password (peer, certificate) has nothing to guess.
            None => Judgement::STRONG,
            Some(password) => judge("password", password),
        },
        _ => general(value),
    }
}

fn token_key(value: &str) -> Judgement {
    let characters = value.chars().count();
    let short = Finding::TooShort { characters, wanted: 64 };
    if characters < 32 {
        Judgement::new(Verdict::Refused, short)
    } else if guessable(value) {
        Judgement::new(Verdict::Weak, Finding::Guessable)
    } else if characters < 64 {
        Judgement::new(Verdict::Fair, short)
    } else {
        Judgement::STRONG
    }
}

fn admin_token(value: &str) -> Judgement {
    if value.len() != 64 || !value.bytes().all(|b| b.is_ascii_hexdigit()) {
        Judgement::new(Verdict::Refused, Finding::NotHex64)
    } else if guessable(value) {
        Judgement::new(Verdict::Refused, Finding::Guessable)
    } else {
        Judgement::STRONG
    }
}

/// The keys of a ring, newest first, each as the `fernet` crate and Python's `cryptography` want
/// it: 32 bytes, url-safe base64, padded.
///
/// # Errors
/// [`Finding::NotFernet`] or [`Finding::RepeatedKey`] with the position.
pub fn fernet_keys(ring: &str) -> Result<Vec<&str>, Finding> {
    let keys: Vec<&str> = ring.split(',').map(str::trim).collect();
    for (index, key) in keys.iter().enumerate() {
        let bytes = Zeroizing::new(URL_SAFE.decode(key).unwrap_or_default());
        if bytes.len() != 32 {
            return Err(Finding::NotFernet { position: index + 1 });
        }
        if keys[..index].contains(key) {
            return Err(Finding::RepeatedKey { position: index + 1 });
        }
    }
    Ok(keys)
}

fn fernet_ring(value: &str) -> Judgement {
    match fernet_keys(value) {
        Err(finding) => Judgement::new(Verdict::Refused, finding),
        Ok(keys) if keys.iter().any(|key| guessable(key)) => {
            Judgement::new(Verdict::Refused, Finding::Guessable)
        }
        Ok(_) => Judgement::STRONG,
    }
}

fn general(value: &str) -> Judgement {
    let characters = value.chars().count();
    if characters < 8 || guessable(value) {
        Judgement::new(Verdict::Weak, Finding::Guessable)
    } else if characters < 16 {
        Judgement::new(Verdict::Fair, Finding::TooShort { characters, wanted: 16 })
    } else {
        Judgement::STRONG
    }
}

/// Under 10^14 guesses, which an attacker with a token or a ciphertext makes in days; or nearly
/// all of it the same few characters.
fn guessable(value: &str) -> bool {
    let mut distinct: Vec<char> = value.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    // 44 random base64 characters have about 32 different ones, 64 hex digits nearly all 16.
    distinct.len() < 8 || zxcvbn::zxcvbn(value, &[]).guesses_log10() < 14.0
}

/// The password in a URL-shaped or keyword DSN.
fn dsn_password(dsn: &str) -> Option<&str> {
    if let Some((_, rest)) = dsn.split_once("://") {
        let (userinfo, _) = rest.rsplit_once('@')?;
        return userinfo.split_once(':').map(|(_, password)| password);
    }
    dsn.split_whitespace().find_map(|part| part.strip_prefix("password="))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG_64: &str = "q7Zt2mVx9LbKc4RwYh8sNfEj3DgUaP6oTi1XvQz5MnBy0WkCrSlGdHuJpFeAxO2I";

    #[test]
    fn rules_of_the_contract() {
        use Finding::*;
        use Verdict::*;
        let jwt_40 = &STRONG_64[..40];
        let cases: [(&str, &str, Verdict, Option<Finding>); 14] = [
            ("JWT_SECRET_KEY", STRONG_64, Strong, None),
            ("JWT_SECRET", jwt_40, Fair, Some(TooShort { characters: 40, wanted: 64 })),
            (
                "CRM_API_SECRET",
                &STRONG_64[..31],
                Refused,
                Some(TooShort { characters: 31, wanted: 64 }),
            ),
            ("JWT_SECRET_KEY", "", Refused, Some(Empty)),
            ("JWT_SECRET_KEY", "dev-secret", Refused, Some(KnownExample)),
            (
                "JWT_SECRET_KEY",
                "tu_jwt_secret_key_de_64_caracteres_minimo_generado_aleatoriamente",
                Refused,
                Some(KnownExample),
            ),
            ("JWT_SECRET_KEY", "<secret-prod>", Refused, Some(KnownExample)),
            (
                "ADMIN_TOKEN",
                "tu_token_estatico_infraestructura_hex_64_caracteres",
                Refused,
                Some(KnownExample),
            ),
            ("ADMIN_TOKEN", STRONG_64, Refused, Some(NotHex64)),
            ("BFF_CLIENT_SECRET", "PHASE3_MASTER_KEY_2025", Refused, Some(KnownExample)),
            (
                "POSTGRES_DSN",
                "postgresql://user:password@localhost:5432/crmventas",
                Refused,
                Some(KnownExample),
            ),
            ("POSTGRES_DSN", "host=x user=y password=secret", Refused, Some(KnownExample)),
            ("DATABASE_URL", "postgresql:///crm?host=/run", Strong, None),
            ("META_APP_SECRET", "tu_meta_app_secret", Refused, Some(KnownExample)),
        ];
        for (setting, value, verdict, finding) in cases {
            assert_eq!(judge(setting, value), Judgement { verdict, finding }, "{setting}");
        }
    }

    #[test]
    fn chance_is_no_placeholder() {
        let random = format!("Tu_{STRONG_64}");
        assert_eq!(judge("JWT_SECRET_KEY", &random), Judgement::STRONG);
        for value in ["TU_CLAVE_SECRETA_DE_PRODUCCION_AQUI", "${CRM_API_SECRET}", "your-key"] {
            assert_eq!(judge("API_SECRET_KEY", value).finding, Some(Finding::KnownExample));
        }
    }

    #[test]
    fn repetition_is_not_strength() {
        let jwt = judge("JWT_SECRET_KEY", &"ab".repeat(40));
        assert_eq!(jwt, Judgement::new(Verdict::Weak, Finding::Guessable));
        let admin = judge("ADMIN_TOKEN", &"0".repeat(64));
        assert_eq!(admin, Judgement::new(Verdict::Refused, Finding::Guessable));
        let fernet = judge("CREDENTIALS_FERNET_KEY", &format!("{}=", "A".repeat(43)));
        assert_eq!(fernet, Judgement::new(Verdict::Refused, Finding::Guessable));
    }

    #[test]
    fn a_ring_is_read_key_by_key() {
        let (a, b) = (
            "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
            "XzbCtWe5yv2YQnRvO9pTgk3mLw1HsUfJdEaZx6ciK70=",
        );
        assert_eq!(fernet_keys(&format!("{a}, {b}")).unwrap(), [a, b]);
        let judged = |ring: &str| judge("CREDENTIALS_FERNET_KEY", ring).finding;
        assert_eq!(judged(&format!("{a},{b}")), None);
        assert_eq!(judged(&format!("{a},")), Some(Finding::NotFernet { position: 2 }));
        assert_eq!(judged(&format!("{a},{a}")), Some(Finding::RepeatedKey { position: 2 }));
        assert_eq!(judged(&a[..43]), Some(Finding::NotFernet { position: 1 }), "no padding");
        let standard = a.replace('_', "/").replace('-', "+");
        assert_eq!(judged(&standard), Some(Finding::NotFernet { position: 1 }));
    }

    #[test]
    fn other_keys_are_judged_in_general() {
        assert_eq!(judge("REDIS_PASSWORD", "abc").verdict, Verdict::Weak);
        assert_eq!(judge("REDIS_PASSWORD", "hJ4$kq9Zx_p").verdict, Verdict::Weak);
        assert_eq!(judge("MEDIA_ENCRYPTION_KEY", STRONG_64).verdict, Verdict::Strong);
    }
}
