//! The part of a take-over that looks at every row, done while the CRM reads and writes: each statement on its own, none of
//! them with a lock that anybody waits for longer than a moment.

use super::Administrator;
use super::migrate::script;
use super::patience::Patience;
use crate::error::run;
use atalaya_model::Result;
use sqlx::{AssertSqlSafe, Connection};

/// Columns and indexes of the documented tables.
pub(super) const PREPARE_ROWS: &str = include_str!("../../../../migrations/steps/prepare_rows.sql");
/// Columns and checks of the log.
pub(super) const PREPARE_EVENTS: &str =
    include_str!("../../../../migrations/steps/prepare_events.sql");
/// Indexes of the log.
pub(super) const INDEX_EVENTS: &str = include_str!("../../../../migrations/steps/index_events.sql");
/// What the search index of the log is made with.
pub(super) const SEARCH_EXTENSION: &str =
    include_str!("../../../../migrations/steps/search_extension.sql");
pub(super) const ADOPTING_STAMP: &str =
    include_str!("../../../../migrations/steps/adopting_stamp.sql");
pub(super) const ADOPTING_FILL: &str =
    include_str!("../../../../migrations/steps/adopting_fill.sql");

/// Rows that one batch of the back-fill touches: half a second of work.
const BATCH: i32 = 20_000;

impl Administrator {
    /// What the file about the documented columns finds ready.
    pub(super) async fn prepare_rows(&self, progress: &(impl Fn(u64) + Send + Sync)) -> Result<()> {
        self.run_online(PREPARE_ROWS, progress).await
    }

    /// The log gets its columns, and what the CRM writes into it is stamped from now on.
    pub(super) async fn prepare_events(
        &self,
        progress: &(impl Fn(u64) + Send + Sync),
    ) -> Result<()> {
        if self.swapped().await? {
            return Ok(());
        }
        self.run_online(PREPARE_EVENTS, progress).await?;
        self.stamp_events(false).await
    }

    /// The promoted columns of what was there before, in batches.
    pub(super) async fn fill_events(&self, progress: &(impl Fn(u64) + Send + Sync)) -> Result<()> {
        if self.swapped().await? {
            return Ok(());
        }
        let mut done = 0;
        loop {
            let mut tx = self.brief().await?;
            script(&mut tx, "SET LOCAL ROLE atalaya_owner").await?;
            if done == 0 {
                script(&mut tx, ADOPTING_FILL).await?;
            }
            let filled: i32 = sqlx::query_scalar("SELECT atalaya.adopting_fill($1)")
                .bind(BATCH)
                .fetch_one(&mut *tx)
                .await
                .map_err(run)?;
            tx.commit().await.map_err(run)?;
            if filled == 0 {
                return Ok(());
            }
            done += u64::from(filled.unsigned_abs());
            progress(done);
        }
    }

    /// The indexes of the partition-to-be.
    pub(super) async fn index_events(&self, progress: &(impl Fn(u64) + Send + Sync)) -> Result<()> {
        let mut tx = self.as_owner().await?;
        script(&mut tx, SEARCH_EXTENSION).await?;
        tx.commit().await.map_err(run)?;
        self.run_online(INDEX_EVENTS, progress).await
    }

    /// The end of the partition-to-be, and the promise that no row is beyond it. Right before the swap: until then a row
    /// that claims to be later waits elsewhere.
    pub(super) async fn bound_events(&self) -> Result<()> {
        self.stamp_events(true).await?;
        self.run_online(INDEX_EVENTS, &|_| ()).await
    }

    /// Whether the events are a partition already.
    async fn swapped(&self) -> Result<bool> {
        let mut tx = self.as_owner().await?;
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                 AND c.relname = 'system_events' AND c.relkind = 'p') AS "swapped!""#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)
    }

    async fn stamp_events(&self, bound: bool) -> Result<()> {
        let mut patience = Patience::new();
        loop {
            let tried = self.stamp_once(bound).await;
            if let Some(outcome) = patience.settled(tried).await {
                return outcome;
            }
        }
    }

    async fn stamp_once(&self, bound: bool) -> Result<()> {
        let mut tx = self.brief().await?;
        script(&mut tx, "SET LOCAL ROLE atalaya_owner").await?;
        if bound {
            script(&mut tx, "SET LOCAL atalaya.step_bound = 'on'").await?;
        }
        script(&mut tx, ADOPTING_STAMP).await?;
        tx.commit().await.map_err(run)
    }

    /// Runs the statements that a query answers, until it answers none, and counts them.
    pub(super) async fn run_online(
        &self,
        query: &'static str,
        progress: &(impl Fn(u64) + Send + Sync),
    ) -> Result<()> {
        let mut done = 0;
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
        own.close().await.map_err(run)
    }
}
