//! Work without a caller. Each kind is one SECURITY DEFINER function whose owner can write that kind's tables only.

use crate::error::run;
use crate::permit::Store;
use atalaya_model::Result;
use std::time::Duration;
use uuid::Uuid;

/// A kind of upkeep. Golden file: `tests/golden/upkeep.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// Makes the partitions of the coming months.
    Partition,
    /// Says that a session is still there.
    SessionTouch(Uuid),
    /// Turns change records without a fitting event into `db.direct_change`.
    DirectChange,
    /// Keeps the sums of the log.
    RollUp,
}

/// Rows that one batch of the sums' base adds up: a third of a second of work.
const ROLL_UP_BATCH: i32 = 50_000;
/// How long the sums' base is worked at in one go. What is left is left to the next.
const ROLL_UP_TIME: Duration = Duration::from_secs(20);

/// How many months ahead partitions are made.
const MONTHS_AHEAD: i32 = 3;

impl Store {
    /// Does one piece of upkeep and says how many rows, partitions or events it made.
    ///
    /// # Errors
    /// What the database says.
    pub async fn upkeep(&self, kind: Upkeep) -> Result<i64> {
        match kind {
            Upkeep::Partition => sqlx::query_scalar!(
                r#"SELECT atalaya.ensure_partitions($1)::bigint AS "n!""#,
                MONTHS_AHEAD
            )
            .fetch_one(&self.pool)
            .await
            .map_err(run),
            Upkeep::SessionTouch(id) => {
                sqlx::query_scalar!(r#"SELECT atalaya.touch_session($1) AS "there!""#, id)
                    .fetch_one(&self.pool)
                    .await
                    .map(i64::from)
                    .map_err(run)
            }
            Upkeep::RollUp => {
                let began = tokio::time::Instant::now();
                let mut added = 0;
                loop {
                    let n =
                        sqlx::query_scalar!(r#"SELECT atalaya.roll_up($1) AS "n!""#, ROLL_UP_BATCH)
                            .fetch_one(&self.pool)
                            .await
                            .map_err(run)?;
                    added += n;
                    if n < i64::from(ROLL_UP_BATCH) || began.elapsed() >= ROLL_UP_TIME {
                        return Ok(added);
                    }
                }
            }
            Upkeep::DirectChange => {
                sqlx::query_scalar!(r#"SELECT atalaya.note_direct_changes()::bigint AS "n!""#)
                    .fetch_one(&self.pool)
                    .await
                    .map_err(run)
            }
        }
    }
}
