//! What there is of it.

use crate::Workplace;
use crate::connections::local::error;
use atalaya_model::Result;
use atalaya_postgres::{Cluster, State};
use serde::Serialize;

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerState {
    /// There is none yet.
    Absent,
    /// An attempt to make it was cut off.
    Unfinished,
    /// It is there and does not run.
    Stopped,
    /// It starts, stops or does not answer.
    Busy,
    /// It answers.
    Running,
}

/// State of the embedded Postgres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerStatus {
    /// In one word.
    pub state: ServerState,
    /// Process id of the server.
    pub pid: Option<u32>,
    /// Version of the programs that fit its data.
    pub version: String,
    /// Folder of the cluster.
    pub folder: String,
    /// Folder of the socket (on Windows an address) while it runs.
    pub host: Option<String>,
    /// Port; part of the socket's name.
    pub port: Option<u16>,
    /// Whether a console or a command uses it.
    pub in_use: bool,
}

/// Looks at the cluster under the data folder.
///
/// # Errors
/// `POSTGRES_*`.
pub async fn status(workplace: &Workplace) -> Result<ServerStatus> {
    let cluster = Cluster::open(workplace.home()).await.map_err(error)?;
    describe(&cluster).await
}

pub(super) async fn describe(cluster: &Cluster) -> Result<ServerStatus> {
    let (state, pid) = match cluster.state().await.map_err(error)? {
        State::Absent => (ServerState::Absent, None),
        State::Unfinished => (ServerState::Unfinished, None),
        State::Stopped => (ServerState::Stopped, None),
        State::Busy { pid } => (ServerState::Busy, Some(pid)),
        State::Running { pid } => (ServerState::Running, Some(pid)),
    };
    let running = state == ServerState::Running;
    let endpoint = if running { Some(cluster.endpoint().map_err(error)?) } else { None };
    Ok(ServerStatus {
        state,
        pid,
        version: cluster.binaries().version().to_owned(),
        folder: cluster.layout().folder().display().to_string(),
        host: endpoint.as_ref().map(|e| e.host.display().to_string()),
        port: endpoint.map(|e| e.port),
        // Asking takes the start lock, whose folder only exists once there is a cluster.
        in_use: running && cluster.in_use().await.map_err(error)?,
    })
}
