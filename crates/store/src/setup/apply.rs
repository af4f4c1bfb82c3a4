//! Taking a database over: an empty one and a CRM's go the same way.
//!
//! Every step is idempotent, so a run that was killed is run again from the start and does what is left. What the
//! administrator is lent is taken back at the end and after a failure.

use super::companions::{self, LEGACY_RIGHTS};
use super::migrate::script;
use super::patience::Patience;
use super::{Administrator, app_logins};
use crate::error::run;
use atalaya_model::adoption::{DatabaseKind, Progress};
use atalaya_model::{Code, Error, Result};
use std::collections::BTreeMap;

/// Key of a step, as progress names it.
pub type Step = &'static str;

pub(super) const LEND_OWNER: &str = include_str!("../../../../migrations/steps/lend_owner.sql");
/// Takes the CRM's login out of `atalaya_legacy`.
pub(super) const DISMISS_LEGACY: &str =
    include_str!("../../../../migrations/steps/dismiss_legacy.sql");
/// Takes back what the CRM's login was lent.
pub(super) const RETURN_OWNER: &str = include_str!("../../../../migrations/steps/return_owner.sql");
const TRANSFER: &str = include_str!("../../../../migrations/steps/transfer.sql");
pub(super) const ADMIT_LEGACY: &str = include_str!("../../../../migrations/steps/admit_legacy.sql");
pub(super) const ADMIT_OTHERS: &str = include_str!("../../../../migrations/steps/admit_others.sql");
pub(super) const LEND_DATABASE: &str =
    include_str!("../../../../migrations/steps/lend_database.sql");
pub(super) const NOTE_BEFORE: &str = include_str!("../../../../migrations/steps/note_before.sql");
pub(super) const NORMALISE: &str = include_str!("../../../../migrations/steps/normalise.sql");
pub(super) const HAND_OVER: &str = include_str!("../../../../migrations/steps/hand_over.sql");
pub(super) const LOCK_DATABASE: &str =
    include_str!("../../../../migrations/steps/lock_database.sql");

/// What the CRM's login hands over, in this order. Users first: a database whose users have their new owner is one whose
/// take-over has begun. The schema last: whoever owns it may drop what is in it, and the former owner still needs it.
pub(super) const HANDED_OVER: [&str; 6] =
    ["users", "tenants", "leads", "credentials", "system_events", "public"];

/// Rows that one batch of the back-fill touches: half a second of work.
const BATCH: i32 = 20_000;

/// A take-over: who does it and what for.
pub struct Adoption<'a> {
    /// May make roles.
    pub administrator: &'a Administrator,
    /// Owns the CRM's tables; `None` when the administrator owns an empty database.
    pub owner: Option<&'a Administrator>,
    /// Id of the installation, 12 hex digits.
    pub installation: String,
    /// Whether this is Atalaya's own Postgres.
    pub local: bool,
    /// What the operator chose, by the code of the finding that asks for it.
    pub decisions: BTreeMap<String, String>,
}

/// The documented tables, with what counts their rows.
pub(super) const TABLES: [(&str, &str); 5] = [
    ("tenants", "SELECT count(*) FROM public.tenants"),
    ("users", "SELECT count(*) FROM public.users"),
    ("leads", "SELECT count(*) FROM public.leads"),
    ("credentials", "SELECT count(*) FROM public.credentials"),
    ("system_events", "SELECT count(*) FROM public.system_events"),
];

/// Rows of the documented tables that are there.
type Counts = BTreeMap<String, i64>;

/// As JSON.
pub(super) fn json_of<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|e| Error::new(Code::Internal, "Something cannot be written as JSON.").because(e))
}

impl Adoption<'_> {
    /// Runs what is left of it.
    ///
    /// # Errors
    /// `DB_RIGHTS_MISSING` when another administrator made the roles, `DB_ELSEWHERE` when the two logins reach different databases, `ALREADY_ADOPTED` when it was completed before, or what the database says; it can be run again.
    pub async fn apply(&self, progress: &(impl Fn(Progress) + Send + Sync)) -> Result<()> {
        let at = |step: Step, done: u64, total: Option<u64>| {
            progress(Progress { step, done, total, note: None });
        };
        if let Some(owner) = self.owner {
            self.administrator.beside(owner).await?;
        }
        self.administrator.may_lend().await?;
        let _alone = self.administrator.alone().await?;
        let before = match self.owner {
            Some(owner) if owner.kind().await? == DatabaseKind::Legacy => {
                // Counting comes second: a table with code of its own would run it.
                let mut tx = owner.pool.begin().await.map_err(run)?;
                script(&mut tx, super::inspect::INSPECT).await?;
                let before = count(&mut tx).await?;
                tx.rollback().await.map_err(run)?;
                Some(before)
            }
            _ => None,
        };
        at("roles", 0, None);
        self.administrator.make_roles().await?;
        let _cluster = self.administrator.cluster().await?;
        self.administrator.open_roles().await?;
        let result = self.steps(before, &at).await;
        let closed = self.administrator.close_roles().await;
        result.and(closed)
    }

    async fn steps(
        &self,
        before: Option<Counts>,
        at: &(impl Fn(Step, u64, Option<u64>) + Send + Sync),
    ) -> Result<()> {
        if self.administrator.completed().await? {
            return Err(Error::new(
                Code::AlreadyAdopted,
                "This database has been taken over before.",
            ));
        }
        match self.owner {
            Some(owner) => {
                // First of all: in no moment may its statements lack a right.
                at("legacy_login", 0, None);
                self.administrator.for_login(owner, ADMIT_LEGACY).await?;
                at("ownership", 0, None);
                self.note_before(owner, before).await?;
                self.administrator.for_login(owner, ADMIT_OTHERS).await?;
                self.hand_over(owner).await?;
                at("prepare", 0, None);
                self.administrator.first_migrations().await?;
                self.normalise().await?;
                let statements = |done| at("prepare", done, None);
                self.administrator.prepare_rows(&statements).await?;
                self.administrator.migrate_until(companions::SWAP).await?;
                self.administrator.prepare_events(&statements).await?;
                at("backfill", 0, None);
                self.administrator.fill_events(&|done| at("backfill", done, None)).await?;
                at("indexes", 0, None);
                self.administrator.index_events(&|done| at("indexes", done, None)).await?;
            }
            None => {
                at("ownership", 0, None);
                let mut tx = self.administrator.pool.begin().await.map_err(run)?;
                script(&mut tx, TRANSFER).await?;
                tx.commit().await.map_err(run)?;
            }
        }
        at("migrations", 0, None);
        let adopting = self.owner.is_some();
        self.administrator
            .migrate(adopting, &|done, total| at("migrations", done, Some(total)))
            .await?;
        self.administrator.install(self).await?;
        self.lock_database().await?;
        self.backfill(at).await?;
        at("grants", 0, None);
        self.administrator.adopt_grants().await?;
        if adopting {
            at("verify", 0, None);
            self.administrator.analyze().await?;
            self.administrator.verify().await?;
        }
        Ok(())
    }

    /// How everything was, once: with the counts, so that a run that resumes compares with them too.
    async fn note_before(&self, owner: &Administrator, before: Option<Counts>) -> Result<()> {
        let mut tx = owner.pool.begin().await.map_err(run)?;
        script(&mut tx, LEND_DATABASE).await?;
        let others = app_logins::noted(&app_logins::ask(&mut tx).await?, &self.decisions);
        tx.commit().await.map_err(run)?;
        let counts = before.map(|b| json_of(&b)).transpose()?.unwrap_or_default();
        let mut tx = self.administrator.as_owner().await?;
        setting(&mut tx, "atalaya.step_counts", &counts).await?;
        setting(&mut tx, "atalaya.step_logins", &json_of(&others)?).await?;
        setting(&mut tx, "atalaya.step_decisions", &json_of(&self.decisions)?).await?;
        script(&mut tx, NOTE_BEFORE).await?;
        tx.commit().await.map_err(run)
    }

    /// What differs from the documents is added, or changed as the decisions say.
    async fn normalise(&self) -> Result<()> {
        for (table, _) in TABLES {
            let mut patience = Patience::new();
            loop {
                let tried = self.administrator.normalise_one(table).await;
                if let Some(outcome) = patience.settled(tried).await {
                    outcome?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Tables, sequences and the schema `public` go to `atalaya_owner`, each in a moment of its own.
    async fn hand_over(&self, owner: &Administrator) -> Result<()> {
        self.administrator.for_login(owner, LEND_OWNER).await?;
        let moved = async {
            for given in HANDED_OVER {
                let mut patience = Patience::new();
                loop {
                    let tried = owner.hand_one_over(given).await;
                    if let Some(outcome) = patience.settled(tried).await {
                        outcome?;
                        break;
                    }
                }
            }
            Ok(())
        }
        .await;
        let returned = self.administrator.for_login(owner, RETURN_OWNER).await;
        moved.and(returned)
    }

    /// CONNECT leaves PUBLIC. Run by whoever owns the database.
    async fn lock_database(&self) -> Result<()> {
        let administrator = self.administrator.name().await?;
        let login = match self.owner {
            Some(owner) => owner.name().await?,
            None => String::new(),
        };
        let others = match self.owner {
            Some(_) => self.administrator.other_logins().await?,
            None => String::new(),
        };
        let database_owner = self.owner.unwrap_or(self.administrator);
        let mut tx = database_owner.pool.begin().await.map_err(run)?;
        setting(&mut tx, "atalaya.step_login", &login).await?;
        setting(&mut tx, "atalaya.step_administrator", &administrator).await?;
        setting(&mut tx, "atalaya.step_logins", &others).await?;
        script(&mut tx, LOCK_DATABASE).await?;
        tx.commit().await.map_err(run)
    }

    async fn backfill(&self, at: &(impl Fn(Step, u64, Option<u64>) + Send + Sync)) -> Result<()> {
        // Nothing is left of it where a CRM was adopted: its events were filled before they became a partition.
        let mut done = 0;
        loop {
            let mut tx = self.administrator.as_owner().await?;
            let n = sqlx::query_scalar!(
                r#"SELECT atalaya.backfill_adopted_events($1)::bigint AS "n!""#,
                BATCH
            )
            .fetch_one(&mut *tx)
            .await
            .map_err(run)?;
            tx.commit().await.map_err(run)?;
            if n == 0 {
                break;
            }
            done += n.unsigned_abs();
            at("backfill", done, None);
        }
        // The indexes that stepped aside for it come back one by one, so that the CRM waits for one at a time.
        loop {
            let mut tx = self.administrator.as_owner().await?;
            let n = sqlx::query_scalar!(r#"SELECT atalaya.index_adopted_events()::bigint AS "n!""#)
                .fetch_one(&mut *tx)
                .await
                .map_err(run)?;
            tx.commit().await.map_err(run)?;
            if n == 0 {
                return Ok(());
            }
        }
    }
}

impl Administrator {
    async fn normalise_one(&self, table: &str) -> Result<()> {
        let mut tx = self.brief().await?;
        script(&mut tx, "SET LOCAL ROLE atalaya_owner").await?;
        setting(&mut tx, "atalaya.step_table", table).await?;
        script(&mut tx, NORMALISE).await?;
        tx.commit().await.map_err(run)
    }

    /// One table, or the schema, with what its former owner keeps.
    async fn hand_one_over(&self, given: &str) -> Result<()> {
        let mut tx = self.brief().await?;
        setting(&mut tx, "atalaya.step_table", given).await?;
        script(&mut tx, HAND_OVER).await?;
        script(&mut tx, LEGACY_RIGHTS).await?;
        tx.commit().await.map_err(run)
    }

    /// Whether this database was taken over to the end.
    pub(super) async fn completed(&self) -> Result<bool> {
        let mut tx = self.as_owner().await?;
        let there = sqlx::query_scalar!(
            r#"SELECT to_regclass('atalaya.installation') IS NOT NULL AS "there!""#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)?;
        if !there {
            return Ok(false);
        }
        let completed = sqlx::query_scalar!(
            r#"SELECT completed_at IS NOT NULL AS "done!" FROM atalaya.installation"#
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(run)?;
        Ok(completed == Some(true))
    }

    async fn install(&self, adoption: &Adoption<'_>) -> Result<()> {
        let login = match adoption.owner {
            Some(owner) => Some(owner.name().await?),
            None => None,
        };
        let mut tx = self.as_owner().await?;
        sqlx::query!(
            "INSERT INTO atalaya.installation (id, kind, legacy_login)
             VALUES ($1, $2, $3::text::name) ON CONFLICT (singleton) DO NOTHING",
            adoption.installation,
            if adoption.local { "local" } else { "adopted" },
            login,
        )
        .execute(&mut *tx)
        .await
        .map_err(run)?;
        tx.commit().await.map_err(run)
    }

    /// The noted logins that work on the tables without owning them, as a JSON array.
    async fn other_logins(&self) -> Result<String> {
        let mut tx = self.as_owner().await?;
        let noted = sqlx::query_scalar!(
            r#"SELECT coalesce(state -> 'other_logins', '[]')::text AS "noted!" FROM atalaya.before_adoption"#
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(run)?;
        Ok(noted.unwrap_or_default())
    }

    async fn adopt_grants(&self) -> Result<()> {
        let mut tx = self.as_owner().await?;
        sqlx::query_scalar!("SELECT atalaya.adopt_grants()")
            .fetch_one(&mut *tx)
            .await
            .map_err(run)?;
        tx.commit().await.map_err(run)
    }

    /// The login's own name.
    pub(super) async fn name(&self) -> Result<String> {
        sqlx::query_scalar!(r#"SELECT session_user::text AS "name!""#)
            .fetch_one(&self.pool)
            .await
            .map_err(run)
    }

    /// Runs a step that is about another login.
    pub(super) async fn for_login(&self, other: &Self, text: &'static str) -> Result<()> {
        let name = other.name().await?;
        let mut tx = self.pool.begin().await.map_err(run)?;
        setting(&mut tx, "atalaya.step_login", &name).await?;
        script(&mut tx, text).await?;
        tx.commit().await.map_err(run)
    }

    /// The planner has never seen the promoted columns.
    async fn analyze(&self) -> Result<()> {
        let mut tx = self.as_owner().await?;
        script(&mut tx, "ANALYZE public.system_events").await?;
        tx.commit().await.map_err(run)
    }

    /// Compares with the counts that were noted at the beginning. The CRM may have gone on writing: less is a loss, more is its
    /// work.
    async fn verify(&self) -> Result<()> {
        let mut tx = self.as_owner().await?;
        let noted: Option<sqlx::types::JsonValue> =
            sqlx::query_scalar!("SELECT state -> 'counts' FROM atalaya.before_adoption")
                .fetch_optional(&mut *tx)
                .await
                .map_err(run)?
                .flatten();
        let Some(noted) = noted.filter(|n| n.is_object()) else { return Ok(()) };
        // What a decision took out of its table is not lost.
        let aside = sqlx::query!(
            r#"SELECT table_name, count(*) AS "rows!" FROM atalaya.set_aside
               WHERE reason IN ('credential_duplicates', 'event_time_missing') GROUP BY table_name"#
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(run)?;
        let mut after = count(&mut tx).await?;
        for row in aside {
            *after.entry(row.table_name).or_default() += row.rows;
        }
        let lost = after.iter().any(|(table, n)| noted[table].as_i64() > Some(*n));
        if lost {
            return Err(Error::new(Code::Internal, "There are fewer rows than before.")
                .with("before", noted)
                .with("after", json_of(&after)?));
        }
        Ok(())
    }
}

/// Rows of each documented table that is there.
pub(super) async fn count(connection: &mut sqlx::PgConnection) -> Result<Counts> {
    let mut counts = Counts::new();
    for (table, statement) in TABLES {
        let there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relname = $1) AS "there!""#,
            table
        )
        .fetch_one(&mut *connection)
        .await
        .map_err(run)?;
        if there {
            let rows = sqlx::query_scalar(statement).fetch_one(&mut *connection).await;
            counts.insert(table.to_owned(), rows.map_err(run)?);
        }
    }
    Ok(counts)
}

/// Sets a transaction-local setting that a step reads.
pub(super) async fn setting(
    connection: &mut sqlx::PgConnection,
    name: &str,
    value: &str,
) -> Result<()> {
    sqlx::query_scalar!("SELECT set_config($1, $2, TRUE)", name, value)
        .fetch_one(connection)
        .await
        .map_err(run)?;
    Ok(())
}
