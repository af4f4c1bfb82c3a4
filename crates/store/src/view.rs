//! Reading: the event first, then the rows.

use crate::error::run;
use crate::permit::{Event, Permit, Store, recheck, record};
use atalaya_model::access::{Audit, Reach, Scope};
use atalaya_model::audit::Outcome;
use atalaya_model::{Result, TenantId};
use sqlx::{PgConnection, Postgres, Transaction};

/// A read-only snapshot under a permit: every page of one view shows the same state of the log.
pub struct Read {
    inner: Transaction<'static, Postgres>,
    permit: Permit,
}

impl Read {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// What the permit reaches.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        self.permit.reach()
    }
}

impl Store {
    /// Reads under a permit. The event (or the minute's count) is committed **before** the rows are read, so that a
    /// program that dies half-way has still left its trace.
    ///
    /// # Errors
    /// The body's; `CONFLICT` when the caller's rights changed.
    pub async fn view<T>(
        &self,
        permit: Permit,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        self.view_of(permit, None, None, body).await
    }

    /// As [`Store::view`], where the event names what is read or carries facts, such as the filter of an export.
    ///
    /// # Errors
    /// As [`Store::view`].
    pub async fn view_of<T>(
        &self,
        permit: Permit,
        resource_id: Option<String>,
        note: Option<serde_json::Value>,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        let (caller, action) = (permit.caller.clone(), permit.action);
        match self.read(permit, resource_id, note, body).await {
            Ok(value) => Ok(value),
            Err(error) => {
                self.record_failure(&caller, action, &error).await;
                Err(error.of_request(caller.request_id))
            }
        }
    }

    async fn read<T>(
        &self,
        permit: Permit,
        resource_id: Option<String>,
        note: Option<serde_json::Value>,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        self.trace(&permit, resource_id, note).await?;
        let inner = self
            .pool
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
            .map_err(run)?;
        let mut read = Read { inner, permit };
        recheck(&mut read.inner, &read.permit).await?;
        let result = body(&mut read).await;
        // Nothing was written: ending the snapshot can only fail with the connection, after the rows are here.
        if let Err(e) = read.inner.rollback().await {
            tracing::warn!(error = %e, "ending a snapshot failed");
        }
        result
    }

    async fn trace(
        &self,
        permit: &Permit,
        resource_id: Option<String>,
        note: Option<serde_json::Value>,
    ) -> Result<()> {
        let tenant: Option<TenantId> = match permit.scope {
            Scope::Tenant(t) => Some(t),
            _ => None,
        };
        match permit.action.spec().audit {
            Audit::Each => {
                let mut tx = self.pool.begin().await.map_err(run)?;
                let event = Event {
                    caller: &permit.caller,
                    action: permit.action,
                    outcome: Outcome::Ok,
                    tenant,
                    resource_id,
                    note,
                };
                record(&mut tx, event).await?;
                tx.commit().await.map_err(run)
            }
            // One statement is a transaction of its own, without asking the server twice more.
            Audit::Counted => {
                sqlx::query!(
                    "SELECT atalaya.record_view($1, $2, $3, $4)",
                    permit.action.spec().event_type,
                    tenant.map(|t| t.0),
                    permit.caller.request_id,
                    permit.caller.origin.as_str(),
                )
                .execute(&self.pool)
                .await
                .map_err(run)?;
                Ok(())
            }
        }
    }
}
