//! The store and its permits.

use crate::connect::{self, CONNECT_LIMIT};
use crate::error::run;
use atalaya_model::access::{
    Action, Audit, Caller, Facts, Grant, Permission, Reach, Refusal, Rows, Scope, UserStatus,
    decide,
};
use atalaya_model::audit::Outcome;
use atalaya_model::connection::Target;
use atalaya_model::{Code, Error, Result, TenantId};
use serde::Deserialize;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{PgConnection, Postgres};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// The way to the data of one database, as the login that the target names. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
    /// One connection that counted reads use by turns, in a pool of its own: the server process behind it has the caller's
    /// facts and the plans of the screens at hand. A larger pool hands out the one that rested longest.
    warm: PgPool,
    /// One connection for saying that a statement is not wanted any more: it must not wait for those who hold the others, nor for a
    /// place on a server that has none left, so it is opened at once and kept.
    pub(crate) cancels: PgPool,
    /// Whoever has it uses the warm connection; the others take one of the pool and wait for nobody.
    turn: Arc<Semaphore>,
    server_version: String,
    /// What the last permit was decided on. Good for as long as the database gives it the same version.
    known: Arc<Mutex<Option<Arc<Facts>>>>,
}

/// Leave to do one action once. Private fields, not `Clone`, consumed by use: nobody outside can make, copy or keep one.
pub struct Permit {
    pub(crate) caller: Caller,
    pub(crate) action: Action,
    pub(crate) scope: Scope,
    pub(crate) decision: Decision,
    /// What it was decided on is what it is used on: the server process has the caller's facts and plans at hand.
    connection: Option<PoolConnection<Postgres>>,
    /// Kept for as long as the connection is in use.
    _turn: Option<Turn>,
}

/// The right to the warm connection.
type Turn = OwnedSemaphorePermit;

/// How long the warm connection is waited for, once it is there.
const WARM_PATIENCE: Duration = Duration::from_millis(200);

/// What was decided, and on whose facts.
pub(crate) struct Decision {
    pub(crate) reach: Reach,
    pub(crate) user_id: Uuid,
    pub(crate) facts_version: i64,
}

impl Decision {
    fn on(facts: &Facts, action: Action, scope: &Scope) -> Result<Self, Refusal> {
        let reach = decide(facts, action, scope)?;
        Ok(Self { reach, user_id: facts.user_id, facts_version: facts.version })
    }
}

impl Permit {
    /// The connection that it was decided on, for the one use that it has.
    pub(crate) async fn connection(&mut self, pool: &PgPool) -> Result<PoolConnection<Postgres>> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => pool.acquire().await.map_err(run),
        }
    }
}

impl Store {
    /// Connects with an operator's own login.
    ///
    /// # Errors
    /// What connecting can say, `DB_ROLE_UNSAFE` for a login that no policy would bind, `DB_NOT_A_CRM` where Atalaya was
    /// never set up, `DB_VERSION_UNSUPPORTED`, `DB_NEWER_SCHEMA`.
    pub async fn open(target: &Target, application: &'static str) -> Result<Self> {
        let pool = connect::pool(target, application, 6, &[connect::STATEMENT_LIMIT]).await?;
        let one = pool.options().clone().max_connections(1);
        let warm = one.clone().connect_lazy_with((*pool.connect_options()).clone());
        let kept = one.min_connections(1).idle_timeout(None).max_lifetime(None);
        let cancels = kept.connect_lazy_with((*pool.connect_options()).clone());
        let role = sqlx::query!(
            r#"SELECT r.rolsuper AS "superuser!", r.rolbypassrls AS "bypass!", r.rolcreaterole AS "createrole!",
                 EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')) AS "owner!",
                 current_setting('server_version_num')::int / 10000 AS "major!",
                 current_setting('server_version') AS "version!",
                 EXISTS (SELECT FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
                         WHERE n.nspname = 'atalaya' AND t.relname = 'installation') AS "installed!"
               FROM pg_roles r WHERE r.rolname = session_user"#
        )
        .fetch_one(&pool)
        .await
        .map_err(run)?;
        if role.major < connect::OLDEST_MAJOR {
            return Err(Error::new(
                Code::DbVersionUnsupported,
                "Atalaya needs PostgreSQL 15 or newer.",
            )
            .with("version", role.version));
        }
        if role.superuser || role.bypass || role.createrole || role.owner {
            return Err(Error::new(
                Code::DbRoleUnsafe,
                "This login is superuser, bypasses row security, makes roles or owns tables.",
            ));
        }
        if !role.installed {
            return Err(Error::new(
                Code::DbNotACrm,
                "Atalaya has not been set up in this database.",
            ));
        }
        Ok(Self {
            pool,
            warm,
            cancels,
            turn: Arc::new(Semaphore::new(1)),
            server_version: short_version(&role.version),
            known: Arc::default(),
        })
    }

    /// `15.18`, without what a distribution adds.
    #[must_use]
    pub fn server_version(&self) -> &str {
        &self.server_version
    }

    /// Whether the database answers; reads nothing.
    ///
    /// # Errors
    /// `DB_LOST`, `DB_UNREACHABLE`, `DB_BUSY`.
    pub async fn ping(&self) -> Result<()> {
        let mut connection = self.pool.acquire().await.map_err(run)?;
        sqlx::Connection::ping(&mut *connection).await.map_err(run)
    }

    /// Closes every connection; what is under way fails.
    pub async fn close(&self) {
        tokio::join!(self.pool.close(), self.warm.close(), self.cancels.close());
    }

    /// The caller's facts, loaded anew.
    ///
    /// # Errors
    /// `ACCESS_DENIED` where the login belongs to no user.
    pub async fn facts(&self) -> Result<Facts> {
        let mut connection = self.pool.acquire().await.map_err(run)?;
        load(&mut connection).await
    }

    fn remembered(&self) -> Option<Arc<Facts>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn load(&self, connection: &mut PgConnection) -> Result<Arc<Facts>> {
        let facts = Arc::new(load(connection).await?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&facts));
        Ok(facts)
    }

    /// The caller's facts as they are now, for a decision. Asking for their version takes a tenth of the time of loading them.
    async fn current(&self, connection: &mut PgConnection) -> Result<Arc<Facts>> {
        match self.remembered() {
            Some(facts) if version(connection).await? == Some((facts.user_id, facts.version)) => {
                Ok(facts)
            }
            _ => self.load(connection).await,
        }
    }

    /// The warm connection for what is short and frequent, if nobody has it; otherwise one of the pool.
    async fn connect(&self, action: Action) -> Result<(PoolConnection<Postgres>, Option<Turn>)> {
        let turn = match action.spec().audit {
            Audit::Counted => Arc::clone(&self.turn).try_acquire_owned().ok(),
            Audit::Each => None,
        };
        if turn.is_some() {
            // Somebody who hung up may have left a statement on it, which nobody waits for.
            let patience = if self.warm.size() == 0 { CONNECT_LIMIT } else { WARM_PATIENCE };
            if let Ok(connection) = tokio::time::timeout(patience, self.warm.acquire()).await {
                return connection.map(|c| (c, turn)).map_err(run);
            }
        }
        Ok((self.pool.acquire().await.map_err(run)?, None))
    }

    /// Decides on the caller's facts. A refusal is on those of now, and is committed as a `denied` event before it is returned.
    /// Leave for a counted read may be on those that are remembered: entering its count asks whether they hold
    /// ([`Store::view`]), and nothing else can be done with it before.
    ///
    /// # Errors
    /// `ACCESS_DENIED`, or what the database says.
    pub async fn permit(&self, caller: &Caller, action: Action, scope: Scope) -> Result<Permit> {
        let of_request = |e: Error| e.of_request(caller.request_id);
        let (mut connection, turn) = self.connect(action).await.map_err(of_request)?;
        let decided = match self.remembered() {
            Some(facts) if action.spec().audit == Audit::Counted => {
                Decision::on(&facts, action, &scope).ok()
            }
            _ => None,
        };
        let decided = match decided {
            Some(decision) => Ok(decision),
            None => {
                let facts = self.current(&mut connection).await.map_err(of_request)?;
                Decision::on(&facts, action, &scope)
            }
        };
        match decided {
            Ok(decision) => Ok(Permit {
                caller: caller.clone(),
                action,
                scope,
                decision,
                connection: Some(connection),
                _turn: turn,
            }),
            Err(refusal) => {
                drop(connection);
                Err(self.refuse(caller, action, &scope, refusal).await)
            }
        }
    }

    /// Decides once more on what a permit is for, on the caller's facts as they are now.
    ///
    /// # Errors
    /// What the database says, `ACCESS_DENIED` where the login belongs to no user any more.
    pub(crate) async fn renew(
        &self,
        permit: &mut Permit,
        connection: &mut PgConnection,
    ) -> Result<Option<Refusal>> {
        let facts = self.load(connection).await?;
        match Decision::on(&facts, permit.action, &permit.scope) {
            Ok(decision) => permit.decision = decision,
            Err(refusal) => return Ok(Some(refusal)),
        }
        Ok(None)
    }

    /// Commits the `denied` event of a refusal, on a connection of its own. What is returned then says so, or why it could not be
    /// committed.
    pub(crate) async fn refuse(
        &self,
        caller: &Caller,
        action: Action,
        scope: &Scope,
        refusal: Refusal,
    ) -> Error {
        let refused = match self.record_refusal(caller, action, scope, refusal).await {
            Ok(()) => Error::new(Code::AccessDenied, "Your rights do not reach that far.")
                .with("action", action.spec().event_type)
                .with("reason", refusal.as_str()),
            Err(e) => e,
        };
        refused.of_request(caller.request_id)
    }

    async fn record_refusal(
        &self,
        caller: &Caller,
        action: Action,
        scope: &Scope,
        refusal: Refusal,
    ) -> Result<()> {
        let event = Event {
            caller,
            action,
            outcome: Outcome::Denied,
            tenant: None,
            resource_id: None,
            note: Some(serde_json::json!({
                "reason": refusal.as_str(),
                "permission": action.spec().permission.map(Permission::as_str),
                // A tenant out of reach is named in the note only: the row itself must not appear in that tenant's log.
                "tenant": match scope { Scope::Tenant(t) => Some(t.0), _ => None },
            })),
        };
        let mut tx = self.pool.begin().await.map_err(run)?;
        record(&mut tx, event).await?;
        tx.commit().await.map_err(run)
    }

    /// Writes a `failed` event after a rollback. Best effort by nature: where the database is gone, the caller's own
    /// error says so and there is nowhere to write to. For a page that is not even tried, so that its screen hears at once.
    pub(crate) async fn record_failure(&self, caller: &Caller, action: Action, error: &Error) {
        let gone = matches!(error.code, Code::DbLost | Code::DbUnreachable);
        if gone && action.spec().audit == Audit::Counted {
            return;
        }
        let event = Event {
            caller,
            action,
            outcome: Outcome::Failed,
            tenant: None,
            resource_id: None,
            note: Some(serde_json::json!({ "code": error.code })),
        };
        let written = async {
            let mut tx = self.pool.begin().await.map_err(run)?;
            record(&mut tx, event).await?;
            tx.commit().await.map_err(run)
        };
        if let Err(e) = written.await {
            tracing::warn!(code = ?e.code, "a failure could not be recorded");
        }
    }
}

/// An event as the gate takes it. Actor, severity and time are the database's business.
pub(crate) struct Event<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) action: Action,
    pub(crate) outcome: Outcome,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) resource_id: Option<String>,
    pub(crate) note: Option<serde_json::Value>,
}

/// Enters an event through the gate, in the transaction of `connection`.
pub(crate) async fn record(connection: &mut PgConnection, event: Event<'_>) -> Result<i64> {
    let spec = event.action.spec();
    sqlx::query_scalar!(
        r#"SELECT atalaya.record_event($1, $2, $3, $4, $5, $6, $7, NULL, $8) AS "id!""#,
        spec.event_type,
        event.outcome.as_str(),
        event.tenant.map(|t| t.0),
        spec.resource,
        event.resource_id,
        event.caller.request_id,
        event.caller.origin.as_str(),
        event.note,
    )
    .fetch_one(connection)
    .await
    .map_err(run)
}

/// Fails when the caller's rights changed since the permit was given. Gives the number of the server process that serves the
/// transaction.
pub(crate) async fn recheck(connection: &mut PgConnection, permit: &Permit) -> Result<i32> {
    let now = sqlx::query!(
        r#"SELECT atalaya.caller_id() = $1 AND atalaya.facts_version() = $2 AS "same", pg_backend_pid() AS "backend!""#,
        permit.decision.user_id,
        permit.decision.facts_version,
    )
    .fetch_one(connection)
    .await
    .map_err(run)?;
    if now.same == Some(true) { Ok(now.backend) } else { Err(rights_changed()) }
}

/// The caller's rights are no longer those that a permit was given on.
pub(crate) fn rights_changed() -> Error {
    Error::new(Code::Conflict, "Your rights changed meanwhile; please try again.")
}

/// A time limit as the server's settings take it. Zero would be none at all.
pub(crate) fn milliseconds(limit: Duration) -> String {
    format!("{}ms", limit.as_millis().max(1))
}

/// Who the caller is and the version of what they may, which changes with their status, their grants and the roles.
pub(crate) async fn version(connection: &mut PgConnection) -> Result<Option<(Uuid, i64)>> {
    let now = sqlx::query!(
        r#"SELECT atalaya.caller_id() AS "user_id", atalaya.facts_version() AS "version""#
    )
    .fetch_one(connection)
    .await
    .map_err(run)?;
    Ok(now.user_id.zip(now.version))
}

#[derive(Deserialize)]
struct GrantRow {
    role: String,
    permission: String,
    tenant: Option<i32>,
    rows: String,
}

async fn load(connection: &mut PgConnection) -> Result<Facts> {
    let row = sqlx::query!(
        r#"SELECT user_id AS "user_id!", email AS "email!", name AS "name!", status AS "status!",
                  version AS "version!", grants AS "grants!" FROM atalaya.caller_facts()"#
    )
    .fetch_optional(connection)
    .await
    .map_err(run)?
    .ok_or_else(|| {
        Error::new(Code::AccessDenied, "The database knows no active user for this login.")
    })?;
    let grants: Vec<GrantRow> = serde_json::from_value(row.grants).map_err(|e| {
        Error::new(Code::Internal, "The caller's grants cannot be read.").because(e)
    })?;
    Ok(Facts {
        user_id: row.user_id,
        email: row.email,
        name: row.name,
        status: UserStatus::from_column(&row.status),
        version: row.version,
        // A permission or reach that this program does not know opens nothing.
        grants: grants.into_iter().filter_map(known).collect(),
    })
}

fn known(row: GrantRow) -> Option<Grant> {
    Some(Grant {
        permission: Permission::parse(&row.permission)?,
        rows: match row.rows.as_str() {
            "all" => Rows::All,
            "team" => Rows::Team,
            "own" => Rows::Own,
            _ => return None,
        },
        role: row.role,
        tenant: row.tenant.map(TenantId),
    })
}

pub(crate) fn short_version(version: &str) -> String {
    version.split_whitespace().next().unwrap_or_default().to_owned()
}
