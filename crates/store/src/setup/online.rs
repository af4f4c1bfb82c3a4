//! The part of a take-over that looks at every row, done while the CRM reads and writes: each statement on its own, none of
//! them with a lock that anybody waits for longer than a moment.

use super::Administrator;
use super::migrate::script;
use super::patience::Patience;
use crate::error::run;
use atalaya_model::Result;
use sqlx::{AssertSqlSafe, Connection};

/// Columns and indexes of the documented tables.
const PREPARE_ROWS: &str = include_str!("../../../../migrations/steps/prepare_rows.sql");
/// Columns, checks and indexes of the log.
const PREPARE_EVENTS: &str = include_str!("../../../../migrations/steps/prepare_events.sql");
const ADOPTING_STAMP: &str = include_str!("../../../../migrations/steps/adopting_stamp.sql");

impl Administrator {
    /// Everything that the migrations would otherwise do under a lock.
    pub(super) async fn prepare(&self, progress: &(impl Fn(u64) + Send + Sync)) -> Result<()> {
        let done = self.run_online(PREPARE_ROWS, 0, progress).await?;
        self.run_online(PREPARE_EVENTS, done, progress).await?;
        Ok(())
    }

    /// The end of the partition-to-be, and the promise that no row is beyond it. Right before the swap: until then a row
    /// that claims to be later waits elsewhere.
    pub(super) async fn bound_events(&self) -> Result<()> {
        self.prepare(&|_| ()).await?;
        let mut patience = Patience::new();
        loop {
            let tried = self.stamp_events().await;
            if let Some(outcome) = patience.settled(tried).await {
                outcome?;
                break;
            }
        }
        self.run_online(PREPARE_EVENTS, 0, &|_| ()).await?;
        Ok(())
    }

    async fn stamp_events(&self) -> Result<()> {
        let mut tx = self.brief().await?;
        script(&mut tx, "SET LOCAL ROLE atalaya_owner").await?;
        script(&mut tx, ADOPTING_STAMP).await?;
        tx.commit().await.map_err(run)
    }

    /// Runs the statements that a query answers, until it answers none. Starts counting at `done`; says how many there were.
    async fn run_online(
        &self,
        query: &'static str,
        mut done: u64,
        progress: &(impl Fn(u64) + Send + Sync),
    ) -> Result<u64> {
        // A connection of its own, which ends with the role that it has taken.
        let mut own = self.pool.acquire().await.map_err(run)?.detach();
        script(&mut own, "SET search_path = pg_catalog, pg_temp").await?;
        script(
            &mut own,
            "SELECT pg_advisory_lock_shared(hashtextextended('atalaya.adoption.working', 0))",
        )
        .await?;
        script(&mut own, "SET ROLE atalaya_owner").await?;
        loop {
            let next: Option<String> =
                sqlx::query_scalar(query).fetch_optional(&mut own).await.map_err(run)?;
            let Some(statement) = next else { break };
            // These two wait for old transactions and keep nobody waiting meanwhile.
            let waits =
                statement.contains(" CONCURRENTLY ") || statement.contains(" VALIDATE CONSTRAINT ");
            let limit = if waits { "SET lock_timeout = 0" } else { "SET lock_timeout = '100ms'" };
            script(&mut own, limit).await?;
            let mut patience = Patience::new();
            loop {
                let text = AssertSqlSafe(statement.clone());
                let tried = sqlx::raw_sql(text).execute(&mut own).await.map_err(run);
                if let Some(outcome) = patience.settled(tried).await {
                    outcome?;
                    break;
                }
            }
            done += 1;
            progress(done);
        }
        own.close().await.map_err(run)?;
        Ok(done)
    }
}
