//! Saving the kit as a file under a passphrase of its own.

use super::Draft;
use crate::Workplace;
use crate::connections::book::write_file;
use crate::context::heavy;
use atalaya_model::console::SavedFile;
use atalaya_model::{Code, Error, Result, Secret};
use std::path::Path;

/// Writes the kit, encrypted under `passphrase`, readable for its owner only.
///
/// # Errors
/// `WEAK_PASSPHRASE`, `FILE_UNWRITABLE`, `DISK_FULL`.
pub async fn save(
    workplace: &Workplace,
    draft: &Draft,
    passphrase: Secret,
    path: &Path,
) -> Result<SavedFile> {
    crate::setup::check_passphrase(&passphrase, &[])?;
    let (kit, work) = (draft.kit.clone(), workplace.work);
    let text = heavy(move || kit.save(passphrase.expose(), work))
        .await?
        .map_err(|e| Error::new(Code::Internal, "The kit could not be encrypted.").because(e))?;
    write_file(path, text.as_bytes())?;
    Ok(SavedFile { path: path.display().to_string(), bytes: text.len() as u64 })
}
