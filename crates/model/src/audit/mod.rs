//! The audit log: its rows, the filter that list, count and export share, and the cursor.

mod filter;
pub mod query;
mod row;

pub use filter::{AuditFilter, Network, Outcome, Severity};
pub use row::{
    AuditCount, AuditCursor, AuditEvent, AuditOptions, AuditPage, AuditRow, COUNT_CEILING, EventId,
    PAGE_LIMIT,
};
