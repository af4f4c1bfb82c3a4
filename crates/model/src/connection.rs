//! Where a database is and how it is reached: parsed once, at the edge, from fields or from a pasted DSN.

use crate::{Code, Error, Result, Secret};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::PathBuf;
use url::Url;

/// How a connection is protected, by libpq's names. There is no `prefer`: it would fall back to plaintext silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum TlsMode {
    /// Plaintext. For sockets and loopback.
    Disable,
    /// Encrypted, to whoever answers.
    Require,
    /// Encrypted, certificate trusted, name not checked.
    VerifyCa,
    /// Encrypted, certificate trusted and for this host.
    VerifyFull,
}

impl TlsMode {
    /// The default for a host: `verify-full` for anything but loopback and sockets (CONTRACT, Settings).
    #[must_use]
    pub fn default_for(host: &str) -> Self {
        if is_local(host) { Self::Disable } else { Self::VerifyFull }
    }

    /// libpq's word for it, as in `sslmode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "disable" => Self::Disable,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }
}

/// Stands for an empty host while a URL is parsed (RFC 2606 reserves the name).
const NO_HOST: &str = "host.invalid";

/// Whether a host is a socket folder or loopback.
#[must_use]
pub fn is_local(host: &str) -> bool {
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|a| a.is_loopback())
}

/// Everything that a connection needs. The password is wiped with it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Host name, address, or the folder of a Unix socket.
    pub host: String,
    /// Port; part of the socket's name too.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Login.
    pub user: String,
    /// Its password; may be empty.
    pub password: Secret,
    /// How it is protected.
    pub tls: TlsMode,
    /// Certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The content of that file (PEM), where it was read and compared before: then the file is not read again.
    pub ca_pem: Option<Vec<u8>>,
}

/// What a person enters: fields, or a DSN that wins over them.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ConnectionInput {
    /// A pasted connection string.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub dsn: Option<Secret>,
    /// Host name, address or socket folder.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Login.
    pub user: String,
    /// Password.
    #[cfg_attr(test, ts(type = "string"))]
    pub password: Secret,
    /// `None`: the default for the host.
    pub tls: Option<TlsMode>,
    /// PEM file of certificates to trust.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ca_file: Option<PathBuf>,
}

impl ConnectionInput {
    /// Checks and completes it.
    ///
    /// # Errors
    /// `DSN_INVALID` or `VALIDATION_FAILED`, naming the part and never its value.
    pub fn into_target(self) -> Result<Target> {
        if let Some(dsn) = self.dsn.filter(|d| !d.is_empty()) {
            return Target::parse(&dsn);
        }
        let field = |name: &str, value: &str| match value.trim() {
            "" => Err(Error::invalid(name, format!("The {name} is missing."))),
            v if v.contains('\0') || v.len() > 1024 => {
                Err(Error::invalid(name, format!("The {name} is not usable.")))
            }
            v => Ok(v.to_owned()),
        };
        let host = field("host", &self.host)?;
        Ok(Target {
            port: if self.port == 0 { 5432 } else { self.port },
            database: field("database", &self.database)?,
            user: field("user", &self.user)?,
            password: self.password,
            tls: self.tls.unwrap_or_else(|| TlsMode::default_for(&host)),
            ca_file: self.ca_file.filter(|p| !p.as_os_str().is_empty()),
            ca_pem: None,
            host,
        })
    }
}

impl Target {
    /// Parses a URL such as `postgresql://user:password@host:5432/database?sslmode=verify-full`. The schemes that Python
    /// programs write (`postgresql+asyncpg`) are understood, an option that is not known is refused by name.
    ///
    /// # Errors
    /// `DSN_INVALID`, naming the part and never a value.
    pub fn parse(dsn: &Secret) -> Result<Self> {
        let wrong =
            |part: &str, message: &str| Error::new(Code::DsnInvalid, message).with("part", part);
        // libpq allows an empty host before `?host=/socket/folder`; the URL standard does not.
        let text = Secret::new(dsn.expose().trim().replacen("@/", &format!("@{NO_HOST}/"), 1));
        let url = Url::parse(text.expose()).map_err(|_| {
            wrong("form", "Write it like postgresql://user:password@host:5432/database.")
        })?;
        let scheme = url.scheme().split('+').next().unwrap_or_default();
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(wrong("scheme", "The connection string must begin with postgresql://."));
        }
        let decode = |part: &str, text: &str| match percent_decode_str(text).decode_utf8() {
            Ok(t) if !t.contains('\0') => Ok(t.into_owned()),
            _ => Err(wrong(part, "A part of the connection string is not UTF-8.")),
        };
        let mut host = decode("host", url.host_str().unwrap_or_default())?;
        let mut port = url.port();
        let mut tls = None;
        let mut ca_file = None;
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "host" => host = value.into_owned(),
                "port" => {
                    port =
                        Some(value.parse().map_err(|_| wrong("port", "The port is no number."))?);
                }
                "sslmode" => {
                    tls = Some(TlsMode::parse(&value).ok_or_else(|| {
                        wrong(
                            "sslmode",
                            "sslmode must be disable, require, verify-ca or verify-full.",
                        )
                    })?);
                }
                "sslrootcert" => ca_file = Some(PathBuf::from(value.as_ref())),
                "application_name" | "connect_timeout" => {}
                other => {
                    return Err(wrong(
                        "option",
                        "The connection string has an option that is not known.",
                    )
                    .with("option", other.chars().take(40).collect::<String>()));
                }
            }
        }
        if host == NO_HOST {
            host.clear();
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        let database = decode("database", url.path().trim_start_matches('/'))?;
        let user = decode("user", url.username())?;
        for (part, value) in [("host", &host), ("database", &database), ("user", &user)] {
            if value.is_empty() {
                return Err(wrong(part, &format!("The connection string has no {part}.")));
            }
        }
        Ok(Self {
            tls: tls.unwrap_or_else(|| TlsMode::default_for(&host)),
            password: Secret::new(decode("password", url.password().unwrap_or_default())?),
            port: port.unwrap_or(5432),
            host,
            database,
            user,
            ca_file,
            ca_pem: None,
        })
    }

    /// The same place with another login.
    #[must_use]
    pub fn with_login(&self, user: String, password: Secret) -> Self {
        Self { user, password, ..self.clone() }
    }
}

/// What a test of a connection found.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ConnectionReport {
    /// Host as understood.
    pub host: String,
    /// Port as understood.
    pub port: u16,
    /// Database as understood.
    pub database: String,
    /// Login as understood.
    pub user: String,
    /// How it was protected.
    pub tls: TlsMode,
    /// What would be the default for this host.
    pub tls_default: TlsMode,
    /// Whether the server says that the connection is encrypted.
    pub encrypted: bool,
    /// `15.18`.
    pub server_version: String,
    /// The login is superuser: refused for daily work.
    pub is_superuser: bool,
    /// The login may create roles, as the administrator of a take-over must.
    pub can_create_roles: bool,
    /// The login owns the database.
    pub owns_database: bool,
    /// The login owns the CRM's tables.
    pub owns_tables: bool,
    /// What the database is.
    pub crm: crate::adoption::DatabaseKind,
    /// One round trip, in milliseconds.
    #[cfg_attr(test, ts(type = "number"))]
    pub latency_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(dsn: &str) -> Result<Target> {
        Target::parse(&Secret::new(dsn.into()))
    }

    #[test]
    fn understands_documented_forms() {
        let t = parse("postgresql://user:p%40ss@db.example.com:6543/crm?sslmode=verify-ca")
            .expect("parses");
        assert_eq!((t.host.as_str(), t.port, t.database.as_str()), ("db.example.com", 6543, "crm"));
        assert_eq!(
            (t.user.as_str(), t.password.expose(), t.tls),
            ("user", "p@ss", TlsMode::VerifyCa)
        );
        let t = parse("postgresql+asyncpg://u@[::1]/crm").expect("parses");
        assert_eq!((t.host.as_str(), t.port, t.tls), ("::1", 5432, TlsMode::Disable));
        let t = parse("postgres://u@/crm?host=/run/postgresql&port=5433").expect("parses");
        assert_eq!((t.host.as_str(), t.port, t.tls), ("/run/postgresql", 5433, TlsMode::Disable));
    }

    #[test]
    fn anything_off_loopback_is_verified() {
        for host in ["db.example.com", "10.0.0.5", "192.168.1.9", "localhost.example.com"] {
            assert_eq!(TlsMode::default_for(host), TlsMode::VerifyFull, "{host}");
        }
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1", "/tmp"] {
            assert_eq!(TlsMode::default_for(host), TlsMode::Disable, "{host}");
        }
    }

    #[test]
    fn refuses_with_the_part_and_without_the_value() {
        for (dsn, part) in [
            ("not a dsn s3cret", "form"),
            ("mysql://u:s3cret@h/d", "scheme"),
            ("postgres://u:s3cret@h/", "database"),
            ("postgres://u:s3cret@/d", "host"),
            ("postgres://:s3cret@h/d", "user"),
            ("postgres://u:s3cret@h/d?sslmode=prefer", "sslmode"),
            ("postgres://u:s3cret@h/d?options=-c%20role%3Dx", "option"),
            ("postgres://u:s3cret@h:99999/d", "form"),
        ] {
            let e = parse(dsn).expect_err(dsn);
            assert_eq!(e.detail.get("part").map(String::as_str), Some(part), "{dsn}");
            assert!(!format!("{e:?}").contains("s3cret"), "{dsn}");
        }
    }
}
