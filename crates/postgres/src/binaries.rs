//! Finding the server programs. Nothing is downloaded: the operating system's packages are used,
//! so that its security updates reach the embedded server too.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::error::{Error, Result};

/// The oldest major version whose row security and grants the migrations rely on.
pub const OLDEST_MAJOR: u32 = 15;

/// One installed set of server programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
    version: String,
}

impl Binaries {
    /// The programs in `folder`, if they are all there and new enough.
    pub async fn at(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        let named = folder.join(program_file("postgres"));
        let complete = ["postgres", "initdb", "pg_ctl"]
            .iter()
            .all(|program| folder.join(program_file(program)).is_file());
        if !complete {
            return Err(Error::NotBinaries { path: folder });
        }
        let output = Command::new(&named).arg("--version").current_dir("/").output().await;
        let output = output.map_err(|source| Error::io("running", &named, source))?;
        let Some((major, version)) = parse_version(&String::from_utf8_lossy(&output.stdout)) else {
            return Err(Error::NotBinaries { path: folder });
        };
        if major < OLDEST_MAJOR {
            return Err(Error::NoBinaries { oldest: OLDEST_MAJOR, too_old: Some(version) });
        }
        Ok(Self { folder, major, version })
    }

    /// Major version, such as 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Full version, such as `15.14`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The folder that holds the programs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of one of the programs.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(program_file(name))
    }
}

/// The newest usable programs. `ATALAYA_PG_BIN` names the only folder to look in.
pub async fn find_binaries() -> Result<Binaries> {
    let mut found = find_all().await?;
    Ok(found.swap_remove(0))
}

/// The newest programs that can open data written by `major`, else the newest of all: the cluster
/// then says which version it needs.
pub async fn find_binaries_for(major: Option<u32>) -> Result<Binaries> {
    let mut found = find_all().await?;
    let fitting = found.iter().position(|binaries| Some(binaries.major) == major);
    Ok(found.swap_remove(fitting.unwrap_or(0)))
}

/// All usable programs, newest first; never empty.
async fn find_all() -> Result<Vec<Binaries>> {
    if let Some(folder) = std::env::var_os("ATALAYA_PG_BIN").filter(|folder| !folder.is_empty()) {
        return Ok(vec![Binaries::at(PathBuf::from(folder)).await?]);
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut too_old = None;
    for place in places() {
        // Homebrew and Debian link the same programs from several places.
        let Ok(folder) = place.canonicalize() else { continue };
        if !seen.insert(folder.clone()) {
            continue;
        }
        match Binaries::at(folder).await {
            Ok(binaries) => found.push(binaries),
            Err(Error::NoBinaries { too_old: Some(version), .. }) => too_old = Some(version),
            Err(_) => {}
        }
    }
    if found.is_empty() {
        return Err(Error::NoBinaries { oldest: OLDEST_MAJOR, too_old });
    }
    found.sort_by_key(|binaries| Reverse(version_order(&binaries.version)));
    Ok(found)
}

/// Where packages of the supported systems put the programs.
fn places() -> Vec<PathBuf> {
    // (folder with one entry per version, where in such an entry the programs are)
    let versioned: &[(&str, &str)] = if cfg!(windows) {
        &[("C:\\Program Files\\PostgreSQL", "bin")]
    } else if cfg!(target_os = "macos") {
        &[
            ("/opt/homebrew/opt", "bin"),
            ("/usr/local/opt", "bin"),
            ("/Applications/Postgres.app/Contents/Versions", "bin"),
            ("/Library/PostgreSQL", "bin"),
        ]
    } else {
        &[("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/opt/postgresql", "bin")]
    };
    let mut places = Vec::new();
    for (parent, bin) in versioned {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // `/usr/pgsql-16` (Fedora and its kin) and `postgresql@16` (Homebrew) carry the name in
            // the entry, the others in the parent.
            if name.starts_with("pgsql-") || name.starts_with("postgresql") || is_version(&name) {
                places.push(entry.path().join(bin));
            }
        }
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    places.extend(std::env::split_paths(&path).filter(|place| place.is_absolute()));
    places
}

fn is_version(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn program_file(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is (15, "15.14").
fn parse_version(said: &str) -> Option<(u32, String)> {
    let version = said.split_once("(PostgreSQL)")?.1.split_whitespace().next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((digits.parse().ok()?, version.to_owned()))
}

/// For sorting: 15.9 is older than 15.14.
fn version_order(version: &str) -> Vec<u32> {
    version.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_program_says() {
        let cases = [
            ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some((15, "15.14"))),
            ("postgres (PostgreSQL) 18.4\n", Some((18, "18.4"))),
            ("postgres (PostgreSQL) 19beta1\n", Some((19, "19beta1"))),
            ("postgres (EnterpriseDB) x\n", None),
            ("", None),
        ];
        for (said, want) in cases {
            let want = want.map(|(major, version)| (major, version.to_owned()));
            assert_eq!(parse_version(said), want, "{said}");
        }
    }

    #[test]
    fn newer_sorts_higher() {
        assert!(version_order("15.14") > version_order("15.9"));
        assert!(version_order("18.0") > version_order("15.14"));
    }
}
