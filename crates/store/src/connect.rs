//! From a [`Target`] to a pool. TLS modes are exactly what the target says; nothing falls back.

use crate::error::{Stage, translate};
use crate::file;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::{Code, Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// The oldest major version that works: `NULLS NOT DISTINCT`, `security_invoker` views.
pub(crate) const OLDEST_MAJOR: i32 = 15;

/// How long a connection attempt may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(8);

/// Where names are looked up before an operator is there. What a database or a login sets for itself does not count, because
/// whoever owns the database may have put functions and operators of their own into any other schema.
pub(crate) const BUILT_IN: (&str, &str) = ("search_path", "pg_catalog,pg_temp");

/// Connection options of a target. Prepared plans are made for the values at hand, because our filters are static SQL
/// with NULL parameters (309 ms against 0.06 ms otherwise; DESIGN 3).
pub(crate) fn options(target: &Target, application: &'static str) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .port(target.port)
        .username(&target.user)
        .database(&target.database)
        .application_name(application)
        .ssl_mode(match target.tls {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        .options([
            ("plan_cache_mode", "force_custom_plan"),
            ("jit", "off"),
            ("timezone", "UTC"),
            ("lock_timeout", "10s"),
        ]);
    options = match target.host.strip_prefix('/') {
        Some(_) => options.socket(&target.host),
        None => options.host(&target.host),
    };
    if !target.password.is_empty() {
        options = options.password(target.password.expose());
    }
    // Never by name: what was checked is what is used.
    if let Some(ca) = &target.ca_pem {
        options = options.ssl_root_cert_from_pem(ca.clone());
    }
    options
}

/// How long one statement of a console may take before the server gives it up. A filter that scans for minutes would hold
/// a connection, and the server busy, for a screen that nobody waits for any more. Set-ups have no such bound: one of their
/// statements may rightly take as long as the customer's data is large. An export has its own ([`crate::audit::PATIENT`]).
pub(crate) const STATEMENT_LIMIT: (&str, &str) = ("statement_timeout", "120s");

/// Opens a pool and proves that it answers. `settings` are those of each of its sessions.
pub(crate) async fn pool(
    target: &Target,
    application: &'static str,
    most: u32,
    settings: &[(&str, &str)],
) -> Result<PgPool> {
    let options = match &target.ca_pem {
        Some(_) => options(target, application),
        None => {
            let ca_pem = target.ca_file.as_deref().map(certificates).transpose()?;
            options(&Target { ca_pem, ..target.clone() }, application)
        }
    };
    let options = options.options(settings.iter().copied());
    // A single connection first: the pool would retry until its time is up and hide the cause.
    let once = tokio::time::timeout(CONNECT_LIMIT, async {
        use sqlx::{ConnectOptions, Connection};
        let connection = options.clone().connect().await?;
        connection.close().await
    });
    match once.await {
        Ok(Ok(())) => {}
        Ok(Err(e)) => return Err(place(translate(e, Stage::Connect), target)),
        Err(_) => {
            let e = Error::new(Code::DbUnreachable, "The database server did not answer in time.");
            return Err(place(e, target));
        }
    }
    Ok(PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(CONNECT_LIMIT)
        .idle_timeout(Duration::from_secs(300))
        .connect_lazy_with(options))
}

/// The content of a file of trusted certificates.
///
/// # Errors
/// `VALIDATION_FAILED` where it is not there, no regular file, or too large.
pub fn certificates(path: &Path) -> Result<Vec<u8>> {
    match file::read(path, file::CERTIFICATES) {
        Ok(mut bytes) => Ok(std::mem::take(&mut *bytes)),
        Err(e) => {
            let message = match e.kind() {
                ErrorKind::NotFound => "The file of trusted certificates is not there.",
                ErrorKind::InvalidInput => "The file of trusted certificates is no regular file.",
                ErrorKind::FileTooLarge => "The file of trusted certificates is larger than 1 MiB.",
                _ => "The file of trusted certificates cannot be read.",
            };
            Err(Error::invalid("ca_file", message).with("path", path.display()).because(e))
        }
    }
}

/// Names the place in an error, without the password.
fn place(e: Error, target: &Target) -> Error {
    e.with("host", &target.host)
        .with("port", target.port)
        .with("database", &target.database)
        .with("user", &target.user)
}
