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

/// The lock of who takes a database over, and the one that each of its statements holds while it runs. Anybody who may connect can
/// take them: that is an end of taking over, not of waiting without a word.
const ADOPTION: &str = "atalaya.adoption";
const WORKING: &str = "atalaya.adoption.working";
/// Waits until nothing works any more. An index over a large log takes minutes.
const LAST: &str = "SET lock_timeout = '10min';
    SELECT pg_advisory_lock(hashtextextended('atalaya.adoption.working', 0));
    SELECT pg_advisory_unlock(hashtextextended('atalaya.adoption.working', 0))";

/// How long the place in the cluster is waited for. What others do there takes seconds, unless it is a take-over.
const CLUSTER_PATIENCE: &str = "SET lock_timeout = '10s'";

/// Takes the place in the whole cluster, until the transaction ends. Advisory locks belong to a database; a lock on a role does
/// not, and COMMENT takes one that excludes itself. Where there is no comment, taking it away writes nothing: the transaction gets no
/// number, and holds back no vacuum however long it stands. On a role that nobody is lent meanwhile: from 16 on GRANT takes the
/// same lock on its role.
pub(super) const CLUSTER_LOCK: &str = "DO $$BEGIN IF to_regrole('atalaya_bi') IS NOT NULL THEN COMMENT ON ROLE atalaya_bi IS NULL; END IF; END$$;";

/// Holds the place in the cluster until it is dropped, as [`Alone`] that in a database.
pub(super) struct Cluster {
    _connection: PgConnection,
}

impl Administrator {
    /// Waits until nobody else in this cluster lends what owns things, for another database: memberships belong to the
    /// cluster, and who is done first would take them from who is not. The roles are there.
    ///
    /// # Errors
    /// `ADOPTION_RUNNING` after ten seconds, with the database and the login of who holds it and since when;
    /// `DB_RIGHTS_MISSING` where this administrator could lend nothing.
    pub(super) async fn cluster(&self) -> Result<Cluster> {
        self.may_lend().await?;
        let mut connection = self.pool.acquire().await.map_err(run)?.detach();
        // It stands idle for as long as the work takes.
        script(
            &mut connection,
            "SELECT set_config(name, '0', FALSE) FROM pg_settings WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')",
        )
        .await?;
        script(&mut connection, CLUSTER_PATIENCE).await?;
        let described = sqlx::query_scalar!(
            r#"SELECT shobj_description(to_regrole('atalaya_bi'), 'pg_authid') IS NOT NULL AS "described!""#
        )
        .fetch_one(&mut connection)
        .await
        .map_err(run)?;
        let taken = async {
            if described {
                // Writes once, and commits at once.
                script(&mut connection, CLUSTER_LOCK).await?;
            }
            script(&mut connection, "BEGIN").await?;
            script(&mut connection, CLUSTER_LOCK).await
        };
        match taken.await {
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

    /// That this administrator may use the roles of Atalaya, which are the cluster's: from 16 on CREATEROLE reaches the roles that
    /// one has made oneself, and the others by name.
    ///
    /// # Errors
    /// `DB_RIGHTS_MISSING` with the statement that lets it (`grant`).
    pub(super) async fn may_lend(&self) -> Result<()> {
        match self.lacking().await? {
            None => Ok(()),
            Some(grant) => Err(Error::new(
                Code::DbRightsMissing,
                "Another administrator of this server made the roles of Atalaya, and this one may not use them.",
            )
            .with("grant", grant)),
        }
    }

    /// The statement that lets this administrator use roles of Atalaya that another one made; `None` where it may, or none are there.
    pub(super) async fn lacking(&self) -> Result<Option<String>> {
        sqlx::query_scalar!(
            r#"SELECT format('GRANT %s TO %I WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;', string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname),
                        session_user)
               FROM pg_roles r
               WHERE (r.rolname IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles', 'atalaya_legacy', 'atalaya_bi') OR r.rolname LIKE 'atalaya\_upkeep\_%')
                 AND current_setting('server_version_num')::int >= 160000 AND NOT pg_has_role(session_user, r.oid, 'MEMBER WITH ADMIN OPTION')
               HAVING count(*) > 0"#
        )
        .fetch_optional(&self.pool)
        .await
        .map(Option::flatten)
        .map_err(run)
    }

    /// Takes the place.
    ///
    /// # Errors
    /// `ADOPTION_RUNNING` with the login of who holds it and since when.
    pub(super) async fn alone(&self) -> Result<Alone> {
        let mut connection = self.pool.acquire().await.map_err(run)?.detach();
        let taken = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "taken!""#,
            ADOPTION
        )
        .fetch_one(&mut connection)
        .await
        .map_err(run)?;
        let held = if taken {
            // What the server still does for a program that was killed is waited for.
            match script(&mut connection, LAST).await {
                Ok(()) => return Ok(Alone { _connection: connection }),
                Err(e) if e.code == Code::DbBusy => WORKING,
                Err(e) => return Err(e),
            }
        } else {
            ADOPTION
        };
        let holder = sqlx::query!(
            r#"SELECT a.usename::text AS "login!", to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "since!"
               FROM pg_locks l JOIN pg_stat_activity a USING (pid)
               WHERE l.locktype = 'advisory' AND l.granted
                 AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                 AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0)
               LIMIT 1"#,
            held
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
