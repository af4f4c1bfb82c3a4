//! The language in which people ask the log: `actor:ana severity:critical -type:read_lead ip:10.0.0.0/8 "free text" when:yesterday`.
//!
//! ```text
//! query  = { term }                            terms combine with AND
//! term   = [ "-" ] ( field ":" values | value )   a value alone is free text; "-" excludes
//! values = value { "," value }                 values of one field combine with OR
//! value  = word | '"' { character | '\"' | '\\' } '"'
//! word   = characters other than white space, '"' and ','
//! ```
//! Fields, the values that the screen shows as words, and words for dates have Spanish names too; printing uses the English
//! ones. `session:x` means `resource:sessions/x`. A name before `://` that is no field is the scheme of an address, which is text.
//! What other languages write (`type=x`, `tenant_id = 3`, `NOT(type:x)`) is refused with what was meant. The README of `atalayactl`
//! is the reference for who asks. Screen, command line, exports and saved views all go through [`AuditQuery::parse`], and
//! [`AuditQuery`] prints to a text that parses to the same query.

mod actor;
mod answer;
mod calendar;
mod complete;
mod date;
mod facets;
mod field;
mod foreign;
mod lexer;
mod parse;
mod period;
mod print;
mod sought;
mod when;

#[cfg(test)]
mod foreign_tests;
#[cfg(test)]
mod period_tests;
#[cfg(test)]
mod tests;

pub use actor::{ActorMatch, end_of_beginning};
pub use answer::{AuditOffers, Offer, QueryAnswer};
pub use complete::{Completion, CompletionKind, KnownValue, complete, known_values};
pub use facets::{Facets, Origin, ResourceMatch, TenantMatch};
pub use field::{Field, nearest};
pub use parse::{ErrorKind, QueryProblem};
pub use period::{Day, Period, Unit};
pub use print::word;
pub use sought::{Sought, placed};
pub use when::{Edge, Moment, When};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest text of a query, in bytes.
pub const QUERY_LENGTH: usize = 4_096;
/// The most values that one field holds.
pub const VALUES_PER_FIELD: usize = 200;
/// The most pieces of free text; each of them is looked for in every row that the rest leaves over.
pub const TEXTS: usize = 10;
/// The most of all pieces of free text together, in bytes: what one row costs grows with their sum, and within a row the server hears
/// neither of a limit nor of a cancellation. Counted in lower case; a text with quotes or backslashes counts twice, because JSON writes
/// it otherwise.
pub const TEXTS_LENGTH: usize = 1_000;
/// The longest value, in bytes.
pub const VALUE_LENGTH: usize = 400;

/// A question to the log. Everything in it combines with AND; the values of one list with OR.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditQuery {
    /// What rows must have.
    pub only: Facets,
    /// What rows must not have. A row without a value in a column is not excluded by it.
    pub except: Facets,
    /// Request ids.
    pub requests: Vec<Uuid>,
    /// Message or payload contains each of these, in any case of letters.
    pub text: Vec<String>,
    /// Message and payload contain none of these.
    pub not_text: Vec<String>,
    /// A period in words, which moves with the clock.
    pub when: Option<When>,
    /// `occurred_at` at or after this.
    pub after: Option<Moment>,
    /// `occurred_at` before this.
    pub before: Option<Moment>,
}

impl AuditQuery {
    /// The longest run of words of the free text that says a period, as it is written behind `when:`: without a field it is looked for
    /// as text, and hardly anybody means that. `None` where the query has a period.
    #[must_use]
    pub fn period_in_text(&self) -> Option<String> {
        let runs = (1..=self.text.len()).rev().flat_map(|n| self.text.windows(n));
        let mut written = runs.map(|words| words.join(" ").replace(',', ""));
        let found = written.find(|words| When::parse(words).is_some())?;
        self.when.is_none().then(|| word(&found))
    }
}
