//! Systems without Unix accounts (Windows): all runs as the caller, whose profile folder is private
//! by inheritance; `pg_ctl` gives up administrator rights by itself.

use std::fs::{File, OpenOptions};
use std::path::Path;

use tokio::process::Command;

use crate::error::{Error, Result};

/// Whether this program runs as root, who does not exist here.
pub(crate) fn is_root() -> bool {
    false
}

/// The caller's own account.
#[derive(Debug, Clone)]
pub(crate) struct Account;

impl Account {
    pub(crate) fn for_folder(_: &Path) -> Result<Self> {
        Ok(Self)
    }

    pub(crate) fn uid(&self) -> u32 {
        0
    }

    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        // The server outlives the console and must not keep what the console was started with; what
        // the system itself needs stays.
        let kept = ["SystemRoot", "SystemDrive", "TEMP", "TMP", "PATH", "USERPROFILE"];
        command.env_clear().env("LC_ALL", "C");
        command.envs(kept.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command
    }

    pub(crate) async fn make_cluster_folder(&self, folder: &Path) -> Result<()> {
        self.make_folder(folder)
    }

    pub(crate) fn make_folder(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("making", folder, error))
    }

    pub(crate) fn is_private(&self, folder: &Path) -> bool {
        folder.is_dir()
    }

    pub(crate) async fn must_reach(&self, _: &Path) -> Result<()> {
        Ok(())
    }

    pub(crate) async fn write(&self, path: &Path, content: &[u8]) -> Result<()> {
        std::fs::write(path, content).map_err(|error| Error::io("writing", path, error))
    }

    pub(crate) async fn remove(&self, path: &Path) -> Result<()> {
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("removing", path, error))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn open_lock(&self, path: &Path) -> Result<File> {
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        opened.map_err(|error| Error::io("opening", path, error))
    }

    /// `pg_ctl` tells a stale number by itself.
    pub(crate) async fn is_server(&self, _: u32, _: &Path) -> bool {
        true
    }
}
