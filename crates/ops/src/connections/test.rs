//! Testing a connection before anything is done with it.

use atalaya_model::Result;
use atalaya_model::connection::{ConnectionInput, ConnectionReport, TlsMode};
use atalaya_store::setup::Administrator;
use std::time::Instant;

/// Connects, asks what is there and which rights the login has, and changes nothing.
///
/// # Errors
/// `DSN_INVALID`, `VALIDATION_FAILED`, or what connecting can say.
pub async fn test(input: ConnectionInput) -> Result<ConnectionReport> {
    let target = input.into_target()?;
    let connection = Administrator::connect(&target).await?;
    let before = Instant::now();
    let login = connection.login().await?;
    let latency_ms = u64::try_from(before.elapsed().as_millis()).unwrap_or(u64::MAX);
    let crm = connection.kind().await?;
    connection.close().await;
    Ok(ConnectionReport {
        tls_default: TlsMode::default_for(&target.host),
        host: target.host,
        port: target.port,
        database: target.database,
        user: target.user,
        tls: target.tls,
        encrypted: login.encrypted,
        server_version: login.server_version,
        is_superuser: login.superuser,
        can_create_roles: login.creates_roles,
        owns_database: login.owns_database,
        owns_tables: login.owns_tables,
        crm,
        latency_ms,
    })
}
