//! Stopping it.

use super::status::{ServerState, ServerStatus, describe};
use crate::Workplace;
use crate::connections::local::error;
use atalaya_model::{Code, Error, Result};
use atalaya_postgres::{Cluster, StopMode};

/// Stops the server; does nothing when it does not run. While a console or another command uses it, only with `force`.
///
/// # Errors
/// `CONFLICT` while it is in use, `POSTGRES_*`.
pub async fn stop(workplace: &Workplace, force: bool) -> Result<ServerStatus> {
    let cluster = Cluster::open(workplace.home()).await.map_err(error)?;
    let before = describe(&cluster).await?;
    if matches!(before.state, ServerState::Absent | ServerState::Unfinished) {
        return Ok(before);
    }
    if before.in_use && !force {
        return Err(Error::new(
            Code::Conflict,
            "A console or another command is using this database; close it first, or insist.",
        )
        .with("path", before.folder));
    }
    cluster.stop(StopMode::Fast).await.map_err(error)?;
    describe(&cluster).await
}
