//! Sessions of the console.

use crate::change::Tx;
use crate::error::run;
use atalaya_model::Result;
use uuid::Uuid;

/// Opens a console session of the caller. `client` names program and machine kind, nothing personal.
///
/// # Errors
/// What the database says.
pub async fn open(tx: &mut Tx, id: Uuid, client: &str) -> Result<()> {
    sqlx::query!("SELECT atalaya.open_session($1, 'console', $2)", id, client)
        .execute(tx.connection())
        .await
        .map_err(run)?;
    Ok(())
}

/// Ends the caller's own session.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    sqlx::query_scalar!("SELECT atalaya.end_session($1, $2)", id, reason)
        .fetch_one(tx.connection())
        .await
        .map_err(run)?;
    Ok(())
}
