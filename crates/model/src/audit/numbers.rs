//! Numbers beside the list: counts by facet, the histogram, and the rows that have just come.

use super::AuditRow;
use super::query::Field;
use crate::Instant;
use serde::Serialize;

/// The most values that one facet shows.
pub const FACET_VALUES: usize = 20;

/// Buckets that a histogram may be asked for.
pub const BUCKETS: std::ops::RangeInclusive<u32> = 10..=400;

/// Where numbers come from. Both are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum CountSource {
    /// From sums that are kept by hour and day, and the rows that came since.
    Rollup,
    /// Counted now, row by row.
    Counted,
}

/// What values are counted of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum FacetField {
    /// `event_type`.
    Type,
    /// `severity`.
    Severity,
    /// `outcome`.
    Outcome,
    /// `actor_label`, or `actor_id` where there is none.
    Actor,
    /// `tenant_id`; rows without one are `system`.
    Tenant,
    /// `resource_type`.
    Resource,
    /// `ip`.
    Ip,
    /// The network that `ip` lies in: 16 bits of an IPv4 address, 48 of an IPv6 one.
    Network,
    /// `origin`.
    Origin,
}

impl FacetField {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Type,
        Self::Severity,
        Self::Outcome,
        Self::Actor,
        Self::Tenant,
        Self::Resource,
        Self::Ip,
        Self::Network,
        Self::Origin,
    ];

    /// The field of the language that narrows to one of its values.
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::Type => Field::Type,
            Self::Severity => Field::Severity,
            Self::Outcome => Field::Outcome,
            Self::Actor => Field::Actor,
            Self::Tenant => Field::Tenant,
            Self::Resource => Field::Resource,
            Self::Ip | Self::Network => Field::Ip,
            Self::Origin => Field::Origin,
        }
    }
}

/// One value and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FacetValue {
    /// As the language writes it behind the colon, not yet quoted.
    pub value: String,
    /// A name for people, where it has another: that of a tenant.
    pub label: Option<String>,
    /// Rows that have it.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
}

/// The values of one field in what a query shows, where the query's own choice among them does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FacetCounts {
    /// Which.
    pub field: FacetField,
    /// Most frequent first, [`FACET_VALUES`] at most. Rows without a value are in none.
    pub values: Vec<FacetValue>,
    /// Whether there are more values.
    pub more: bool,
}

/// All facets of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditFacets {
    /// In the order of [`FacetField::ALL`].
    pub facets: Vec<FacetCounts>,
    /// `rollup` when what sums know (type, severity, outcome, tenant) comes from them; the rest is counted in any case.
    pub source: CountSource,
    /// How many of the fitting rows, the newest ones, what was counted was counted over; `None` where it was over all of them.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub newest: Option<i64>,
}

/// Rows of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditBucket {
    /// Where it begins; it ends where the next one begins.
    pub start: Instant,
    /// `info`.
    #[cfg_attr(test, ts(type = "number"))]
    pub info: i64,
    /// `warning`.
    #[cfg_attr(test, ts(type = "number"))]
    pub warning: i64,
    /// `critical`.
    #[cfg_attr(test, ts(type = "number"))]
    pub critical: i64,
    /// Without a severity.
    #[cfg_attr(test, ts(type = "number"))]
    pub none: i64,
}

/// How many rows a query shows, over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditHistogram {
    /// Length of a bucket.
    #[cfg_attr(test, ts(type = "number"))]
    pub step_seconds: i64,
    /// Oldest first, empty ones included. None where there is no row.
    pub buckets: Vec<AuditBucket>,
    /// Where the numbers come from.
    pub source: CountSource,
    /// Whether every fitting row is in a bucket; not so where rows claim to be of years far away.
    pub complete: bool,
}

/// The rows that came since a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditTail {
    /// Oldest first, as they were written.
    pub rows: Vec<AuditRow>,
    /// Where to go on.
    pub mark: String,
    /// Whether there are more already.
    pub more: bool,
}
