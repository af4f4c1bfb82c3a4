//! From a [`Target`] to a pool. TLS modes are exactly what the target says; nothing falls back, and nothing that libpq's
//! environment variables say counts: what a person sees in the console is where their password goes.

use crate::error::{Stage, translate};
use crate::file;
use crate::trust;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::{Code, Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// The oldest major version that works: `NULLS NOT DISTINCT`, `security_invoker` views.
pub(crate) const OLDEST_MAJOR: i32 = 15;

/// How long a connection attempt may take.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(8);

/// Where names are looked up before an operator is there. What a database or a login sets for itself does not count, because
/// whoever owns the database may have put functions and operators of their own into any other schema.
pub(crate) const BUILT_IN: (&str, &str) = ("search_path", "pg_catalog,pg_temp");

/// What the driver reads from its environment and cannot be told to forget: options of the session, a client's certificate.
/// Everything else that it reads ([`PgConnectOptions::new_without_pgpass`]) is set below, always.
const STICKY: [&str; 3] = ["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"];

/// What was said to be done stays done when the server crashes, also where its commits do not wait for the disk: a crash would
/// take the last half second along, and with it rights that were taken back. Whatever else its owner chose stays.
const DURABLE: &str = "SELECT set_config(name, 'on', FALSE) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'";

/// What nobody waits for any more ends: a program that was killed leaves no statement behind. A server that cannot see that its
/// client is gone refuses the setting, and goes on as it did.
const ATTENTIVE: &str = "SET client_connection_check_interval = '2s'";

/// Connection options of a target, whose certificates are those in `trusted` (PEM) and no others. Prepared plans are made for
/// the values at hand, because our filters are static SQL with NULL parameters (309 ms against 0.06 ms otherwise; DESIGN 3).
fn options(target: &Target, application: &'static str, trusted: Vec<u8>) -> PgConnectOptions {
    let options = PgConnectOptions::new_without_pgpass()
        .host(&target.host)
        .port(target.port)
        .username(&target.user)
        // An empty one too: otherwise PGPASSWORD would go to whichever server this is.
        .password(target.password.expose())
        .database(&target.database)
        .application_name(application)
        .ssl_mode(match target.tls {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        // Never by name: what was checked is what is used.
        .ssl_root_cert_from_pem(trusted)
        .options([
            ("plan_cache_mode", "force_custom_plan"),
            ("jit", "off"),
            ("timezone", "UTC"),
            ("lock_timeout", "10s"),
        ]);
    match target.host.strip_prefix('/') {
        Some(_) => options.socket(&target.host),
        None => options,
    }
}

/// Refuses an environment that would add to a connection behind its owner's back. `is_set` asks for a variable by name.
///
/// # Errors
/// `VALIDATION_FAILED`, naming the variable and not its value.
fn uninfluenced(is_set: impl Fn(&str) -> bool) -> Result<()> {
    match STICKY.into_iter().find(|name| is_set(name)) {
        None => Ok(()),
        Some(name) => Err(Error::invalid(
            name,
            format!(
                "The environment variable {name} would change the connection; start without it."
            ),
        )),
    }
}

/// How long one statement of a console may take before the server gives it up. A filter that scans for minutes would hold
/// a connection, and the server busy, for a screen that nobody waits for any more. Set-ups have no such bound: one of their
/// statements may rightly take as long as the customer's data is large. An export has its own ([`crate::audit::PATIENT`]).
pub(crate) const STATEMENT_LIMIT: (&str, &str) = ("statement_timeout", "120s");

/// A connection that answered this recently is not asked again whether it is there: the operations of one screen
/// follow each other.
const FRESH: Duration = Duration::from_millis(500);

/// Opens a pool and proves that it answers. `settings` are those of each of its sessions.
pub(crate) async fn pool(
    target: &Target,
    application: &'static str,
    most: u32,
    settings: &[(&str, &str)],
) -> Result<PgPool> {
    uninfluenced(|name| std::env::var_os(name).is_some())?;
    let trusted = match (&target.ca_pem, target.ca_file.as_deref()) {
        (Some(pem), _) => pem.clone(),
        (None, Some(path)) => certificates(path)?,
        (None, None) => match target.tls {
            TlsMode::Disable | TlsMode::Require => Vec::new(),
            TlsMode::VerifyCa | TlsMode::VerifyFull => trust::system().await,
        },
    };
    let options = options(target, application, trusted);
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
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                let _ = sqlx::raw_sql(ATTENTIVE).execute(&mut *connection).await;
                sqlx::raw_sql(DURABLE).execute(connection).await.map(|_| ())
            })
        })
        .before_acquire(|connection, known| {
            Box::pin(async move {
                if known.idle_for > FRESH {
                    sqlx::Connection::ping(connection).await?;
                }
                Ok(true)
            })
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_cannot_forget_is_refused_by_name() {
        assert!(uninfluenced(|_| false).is_ok());
        for name in STICKY {
            let e = uninfluenced(|asked| asked == name).err().map(|e| e.detail);
            assert_eq!(e.and_then(|d| d.get("field").cloned()).as_deref(), Some(name));
        }
    }
}
