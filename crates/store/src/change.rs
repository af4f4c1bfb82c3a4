//! Changing: body and event in one transaction.

use crate::error::{Stage, run, translate};
use crate::permit::{Event, Permit, Store, recheck, record};
use atalaya_model::access::Reach;
use atalaya_model::audit::Outcome;
use atalaya_model::{Result, TenantId};
use sqlx::{PgConnection, Postgres, Transaction};

/// A transaction that may write, under a permit.
pub struct Tx {
    pub(crate) inner: Transaction<'static, Postgres>,
    pub(crate) permit: Permit,
}

impl Tx {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// A second change of another kind in the same transaction, under a permit of its own and with its own event.
    ///
    /// # Errors
    /// `CONFLICT` when the caller's rights changed.
    pub async fn also(&mut self, permit: Permit, done: Done<()>) -> Result<()> {
        recheck(&mut self.inner, &permit).await?;
        let event = Event {
            caller: &permit.caller,
            action: permit.action,
            outcome: done.outcome,
            tenant: done.resource.tenant,
            resource_id: done.resource.id,
            note: done.note,
        };
        record(&mut self.inner, event).await?;
        Ok(())
    }

    /// What the permit reaches.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.permit.decision.reach
    }
}

/// What a change was about; goes into the event.
#[derive(Debug, Clone, Default)]
pub struct Resource {
    /// Key of the row, as text.
    pub id: Option<String>,
    /// Its tenant; `None` is the system scope.
    pub tenant: Option<TenantId>,
}

/// The result of a change and what its event says.
#[must_use]
pub struct Done<T> {
    /// For the caller.
    pub value: T,
    /// What it was about.
    pub resource: Resource,
    /// Usually `Ok`; a failed login is a committed `Failed`.
    pub outcome: Outcome,
    /// Safe facts for the event's `details`.
    pub note: Option<serde_json::Value>,
}

impl<T> Done<T> {
    /// A change that was done.
    pub const fn ok(value: T, resource: Resource) -> Self {
        Self { value, resource, outcome: Outcome::Ok, note: None }
    }

    /// Adds facts for the event. Never values of sensitive columns.
    pub fn noting(mut self, note: serde_json::Value) -> Self {
        self.note = Some(note);
        self
    }
}

impl Store {
    /// Runs `body` in a transaction and commits it with its event. On an error everything is rolled back, the connection
    /// is given back, and a `failed` event is written.
    ///
    /// # Errors
    /// The body's; `CONFLICT` when the caller's rights changed; `COMMIT_UNKNOWN` when the connection broke in the commit.
    pub async fn change<T>(
        &self,
        permit: Permit,
        body: impl AsyncFnOnce(&mut Tx) -> Result<Done<T>>,
    ) -> Result<T> {
        let (caller, action) = (permit.caller.clone(), permit.action);
        match self.attempt(permit, body).await {
            Ok(value) => Ok(value),
            Err(error) => {
                self.record_failure(&caller, action, &error).await;
                Err(error.of_request(caller.request_id))
            }
        }
    }

    async fn attempt<T>(
        &self,
        mut permit: Permit,
        body: impl AsyncFnOnce(&mut Tx) -> Result<Done<T>>,
    ) -> Result<T> {
        let connection = permit.connection(&self.pool).await?;
        let inner = Transaction::begin(connection, None).await.map_err(run)?;
        let mut tx = Tx { inner, permit };
        recheck(&mut tx.inner, &tx.permit).await?;
        let done = match body(&mut tx).await {
            Ok(done) => done,
            Err(error) => {
                // The connection goes back clean; if it is broken, the pool drops it.
                if let Err(e) = tx.inner.rollback().await {
                    tracing::warn!(error = %e, "rollback failed");
                }
                return Err(error);
            }
        };
        let Tx { mut inner, permit } = tx;
        let event = Event {
            caller: &permit.caller,
            action: permit.action,
            outcome: done.outcome,
            tenant: done.resource.tenant,
            resource_id: done.resource.id,
            note: done.note,
        };
        record(&mut inner, event).await?;
        inner.commit().await.map_err(|e| translate(e, Stage::Commit))?;
        Ok(done.value)
    }
}
