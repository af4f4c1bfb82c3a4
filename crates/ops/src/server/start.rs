//! Starting it for longer than this program runs.

use super::status::{ServerStatus, describe};
use crate::Workplace;
use crate::connections::local::error;
use atalaya_model::Result;
use atalaya_postgres::Cluster;

/// Starts the server and leaves it running; does nothing when it runs.
///
/// # Errors
/// `ENTITY_NOT_FOUND` where no local workspace was made yet, `POSTGRES_*`.
pub async fn start(workplace: &Workplace) -> Result<ServerStatus> {
    let cluster = Cluster::open(workplace.home()).await.map_err(error)?;
    cluster.start().await.map_err(error)?;
    describe(&cluster).await
}
