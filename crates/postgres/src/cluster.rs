//! One embedded cluster: where it is, what state it is in, and who may start or stop it now.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::account::Account;
use crate::binaries::{Binaries, find_binaries_for};
use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::pidfile::PidFile;
use crate::probe::Endpoint;
use crate::settings;

/// How long to wait for another program that starts or stops the cluster.
const LOCK_LIMIT: Duration = Duration::from_secs(90);

/// An embedded cluster. Nothing is touched until it is asked to do something.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub(crate) layout: Layout,
    pub(crate) binaries: Binaries,
    pub(crate) account: Account,
}

/// What is in the cluster's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    Absent,
    /// An attempt to make it was interrupted; `init` makes it anew.
    Unfinished,
    /// A complete cluster that nobody runs.
    Stopped,
    /// The server is starting, stopping, or does not answer.
    Busy {
        /// Process id of the server.
        pid: u32,
    },
    /// The server answers.
    Running {
        /// Process id of the server.
        pid: u32,
    },
}

impl Cluster {
    /// The cluster under `home` (see [`crate::home`]), with these programs.
    pub fn at(home: &Path, binaries: Binaries) -> Result<Self> {
        let layout = Layout::under(home);
        let account = Account::for_folder(layout.folder())?;
        Ok(Self { layout, binaries, account })
    }

    /// The cluster under `home`, with the installed programs that fit its data; a new one gets the
    /// newest.
    pub async fn open(home: &Path) -> Result<Self> {
        let data = Layout::under(home).data();
        let major = written_by(&data)?;
        Self::at(home, find_binaries_for(major).await?)
    }

    /// Where its files are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The programs it uses.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// What is there now. A folder that cannot be used as it is comes as an error: another major
    /// version, somebody else's, not made by Atalaya.
    pub async fn state(&self) -> Result<State> {
        let data = self.layout.data();
        if is_missing_or_empty(&data)? {
            let unfinished = !self.layout.leftovers().is_empty();
            return Ok(if unfinished { State::Unfinished } else { State::Absent });
        }
        let Some(found) = written_by(&data)? else {
            return Err(Error::Foreign { path: data });
        };
        if !data.join(settings::FILE).exists() {
            return Err(Error::Foreign { path: data });
        }
        let have = self.binaries.major();
        if found != have {
            return Err(Error::OtherMajor { found, have, data });
        }
        let Some(file) = PidFile::read(&data)? else { return Ok(State::Stopped) };
        let pid = file.pid;
        if file.ready && self.endpoint_at(file.port).answers().await {
            return Ok(State::Running { pid });
        }
        if self.account.is_server(pid, &data).await {
            return Ok(State::Busy { pid });
        }
        Ok(State::Stopped)
    }

    /// Where clients reach the server.
    pub fn endpoint(&self) -> Result<Endpoint> {
        let port = PidFile::read(&self.layout.data())?.map_or(0, |file| file.port);
        Ok(self.endpoint_at(port))
    }

    fn endpoint_at(&self, port: u16) -> Endpoint {
        Endpoint::of(&self.layout.socket_folder(self.account.uid()), port)
    }

    /// Makes the cluster's own folder if need be and waits until nobody else is starting or stopping
    /// it. The lock ends with the returned file, or with the process.
    pub(crate) async fn lock_start(&self) -> Result<File> {
        self.account.make_cluster_folder(self.layout.folder()).await?;
        let path = self.layout.start_lock();
        let file = self.account.open_lock(&path)?;
        let deadline = Instant::now() + LOCK_LIMIT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    sleep(Duration::from_millis(50)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Busy { path: self.layout.folder().to_path_buf() });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(Error::io("locking", &path, error));
                }
            }
        }
    }
}

/// The major version that wrote `data`, from its `PG_VERSION`.
fn written_by(data: &Path) -> Result<Option<u32>> {
    let path = data.join("PG_VERSION");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::io("reading", &path, error)),
    }
}

fn is_missing_or_empty(folder: &Path) -> Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(Error::io("reading", folder, error)),
    }
}
