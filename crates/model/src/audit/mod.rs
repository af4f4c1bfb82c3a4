//! The audit log: its rows, the language in which it is asked, and the numbers beside the list.

mod change;
mod filter;
mod finding;
mod numbers;
pub mod query;
mod row;
mod view;

pub use change::{AuditChange, ChangedRow};
pub use filter::{AuditFilter, Network, Outcome, Severity};
pub use finding::{Finding, FindingNote, FindingRule, FindingRuleName};
pub use numbers::{
    AuditBucket, AuditFacets, AuditHistogram, AuditTail, BUCKETS, CountSource, FACET_VALUES,
    FacetCounts, FacetField, FacetValue,
};
pub use row::{
    AuditCount, AuditCursor, AuditEvent, AuditOptions, AuditPage, AuditRow, COUNT_CEILING, EventId,
    PAGE_LIMIT, Searched,
};
pub use view::SavedView;
