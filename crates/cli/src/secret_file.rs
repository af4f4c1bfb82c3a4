//! Files that hold one secret: a connection string or a passphrase.

use crate::failure::{Failure, Result};
use atalaya_model::connection::Target;
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::file;
use std::io::ErrorKind;
use std::path::Path;
use zeroize::Zeroizing;

/// More is no connection string and no passphrase.
const LIMIT: usize = 64 * 1024;

/// The target that a file names: one connection string on a line of its own; blank lines and `#` comments are skipped.
pub fn target(path: &Path) -> Result<Target> {
    let text = read(path)?;
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (Some(dsn), None) = (lines.next(), lines.next()) else {
        return Err(Failure::saying(
            Code::DsnInvalid,
            "The file must hold one connection string.",
            "El archivo debe contener una cadena de conexión, y solo una.",
        )
        .with("path", path.display()));
    };
    Target::parse(&Secret::new(dsn.to_owned())).map_err(|e| e.with("path", path.display()).into())
}

/// The passphrase in a file, without the line's end.
pub fn passphrase(path: &Path) -> Result<Secret> {
    let text = read(path)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains(['\n', '\r']) {
        return Err(Failure::usage(
            "The file must hold one passphrase on one line.",
            "El archivo debe contener una frase de contraseña en una sola línea.",
        )
        .with("path", path.display()));
    }
    Ok(Secret::new(line.to_owned()))
}

fn read(path: &Path) -> Result<Zeroizing<String>> {
    let unreadable = |e: std::io::Error| {
        Error::new(Code::FileUnwritable, "The file cannot be read.")
            .with("path", path.display())
            .because(e)
    };
    let refused = |e: std::io::Error| match e.kind() {
        ErrorKind::InvalidInput | ErrorKind::FileTooLarge | ErrorKind::InvalidData => {
            Failure::usage(
                "This is no file with one secret in it.",
                "No es un archivo que contenga un secreto.",
            )
            .with("path", path.display())
        }
        _ => unreadable(e).into(),
    };
    let file = file::open(path).map_err(refused)?;
    // Of the open file, so that it cannot be exchanged in between.
    private(path, &file.metadata().map_err(unreadable)?)?;
    let mut bytes = file::read_open(&file, LIMIT).map_err(refused)?;
    String::from_utf8(std::mem::take(&mut *bytes))
        .map(Zeroizing::new)
        .map_err(|_| refused(ErrorKind::InvalidData.into()))
}

#[cfg(unix)]
fn private(path: &Path, metadata: &std::fs::Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Failure::usage(
        "Other users of this machine may read or change this file, so the secret in it is not taken. Run chmod 600 on it.",
        "Otros usuarios de este equipo pueden leer o cambiar este archivo, así que no se usa el secreto que contiene. \
         Ejecute chmod 600 sobre él.",
    )
    .with("path", path.display())
    .with("mode", format!("{mode:03o}")))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other platforms can refuse")]
fn private(_path: &Path, _metadata: &std::fs::Metadata) -> Result<()> {
    Ok(())
}
