//! What an event changed, as the database recorded it.

use serde::Serialize;

/// One row that changed. JSON as Postgres prints it; it never passes through a float.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ChangedRow {
    /// As it was; `None` where it is new.
    pub before: Option<String>,
    /// As it is; `None` where it went.
    pub after: Option<String>,
}

/// One statement's changes to one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditChange {
    /// Qualified name.
    pub table: String,
    /// `INSERT`, `UPDATE`, `DELETE` or `TRUNCATE`.
    pub operation: String,
    /// Rows that changed.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
    /// Up to 20 of them; sensitive columns are keyed digests.
    pub rows: Vec<ChangedRow>,
}
