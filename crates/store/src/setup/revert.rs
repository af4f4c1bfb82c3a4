//! Giving a database back, until the take-over was finished; and finishing it.

use super::apply::{DISMISS_LEGACY, RETURN_OWNER, setting};
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
const PASS_ON: &str = include_str!("../../../../migrations/steps/pass_on.sql");
const PASSED_ON: &str = include_str!("../../../../migrations/steps/passed_on.sql");
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
    /// The database is again as it was before, with all rows that were written since. Can be run again. What could not be as it
    /// was: a constraint that rows written since do not keep, a right whose giver this administrator may not act as, a login of
    /// an operator that stays because another database of the cluster lets it in.
    ///
    /// # Errors
    /// `DB_ELSEWHERE` when the two logins reach different databases, `CONFLICT` when there is nothing to go back to: the take-over was finished, or began as an empty workspace.
    pub async fn revert(
        &self,
        progress: &(impl Fn(Progress) + Send + Sync),
    ) -> Result<Vec<String>> {
        let at = |step: Step, done: u64| progress(Progress { step, done, total: None, note: None });
        self.administrator.beside(self.owner).await?;
        let _alone = self.administrator.alone().await?;
        let _cluster = self.administrator.cluster().await?;
        self.administrator.open_roles().await?;
        let result = self.go_back(&at).await;
        let closed = self.administrator.close_roles().await;
        result.and_then(|differs| closed.map(|()| differs))
    }

    async fn go_back(&self, at: &(impl Fn(Step, u64) + Send + Sync)) -> Result<Vec<String>> {
        let mut differs = Vec::new();
        // What is left after the one transaction that matters, when that was the last thing that happened.
        if self.owner.kind().await? == DatabaseKind::Adopted {
            self.noted().await?;
            let passed_on = self.administrator.passed_on().await?;
            at("revert_logins", 0);
            let mut tx = self.administrator.pool.begin().await.map_err(run)?;
            script(&mut tx, "SET LOCAL ROLE atalaya_roles").await?;
            script(&mut tx, REVERT_LOGINS).await?;
            differs.extend(told(&mut tx).await?);
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
                    differs.extend(outcome?);
                    break;
                }
            }
            if let Some(rights) = passed_on {
                differs.extend(self.give_again(&rights).await?);
            }
        }
        at("revert_rights", 0);
        self.administrator.for_login(self.owner, DISMISS_LEGACY).await?;
        self.administrator.for_login(self.owner, RETURN_OWNER).await?;
        Ok(differs)
    }

    /// Rights that somebody else than the owner had given are theirs again where the administrator may act as them; the others,
    /// which stay as given by the owner.
    async fn give_again(&self, rights: &str) -> Result<Vec<String>> {
        let mut tx = self.administrator.pool.begin().await.map_err(run)?;
        setting(&mut tx, "atalaya.step_passed_on", rights).await?;
        script(&mut tx, PASS_ON).await?;
        tx.commit().await.map_err(run)?;
        let mut tx = self.owner.pool.begin().await.map_err(run)?;
        setting(&mut tx, "atalaya.step_passed_on", rights).await?;
        script(&mut tx, PASSED_ON).await?;
        let differs = told(&mut tx).await?;
        tx.commit().await.map_err(run)?;
        Ok(differs)
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
    /// Rights that others than the owner had given, as noted before the take-over, for [`PASS_ON`]; `None` where there are none.
    async fn passed_on(&self) -> Result<Option<String>> {
        let mut tx = self.as_owner().await?;
        sqlx::query_scalar!(
            r#"WITH noted AS (
                 SELECT CASE k.key WHEN 'sequence_acl' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, t.value ->> 'owner' AS owner, g.value AS g,
                        CASE k.key WHEN 'sequence_acl' THEN g.value ->> 3 ELSE format('public.%I', t.key) END AS object,
                        CASE k.key WHEN 'column_acl' THEN quote_ident(g.value ->> 3) END AS part
                 FROM atalaya.before_adoption b, jsonb_each(b.state -> 'tables') t, jsonb_each(t.value) k, jsonb_array_elements(k.value) g
                 WHERE k.key IN ('acl', 'column_acl', 'sequence_acl') AND jsonb_typeof(k.value) = 'array'
                 UNION ALL
                 SELECT o.kind, b.state ->> o.owner, g.value, o.object, NULL
                 FROM atalaya.before_adoption b,
                      (VALUES ('SCHEMA', 'public', 'schema_owner', 'schema_acl'),
                              ('DATABASE', quote_ident(current_database()), 'database_owner', 'database_acl')) AS o (kind, object, owner, acl),
                      jsonb_array_elements(CASE jsonb_typeof(b.state -> o.acl) WHEN 'array' THEN b.state -> o.acl ELSE '[]' END) g)
               SELECT jsonb_agg(jsonb_build_object('kind', n.kind, 'object', n.object, 'part', n.part, 'grantee', n.g ->> 0, 'privilege', n.g ->> 1,
                        'grantable', (n.g ->> 2)::boolean, 'grantor', n.g ->> 4,
                        'twice', EXISTS (SELECT FROM noted m WHERE (m.kind, m.object, m.g ->> 0, m.g ->> 1) = (n.kind, n.object, n.g ->> 0, n.g ->> 1)
                                         AND m.part IS NOT DISTINCT FROM n.part AND m.g ->> 4 = m.owner)))::text
               FROM noted n WHERE n.g ->> 4 <> n.owner"#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)
    }

    async fn revert_once(&self) -> Result<Vec<String>> {
        let mut tx = self.brief().await?;
        script(&mut tx, REVERT).await?;
        script(&mut tx, REVERT_IDENTITY).await?;
        let differs = told(&mut tx).await?;
        tx.commit().await.map_err(run)?;
        Ok(differs)
    }
}

/// What a step said cannot be as it was.
async fn told(connection: &mut sqlx::PgConnection) -> Result<Vec<String>> {
    let lines =
        sqlx::query_scalar!(r#"SELECT current_setting('atalaya.step_differs', TRUE) AS lines"#)
            .fetch_one(connection)
            .await
            .map_err(run)?;
    Ok(lines.unwrap_or_default().lines().map(str::to_owned).collect())
}
