//! Applying `migrations/`: in order, each in a transaction of its own, each recorded with its checksum.
//!
//! The first line of a file says as whom it runs: `-- run as owner` (the administrator with `SET LOCAL ROLE
//! atalaya_owner`), another role that owns functions, or `-- run as administrator`. The first files make the table that records the others, so they share one
//! transaction. Where a CRM is at work on the database each transaction waits for no lock for long, and runs what `companions`
//! says beside the file.

use super::Administrator;
use super::companions::{self, Companions};
use super::patience::Patience;
use crate::error::run;
use atalaya_model::{Code, Error, Result};
use sqlx::migrate::{Migration, Migrator};
use sqlx::{PgConnection, Postgres, Transaction};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Lends the administrator the roles that own things.
pub(super) const OPEN: &str = include_str!("../../../../migrations/steps/open.sql");
/// Takes them back.
pub(super) const CLOSE: &str = include_str!("../../../../migrations/steps/close.sql");

/// The statement that makes the transaction run as whom the file says; `None` is the administrator.
pub(super) fn role_of(migration: &Migration) -> Result<Option<&'static str>> {
    match migration.sql.as_str().lines().next() {
        Some("-- run as administrator") => Ok(None),
        Some("-- run as owner") => Ok(Some("SET LOCAL ROLE atalaya_owner")),
        Some("-- run as gate") => Ok(Some("SET LOCAL ROLE atalaya_gate")),
        Some("-- run as roles") => Ok(Some("SET LOCAL ROLE atalaya_roles")),
        Some("-- run as upkeep_session_touch") => {
            Ok(Some("SET LOCAL ROLE atalaya_upkeep_session_touch"))
        }
        Some("-- run as upkeep_direct_change") => {
            Ok(Some("SET LOCAL ROLE atalaya_upkeep_direct_change"))
        }
        Some("-- run as upkeep_roll_up") => Ok(Some("SET LOCAL ROLE atalaya_upkeep_roll_up")),
        _ => Err(Error::new(Code::Internal, "A migration does not say as whom it runs.")
            .with("migration", migration.version)),
    }
}

/// Runs a step's text in the transaction.
pub(super) async fn script(connection: &mut PgConnection, text: &'static str) -> Result<()> {
    sqlx::raw_sql(text).execute(connection).await.map_err(run)?;
    Ok(())
}

/// How the migrations of a database and those of this program differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Files that the database has had.
    pub(crate) known: usize,
    /// Files of this program that it has not had.
    pub(crate) missing: usize,
    /// Files that this program does not know, or knows differently.
    pub(crate) unknown: usize,
}

/// Compares `(version, checksum)` of a database with this program's files.
pub(crate) fn compare(applied: &[(i64, Vec<u8>)]) -> Applied {
    let fits = |(version, checksum): &&(i64, Vec<u8>)| {
        MIGRATIONS
            .iter()
            .any(|m| m.version == *version && m.checksum.as_ref() == checksum.as_slice())
    };
    let known = applied.iter().filter(fits).count();
    let missing =
        MIGRATIONS.iter().filter(|m| !applied.iter().any(|(v, _)| *v == m.version)).count();
    Applied { known, missing, unknown: applied.len() - known }
}

impl Administrator {
    /// Makes the group roles: the first file, which needs nothing but CREATEROLE.
    pub(super) async fn make_roles(&self) -> Result<()> {
        let first = MIGRATIONS
            .iter()
            .next()
            .ok_or_else(|| Error::new(Code::Internal, "There are no migrations."))?;
        let mut tx = self.pool.begin().await.map_err(run)?;
        execute(&mut tx, first, Companions::default()).await?;
        tx.commit().await.map_err(run)
    }

    /// Lends this administrator what owns things, for the length of a set-up.
    pub(super) async fn open_roles(&self) -> Result<()> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        script(&mut tx, OPEN).await?;
        tx.commit().await.map_err(run)
    }

    /// Takes it back; also after a failure.
    pub(super) async fn close_roles(&self) -> Result<()> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        script(&mut tx, CLOSE).await?;
        tx.commit().await.map_err(run)
    }

    /// A transaction as the owner of the tables.
    pub(super) async fn as_owner(&self) -> Result<Transaction<'static, Postgres>> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        script(&mut tx, "SET LOCAL ROLE atalaya_owner").await?;
        Ok(tx)
    }

    /// Applies the files up to the one that makes the record, if that was not done yet; how many files that was.
    ///
    /// # Errors
    /// `DB_NEWER_SCHEMA` when the database has had files that this program does not know or knows differently.
    pub(super) async fn first_migrations(&self) -> Result<u64> {
        if !self.missing().await?.applied.is_empty() {
            return Ok(0);
        }
        let files: Vec<_> = MIGRATIONS.iter().collect();
        let mut patience = Patience::new();
        loop {
            let tried = self.first_files(&files).await;
            if let Some(outcome) = patience.settled(tried).await {
                let n = outcome?;
                self.open_roles().await?;
                return Ok(n as u64);
            }
        }
    }

    /// Applies what is missing before the file `until`, while a CRM is at work on the database.
    pub(super) async fn migrate_until(&self, until: i64) -> Result<()> {
        for migration in self.missing().await?.missing {
            if migration.version < until {
                self.one(migration, true).await?;
            }
        }
        Ok(())
    }

    /// Applies what is missing and says how many files that was. `adopting`: a CRM is at work on the database.
    ///
    /// # Errors
    /// `DB_NEWER_SCHEMA` when the database has had files that this program does not know or knows differently.
    pub(super) async fn migrate(
        &self,
        adopting: bool,
        progress: &(impl Fn(u64, u64) + Send + Sync),
    ) -> Result<u64> {
        let mut done = self.first_migrations().await?;
        let missing = self.missing().await?.missing;
        let total = done + missing.len() as u64;
        progress(done, total);
        for migration in missing {
            self.one(migration, adopting).await?;
            done += 1;
            progress(done, total);
        }
        Ok(total)
    }

    /// Which files the database has had, and which it has not.
    async fn missing(&self) -> Result<Missing> {
        let applied = self.applied().await?;
        for (version, checksum) in &applied {
            let known = MIGRATIONS.iter().find(|m| m.version == *version);
            if known.is_none_or(|m| m.checksum.as_ref() != checksum.as_slice()) {
                return Err(Error::new(
                    Code::DbNewerSchema,
                    "The database was set up by another version of Atalaya.",
                )
                .with("migration", version));
            }
        }
        let missing =
            MIGRATIONS.iter().filter(|m| !applied.iter().any(|(v, _)| *v == m.version)).collect();
        Ok(Missing { applied, missing })
    }

    async fn one(&self, migration: &Migration, adopting: bool) -> Result<()> {
        if adopting && migration.version == companions::SWAP {
            self.bound_events().await?;
        }
        let beside =
            if adopting { companions::of(migration.version) } else { Companions::default() };
        let mut patience = Patience::new();
        loop {
            let tried = self.one_file(migration, beside).await;
            if let Some(outcome) = patience.settled(tried).await {
                outcome?;
                break;
            }
        }
        if role_of(migration)?.is_none() {
            self.open_roles().await?;
        }
        Ok(())
    }

    async fn one_file(&self, migration: &Migration, beside: Companions) -> Result<()> {
        let mut tx = self.brief().await?;
        execute(&mut tx, migration, beside).await?;
        record(&mut tx, migration).await?;
        tx.commit().await.map_err(run)
    }

    /// The files up to the one that makes the record, in one transaction; how many that was.
    async fn first_files(&self, files: &[&Migration]) -> Result<usize> {
        let mut tx = self.brief().await?;
        for (n, migration) in files.iter().enumerate() {
            execute(&mut tx, migration, Companions::default()).await?;
            let recording: Option<bool> =
                sqlx::query_scalar!(
                    "SELECT EXISTS (SELECT FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
                       WHERE n.nspname = 'atalaya' AND t.relname = 'migrations')"
                )
                    .fetch_one(&mut *tx)
                    .await
                    .map_err(run)?;
            if recording == Some(true) {
                for migration in &files[..=n] {
                    record(&mut tx, migration).await?;
                }
                tx.commit().await.map_err(run)?;
                return Ok(n + 1);
            }
        }
        Err(Error::new(Code::Internal, "No migration makes the table that records them."))
    }

    async fn applied(&self) -> Result<Vec<(i64, Vec<u8>)>> {
        let mut tx = self.as_owner().await?;
        let there = sqlx::query_scalar!("SELECT to_regclass('atalaya.migrations') IS NOT NULL")
            .fetch_one(&mut *tx)
            .await
            .map_err(run)?;
        if there != Some(true) {
            return Ok(Vec::new());
        }
        let rows =
            sqlx::query!("SELECT version, checksum FROM atalaya.migrations ORDER BY version")
                .fetch_all(&mut *tx)
                .await
                .map_err(run)?;
        Ok(rows.into_iter().map(|r| (r.version, r.checksum)).collect())
    }
}

/// What a database has had, as `(version, checksum)`, and what it has not.
struct Missing {
    applied: Vec<(i64, Vec<u8>)>,
    missing: Vec<&'static Migration>,
}

async fn execute(
    tx: &mut Transaction<'static, Postgres>,
    migration: &Migration,
    beside: Companions,
) -> Result<()> {
    // Nothing of a file may resolve to what somebody put into a schema that comes first.
    script(tx, "SET LOCAL search_path = pg_catalog, pg_temp").await?;
    if let Some(role) = role_of(migration)? {
        script(tx, role).await?;
    }
    let named = |e: sqlx::Error| {
        let said = e.as_database_error().map(|d| d.message().to_owned());
        let mut error = run(e).with("migration", migration.description.replace(' ', "_"));
        if let Some(said) = said {
            error = error.with("reason", said);
        }
        error
    };
    for step in beside.before {
        sqlx::raw_sql(*step).execute(&mut **tx).await.map_err(named)?;
    }
    match beside.instead {
        Some(step) => sqlx::raw_sql(step).execute(&mut **tx).await.map_err(named)?,
        None => sqlx::raw_sql(migration.sql.clone()).execute(&mut **tx).await.map_err(named)?,
    };
    for step in beside.after {
        sqlx::raw_sql(*step).execute(&mut **tx).await.map_err(named)?;
    }
    script(tx, "RESET ROLE").await
}

async fn record(tx: &mut Transaction<'static, Postgres>, migration: &Migration) -> Result<()> {
    script(tx, "SET LOCAL ROLE atalaya_owner").await?;
    sqlx::query!(
        "INSERT INTO atalaya.migrations (version, sentence, checksum) VALUES ($1, $2, $3)",
        migration.version,
        migration.description.as_ref(),
        migration.checksum.as_ref(),
    )
    .execute(&mut **tx)
    .await
    .map_err(run)?;
    script(tx, "RESET ROLE").await
}
