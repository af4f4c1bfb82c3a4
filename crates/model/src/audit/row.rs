//! Rows of `system_events` as they are shown and exported.

use crate::{Instant, tenant::TenantRef};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Counting stops here: more is shown as "100,000 or more".
pub const COUNT_CEILING: i64 = 100_000;

/// The most rows that one page may hold.
pub const PAGE_LIMIT: i64 = 500;

/// `system_events.id`; a string on the wire, because JavaScript's numbers end at 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub struct EventId(pub i64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for EventId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// Where a page ends: the next one holds what is older. The log runs newest first by `(occurred_at, id)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditCursor {
    /// Of the last row of the page, or how far back a search got.
    pub occurred_at: Instant,
    /// Of the last row of the page.
    pub id: EventId,
    /// What the clock showed at the first page, so that "last 24 hours" does not move on from page to page.
    pub now: Instant,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditRow {
    /// `id`.
    pub id: EventId,
    /// The writer's claim of when.
    pub occurred_at: Instant,
    /// What.
    pub event_type: String,
    /// `info`, `warning` or `critical`; `None` where a legacy row has none.
    pub severity: Option<String>,
    /// `{role}@{email}: {event_type}`, or whatever a legacy writer wrote. Lists hold the first 1,024 characters and an ellipsis where it is
    /// longer than 4,096 bytes.
    pub message: Option<String>,
    /// Whose; `None` is the system scope.
    pub tenant_id: Option<i32>,
    /// Who, as id.
    pub actor_id: Option<String>,
    /// Who, as e-mail.
    pub actor_label: Option<String>,
    /// `user`, `operator`, `service`, `legacy`, `anonymous` or `system`.
    pub actor_kind: Option<String>,
    /// Plural noun of what it is about.
    pub resource_type: Option<String>,
    /// Which one.
    pub resource_id: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// Through which door.
    pub origin: Option<String>,
    /// `ok`, `denied` or `failed`.
    pub outcome: Option<String>,
}

impl AuditRow {
    /// The cursor that continues after this row, in a list whose first page was asked for at `now`.
    #[must_use]
    pub const fn cursor(&self, now: Instant) -> AuditCursor {
        AuditCursor { occurred_at: self.occurred_at, id: self.id, now }
    }
}

/// How far back a search got that no index serves: it looks through slices of the log from the newest backwards until the
/// page is full or its time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Searched {
    /// Everything from here on was looked through.
    pub until: Instant,
    /// Whether that is everything that the query's period holds.
    pub complete: bool,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins; `None` at the end. With `searched` there may be one although `rows` is empty.
    pub next: Option<AuditCursor>,
    /// How far back a search got that no index serves; `None` where the list needed none.
    pub searched: Option<Searched>,
}

/// How many rows a filter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditCount {
    /// At most [`COUNT_CEILING`].
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
    /// Whether there are more.
    pub capped: bool,
}

/// One event with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditEvent {
    /// What the list shows.
    #[serde(flatten)]
    pub row: AuditRow,
    /// The payload as Postgres prints it. It never passes through a float.
    pub payload: Option<String>,
    /// The database login that wrote it.
    pub db_user: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// When the database took it in.
    pub recorded_at: Option<Instant>,
    /// The console's or the API's session that it is about; `None` where the event names none.
    pub session_id: Option<String>,
    /// Whether the claim and the database's clock are over five minutes apart.
    pub late: bool,
}

/// What the filter bar offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditOptions {
    /// Event types that occur in what the caller may see.
    pub types: Vec<String>,
    /// Tenants that the caller may see.
    pub tenants: Vec<TenantRef>,
}
