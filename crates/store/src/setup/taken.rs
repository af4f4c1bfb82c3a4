//! How the take-over of a database stands: what an inspection says of one that was taken over. Reads only.

use super::Administrator;
use super::apply::count;
use super::inspect::ceos;
use crate::error::run;
use atalaya_model::adoption::{Candidate, Taken};
use atalaya_model::{Code, Result};
use std::collections::BTreeMap;

/// What only the owner of the tables sees.
pub(super) struct Seen {
    pub(super) taken: Taken,
    /// Rows of the documented tables.
    pub(super) rows: BTreeMap<String, i64>,
    pub(super) ceos: Vec<Candidate>,
    /// What the operator chose then, by the code of the finding.
    pub(super) decisions: BTreeMap<String, String>,
}

impl Administrator {
    /// Looks, with the role that owns the tables. `None` where nothing is there to be looked at: a run that was cut off early, an
    /// administrator who may not use the roles, or somebody who is at work with them.
    pub(super) async fn taken(&self) -> Result<Option<Seen>> {
        if !self.ours().await? {
            return Ok(None);
        }
        let seen = async {
            let _cluster = self.cluster().await?;
            self.open_roles().await?;
            let seen = self.seen().await;
            let closed = self.close_roles().await;
            seen.and_then(|s| closed.map(|()| s))
        }
        .await;
        match seen {
            Err(e)
                if matches!(
                    e.code,
                    Code::AdoptionRunning | Code::AccessDenied | Code::DbRightsMissing
                ) =>
            {
                Ok(None)
            }
            seen => seen,
        }
    }

    /// Whether what looks like ours is: whoever owns the database could have made a schema of that name, and what is in it would
    /// run with the rights of whoever looks.
    async fn ours(&self) -> Result<bool> {
        sqlx::query_scalar!(
            r#"SELECT count(*) = 9 AS "ours!" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relowner = to_regrole('atalaya_owner') AND c.relkind IN ('r', 'p') AND CASE n.nspname
                 WHEN 'atalaya' THEN n.nspowner = c.relowner
                      AND c.relname IN ('installation', 'before_adoption', 'adoption_steps', 'migrations')
                 WHEN 'public' THEN c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events') ELSE FALSE END"#
        )
        .fetch_one(&self.pool)
        .await
        .map_err(run)
    }

    async fn seen(&self) -> Result<Option<Seen>> {
        let mut tx = self.as_owner().await?;
        let row = sqlx::query!(
            r#"SELECT i.created_at AS "made!", i.completed_at IS NOT NULL AS "completed!", b.noted_at AS "noted?",
                 b.state ->> 'administrator' AS by, b.state ->> 'decisions' AS decisions,
                 (SELECT s.finished_at FROM atalaya.adoption_steps s WHERE s.step = 'finish') AS finished
               FROM atalaya.installation i LEFT JOIN atalaya.before_adoption b ON TRUE"#
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(run)?;
        let Some(row) = row else { return Ok(None) };
        let rows = count(&mut tx).await?;
        let ceos = ceos(&mut tx).await?;
        tx.rollback().await.map_err(run)?;
        let decisions = row.decisions.and_then(|d| serde_json::from_str(&d).ok());
        Ok(Some(Seen {
            taken: Taken {
                at: row.noted.unwrap_or(row.made).into(),
                by: row.by,
                completed: row.completed,
                can_be_undone: row.noted.is_some() && row.finished.is_none(),
                finished_at: row.finished.map(Into::into),
            },
            rows,
            ceos,
            decisions: decisions.unwrap_or_default(),
        }))
    }
}
