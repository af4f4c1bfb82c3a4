//! The take-over as a script.

use super::apply::{decided, refuse};
use crate::Workplace;
use crate::connections::book::write_file;
use crate::context::no_entropy;
use atalaya_keys::entropy::Entropy;
use atalaya_model::adoption::DatabaseKind;
use atalaya_model::connection::Target;
use atalaya_model::console::SavedFile;
use atalaya_model::{Code, Error, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Inspects, and answers the whole take-over as a commented script for `psql`. Changes nothing.
///
/// # Errors
/// As applying: what would be refused there is refused here.
pub async fn plan(
    workplace: &Workplace,
    administrator: &Target,
    owner: &Target,
    decisions: &BTreeMap<String, String>,
) -> Result<String> {
    let inspection = super::inspect(administrator, Some(owner)).await?;
    if inspection.kind == DatabaseKind::Adopted && !inspection.can_apply {
        return Err(Error::new(Code::AlreadyAdopted, "This database has been taken over before."));
    }
    refuse(&inspection)?;
    decided(&inspection, decisions)?;
    let id = workplace.draw(Entropy::bytes::<6>).map_err(no_entropy)?;
    let id: String = id.iter().map(|b| format!("{b:02x}")).collect();
    let script = atalaya_store::setup::plan(&id, decisions)?;
    // A login's name may hold anything, a line break too.
    let lost: Vec<_> = inspection
        .findings
        .iter()
        .filter(|f| f.code == "giver_lost")
        .flat_map(|f| &f.examples)
        .map(|line| format!("--   {}\n", line.replace(char::is_control, " ")))
        .collect();
    if lost.is_empty() {
        return Ok(script);
    }
    Ok(format!(
        "{script}\n-- `adopt revert` gives these rights back in the owner's name, because this administrator may not act as who gave them:\n{}",
        lost.concat()
    ))
}

/// Saves the script where it was asked for.
///
/// # Errors
/// `FILE_UNWRITABLE`, `DISK_FULL`.
pub fn save_plan(script: &str, path: &Path) -> Result<SavedFile> {
    write_file(path, script.as_bytes())?;
    Ok(SavedFile { path: path.display().to_string(), bytes: script.len() as u64 })
}
