//! What can go wrong with the embedded Postgres, each case apart, so that the shells can say what
//! to do about it. The texts here are for logs and the command line; the console has its own.

use std::io;
use std::path::{Path, PathBuf};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the embedded Postgres could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No usable server programs are installed.
    #[error("no PostgreSQL {oldest} or newer was found{}", too_old.as_ref().map(|v| format!(" (only {v})")).unwrap_or_default())]
    NoBinaries {
        /// The oldest major version that would do.
        oldest: u32,
        /// The newest version that was found and is too old.
        too_old: Option<String>,
    },
    /// The folder named by the caller or by `ATALAYA_PG_BIN` does not hold the server programs.
    #[error("{} does not hold the PostgreSQL programs postgres, initdb and pg_ctl", path.display())]
    NotBinaries {
        /// The folder that was looked at.
        path: PathBuf,
    },
    /// The data was written by another major version, whose programs are not the ones in use.
    #[error(
        "the data in {} was written by PostgreSQL {found}, but PostgreSQL {have} is in use; \
         install PostgreSQL {found} again, or dump the database with the programs of version \
         {found} and restore it into a new data folder", data.display()
    )]
    OtherMajor {
        /// Major version that wrote the data.
        found: u32,
        /// Major version of the programs in use.
        have: u32,
        /// The data folder.
        data: PathBuf,
    },
    /// The data folder holds something that Atalaya did not make. It is left alone.
    #[error("{} exists, but Atalaya did not make it; move it away or choose another ATALAYA_HOME", path.display())]
    Foreign {
        /// The folder in the way.
        path: PathBuf,
    },
    /// There is no cluster yet.
    #[error("there is no database in {} yet", path.display())]
    NotInitialised {
        /// Where it would be.
        path: PathBuf,
    },
    /// There is a cluster already: it is never made anew.
    #[error("{} already holds a database", path.display())]
    AlreadyInitialised {
        /// Where it is.
        path: PathBuf,
    },
    /// The folder belongs to somebody else.
    #[error("{} belongs to {owner}, not to the user who runs this program", path.display())]
    NotOwner {
        /// The folder.
        path: PathBuf,
        /// Name or number of its owner.
        owner: String,
    },
    /// The operating system refused access.
    #[error("no permission to use {}", path.display())]
    Denied {
        /// What was to be used.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The file system is mounted read-only.
    #[error("{} is on a read-only file system", path.display())]
    ReadOnly {
        /// What was to be written.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The disk is full.
    #[error("the disk is full at {}", path.display())]
    DiskFull {
        /// What was to be written.
        path: PathBuf,
    },
    /// Started as root: the server's own user cannot get to a folder it needs.
    #[error("the user {user}, who runs PostgreSQL, cannot reach {}", path.display())]
    Unreachable {
        /// The folder.
        path: PathBuf,
        /// The unprivileged user.
        user: String,
    },
    /// Started as root, and the system has no unprivileged user for the server.
    #[error("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")]
    NoAccount,
    /// The folder for the socket, outside the data folder for its length, is not safely ours.
    #[error("{} cannot hold the socket: it is not a private folder of the server's user", path.display())]
    SocketFolder {
        /// The folder.
        path: PathBuf,
    },
    /// Another program is starting or stopping the cluster and did not finish in time.
    #[error("another program is starting or stopping the database in {}", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The server did not start. `reason` is the last line of its log.
    #[error("PostgreSQL did not start: {reason}")]
    NotStarted {
        /// The last line of the server's log.
        reason: String,
    },
    /// The server is still starting or stopping after the time limit (a long crash recovery).
    #[error("PostgreSQL is still busy after {seconds} seconds")]
    TimedOut {
        /// The limit.
        seconds: u64,
    },
    /// A server program failed. `reason` is what it said last.
    #[error("{program} failed: {reason}")]
    Program {
        /// Which program.
        program: &'static str,
        /// What it said last.
        reason: String,
    },
    /// A name or verifier that cannot be used in the bootstrap.
    #[error("{what} is not usable")]
    BadArgument {
        /// Which argument.
        what: &'static str,
    },
    /// Any other failure of the operating system.
    #[error("{doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// The failure.
        source: io::Error,
    },
}

impl Error {
    /// Sorts a failure of the operating system into the cases that a person can act upon.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied { path, source },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { doing, path, source },
        }
    }

    /// The failure of a server program, from what it wrote.
    pub(crate) fn program(program: &'static str, path: &Path, said: &str) -> Self {
        if said.contains("No space left on device") {
            return Self::DiskFull { path: path.to_path_buf() };
        }
        Self::Program { program, reason: last_line(said) }
    }
}

/// The last line that says something: PostgreSQL's programs put the reason there, and hints behind
/// it are of no use to somebody who did not start them by hand.
pub(crate) fn last_line(said: &str) -> String {
    let reason =
        |line: &&str| line.contains("FATAL") || line.contains("PANIC") || line.contains("error:");
    let lines = || said.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    lines().find(reason).or_else(|| lines().next()).unwrap_or("no reason given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_last_telling_line() {
        let cases = [
            ("", "no reason given"),
            ("a\n\nb\n", "b"),
            (
                "x FATAL:  lock file exists\nHINT: is another one running?\n",
                "x FATAL:  lock file exists",
            ),
            (
                "initdb: error: directory exists\ninitdb: hint: remove it",
                "initdb: error: directory exists",
            ),
        ];
        for (said, reason) in cases {
            assert_eq!(last_line(said), reason);
        }
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        let error =
            Error::program("initdb", Path::new("/d"), "could not write: No space left on device");
        assert!(matches!(error, Error::DiskFull { .. }));
        let error = Error::io("writing", Path::new("/d"), io::ErrorKind::ReadOnlyFilesystem.into());
        assert!(matches!(error, Error::ReadOnly { .. }));
    }
}
