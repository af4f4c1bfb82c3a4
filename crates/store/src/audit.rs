//! The audit log: list, count, one event, what the filter bar offers.
//!
//! List and export share one statement, count has the same `WHERE`. Rows are found by row security; the filter only
//! narrows. Pages are keyset pages over `(occurred_at, id)`, which cost the same at any depth.

use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::{
    AuditCount, AuditCursor, AuditEvent, AuditFilter, AuditRow, COUNT_CEILING, EventId, Outcome,
    Severity,
};
use atalaya_model::{Code, Error, Instant, Result};

/// A filter as the statement's parameters: NULL does not filter.
struct Parameters {
    types: Option<Vec<String>>,
    severities: Option<Vec<String>>,
    outcomes: Option<Vec<String>>,
    actors: Option<Vec<String>>,
    tenants: Option<Vec<i32>>,
    system: bool,
    first_ip: Option<String>,
    last_ip: Option<String>,
    after: Option<PgInstant>,
    before: Option<PgInstant>,
}

impl Parameters {
    fn of(f: &AuditFilter) -> Self {
        fn some<T, U>(values: &[T], to: impl Fn(&T) -> U) -> Option<Vec<U>> {
            (!values.is_empty()).then(|| values.iter().map(to).collect())
        }
        Self {
            types: some(&f.types, Clone::clone),
            severities: some(&f.severities, |s: &Severity| s.as_str().to_owned()),
            outcomes: some(&f.outcomes, |o: &Outcome| o.as_str().to_owned()),
            actors: f.actor.as_ref().map(|a| vec![a.trim().to_owned(), a.trim().to_lowercase()]),
            tenants: some(&f.tenants, |t| t.0),
            system: f.system,
            first_ip: f.ip.map(|n| n.first().to_string()),
            last_ip: f.ip.map(|n| n.last().to_string()),
            after: f.after.map(PgInstant),
            before: f.before.map(PgInstant),
        }
    }
}

struct Row {
    id: i64,
    occurred_at: PgInstant,
    event_type: String,
    severity: Option<String>,
    message: Option<String>,
    tenant_id: Option<i32>,
    actor_id: Option<String>,
    actor_label: Option<String>,
    actor_kind: Option<String>,
    resource_type: Option<String>,
    resource_id: Option<String>,
    ip: Option<String>,
    origin: Option<String>,
    outcome: Option<String>,
    payload: Option<String>,
    db_user: Option<String>,
    request_id: Option<String>,
    recorded_at: Option<PgInstant>,
}

/// A claim over this far from the database's clock is marked: five minutes, in microseconds.
const LATE: u64 = 5 * 60 * 1_000_000;

impl From<Row> for AuditEvent {
    fn from(r: Row) -> Self {
        let late = r
            .recorded_at
            .is_some_and(|t| t.0.to_postgres().abs_diff(r.occurred_at.0.to_postgres()) > LATE);
        Self {
            row: AuditRow {
                id: EventId(r.id),
                occurred_at: r.occurred_at.0,
                event_type: r.event_type,
                severity: r.severity,
                message: r.message,
                tenant_id: r.tenant_id,
                actor_id: r.actor_id,
                actor_label: r.actor_label,
                actor_kind: r.actor_kind,
                resource_type: r.resource_type,
                resource_id: r.resource_id,
                ip: r.ip,
                origin: r.origin,
                outcome: r.outcome,
            },
            payload: r.payload,
            db_user: r.db_user,
            request_id: r.request_id,
            recorded_at: r.recorded_at.map(|t| t.0),
            late,
            session_id: None,
        }
    }
}

/// Up to `limit` events after `cursor`, newest first. `whole` loads payloads too; without it they are `None`.
///
/// # Errors
/// What the database says.
pub async fn page(
    read: &mut Read,
    filter: &AuditFilter,
    cursor: Option<AuditCursor>,
    limit: i64,
    whole: bool,
) -> Result<Vec<AuditEvent>> {
    let p = Parameters::of(filter);
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!", occurred_at AS "occurred_at!: PgInstant", event_type AS "event_type!", severity, message,
             tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip) AS ip, origin, outcome,
             CASE WHEN $14 THEN payload::text END AS payload, db_user::text AS db_user,
             request_id::text AS request_id, recorded_at AS "recorded_at: PgInstant"
           FROM public.system_events
           WHERE ($1::text[] IS NULL OR event_type = ANY($1))
             AND ($2::text[] IS NULL OR severity = ANY($2))
             AND ($3::text[] IS NULL OR outcome = ANY($3))
             AND ($4::text[] IS NULL OR actor_id = ANY($4) OR actor_label = ANY($4))
             AND (($5::int[] IS NULL AND NOT $6) OR tenant_id = ANY($5) OR ($6 AND tenant_id IS NULL))
             AND ($7::text::inet IS NULL OR (ip >= $7::text::inet AND ip <= $8::text::inet))
             AND ($9::timestamptz IS NULL OR occurred_at >= $9)
             AND ($10::timestamptz IS NULL OR occurred_at < $10)
             AND ($11::timestamptz IS NULL OR (occurred_at, id) < ($11, $12))
           ORDER BY occurred_at DESC, id DESC
           LIMIT $13"#,
        p.types.as_deref(),
        p.severities.as_deref(),
        p.outcomes.as_deref(),
        p.actors.as_deref(),
        p.tenants.as_deref(),
        p.system,
        p.first_ip,
        p.last_ip,
        p.after as _,
        p.before as _,
        cursor.map(|c| PgInstant(c.occurred_at)) as _,
        cursor.map(|c| c.id.0),
        limit,
        whole,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many events the filter shows, counted up to [`COUNT_CEILING`] under row security.
///
/// # Errors
/// `CANCELLED` when [`crate::Store::cancel`] ended it, or what the database says.
pub async fn count(read: &mut Read, filter: &AuditFilter) -> Result<AuditCount> {
    let p = Parameters::of(filter);
    let n = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM (
             SELECT FROM public.system_events
             WHERE ($1::text[] IS NULL OR event_type = ANY($1))
               AND ($2::text[] IS NULL OR severity = ANY($2))
               AND ($3::text[] IS NULL OR outcome = ANY($3))
               AND ($4::text[] IS NULL OR actor_id = ANY($4) OR actor_label = ANY($4))
               AND (($5::int[] IS NULL AND NOT $6) OR tenant_id = ANY($5) OR ($6 AND tenant_id IS NULL))
               AND ($7::text::inet IS NULL OR (ip >= $7::text::inet AND ip <= $8::text::inet))
               AND ($9::timestamptz IS NULL OR occurred_at >= $9)
               AND ($10::timestamptz IS NULL OR occurred_at < $10)
             LIMIT $11::bigint + 1) AS capped"#,
        p.types.as_deref(),
        p.severities.as_deref(),
        p.outcomes.as_deref(),
        p.actors.as_deref(),
        p.tenants.as_deref(),
        p.system,
        p.first_ip,
        p.last_ip,
        p.after as _,
        p.before as _,
        COUNT_CEILING,
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)?;
    Ok(AuditCount { count: n.min(COUNT_CEILING), capped: n > COUNT_CEILING })
}

/// One event. Both halves of the key are asked for, so that the partition is known.
///
/// # Errors
/// `ENTITY_NOT_FOUND` where it is not there or not for this caller.
pub async fn read(read: &mut Read, id: EventId, occurred_at: Instant) -> Result<AuditEvent> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!", occurred_at AS "occurred_at!: PgInstant", event_type AS "event_type!", severity, message,
             tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip) AS ip, origin, outcome,
             payload::text AS payload, db_user::text AS db_user, request_id::text AS request_id,
             recorded_at AS "recorded_at: PgInstant"
           FROM public.system_events WHERE occurred_at = $1 AND id = $2"#,
        PgInstant(occurred_at) as _,
        id.0,
    )
    .fetch_optional(read.connection())
    .await
    .map_err(run)?
    .map(Into::into)
    .ok_or_else(|| Error::new(Code::EntityNotFound, "This event is not there, or not for you."))
}

/// Event types that occur in what the caller sees, sorted. One index probe a type instead of a scan of the log.
///
/// # Errors
/// What the database says.
pub async fn types(read: &mut Read) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE seen AS (
             (SELECT event_type FROM public.system_events ORDER BY event_type LIMIT 1)
             UNION ALL
             SELECT (SELECT e.event_type FROM public.system_events e
                     WHERE e.event_type > seen.event_type ORDER BY e.event_type LIMIT 1)
             FROM seen WHERE seen.event_type IS NOT NULL)
           SELECT event_type AS "event_type!" FROM seen WHERE event_type IS NOT NULL"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

/// What one statement of an export may take, instead of what a screen's may: it reads page after page for as long as the log
/// is, a page of a rare filter may scan for minutes, and a person can cancel it.
pub const PATIENT: &str = "1h";

/// Gives the statements of this view the time of an export.
///
/// # Errors
/// What the database says.
pub async fn be_patient(read: &mut Read) -> Result<()> {
    sqlx::query_scalar!("SELECT set_config('statement_timeout', $1, TRUE)", PATIENT)
        .fetch_one(read.connection())
        .await
        .map_err(run)?;
    Ok(())
}

/// The server process behind a view, for [`crate::Store::cancel`].
///
/// # Errors
/// What the database says.
pub async fn backend(read: &mut Read) -> Result<i32> {
    sqlx::query_scalar!(r#"SELECT pg_backend_pid() AS "pid!""#)
        .fetch_one(read.connection())
        .await
        .map_err(run)
}

impl crate::Store {
    /// Cancels what one of this login's own server processes is doing. Others are out of reach for it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn cancel(&self, backend: i32) -> Result<()> {
        sqlx::query_scalar!("SELECT pg_cancel_backend($1)", backend)
            .fetch_one(&self.pool)
            .await
            .map_err(run)?;
        Ok(())
    }
}
