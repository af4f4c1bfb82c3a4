//! One take-over of a database at a time.

use super::Administrator;
use super::migrate::script;
use crate::error::run;
use atalaya_model::{Code, Error, Result};
use sqlx::PgConnection;

/// Holds the place until it is dropped: its connection, and the lock with it, ends then. So it does when this program is
/// killed.
pub(super) struct Alone {
    _connection: PgConnection,
}

impl Administrator {
    /// Takes the place.
    ///
    /// # Errors
    /// `ADOPTION_RUNNING` with the login of who holds it and since when.
    pub(super) async fn alone(&self) -> Result<Alone> {
        let mut connection = self.pool.acquire().await.map_err(run)?.detach();
        let taken = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_lock(hashtextextended('atalaya.adoption', 0)) AS "taken!""#
        )
        .fetch_one(&mut connection)
        .await
        .map_err(run)?;
        if taken {
            // What the server still does for a program that was killed is waited for.
            let last = "SET lock_timeout = 0;
                SELECT pg_advisory_lock(hashtextextended('atalaya.adoption.working', 0));
                SELECT pg_advisory_unlock(hashtextextended('atalaya.adoption.working', 0))";
            script(&mut connection, last).await?;
            return Ok(Alone { _connection: connection });
        }
        let holder = sqlx::query!(
            r#"SELECT a.usename::text AS "login!", to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "since!"
               FROM pg_locks l JOIN pg_stat_activity a USING (pid)
               WHERE l.locktype = 'advisory' AND l.granted
                 AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                 AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('atalaya.adoption', 0)
               LIMIT 1"#
        )
        .fetch_optional(&mut connection)
        .await
        .map_err(run)?;
        let mut error =
            Error::new(Code::AdoptionRunning, "Somebody else is taking this database over.");
        if let Some(holder) = holder {
            error = error.with("login", holder.login).with("since", holder.since);
        }
        Err(error)
    }
}
