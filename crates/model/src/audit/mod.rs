//! The audit log: its rows, the language in which it is asked, and the numbers beside the list.

mod change;
mod finding;
mod numbers;
pub mod query;
mod row;
mod value;
mod view;

pub use change::{AuditChange, ChangedRow};
pub use finding::{
    AuditFinding, AuditFindings, FindingNote, FindingRule, FindingRuleName, FindingShows,
    FindingsCut, FindingsFailed,
};
pub use numbers::{
    AuditBucket, AuditFacets, AuditHistogram, AuditTail, BUCKETS, CountSource, FACET_VALUES,
    FacetCounts, FacetField, FacetValue,
};
pub use row::{
    AuditCount, AuditCursor, AuditEvent, AuditOptions, AuditPage, AuditRow, COUNT_CEILING, EventId,
    PAGE_LIMIT, Searched,
};
pub use value::{Network, Outcome, Severity};
pub use view::SavedView;
