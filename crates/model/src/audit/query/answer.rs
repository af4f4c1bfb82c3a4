//! What the parser answers a shell.

use super::{AuditQuery, Completion, QueryProblem};
use serde::Serialize;

/// A text as a query, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum QueryAnswer {
    /// It is understood.
    Ok {
        /// What it says.
        query: Box<AuditQuery>,
        /// The query in the language's own words.
        text: String,
    },
    /// It is not.
    Problem {
        /// What is wrong, and where.
        problem: QueryProblem,
    },
}

impl QueryAnswer {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match AuditQuery::parse(text) {
            Ok(query) => Self::Ok { text: query.to_string(), query: Box::new(query) },
            Err(problem) => Self::Problem { problem },
        }
    }
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Offer {
    /// What takes the place of what is being written, quoted where it must be.
    pub insert: String,
    /// A name for people, where it has another.
    pub label: Option<String>,
}

/// What is being written, and what it could become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditOffers {
    /// What is being written.
    pub completion: Completion,
    /// Best first.
    pub offers: Vec<Offer>,
}
