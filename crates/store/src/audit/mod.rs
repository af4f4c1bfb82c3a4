//! The audit log: list, count, one event, facets, histogram, tail, search, what the query bar offers.
//!
//! All of them share one `WHERE` (`sought`). Rows are found by row security; the query only narrows. Pages are keyset
//! pages over `(occurred_at, id)`, which cost the same at any depth. Numbers over type, severity, outcome, tenant and time
//! come from sums (`sums`).

mod facets;
mod histogram;
mod search;
mod sought;
mod sums;
mod tail;

pub use facets::{Capped, Counted, facets_of_newest, facets_within};
pub use histogram::{Bin, histogram};
pub use search::{depth, has_index, searched};
pub use sums::{Sums, sum_bins, sum_facets, sum_total, sums};
pub use tail::{Mark, mark, tail};

use crate::error::run;
use crate::instant::PgInstant;
use crate::permit::milliseconds;
use crate::view::Read;
use atalaya_model::audit::query::{Sought, end_of_beginning};
use atalaya_model::audit::{AuditCount, AuditEvent, AuditRow, COUNT_CEILING, EventId};
use atalaya_model::{Code, Error, Instant, Result};
use futures_util::TryStreamExt;
use sought::{Parameters, sought};
use sqlx::PgConnection;
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::task::coop::consume_budget;

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
        // A session's own events carry its key.
        let session_id =
            r.resource_id.clone().filter(|_| r.resource_type.as_deref() == Some("sessions"));
        Self {
            session_id,
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
        }
    }
}

/// Where a page begins: after this event, which need not be there.
pub type After = (Instant, EventId);

/// A part of the log: what lies behind the cursor, and no further back than `last`.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    cursor: Option<After>,
    last: Option<After>,
}

impl Stretch {
    const fn behind(cursor: Option<After>) -> Self {
        Self { cursor, last: None }
    }
}

/// Up to `limit` events after `cursor`, newest first. `whole` loads payloads and messages of any length; without it payloads are
/// `None`, and of a message of more than 4,096 bytes there are the first 1,024 characters and an ellipsis.
///
/// # Errors
/// What the database says.
pub async fn page(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    limit: i64,
    whole: bool,
) -> Result<Vec<AuditEvent>> {
    rows(read.connection(), sought, Stretch::behind(cursor), limit, whole).await
}

/// As [`page`], without payloads, of the events from behind `cursor` to `last`, which belongs to them.
///
/// # Errors
/// What the database says.
pub async fn page_to(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    last: Option<After>,
    limit: i64,
) -> Result<Vec<AuditEvent>> {
    rows(read.connection(), sought, Stretch { cursor, last }, limit, false).await
}

/// As [`page`], without payloads and without combining indexes, mostly by walking one in the order of time and passing over what
/// does not fit the rest: quick where many events fit. `None` when it took 250 ms: then [`page_gathered`] is.
///
/// The planner takes several things that are asked for as independent of each other and chooses one way for good; where they are
/// not, that takes seconds.
///
/// # Errors
/// What the database says.
pub async fn page_in_order(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    limit: i64,
) -> Result<Option<Vec<AuditEvent>>> {
    // One question to the server instead of three. Out of time, the snapshot goes on as it was.
    const WALK: &str =
        "SAVEPOINT walk; SET LOCAL enable_bitmapscan = off; SET LOCAL statement_timeout = '250ms'";
    const BACK: &str = "ROLLBACK TO SAVEPOINT walk";
    sqlx::raw_sql(WALK).execute(read.connection()).await.map_err(run)?;
    match rows(read.connection(), sought, Stretch::behind(cursor), limit, false).await {
        Ok(rows) => Ok(Some(rows)),
        Err(e) if e.code == Code::DbTimeout => {
            sqlx::raw_sql(BACK).execute(read.connection()).await.map_err(run)?;
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Memory in which a million events are told apart, for each bitmap; some 64 bytes a page of the table are used. With less, Postgres
/// remembers pages instead of rows and reads them all.
const BITMAPS: &str = "64MB";

/// As [`page`], without payloads: what fits is gathered from several indexes and then put in order, within `time`. That is quick
/// where few events fit, or none. Statements of the view that follow are made the same way; so are, for the life of the connection,
/// those few within functions that are planned for the first time here, over small tables.
///
/// # Errors
/// What the database says.
pub async fn page_gathered(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    limit: i64,
    time: Duration,
) -> Result<Vec<AuditEvent>> {
    sqlx::query!(
        "SELECT set_config('statement_timeout', $1, TRUE) AS time, set_config('work_mem', $2, TRUE) AS memory,
           set_config('enable_bitmapscan', 'on', TRUE) AS bitmaps, set_config('enable_indexscan', 'off', TRUE) AS indexes,
           set_config('enable_seqscan', 'off', TRUE) AS tables",
        milliseconds(time),
        BITMAPS,
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)?;
    rows(read.connection(), sought, Stretch::behind(cursor), limit, false).await
}

/// Hands the events of a [`page`] with their payloads to `take`, one after the other as they come, until it breaks off: none is
/// kept.
///
/// # Errors
/// What the database or `take` says.
pub async fn each_of_page(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    limit: i64,
    take: impl FnMut(AuditEvent) -> Result<ControlFlow<()>>,
) -> Result<()> {
    each(read.connection(), sought, Stretch::behind(cursor), limit, true, take).await
}

async fn rows(
    connection: &mut PgConnection,
    sought: &Sought,
    stretch: Stretch,
    limit: i64,
    whole: bool,
) -> Result<Vec<AuditEvent>> {
    let mut rows = Vec::new();
    let keep = |event| {
        rows.push(event);
        Ok(ControlFlow::Continue(()))
    };
    each(connection, sought, stretch, limit, whole, keep).await?;
    Ok(rows)
}

async fn each(
    connection: &mut PgConnection,
    sought: &Sought,
    Stretch { cursor, last }: Stretch,
    limit: i64,
    whole: bool,
    mut take: impl FnMut(AuditEvent) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let p = Parameters::of(sought);
    let mut rows = sought!(
        Row,
        r#"SELECT id AS "id!", occurred_at AS "occurred_at!: PgInstant", event_type AS "event_type!", severity,
             CASE WHEN $51 OR octet_length(message) <= 4096 THEN message ELSE left(message, 1024) || '…' END AS message,
             tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip) AS ip, origin, outcome,
             CASE WHEN $51 THEN payload::text END AS payload, db_user::text AS db_user,
             request_id::text AS request_id, recorded_at AS "recorded_at: PgInstant"
           FROM public.system_events"#,
        r#"AND ($52::timestamptz IS NULL OR (occurred_at, id) < ($52, $53))
           AND ($55::timestamptz IS NULL OR (occurred_at, id) >= ($55, $56))
           ORDER BY occurred_at DESC, id DESC
           LIMIT $54"#,
        p,
        whole,
        cursor.map(|c| PgInstant(c.0)) as _,
        cursor.map(|c| c.1.0),
        limit,
        last.map(|c| PgInstant(c.0)) as _,
        last.map(|c| c.1.0),
    )
    .fetch(connection);
    let mut wanted = true;
    while let Some(row) = rows.try_next().await.map_err(run)? {
        // What is not wanted any more is read nevertheless, here, where who waits can cancel it: somebody has to.
        wanted = wanted && take(row.into())?.is_continue();
        // Rows that are in memory already would keep everything else of this thread waiting.
        consume_budget().await;
    }
    Ok(())
}

struct Number {
    n: i64,
}

/// How many events the query shows, counted up to [`COUNT_CEILING`] under row security.
///
/// # Errors
/// `CANCELLED` when [`crate::Store::cancel`] ended it, or what the database says.
pub async fn count(read: &mut Read, sought: &Sought) -> Result<AuditCount> {
    let p = Parameters::of(sought);
    let Number { n } = sought!(
        Number,
        r#"SELECT count(*) AS "n!" FROM (SELECT FROM public.system_events"#,
        r#"LIMIT $51::bigint + 1) AS capped"#,
        p,
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

/// When the events of this number are said to have been, the newest first; `most` of them. A log that was adopted may have given
/// a number twice, and the key is both.
///
/// # Errors
/// What the database says.
pub async fn times(read: &mut Read, id: EventId, most: i64) -> Result<Vec<Instant>> {
    let times = sqlx::query_scalar!(
        r#"SELECT occurred_at AS "occurred_at!: PgInstant" FROM public.system_events WHERE id = $1 ORDER BY occurred_at DESC LIMIT $2"#,
        id.0,
        most,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(times.into_iter().map(|t| t.0).collect())
}

/// The most event types that are listed: whoever writes types of their own making can make any number of them.
pub const TYPES: usize = 1_000;

/// Event types from `beginning` on that occur in what the caller sees, sorted; [`TYPES`] at most. One index probe a type instead of
/// a scan of the log.
///
/// # Errors
/// What the database says.
pub async fn types(read: &mut Read, beginning: &str) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE seen AS (
             (SELECT event_type FROM public.system_events WHERE event_type >= $1 ORDER BY event_type LIMIT 1)
             UNION ALL
             SELECT (SELECT e.event_type FROM public.system_events e
                     WHERE e.event_type > seen.event_type ORDER BY e.event_type LIMIT 1)
             FROM seen WHERE seen.event_type IS NOT NULL)
           SELECT event_type AS "event_type!" FROM seen WHERE event_type IS NOT NULL LIMIT $2"#,
        beginning,
        TYPES as i64,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

/// Actors in what the caller sees whose label begins so, sorted; `most` of them. One index probe an actor.
///
/// # Errors
/// What the database says.
pub async fn actors(read: &mut Read, beginning: &str, most: i64) -> Result<Vec<String>> {
    let beginning = beginning.to_lowercase();
    sqlx::query_scalar!(
        r#"WITH RECURSIVE seen AS (
             (SELECT actor_label FROM public.system_events
              WHERE actor_label COLLATE "C" >= $1 AND ($2::text IS NULL OR actor_label COLLATE "C" < $2)
              ORDER BY actor_label COLLATE "C" LIMIT 1)
             UNION ALL
             SELECT (SELECT e.actor_label FROM public.system_events e
                     WHERE e.actor_label COLLATE "C" > seen.actor_label AND ($2::text IS NULL OR e.actor_label COLLATE "C" < $2)
                     ORDER BY e.actor_label COLLATE "C" LIMIT 1)
             FROM seen WHERE seen.actor_label IS NOT NULL)
           SELECT actor_label AS "label!" FROM seen WHERE actor_label IS NOT NULL LIMIT $3"#,
        beginning,
        end_of_beginning(&beginning),
        most,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

/// What events are about in what the caller sees, sorted. One index probe a type of resource.
///
/// # Errors
/// What the database says.
pub async fn resources(read: &mut Read) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE seen AS (
             (SELECT resource_type FROM public.system_events WHERE resource_type IS NOT NULL ORDER BY resource_type LIMIT 1)
             UNION ALL
             SELECT (SELECT e.resource_type FROM public.system_events e
                     WHERE e.resource_type > seen.resource_type ORDER BY e.resource_type LIMIT 1)
             FROM seen WHERE seen.resource_type IS NOT NULL)
           SELECT resource_type AS "type!" FROM seen WHERE resource_type IS NOT NULL LIMIT 1000"#
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

impl crate::Store {
    /// Cancels what one of this login's own server processes is doing. Others are out of reach for it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn cancel(&self, backend: i32) -> Result<()> {
        sqlx::query_scalar!("SELECT pg_cancel_backend($1)", backend)
            .fetch_one(&self.cancels)
            .await
            .map_err(run)?;
        Ok(())
    }
}
