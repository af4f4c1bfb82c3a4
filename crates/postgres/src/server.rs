//! Starting and stopping the server of a cluster, with a limit on each wait.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::account::run;
use crate::cluster::{Cluster, State};
use crate::error::{Error, Result, last_line};
use crate::layout::{SOCKET_PORT, socket_file};
use crate::pidfile;
use crate::probe::Endpoint;
use crate::settings;

/// For a start, with crash recovery, or a stop, with its checkpoint.
const LIMIT: Duration = Duration::from_secs(60);

/// A log larger than this is put aside at the next start.
const LOG_LIMIT: u64 = 8 * 1024 * 1024;

/// How a stop treats the clients that are still connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Waits until they leave.
    Smart,
    /// Rolls back what they are doing, then stops in good order.
    Fast,
    /// Stops at once; the next start recovers.
    Immediate,
}

impl StopMode {
    fn name(self) -> &'static str {
        match self {
            Self::Smart => "smart",
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

impl Cluster {
    /// Starts the server, or finds it running. It stays after this program has ended; a program that
    /// works with it takes [`Cluster::attach_or_start`] instead.
    pub async fn start(&self) -> Result<Endpoint> {
        let _alone = self.lock_start().await?;
        self.start_locked().await
    }

    /// Stops the server, whoever still uses it. One that does not run is no error.
    pub async fn stop(&self, mode: StopMode) -> Result<()> {
        if self.state().await? == State::Absent {
            return Ok(());
        }
        let _alone = self.lock_start().await?;
        self.stop_locked(mode).await
    }

    /// As [`Cluster::start`], by the holder of the start lock.
    pub(crate) async fn start_locked(&self) -> Result<Endpoint> {
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.state().await? {
                State::Running { .. } => return self.endpoint(),
                State::Absent | State::Unfinished => {
                    return Err(Error::NotInitialised { path: self.layout.data() });
                }
                State::Stopped => match self.launch().await {
                    Err(Error::NotStarted { reason })
                        if lets_go_soon(&reason) && Instant::now() < deadline => {}
                    other => return other,
                },
                State::Busy { .. } if Instant::now() >= deadline => {
                    return Err(Error::TimedOut { seconds: LIMIT.as_secs() });
                }
                State::Busy { .. } => {}
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    async fn launch(&self) -> Result<Endpoint> {
        let data = self.layout.data();
        let sockets = self.layout.socket_folder(self.account.uid());
        self.account.must_reach(self.binaries.folder()).await?;
        if cfg!(unix) {
            self.account.make_folder(&sockets)?;
            if !self.account.is_private(&sockets) {
                return Err(Error::SocketFolder { path: sockets });
            }
        }
        pidfile::disown(&self.account, &data, &sockets).await?;
        let settings = settings::text(&sockets, port()?, false);
        self.account.write(&data.join(settings::FILE), settings.as_bytes()).await?;

        let log = self.layout.log();
        let length = std::fs::metadata(&log).map_or(0, |metadata| metadata.len());
        if length > LOG_LIMIT {
            let _ = std::fs::rename(&log, self.layout.older_log());
        }
        let before = std::fs::metadata(&log).map_or(0, |metadata| metadata.len());

        let mut pg_ctl = self.account.command(self.binaries.program("pg_ctl"));
        pg_ctl.args(["start", "--wait", "--timeout", &LIMIT.as_secs().to_string()]);
        pg_ctl.arg("--pgdata").arg(&data).arg("--log").arg(&log);
        match run("pg_ctl", &mut pg_ctl, b"", &data).await {
            Ok(()) => self.endpoint(),
            Err(Error::Program { reason, .. }) if reason.contains("did not start in time") => {
                Err(Error::TimedOut { seconds: LIMIT.as_secs() })
            }
            Err(Error::Program { reason, .. }) => {
                let logged = std::fs::read(&log).unwrap_or_default();
                let fresh = usize::try_from(before).ok().and_then(|before| logged.get(before..));
                let fresh = String::from_utf8_lossy(fresh.unwrap_or_default()).into_owned();
                if fresh.contains("No space left on device") {
                    return Err(Error::DiskFull { path: data });
                }
                let reason = if fresh.is_empty() { reason } else { last_line(&fresh) };
                Err(Error::NotStarted { reason })
            }
            Err(error) => Err(error),
        }
    }

    /// As [`Cluster::stop`], by the holder of the start lock.
    pub(crate) async fn stop_locked(&self, mode: StopMode) -> Result<()> {
        match self.state().await? {
            State::Running { .. } | State::Busy { .. } => {}
            _ => return Ok(()),
        }
        let data = self.layout.data();
        let mut pg_ctl = self.account.command(self.binaries.program("pg_ctl"));
        pg_ctl.args(["stop", "--wait", "--timeout", &LIMIT.as_secs().to_string()]);
        pg_ctl.args(["--mode", mode.name(), "--pgdata"]).arg(&data);
        let stopped = run("pg_ctl", &mut pg_ctl, b"", &data).await;
        if stopped.is_err() {
            // It may have gone by itself in between.
            match self.state().await? {
                State::Stopped => {}
                State::Busy { .. } => return Err(Error::TimedOut { seconds: LIMIT.as_secs() }),
                _ => return stopped,
            }
        }
        if !self.layout.socket_folder(self.account.uid()).starts_with(self.layout.folder()) {
            let folder = self.layout.socket_folder(self.account.uid());
            // Ours alone and empty now; in the way of nobody if it stays.
            let _ = std::fs::remove_file(socket_file(&folder, SOCKET_PORT));
            let _ = std::fs::remove_dir(&folder);
        }
        Ok(())
    }
}

/// Backends that outlive a killed server notice its death within moments.
fn lets_go_soon(reason: &str) -> bool {
    reason.contains("shared memory block") && reason.contains("still in use")
}

/// The port to listen at: fixed with a socket, whichever is free on loopback.
fn port() -> Result<u16> {
    if cfg!(unix) {
        return Ok(SOCKET_PORT);
    }
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr());
    let free = free.map_err(|error| Error::io("listening on", "127.0.0.1".as_ref(), error))?;
    Ok(free.port())
}
