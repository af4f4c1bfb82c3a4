//! `console.json`: preferences and known connections of this machine's user. Nothing in it is secret.
//!
//! Written beside itself and renamed, so that a crash leaves the old file or the new one. A file that cannot be read is
//! set aside under another name and never overwritten.

use crate::Workplace;
use atalaya_model::console::{Colour, Connection, Preferences};
use atalaya_model::{Code, Error, Instant, Result};
use atalaya_store::file;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// More is no book: each connection has well under a kilobyte.
const LIMIT: usize = 1024 * 1024;

/// How many files this program has begun to write.
static WRITTEN: AtomicU32 = AtomicU32::new(0);

/// The file's content.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// Preferences.
    pub preferences: Preferences,
    /// Connections, last opened first.
    pub connections: Vec<Connection>,
    /// The one that was opened last.
    pub selected: Option<String>,
}

fn path(workplace: &Workplace) -> PathBuf {
    workplace.home().join("console.json")
}

/// Reads it; a missing file is an empty book.
///
/// # Errors
/// `FILE_UNWRITABLE` when it is there and cannot be opened.
pub fn read(workplace: &Workplace) -> Result<Book> {
    let path = path(workplace);
    let text = match file::read(&path, LIMIT) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Book::default()),
        Err(e) => return Err(file_error(e, &path)),
    };
    match serde_json::from_slice(&text) {
        Ok(book) => Ok(book),
        Err(e) => {
            let aside = path.with_extension("json.damaged");
            tracing::warn!(error = %e, "console.json is damaged and was set aside");
            std::fs::rename(&path, &aside).map_err(|e| file_error(e, &aside))?;
            Ok(Book::default())
        }
    }
}

/// Reads it, changes it and writes it, while no other program does: two consoles, or a console and the command line, would
/// each write back what they read, and one change would be lost. Where `change` fails, nothing is written.
///
/// # Errors
/// Those of `change`, `FILE_UNWRITABLE`, `DISK_FULL`.
pub fn edit<T>(workplace: &Workplace, change: impl FnOnce(&mut Book) -> Result<T>) -> Result<T> {
    let lock = path(workplace).with_extension("json.lock");
    std::fs::create_dir_all(workplace.home()).map_err(|e| file_error(e, workplace.home()))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // A file beside it, because the book itself is replaced. The lock goes with the file, also when the program dies.
    let held = options.open(&lock).map_err(|e| file_error(e, &lock))?;
    held.lock().map_err(|e| file_error(e, &lock))?;
    let mut book = read(workplace)?;
    let value = change(&mut book)?;
    write(workplace, &book)?;
    Ok(value)
}

/// The connection of that id in a book.
///
/// # Errors
/// `ENTITY_NOT_FOUND`.
pub(crate) fn entry<'a>(book: &'a mut Book, id: &str) -> Result<&'a mut Connection> {
    book.connections.iter_mut().find(|c| c.id == id).ok_or_else(unknown)
}

/// Adds or replaces a connection, puts it first and selects it.
pub(crate) fn put_first(book: &mut Book, connection: Connection) {
    book.connections.retain(|c| c.id != connection.id);
    book.selected = Some(connection.id.clone());
    book.connections.insert(0, connection);
}

fn unknown() -> Error {
    Error::new(Code::EntityNotFound, "This console does not know that connection.")
}

/// Writes it. For a change of what is there use [`edit`].
///
/// # Errors
/// `FILE_UNWRITABLE`, `DISK_FULL`.
pub fn write(workplace: &Workplace, book: &Book) -> Result<()> {
    let path = path(workplace);
    let text = serde_json::to_vec_pretty(book)
        .map_err(|e| Error::new(Code::Internal, "The connections cannot be written.").because(e))?;
    write_file(&path, &text)
}

/// Writes a file of the data folder whole or not at all, readable for its owner only.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| file_error(e, folder))?;
    }
    // A name of its own: what else lies beside the file is somebody else's, and a link there would be followed.
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.{}.new", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let new = path.with_file_name(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&new).and_then(|mut file| {
        let whole = file
            .write_all(bytes)
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&new, path));
        if whole.is_err()
            && let Err(e) = std::fs::remove_file(&new)
        {
            tracing::warn!(error = %e, "a partial file could not be removed");
        }
        whole
    });
    written.map_err(|e| file_error(e, path))
}

fn file_error(e: std::io::Error, path: &Path) -> Error {
    crate::audit::unwritable(e, path)
}

/// The connection of that id.
///
/// # Errors
/// `ENTITY_NOT_FOUND`.
pub fn find(workplace: &Workplace, id: &str) -> Result<Connection> {
    read(workplace)?.connections.into_iter().find(|c| c.id == id).ok_or_else(unknown)
}

/// Adds or replaces a connection and puts it first.
///
/// # Errors
/// As [`write`].
pub(crate) fn opened(
    workplace: &Workplace,
    mut connection: Connection,
    at: Instant,
) -> Result<Connection> {
    connection.last_opened = Some(at);
    edit(workplace, |book| {
        put_first(book, connection.clone());
        Ok(connection)
    })
}

/// Changes what a person may change of a connection: name, colour, whether it is production.
///
/// # Errors
/// `VALIDATION_FAILED`, `ENTITY_NOT_FOUND`, or as [`write`].
pub fn update(
    workplace: &Workplace,
    id: &str,
    name: &str,
    colour: Colour,
    production: bool,
) -> Result<Vec<Connection>> {
    let name = check_name(name)?;
    edit(workplace, |book| {
        let connection = entry(book, id)?;
        connection.name = name;
        connection.colour = colour;
        connection.production = production;
        Ok(book.connections.clone())
    })
}

/// A connection's name: 1 to 60 characters.
///
/// # Errors
/// `VALIDATION_FAILED`.
pub(crate) fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "connection_name",
            "A connection's name has 1 to 60 characters.",
        ));
    }
    Ok(name.to_owned())
}

/// Forgets a connection and its keychain item, whoever asks. The database stays as it is.
///
/// # Errors
/// `ENTITY_NOT_FOUND`, `KEYCHAIN_*`, or as [`write`].
pub(crate) async fn remove(workplace: &Workplace, id: &str) -> Result<Vec<Connection>> {
    // The keychain holds more than connections: only what the book names is removed.
    find(workplace, id)?;
    match workplace.keychain.delete(id).await {
        Ok(()) | Err(atalaya_keys::keychain::KeychainError::ItemMissing) => {}
        Err(e) => return Err(super::keychain_error(e)),
    }
    edit(workplace, |book| {
        book.connections.retain(|c| c.id != id);
        if book.selected.as_deref() == Some(id) {
            book.selected = book.connections.first().map(|c| c.id.clone());
        }
        Ok(book.connections.clone())
    })
}
