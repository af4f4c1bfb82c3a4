//! `cargo xtask gen`: files in the repository that are made from others. With `--check` nothing is
//! written; a difference is an error that names the files.
//!
//! To add one: a module with a function that returns the [`File`]s it owns, and a line in [`PARTS`].

mod licences;
#[cfg(unix)]
mod queries;
mod types;

/// Throw-away clusters stand on a Unix shell.
#[cfg(not(unix))]
mod queries {
    pub fn make() -> anyhow::Result<Vec<super::File>> {
        anyhow::bail!("queries are described on Linux or macOS")
    }
}

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{place, ui};

/// Arguments of `gen`.
#[derive(Args)]
pub struct Arguments {
    /// Write nothing; fail when a file differs from what the sources give.
    #[arg(long)]
    check: bool,
    /// Only this part: types, queries or licences.
    #[arg(long)]
    only: Option<String>,
}

/// What to do with what was generated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    Check,
}

/// A generated file: its path in the repository and its content.
pub struct File {
    path: PathBuf,
    content: Vec<u8>,
}

/// One kind of generated files.
pub struct Part {
    /// Its name on the command line.
    pub name: &'static str,
    /// A folder that holds nothing but files of this part: others in it are stale.
    owns: Option<&'static str>,
    make: fn() -> Result<Vec<File>>,
}

/// All parts.
pub const PARTS: &[Part] = &[
    Part { name: "types", owns: None, make: types::make },
    Part { name: "queries", owns: Some(".sqlx"), make: queries::make },
    Part { name: "licences", owns: None, make: licences::make },
];

/// Writes or checks the files.
pub fn generate(arguments: &Arguments) -> Result<()> {
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let wanted = |part: &&Part| arguments.only.as_ref().is_none_or(|only| only == part.name);
    let parts: Vec<_> = PARTS.iter().filter(wanted).collect();
    if parts.is_empty() {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        bail!("there is no such part; there are: {}", names.join(", "));
    }
    ui::install()?;
    parts.into_iter().try_for_each(|part| one(part, mode))
}

/// Writes or checks the files of one part.
pub fn one(part: &Part, mode: Mode) -> Result<()> {
    let files = (part.make)().with_context(|| format!("generating {}", part.name))?;
    let mut differing = Vec::new();
    for File { path, content } in &files {
        let full = place::root().join(path);
        if fs::read(&full).is_ok_and(|have| have == *content) {
            continue;
        }
        differing.push(path.display().to_string());
        if mode == Mode::Write {
            if let Some(folder) = full.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&full, content).with_context(|| format!("writing {}", full.display()))?;
        }
    }
    for stale in stale(part, &files)? {
        differing.push(format!("{} (stale)", stale.display()));
        if mode == Mode::Write {
            fs::remove_file(place::root().join(&stale))?;
        }
    }
    match (mode, differing.as_slice()) {
        (_, []) => println!("   {}: {} files, as they should be", part.name, files.len()),
        (Mode::Write, _) => println!("   {}: written: {}", part.name, listed(&differing)),
        (Mode::Check, _) => bail!(
            "{} differ from what the sources give: {}; run cargo xtask gen",
            differing.len(),
            listed(&differing)
        ),
    }
    Ok(())
}

/// The first few.
fn listed(paths: &[String]) -> String {
    let more = if paths.len() > 5 { ", ..." } else { "" };
    format!("{}{more}", paths[..paths.len().min(5)].join(", "))
}

fn stale(part: &Part, files: &[File]) -> Result<Vec<PathBuf>> {
    let Some(folder) = part.owns else { return Ok(Vec::new()) };
    let Ok(entries) = fs::read_dir(place::root().join(folder)) else { return Ok(Vec::new()) };
    let mut stale = Vec::new();
    for entry in entries {
        let path = PathBuf::from(folder).join(entry?.file_name());
        if !files.iter().any(|file| file.path == path) {
            stale.push(path);
        }
    }
    stale.sort();
    Ok(stale)
}
