//! Queries that were given a name.

use crate::Instant;
use serde::Serialize;
use uuid::Uuid;

/// A query that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct SavedView {
    /// Key.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The text of a query.
    pub query: String,
    /// Whether others see it.
    pub shared: bool,
    /// Whether Overview shows it with its count.
    pub pinned: bool,
    /// Whether it is the caller's.
    pub own: bool,
    /// E-mail of its owner; `None` where the caller may not know them.
    pub owner: Option<String>,
    /// When it was last changed.
    pub updated_at: Instant,
}
