//! What undoing or finishing a take-over would change. Reads only.

use super::Adopted;
use super::apply::count;
use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{TableSince, UndoPreview};

impl Adopted<'_> {
    /// Counts what was written since, and what would go.
    ///
    /// # Errors
    /// As [`Adopted::revert`]: `CONFLICT` when there is nothing to go back to.
    pub async fn preview(&self) -> Result<UndoPreview> {
        self.administrator.beside(self.owner).await?;
        let _alone = self.administrator.alone().await?;
        let _cluster = self.administrator.cluster().await?;
        self.administrator.open_roles().await?;
        let result = self.look().await;
        let closed = self.administrator.close_roles().await;
        result.and_then(|seen| closed.map(|()| seen))
    }

    async fn look(&self) -> Result<UndoPreview> {
        self.noted().await?;
        let completed = self.administrator.completed().await?;
        let mut tx = self.administrator.as_owner().await?;
        let now = count(&mut tx).await?;
        let row = sqlx::query!(
            r#"SELECT b.noted_at AS "taken_at!", b.state -> 'counts' AS before,
                 (SELECT count(*) FROM atalaya.set_aside s WHERE s.restored_at IS NULL) AS "set_aside!",
                 (SELECT count(*) FROM public.users u WHERE u.db_role IS NOT NULL) AS "operators!",
                 (SELECT count(*) FROM atalaya.secrets) AS "secrets!",
                 -- What was there before has no such time.
                 (SELECT count(*) FROM public.system_events e WHERE e.recorded_at IS NOT NULL AND e.origin = 'legacy') AS "of_crm!",
                 (SELECT count(*) FROM public.system_events e WHERE e.recorded_at IS NOT NULL AND e.origin <> 'legacy') AS "of_atalaya!"
               FROM atalaya.before_adoption b"#
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)?;
        let logins = sqlx::query!(
            r#"SELECT r.rolname::text AS "name!",
                 (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid AND a.datname = current_database()
                  AND a.application_name <> 'atalaya set-up') AS "connections!"
               FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member AND r.rolcanlogin
               WHERE m.roleid = to_regrole('atalaya_legacy') AND pg_has_role(r.oid, m.roleid, 'USAGE')
                 AND has_database_privilege(r.oid, current_database(), 'CONNECT')
               ORDER BY 1"#
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(run)?;
        tx.rollback().await.map_err(run)?;
        let before = row.before.unwrap_or_default();
        Ok(UndoPreview {
            database: self.administrator.database.clone(),
            taken_at: row.taken_at.into(),
            connections: logins.iter().map(|l| l.connections).sum(),
            logins: logins.into_iter().map(|l| l.name).collect(),
            tables: now
                .into_iter()
                .map(|(table, now)| TableSince { before: before[&table].as_i64(), table, now })
                .collect(),
            events_of_crm: row.of_crm,
            events_of_atalaya: row.of_atalaya,
            set_aside: row.set_aside,
            operators: row.operators,
            secrets: row.secrets,
            completed,
        })
    }
}
