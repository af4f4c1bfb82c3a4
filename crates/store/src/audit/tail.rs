//! The rows that came since a mark, as they were committed.
//!
//! A mark is a snapshot, and where a page ends within what came, the snapshot that it ends in and the row. So neither a
//! transaction that took long nor one that is rolled back makes a row be missed or shown twice.

use super::sought::{Parameters, sought};
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{AuditRow, EventId};
use atalaya_model::{Code, Error, Result};
use std::fmt;
use std::str::FromStr;

/// Where the tail goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Rows that this snapshot sees were shown.
    seen: String,
    /// Among those that this snapshot sees, the rows up to this `(tx, id)` were shown too.
    within: Option<(String, u64, i64)>,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.seen)?;
        match &self.within {
            Some((until, tx, id)) => write!(f, "/{until}/{tx}/{id}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Mark {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("mark", "This is no mark that the tail gave.");
        // `xmin:xmax:xip,...` in digits; what the digits mean is the server's affair.
        let snapshot = |t: &str| {
            let fits = t.len() <= 20_000
                && t.split(':').count() == 3
                && t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b','));
            if fits { Ok(t.to_owned()) } else { Err(wrong()) }
        };
        match text.split('/').collect::<Vec<_>>().as_slice() {
            [seen] => Ok(Self { seen: snapshot(seen)?, within: None }),
            [seen, until, tx, id] => {
                let tx = tx.parse().map_err(|_| wrong())?;
                let id = id.parse().map_err(|_| wrong())?;
                Ok(Self { seen: snapshot(seen)?, within: Some((snapshot(until)?, tx, id)) })
            }
            _ => Err(wrong()),
        }
    }
}

/// The mark after which only what comes from now on is new.
///
/// # Errors
/// What the database says.
pub async fn mark(read: &mut Read) -> Result<Mark> {
    let seen = sqlx::query_scalar!(r#"SELECT pg_current_snapshot()::text AS "seen!""#)
        .fetch_one(read.connection())
        .await
        .map_err(run)?;
    Ok(Mark { seen, within: None })
}

struct Fresh {
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
    tx: String,
}

impl From<Fresh> for AuditRow {
    fn from(r: Fresh) -> Self {
        Self {
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
        }
    }
}

struct Edge {
    tx: String,
    id: i64,
}

/// Up to `limit` fitting rows that came since the mark, in the order in which they were written, the mark behind them, and whether
/// there are more. No more than `most` rows are looked at, whatever they are.
///
/// # Errors
/// `VALIDATION_FAILED` for a mark of the right form that is none, or what the database says.
pub async fn tail(
    read: &mut Read,
    sought: &Sought,
    mark: &Mark,
    limit: i64,
    most: i64,
) -> Result<(Vec<AuditRow>, Mark, bool)> {
    let now = self::mark(read).await?.seen;
    let (until, tx, id) = match &mark.within {
        Some((until, tx, id)) => (until.clone(), Some(tx.to_string()), Some(*id)),
        None => (now, None, None),
    };
    let edge = edge(read, mark, &until, most).await?;
    let p = Parameters::of(sought);
    let mut rows = sought!(
        Fresh,
        r#"SELECT id AS "id!", occurred_at AS "occurred_at!: PgInstant", event_type AS "event_type!", severity,
             CASE WHEN octet_length(message) > 4096 THEN left(message, 1024) || '…' ELSE message END AS message,
             tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip) AS ip, origin, outcome,
             tx::text AS "tx!"
           FROM public.system_events"#,
        r#"AND tx >= pg_snapshot_xmin($51::text::pg_snapshot) AND tx < pg_snapshot_xmax($52::text::pg_snapshot)
           AND NOT pg_visible_in_snapshot(tx, $51::text::pg_snapshot) AND pg_visible_in_snapshot(tx, $52::text::pg_snapshot)
           AND cluster = (SELECT system_identifier FROM pg_control_system())
           AND ($53::text IS NULL OR (tx, id) > ($53::text::xid8, $54::bigint))
           AND ($56::text IS NULL OR (tx, id) <= ($56::text::xid8, $57::bigint))
           ORDER BY tx, id LIMIT $55"#,
        p,
        mark.seen.as_str(),
        until.as_str(),
        tx,
        id,
        limit + 1,
        edge.as_ref().map(|e| e.tx.as_str()),
        edge.as_ref().map(|e| e.id),
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| more).map(|r| Edge { tx: r.tx.clone(), id: r.id }).or(edge);
    // What came since a mark that stands within a page is shown by the next call.
    let more = last.is_some() || mark.within.is_some();
    let next = match last {
        Some(last) => {
            let tx = last.tx.parse().map_err(|_| {
                Error::new(Code::Internal, "The database gave a transaction no number.")
            })?;
            Mark { seen: mark.seen.clone(), within: Some((until, tx, last.id)) }
        }
        None => Mark { seen: until, within: None },
    };
    Ok((rows.into_iter().map(Into::into).collect(), next, more))
}

/// The last of `most` rows that came since the mark and until the snapshot; `None` where there are fewer.
async fn edge(read: &mut Read, mark: &Mark, until: &str, most: i64) -> Result<Option<Edge>> {
    let (tx, id) = mark.within.as_ref().map(|(_, tx, id)| (tx.to_string(), *id)).unzip();
    sqlx::query_as!(
        Edge,
        r#"SELECT tx::text AS "tx!", id AS "id!" FROM public.system_events
           WHERE tx >= pg_snapshot_xmin($1::text::pg_snapshot) AND tx < pg_snapshot_xmax($2::text::pg_snapshot)
             AND NOT pg_visible_in_snapshot(tx, $1::text::pg_snapshot) AND pg_visible_in_snapshot(tx, $2::text::pg_snapshot)
             AND cluster = (SELECT system_identifier FROM pg_control_system())
             AND ($3::text IS NULL OR (tx, id) > ($3::text::xid8, $4::bigint))
           ORDER BY tx, id OFFSET $5 LIMIT 1"#,
        mark.seen.as_str(),
        until,
        tx,
        id,
        most - 1,
    )
    .fetch_optional(read.connection())
    .await
    .map_err(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_print_and_parse_back() {
        for text in ["10:20:", "10:20:11,12", "10:20:/10:30:15/17/42"] {
            assert_eq!(text.parse::<Mark>().unwrap().to_string(), text);
        }
        for text in ["", "10", "10:20:x", "1:2:3/4", "1:2:/1:2:/x/1", "1:2:'; DROP"] {
            assert!(text.parse::<Mark>().is_err(), "{text}");
        }
    }
}
