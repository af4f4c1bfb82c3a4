//! Where things are: the repository, build results, and the cache for what was fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The root of the repository.
pub fn root() -> PathBuf {
    // Two folders above this crate. `cargo run` says where that is; what was compiled in may be another clone's, when clones
    // share a target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map(Path::to_path_buf).unwrap_or(here)
}

/// The folder of build results.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |it| root().join(it))
}

/// A program built with the profile `dev` or `release`.
pub fn built(program: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    target().join(profile).join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// What was fetched and may be kept: `ATALAYA_CACHE`, else the user's cache folder. For root it is a
/// folder that the unprivileged user of a test server can read.
pub fn cache() -> Result<PathBuf> {
    let named = std::env::var_os("ATALAYA_CACHE").filter(|it| !it.is_empty()).map(PathBuf::from);
    let folder = match named {
        Some(folder) => std::path::absolute(folder)?,
        None if is_root() => PathBuf::from("/var/cache/atalaya"),
        None => {
            let user = std::env::home_dir().context("the user has no home folder")?;
            let caches = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            caches.unwrap_or_else(|| user.join(".cache")).join("atalaya")
        }
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Whether this is root, who needs no sudo.
pub fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether a program can be found.
pub fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .any(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file())
}

/// A cargo command in the repository. Queries are checked against the committed description, never
/// against a database that `DATABASE_URL` happens to name.
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    as_from_a_shell(&mut command);
    command
}

/// Has a command that compiles the repository do it as cargo does when called from a shell, in the same folder.
pub fn as_from_a_shell(command: &mut Command) {
    command.current_dir(root()).env("SQLX_OFFLINE", "true").env_remove("DATABASE_URL");
    // `cargo run` describes xtask itself to xtask. Build scripts that watch these variables would run again whenever
    // somebody goes from `cargo xtask` to plain `cargo` and back, and take half of the workspace with them.
    for (name, _) in std::env::vars_os() {
        let of_xtask = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name.to_str().is_some_and(|name| of_xtask.iter().any(|it| name.starts_with(it))) {
            command.env_remove(&name);
        }
    }
}

/// Runs async code to its end.
pub fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
