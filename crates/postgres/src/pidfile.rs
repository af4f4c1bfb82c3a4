//! `postmaster.pid`: what a server that runs, or was killed, left in its data folder.

use std::path::Path;

use crate::account::Account;
use crate::error::{Error, Result};
use crate::layout::{SOCKET_PORT, socket_file};

/// A number that no operating system gives to a process.
const NOBODYS_PID: &str = "2147483646";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) pid: u32,
    pub(crate) port: u16,
    /// The server has finished starting; `false` too while it stops.
    pub(crate) ready: bool,
}

impl PidFile {
    /// Reads the file in `data`; `None` when there is none or it is not written yet.
    pub(crate) fn read(data: &Path) -> Result<Option<Self>> {
        let path = data.join("postmaster.pid");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("reading", &path, error)),
        }
    }

    /// The lines are: pid, data folder, start time, port, socket folder, address, shared memory key,
    /// status (`miscadmin.h`, LOCK_FILE_LINE_*).
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let pid = lines.first()?.parse().ok()?;
        let port = lines.get(3).and_then(|port| port.parse().ok()).unwrap_or(0);
        let ready = lines.get(7).is_some_and(|status| matches!(*status, "ready" | "standby"));
        Some(Self { pid, port, ready })
    }
}

/// Makes the lock files of a killed server harmless when their number now belongs to a stranger,
/// for whose sake PostgreSQL would refuse to start for ever.
///
/// The data folder's file is not removed: it names the shared memory by which PostgreSQL sees that
/// orphaned backends of the killed server still write. Only the number in it is replaced.
pub(crate) async fn disown(account: &Account, data: &Path, sockets: &Path) -> Result<()> {
    let path = data.join("postmaster.pid");
    if let Ok(text) = std::fs::read_to_string(&path) {
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        account.write(&path, format!("{NOBODYS_PID}\n{rest}").as_bytes()).await?;
    }
    let mut lock = socket_file(sockets, SOCKET_PORT).into_os_string();
    lock.push(".lock");
    account.remove(Path::new(&lock)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_by_line() {
        let text = "4711\n/d\n1700000000\n5432\n/d/run\n\n  123 456\nready   \n";
        let want = PidFile { pid: 4711, port: 5432, ready: true };
        assert_eq!(PidFile::parse(text), Some(want.clone()));
        let starting = text.replace("ready   ", "starting");
        assert_eq!(PidFile::parse(&starting), Some(PidFile { ready: false, ..want }));
        assert_eq!(
            PidFile::parse("4711\n/d\n"),
            Some(PidFile { pid: 4711, port: 0, ready: false })
        );
        assert_eq!(PidFile::parse(""), None);
    }
}
