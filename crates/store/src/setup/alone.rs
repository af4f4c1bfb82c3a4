//! One take-over of a database at a time, and one in a cluster at a time that lends the roles that own things.

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

/// How long the place in the cluster is waited for. What others do there takes seconds, unless it is a take-over.
const CLUSTER_PATIENCE: &str = "SET lock_timeout = '10s'";

/// Held in the whole cluster. Advisory locks belong to a database; a lock on a role does not, and COMMENT takes one that
/// excludes itself. On a role that nobody is lent meanwhile: from 16 on GRANT takes the same lock on its role.
const CLUSTER_LOCK: &str =
    "BEGIN; COMMENT ON ROLE atalaya_bi IS 'Atalaya: reporting views, read only'";

/// Holds the place in the cluster until it is dropped, as [`Alone`] that in a database.
pub(super) struct Cluster {
    _connection: PgConnection,
}

impl Administrator {
    /// Waits until nobody else in this cluster lends what owns things, for another database: memberships belong to the
    /// cluster, and who is done first would take them from who is not. The roles are there.
    ///
    /// # Errors
    /// `ADOPTION_RUNNING` after ten seconds, with the database and the login of who holds it and since when.
    pub(super) async fn cluster(&self) -> Result<Cluster> {
        let mut connection = self.pool.acquire().await.map_err(run)?.detach();
        let made = sqlx::query_scalar!(r#"SELECT to_regrole('atalaya_bi') IS NOT NULL AS "made!""#)
            .fetch_one(&mut connection)
            .await
            .map_err(run)?;
        if !made {
            // Nothing was ever taken over in this cluster, so there is nothing that could be lent.
            return Ok(Cluster { _connection: connection });
        }
        // It stands idle for as long as the work takes.
        script(
            &mut connection,
            "SELECT set_config(name, '0', FALSE) FROM pg_settings WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')",
        )
        .await?;
        script(&mut connection, CLUSTER_PATIENCE).await?;
        match script(&mut connection, CLUSTER_LOCK).await {
            Ok(()) => return Ok(Cluster { _connection: connection }),
            Err(e) if e.code != Code::DbBusy => return Err(e),
            Err(_) => script(&mut connection, "ROLLBACK").await?,
        }
        let holder = sqlx::query!(
            r#"SELECT a.usename::text AS "login!", a.datname::text AS "database!",
                 to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "since"
               FROM pg_locks l JOIN pg_stat_activity a USING (pid)
               WHERE l.locktype = 'object' AND l.granted AND l.classid = 'pg_authid'::regclass AND l.objid = 'atalaya_bi'::regrole
                 AND l.mode = 'ShareUpdateExclusiveLock' LIMIT 1"#
        )
        .fetch_optional(&mut connection)
        .await
        .map_err(run)?;
        let mut error = Error::new(
            Code::AdoptionRunning,
            "Another database of this server is being taken over at the moment.",
        );
        if let Some(holder) = holder {
            error = error.with("login", holder.login).with("database", holder.database);
            if let Some(since) = holder.since {
                error = error.with("since", since);
            }
        }
        Err(error)
    }

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
