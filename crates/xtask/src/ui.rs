//! The user interface: its packages and its build, each done again only when its inputs changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::place;

/// The folder of the user interface.
pub fn folder() -> PathBuf {
    place::root().join("ui")
}

/// An npm command in that folder.
pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder()).args(arguments);
    npm
}

/// `npm ci`, unless `node_modules` is of this very lock file.
pub fn install() -> Result<()> {
    let mark = folder().join("node_modules/.atalaya-installed");
    let wanted = fingerprint(&[folder().join("package-lock.json"), folder().join("package.json")])?;
    if std::fs::read_to_string(&mark).is_ok_and(|have| have == wanted) {
        println!("   the packages are those of package-lock.json");
        return Ok(());
    }
    if !npm(&["ci", "--no-audit", "--no-fund"]).status().context("starting npm")?.success() {
        bail!("npm ci failed");
    }
    std::fs::write(&mark, wanted).context("marking node_modules")
}

/// `vite build`, unless `dist` was made from these very files.
pub fn build() -> Result<()> {
    let mark = folder().join("node_modules/.atalaya-built");
    let inputs =
        ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json"];
    let wanted = fingerprint(&inputs.map(|input| folder().join(input)))?;
    let built = folder().join("dist/index.html").exists();
    if built && std::fs::read_to_string(&mark).is_ok_and(|have| have == wanted) {
        println!("   the build is of these very files");
        return Ok(());
    }
    if !npm(&["run", "build"]).status().context("starting npm")?.success() {
        bail!("the build of the user interface failed");
    }
    std::fs::write(&mark, wanted).context("marking the build")
}

/// A hash over names and contents. One that differs by chance or by compiler only costs a build.
fn fingerprint(inputs: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        add(input, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
        let mut entries = entries.collect::<Result<Vec<_>>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| add(entry, hasher))
    } else if path.exists() {
        path.hash(hasher);
        std::fs::read(path).with_context(|| format!("reading {}", path.display()))?.hash(hasher);
        Ok(())
    } else {
        Ok(())
    }
}
