//! From a [`Target`] to a pool. TLS modes are exactly what the target says; nothing falls back.

use crate::error::{Stage, translate};
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::{Code, Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use std::time::Duration;

/// The oldest major version that works: `NULLS NOT DISTINCT`, `security_invoker` views.
pub(crate) const OLDEST_MAJOR: i32 = 15;

/// How long a connection attempt may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(8);

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
    if let Some(ca) = &target.ca_file {
        options = options.ssl_root_cert(ca);
    }
    options
}

/// How long one statement of a console may take before the server gives it up. A filter that scans for minutes would hold
/// a connection, and the server busy, for a screen that nobody waits for any more. Set-ups have no such bound: one of their
/// statements may rightly take as long as the customer's data is large. An export has its own ([`crate::audit::PATIENT`]).
pub(crate) const STATEMENT_LIMIT: &str = "120s";

/// Opens a pool and proves that it answers. `limit` is what one statement may take, as Postgres writes it.
pub(crate) async fn pool(
    target: &Target,
    application: &'static str,
    most: u32,
    limit: Option<&'static str>,
) -> Result<PgPool> {
    if let Some(ca) = &target.ca_file
        && !ca.is_file()
    {
        return Err(Error::invalid("ca_file", "The file of trusted certificates is not there."));
    }
    let mut options = options(target, application);
    if let Some(limit) = limit {
        options = options.options([("statement_timeout", limit)]);
    }
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

/// Names the place in an error, without the password.
fn place(e: Error, target: &Target) -> Error {
    e.with("host", &target.host)
        .with("port", target.port)
        .with("database", &target.database)
        .with("user", &target.user)
}
