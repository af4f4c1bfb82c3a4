//! Locks on tables that are in use: asked for briefly, and again after a while.
//!
//! A lock request that waits makes everybody behind it wait. So each is given up after [`LOCK_LIMIT`] and asked for again
//! when those who were in its way, and behind it, have had their turn.

use super::Administrator;
use crate::error::run;
use atalaya_model::{Code, Result};
use sqlx::{Postgres, Transaction};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a lock request may stand in the way of others, as Postgres reads it.
const LOCK_LIMIT: &str = "SET LOCAL lock_timeout = '100ms'";
/// Shows that somebody is at work, until the transaction ends: whoever comes after a program that was killed waits for what
/// the server still does for it.
const WORKING: &str =
    "SELECT pg_advisory_xact_lock_shared(hashtextextended('atalaya.adoption.working', 0))";
/// How long one step is tried. A backup that reads for hours is outlasted by hand: applying is run again.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long something was tried already.
pub(super) struct Patience {
    started: Instant,
    pause: Duration,
}

impl Patience {
    /// Before the first attempt.
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), pause: FIRST_PAUSE }
    }

    /// The outcome of an attempt, or `None` after a pause: it was `DB_BUSY`, and is to be tried again. After a quarter of an
    /// hour `DB_BUSY` is the outcome.
    pub(super) async fn settled<T>(&mut self, tried: Result<T>) -> Option<Result<T>> {
        match tried {
            Err(e) if e.code == Code::DbBusy && self.started.elapsed() < PATIENCE => {
                sleep(self.pause).await;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                None
            }
            other => Some(other),
        }
    }
}

impl Administrator {
    /// A transaction that waits for no lock for long; for what [`Patience`] tries again.
    pub(super) async fn brief(&self) -> Result<Transaction<'static, Postgres>> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        sqlx::raw_sql(LOCK_LIMIT).execute(&mut *tx).await.map_err(run)?;
        sqlx::raw_sql(WORKING).execute(&mut *tx).await.map_err(run)?;
        Ok(tx)
    }
}
