//! Users, as far as the caller's own profile goes.

use crate::change::Tx;
use crate::error::run;
use atalaya_model::Result;

/// Changes the caller's own first and last name, through the gate: no policy lets anybody update their own row.
///
/// # Errors
/// What the database says.
pub async fn update_own_profile(tx: &mut Tx, first_name: &str, last_name: &str) -> Result<()> {
    sqlx::query!("SELECT atalaya.update_own_profile($1, $2)", first_name, last_name)
        .execute(tx.connection())
        .await
        .map_err(run)?;
    Ok(())
}
