//! Sample data for a local workspace: plain rows of the documented tables, taken over like a CRM's own.

use super::Administrator;
use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::DatabaseKind;
use atalaya_model::connection::Target;
use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");
const SAMPLE: &str = include_str!("../../../../migrations/steps/sample.sql");

/// Fills an empty database; does nothing where something is already.
///
/// # Errors
/// What the database says.
pub async fn sample(target: &Target) -> Result<()> {
    let administrator = Administrator::connect(target).await?;
    if administrator.kind().await? == DatabaseKind::Empty {
        let mut tx = administrator.pool.begin().await.map_err(run)?;
        // The documented tables are what the second file makes; it says IF NOT EXISTS.
        for migration in MIGRATIONS.iter().skip(1).take(1) {
            sqlx::raw_sql(migration.sql.clone()).execute(&mut *tx).await.map_err(run)?;
        }
        sqlx::raw_sql(SAMPLE).execute(&mut *tx).await.map_err(run)?;
        tx.commit().await.map_err(run)?;
    }
    administrator.close().await;
    Ok(())
}
