//! Reading: the event first, then the rows.

use crate::error::{of_one_statement, run};
use crate::permit::{Decision, Event, Permit, Store, recheck, record, rights_changed, version};
use atalaya_model::access::{Audit, Reach, Scope};
use atalaya_model::audit::Outcome;
use atalaya_model::{Code, Error, Result, TenantId};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, SqlSafeStr, SqlStr, Transaction};
use std::time::Duration;

/// A read-only snapshot under a permit: every page of one view shows the same state of the log.
pub struct Read {
    inner: Transaction<'static, Postgres>,
    permit: Permit,
    backend: i32,
}

impl Read {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// The server process that serves it, for [`Store::cancel`].
    #[must_use]
    pub const fn backend(&self) -> i32 {
        self.backend
    }

    /// What `ask` answers, where each of its statements takes no longer than `limit`; `None` where one does. The snapshot goes on
    /// as it was before.
    ///
    /// # Errors
    /// What `ask` says, and what the database says.
    pub async fn within<T>(
        &mut self,
        limit: Duration,
        ask: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        self.within_as("", limit, ask).await
    }

    /// As [`Self::within`], where these statements are in force meanwhile, each of them `SET LOCAL` and a semicolon.
    ///
    /// # Errors
    /// As [`Self::within`].
    pub(crate) async fn within_as<T>(
        &mut self,
        settings: &'static str,
        limit: Duration,
        ask: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.apart_as(settings, limit, ask).await? {
            Apart::Answered(answer) => Ok(Some(answer)),
            Apart::Late => Ok(None),
            Apart::Failed(e) => Err(e),
        }
    }

    /// What becomes of `ask`, where each of its statements takes no longer than `limit`. The snapshot goes on as it was before.
    ///
    /// # Errors
    /// What is the fault of no statement: a connection that broke, a caller who is no longer known, a cancellation.
    pub async fn apart<T>(
        &mut self,
        limit: Duration,
        ask: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<Apart<T>> {
        self.apart_as("", limit, ask).await
    }

    async fn apart_as<T>(
        &mut self,
        settings: &'static str,
        limit: Duration,
        ask: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<Apart<T>> {
        // Settings take no parameters; a whole number says nothing else than itself.
        let begin = format!(
            "SAVEPOINT within; {settings} SET LOCAL statement_timeout = {}",
            limit.as_millis().max(1)
        );
        const BACK: &str = "ROLLBACK TO SAVEPOINT within; RELEASE SAVEPOINT within";
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(self.connection()).await.map_err(run)?;
        let answer = match ask(self).await {
            Ok(answer) => Apart::Answered(answer),
            Err(e) if e.code == Code::DbTimeout => Apart::Late,
            Err(e) if of_one_statement(&e) => Apart::Failed(e),
            Err(e) => return Err(e),
        };
        match (sqlx::raw_sql(BACK).execute(self.connection()).await, answer) {
            (Ok(_), answer) => Ok(answer),
            // What failed first says more than that there is no way on.
            (Err(_), Apart::Failed(e)) => Err(e),
            (Err(e), _) => Err(run(e)),
        }
    }

    /// What the permit reaches.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.permit.decision.reach
    }
}

/// What a question came to that is asked beside others, of which none keeps back what the others answer.
#[derive(Debug)]
pub enum Apart<T> {
    /// It was answered.
    Answered(T),
    /// A statement took longer than it may.
    Late,
    /// A statement failed, by a fault that is its own.
    Failed(Error),
}

/// What the event of a view says.
#[derive(Default)]
struct Trace {
    resource_id: Option<String>,
    note: Option<serde_json::Value>,
}

/// What the trace of a view has asked beside leaving itself.
#[derive(Clone, Copy)]
enum Trail {
    /// Whether the permit's facts are those of now, on the server process of this number.
    Checked(i32),
    /// Nothing: an event is entered for whoever may, on whatever facts.
    Unchecked,
}

/// Whether a view may begin.
enum Entered {
    /// It has left its trace.
    Allowed(Permit, PoolConnection<Postgres>, Trail),
    /// It has not; the refusal is committed as the event that it is.
    Refused(Error),
}

impl Store {
    /// Reads under a permit. The event (or the minute's count) is committed **before** the rows are read, so that a
    /// program that dies half-way has still left its trace.
    ///
    /// # Errors
    /// The body's; `ACCESS_DENIED` when the caller's rights ended before the read began, `CONFLICT` when they changed meanwhile.
    pub async fn view<T>(
        &self,
        permit: Permit,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        self.traced(permit, Trace::default(), None, body).await
    }

    /// As [`Store::view`], where each statement may take as long as `limit`, and no longer.
    ///
    /// # Errors
    /// As [`Store::view`]; `DB_TIMEOUT`.
    pub async fn view_within<T>(
        &self,
        permit: Permit,
        limit: Duration,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        self.traced(permit, Trace::default(), Some(limit), body).await
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
        self.traced(permit, Trace { resource_id, note }, None, body).await
    }

    /// Whether the caller's rights are still those of the snapshot's permit, now: a long snapshot shows them as they were.
    ///
    /// # Errors
    /// `CONFLICT` when they changed.
    pub async fn still_permits(&self, read: &Read) -> Result<()> {
        let Decision { user_id, facts_version, .. } = read.permit.decision;
        let mut connection = self.pool.acquire().await.map_err(run)?;
        let now = version(&mut connection).await?;
        if now == Some((user_id, facts_version)) { Ok(()) } else { Err(rights_changed()) }
    }

    async fn traced<T>(
        &self,
        permit: Permit,
        trace: Trace,
        limit: Option<Duration>,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        let (caller, action) = (permit.caller.clone(), permit.action);
        let result = match self.enter(permit, &trace).await {
            Ok(Entered::Allowed(permit, connection, trail)) => {
                self.read(permit, connection, trail, limit, body).await
            }
            Ok(Entered::Refused(error)) => return Err(error),
            Err(error) => Err(error),
        };
        match result {
            Ok(value) => Ok(value),
            Err(error) => {
                // A page that nobody waits for any more is no failure; an export that was given up is worth a line.
                if error.code != Code::Cancelled || action.spec().audit == Audit::Each {
                    self.record_failure(&caller, action, &error).await;
                }
                Err(error.of_request(caller.request_id))
            }
        }
    }

    /// Leaves the trace, under rights that hold at that moment.
    async fn enter(&self, mut permit: Permit, trace: &Trace) -> Result<Entered> {
        let mut connection = permit.connection(&self.pool).await?;
        match leave_trace(&mut connection, &permit, trace).await {
            Ok(Some(trail)) => return Ok(Entered::Allowed(permit, connection, trail)),
            Ok(None) => {}
            // The gate asks for the right itself.
            Err(error) if error.code == Code::AccessDenied => {}
            Err(error) => return Err(error),
        }
        // The caller's rights have changed since it was decided.
        if let Some(refusal) = self.renew(&mut permit, &mut connection).await? {
            let Permit { caller, action, scope, .. } = permit;
            drop(connection);
            let refused = self.refuse(&caller, action, &scope, refusal).await;
            return Ok(Entered::Refused(refused));
        }
        match leave_trace(&mut connection, &permit, trace).await? {
            Some(trail) => Ok(Entered::Allowed(permit, connection, trail)),
            None => Err(rights_changed()),
        }
    }

    async fn read<T>(
        &self,
        permit: Permit,
        connection: PoolConnection<Postgres>,
        trail: Trail,
        limit: Option<Duration>,
        body: impl AsyncFnOnce(&mut Read) -> Result<T>,
    ) -> Result<T> {
        // Not the pool's own `begin_with`, which takes another connection.
        let mut inner = Transaction::begin(connection, Some(snapshot(limit))).await.map_err(run)?;
        let backend = match trail {
            Trail::Checked(backend) => backend,
            Trail::Unchecked => recheck(&mut inner, &permit).await?,
        };
        let mut read = Read { inner, permit, backend };
        let result = body(&mut read).await;
        // Nothing was written: the pool ends the snapshot, and nobody waits for it.
        drop(read);
        result
    }
}

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Begins a snapshot and says in the same breath how long each of its statements may take: a question to the server less for each
/// page. Settings take no parameters; a whole number says nothing else than itself.
fn snapshot(limit: Option<Duration>) -> SqlStr {
    match limit {
        None => SNAPSHOT.into_sql_str(),
        Some(limit) => AssertSqlSafe(format!(
            "{SNAPSHOT}; SET LOCAL statement_timeout = {}",
            limit.as_millis().max(1)
        ))
        .into_sql_str(),
    }
}

/// Commits the event of a view, or the minute's count, which asks first whether the permit's facts are those of now: `None` where
/// they are not, and nothing was committed.
async fn leave_trace(
    connection: &mut PgConnection,
    permit: &Permit,
    trace: &Trace,
) -> Result<Option<Trail>> {
    let tenant: Option<TenantId> = match permit.scope {
        Scope::Tenant(t) => Some(t),
        _ => None,
    };
    // One statement is a transaction of its own, without asking the server twice more.
    match permit.action.spec().audit {
        Audit::Each => {
            let event = Event {
                caller: &permit.caller,
                action: permit.action,
                outcome: Outcome::Ok,
                tenant,
                resource_id: trace.resource_id.clone(),
                note: trace.note.clone(),
            };
            record(connection, event).await.map(|_| Some(Trail::Unchecked))
        }
        Audit::Counted => {
            let entered = sqlx::query!(
                r#"SELECT atalaya.count_view($1, $2, $3, $4, $5, $6) AS "counted!", pg_backend_pid() AS "backend!""#,
                permit.action.spec().event_type,
                tenant.map(|t| t.0),
                permit.caller.request_id,
                permit.caller.origin.as_str(),
                permit.decision.user_id,
                permit.decision.facts_version,
            )
            .fetch_one(connection)
            .await
            .map_err(run)?;
            Ok(entered.counted.then_some(Trail::Checked(entered.backend)))
        }
    }
}
