//! Giving a database back, until the take-over was finished; and finishing it.

use super::apply::{DISMISS_LEGACY, RETURN_OWNER};
use super::migrate::script;
use super::patience::Patience;
use super::{Administrator, Step};
use crate::error::run;
use atalaya_model::adoption::{DatabaseKind, Progress};
use atalaya_model::{Code, Error, Result};

const REVERT_LOGINS: &str = include_str!("../../../../migrations/steps/revert_logins.sql");
const REVERT_INDEXES: &str = include_str!("../../../../migrations/steps/revert_indexes.sql");
const REVERT: &str = include_str!("../../../../migrations/steps/revert.sql");
const REVERT_IDENTITY: &str = include_str!("../../../../migrations/steps/revert_identity.sql");
const FINISH: &str = include_str!("../../../../migrations/steps/finish.sql");
const LEND_OWNER_RIGHTS: &str = include_str!("../../../../migrations/steps/lend_owner_rights.sql");

/// A take-over to be undone or finished.
pub struct Adopted<'a> {
    /// May use the roles.
    pub administrator: &'a Administrator,
    /// The CRM's own login.
    pub owner: &'a Administrator,
}

impl Adopted<'_> {
    /// The database is again as it was before, with all rows that were written since. Can be run again.
    ///
    /// # Errors
    /// `DB_ELSEWHERE` when the two logins reach different databases, `CONFLICT` when there is nothing to go back to: the take-over was finished, or began as an empty workspace.
    pub async fn revert(&self, progress: &(impl Fn(Progress) + Send + Sync)) -> Result<()> {
        let at = |step: Step, done: u64| progress(Progress { step, done, total: None, note: None });
        self.administrator.beside(self.owner).await?;
        let _alone = self.administrator.alone().await?;
        let _cluster = self.administrator.cluster().await?;
        self.administrator.open_roles().await?;
        let result = self.go_back(&at).await;
        let closed = self.administrator.close_roles().await;
        result.and(closed)
    }

    async fn go_back(&self, at: &(impl Fn(Step, u64) + Send + Sync)) -> Result<()> {
        // What is left after the one transaction that matters, when that was the last thing that happened.
        if self.owner.kind().await? == DatabaseKind::Adopted {
            self.noted().await?;
            at("revert_logins", 0);
            let mut tx = self.administrator.pool.begin().await.map_err(run)?;
            script(&mut tx, "SET LOCAL ROLE atalaya_roles").await?;
            script(&mut tx, REVERT_LOGINS).await?;
            tx.commit().await.map_err(run)?;
            at("revert_indexes", 0);
            self.administrator
                .run_online(REVERT_INDEXES, &|done| at("revert_indexes", done))
                .await?;
            at("revert", 0);
            self.administrator.for_login(self.owner, LEND_OWNER_RIGHTS).await?;
            let mut patience = Patience::new();
            loop {
                let tried = self.owner.revert_once().await;
                if let Some(outcome) = patience.settled(tried).await {
                    outcome?;
                    break;
                }
            }
        }
        at("revert_rights", 0);
        self.administrator.for_login(self.owner, DISMISS_LEGACY).await?;
        self.administrator.for_login(self.owner, RETURN_OWNER).await
    }

    /// Ends what the CRM's own login may do, and with it the way back. The CRM goes on through the API, or through a login
    /// of its own that somebody made for it.
    ///
    /// # Errors
    /// `CONFLICT` when it was finished before, or the login is not the one that was taken over from.
    pub async fn finish(&self, progress: &(impl Fn(Progress) + Send + Sync)) -> Result<()> {
        let at = |step: Step| progress(Progress { step, done: 0, total: None, note: None });
        self.administrator.beside(self.owner).await?;
        at("finish_rights");
        let _alone = self.administrator.alone().await?;
        let _cluster = self.administrator.cluster().await?;
        self.administrator.open_roles().await?;
        let result = self.end_legacy(&at).await;
        let closed = self.administrator.close_roles().await;
        result.and(closed)
    }

    async fn end_legacy(&self, at: &(impl Fn(Step) + Send + Sync)) -> Result<()> {
        self.noted().await?;
        if !self.administrator.completed().await? {
            return Err(Error::new(
                Code::Conflict,
                "The take-over has no first administrator yet.",
            )
            .with("reason", "not_completed"));
        }
        let mut tx = self.administrator.as_owner().await?;
        script(&mut tx, FINISH).await?;
        tx.commit().await.map_err(run)?;
        at("finish_logins");
        self.administrator.for_login(self.owner, DISMISS_LEGACY).await
    }

    /// That there is a way back, and this login is the one it leads to.
    pub(super) async fn noted(&self) -> Result<()> {
        let login = self.owner.name().await?;
        let mut tx = self.administrator.as_owner().await?;
        let there = sqlx::query!(
            r#"SELECT to_regclass('atalaya.before_adoption') IS NOT NULL AND to_regclass('atalaya.set_aside') IS NOT NULL
                 AND to_regclass('atalaya.adoption_steps') IS NOT NULL AS "notes!""#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)?
        .notes;
        if !there {
            return Err(no_way_back("not_noted"));
        }
        let row = sqlx::query!(
            r#"SELECT b.state #>> '{tables,users,owner}' = quote_ident($1) AS "same!",
                 EXISTS (SELECT FROM atalaya.adoption_steps s WHERE s.step = 'finish') AS "finished!"
               FROM atalaya.before_adoption b"#,
            login
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(run)?;
        match row {
            None => Err(no_way_back("not_noted")),
            Some(row) if row.finished => Err(no_way_back("finished")),
            Some(row) if !row.same => Err(no_way_back("other_login")),
            Some(_) => Ok(()),
        }
    }
}

fn no_way_back(reason: &str) -> Error {
    Error::new(
        Code::Conflict,
        "There is no take-over by this login that could be undone or finished.",
    )
    .with("reason", reason)
}

impl Administrator {
    async fn revert_once(&self) -> Result<()> {
        let mut tx = self.brief().await?;
        script(&mut tx, REVERT).await?;
        script(&mut tx, REVERT_IDENTITY).await?;
        tx.commit().await.map_err(run)
    }
}
