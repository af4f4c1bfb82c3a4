//! Where a connection leads, compared with what its keys were sealed for.
//!
//! `console.json` is a plain file: whoever can write it could name another server, and the operator's password would go
//! there. So the keychain item says where its password may go, and nothing is connected that differs.

use super::{book, keychain_error};
use crate::Workplace;
use crate::context::heavy;
use crate::sessions::seal_error;
use atalaya_keys::sealed::{ConnectionSecret, Destination};
use atalaya_model::connection::{ConnectionInput, TlsMode};
use atalaya_model::console::{Connection, ConnectionKind};
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_store::certificates;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where a connection leads, and the certificates that it trusts, read once.
pub(crate) struct Way {
    pub(crate) destination: Destination,
    pub(crate) ca_pem: Option<Vec<u8>>,
}

/// Where the book's entry leads.
///
/// # Errors
/// `VALIDATION_FAILED` where its certificates cannot be read.
pub(crate) fn way(connection: &Connection) -> Result<Way> {
    let ca_pem = connection.ca_file.as_deref().map(|f| certificates(Path::new(f))).transpose()?;
    // This machine's own Postgres is found through its lease: what the book says of its socket is not used.
    let (host, port) = match connection.kind {
        ConnectionKind::Local => (String::new(), 0),
        ConnectionKind::Remote => (connection.host.clone(), connection.port),
    };
    let destination = Destination {
        host,
        port,
        database: connection.database.clone(),
        tls: connection.tls.as_str().to_owned(),
        ca: ca_pem.as_deref().map(Destination::digest),
    };
    Ok(Way { destination, ca_pem })
}

/// Refuses a connection that leads somewhere else than its keys were sealed for. The certificates to trust.
///
/// # Errors
/// `CONNECTION_CHANGED`, naming what differs (`parts`), what was sealed (`sealed`) and what the book says (`found`).
pub(crate) fn check(connection: &Connection, secret: &ConnectionSecret) -> Result<Option<Vec<u8>>> {
    let Way { destination, ca_pem } = way(connection)?;
    let Some(sealed) = &secret.destination else { return Ok(ca_pem) };
    let parts = sealed.differences(&destination);
    if parts.is_empty() {
        return Ok(ca_pem);
    }
    let (was, is) = (shown(sealed, &parts), shown(&destination, &parts));
    Err(Error::new(
        Code::ConnectionChanged,
        "This connection leads somewhere else than when its keys were sealed.",
    )
    .with("parts", parts.join(", "))
    .with("sealed", was)
    .with("found", is))
}

/// The differing parts for a person. Nothing of it is secret.
fn shown(destination: &Destination, parts: &[&str]) -> String {
    let one = |part: &&str| match *part {
        "host" if destination.host.is_empty() => "host=(local)".to_owned(),
        "host" => format!("host={}", destination.host),
        "port" => format!("port={}", destination.port),
        "database" => format!("database={}", destination.database),
        "tls" => format!("tls={}", destination.tls),
        _ => match &destination.ca {
            Some([a, b, c, d, ..]) => format!("ca={a:02x}{b:02x}{c:02x}{d:02x}"),
            None => "ca=(system)".to_owned(),
        },
    };
    parts.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Binds an item that was made before destinations were kept to where it was just opened.
///
/// Nobody is asked beyond the passphrase. What the book says now is where such an item's password was sent at every sign-in
/// before, so binding it gives an attacker nothing that they did not have, and a question that most people could only
/// answer with yes would protect nobody; refusing would cost every operator a restore. From here on a change is noticed.
pub(crate) async fn bind(
    workplace: &Workplace,
    connection: &Connection,
    secret: ConnectionSecret,
    passphrase: Secret,
) -> Result<()> {
    let destination = Some(way(connection)?.destination);
    seal(workplace, &connection.id, ConnectionSecret { destination, ..secret }, passphrase).await
}

async fn seal(
    workplace: &Workplace,
    id: &str,
    secret: ConnectionSecret,
    passphrase: Secret,
) -> Result<()> {
    let work = workplace.work;
    let item = heavy(move || secret.seal(passphrase.expose(), work)).await?.map_err(seal_error)?;
    workplace.keychain.write(id, &item).await.map_err(keychain_error)
}

/// Where a connection shall lead from now on.
#[derive(Debug, Deserialize)]
pub struct Redirect {
    /// Which connection; not a local one.
    pub id: String,
    /// Host name, address or socket folder.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// How it is protected.
    pub tls: TlsMode,
    /// PEM file of certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The console's passphrase: it opens the keys and seals them again for the new place.
    pub passphrase: Secret,
}

/// Changes where a connection leads, on purpose: with the passphrase. Connects to nothing; the next sign-in does.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `VALIDATION_FAILED`, `ENTITY_NOT_FOUND`, `KEYCHAIN_*`, `FILE_UNWRITABLE`.
pub async fn redirect(workplace: &Workplace, request: Redirect) -> Result<Vec<Connection>> {
    let before = book::find(workplace, &request.id)?;
    if before.kind == ConnectionKind::Local {
        return Err(Error::invalid("connection", "The local workspace is where its folder is."));
    }
    let input = ConnectionInput {
        dsn: None,
        host: request.host,
        port: request.port,
        database: request.database,
        user: before.user.clone(),
        password: Secret::default(),
        tls: Some(request.tls),
        ca_file: request.ca_file,
    };
    let target = input.into_target()?;
    let after = Connection {
        host: target.host,
        port: target.port,
        database: target.database,
        tls: target.tls,
        ca_file: target.ca_file.map(|p| p.display().to_string()),
        ..before
    };
    let secret = open_item(workplace, &after, request.passphrase.clone()).await?;
    // The keys first: a program that dies in between leaves a book that is refused, never one that leads astray.
    bind(workplace, &after, secret, request.passphrase).await?;
    book::edit(workplace, |book| {
        let entry = book::entry(book, &after.id)?;
        entry.host = after.host;
        entry.port = after.port;
        entry.database = after.database;
        entry.tls = after.tls;
        entry.ca_file = after.ca_file;
        Ok(book.connections.clone())
    })
}

/// Opens the keychain item of a connection with its passphrase.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `KEYCHAIN_*`.
pub(crate) async fn open_item(
    workplace: &Workplace,
    connection: &Connection,
    passphrase: Secret,
) -> Result<ConnectionSecret> {
    let item = workplace.keychain.read(&connection.id).await.map_err(keychain_error)?;
    let secret = heavy(move || ConnectionSecret::open(passphrase.expose(), item.expose()))
        .await?
        .map_err(seal_error)?;
    if connection.user != secret.user {
        return Err(Error::new(
            Code::KeychainItemDamaged,
            "The keychain item is of another connection.",
        ));
    }
    Ok(secret)
}
