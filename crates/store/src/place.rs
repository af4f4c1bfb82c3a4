//! Whether two connections reach one database.
//!
//! Host, port and name say where a connection was meant to go, and an installation's id is in every copy of its database: a
//! dump that was restored beside it, a standby that was promoted. An advisory lock belongs to one database of one running
//! server. One side takes one under a number that nobody can guess, and who finds it free is somewhere else.

use crate::error::run;
use crate::permit::Store;
use crate::setup::Administrator;
use atalaya_model::{Code, Error, Result};
use sqlx::postgres::PgPool;
use sqlx::{Postgres, Transaction};

/// A lock that shows where one connection is; it ends when this is dropped.
pub(crate) struct Mark {
    tx: Transaction<'static, Postgres>,
    number: i64,
}

impl Mark {
    async fn leave(pool: &PgPool) -> Result<Self> {
        let mut tx = pool.begin().await.map_err(run)?;
        let number = sqlx::query_scalar!(
            r#"SELECT hashtextextended(gen_random_uuid()::text, 0) AS "number!""#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)?;
        sqlx::query!("SELECT pg_advisory_xact_lock($1)", number)
            .execute(&mut *tx)
            .await
            .map_err(run)?;
        Ok(Self { tx, number })
    }

    /// `DB_ELSEWHERE` unless that connection finds it.
    async fn found(&self, by: &Administrator) -> Result<()> {
        let free =
            sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock($1) AS "free!""#, self.number)
                .fetch_one(&by.pool)
                .await
                .map_err(run)?;
        if free { Err(elsewhere(&by.database)) } else { Ok(()) }
    }

    async fn remove(self) -> Result<()> {
        self.tx.rollback().await.map_err(run)
    }
}

fn elsewhere(database: &str) -> Error {
    Error::new(
        Code::DbElsewhere,
        "These connections lead to different databases, whatever their names are. Nothing was changed.",
    )
    .with("database", database)
}

impl Administrator {
    /// `DB_ELSEWHERE` unless both are connected to one database.
    pub(crate) async fn beside(&self, other: &Self) -> Result<()> {
        let mark = Mark::leave(&self.pool).await?;
        let found = mark.found(other).await;
        mark.remove().await?;
        found
    }
}

impl Store {
    /// That the administrator's connection reaches the database which this one reads. Where an undoing that was cut off has shut
    /// this login, the administrator's server has to know it as one that is shut: its name holds the installation's id.
    ///
    /// # Errors
    /// `DB_ELSEWHERE`, or what the database says.
    pub async fn reached_by(&self, administrator: &Administrator) -> Result<()> {
        match Mark::leave(&self.pool).await {
            Ok(mark) => {
                let found = mark.found(administrator).await;
                mark.remove().await?;
                found
            }
            Err(e) if matches!(e.code, Code::DbLoginShut | Code::DbAuthFailed) => {
                let options = self.pool.connect_options();
                let shut = sqlx::query_scalar!(
                    r#"SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $1 AND NOT r.rolcanlogin) AS "shut!""#,
                    options.get_username()
                )
                .fetch_one(&administrator.pool)
                .await
                .map_err(run)?;
                if shut { Ok(()) } else { Err(elsewhere(&administrator.database)) }
            }
            Err(e) => Err(e),
        }
    }
}
