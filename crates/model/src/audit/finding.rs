//! What looks wrong in the log, and the rules that find it.

use super::Severity;
use crate::{Code, Instant};
use serde::{Deserialize, Serialize};

/// A rule; its text is the shell's, by this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum FindingRuleName {
    /// Many failed logins within a short time.
    FailedLogins,
    /// An actor comes from an address that they never came from.
    NewIp,
    /// Somebody's rights were raised.
    RightsRaised,
    /// Many single reads of personal data by one actor.
    MassReads,
    /// Many exports by one actor.
    MassExports,
    /// Activity at hours at which the actor is never active.
    UnusualHours,
    /// The log is silent for longer than it ever is.
    SilentGap,
}

impl FindingRuleName {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::FailedLogins,
        Self::NewIp,
        Self::RightsRaised,
        Self::MassReads,
        Self::MassExports,
        Self::UnusualHours,
        Self::SilentGap,
    ];

    /// `atalaya.finding_rules.rule`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FailedLogins => "failed_logins",
            Self::NewIp => "new_ip",
            Self::RightsRaised => "rights_raised",
            Self::MassReads => "mass_reads",
            Self::MassExports => "mass_exports",
            Self::UnusualHours => "unusual_hours",
            Self::SilentGap => "silent_gap",
        }
    }

    /// From the column; `None` for a rule of a newer version.
    #[must_use]
    pub fn from_column(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }
}

/// A rule as it is tuned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FindingRule {
    /// Which.
    pub rule: FindingRuleName,
    /// Whether it looks at all.
    pub enabled: bool,
    /// From how many on.
    pub threshold: i32,
    /// Within how many minutes.
    pub window_minutes: i32,
}

/// Why a finding is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FindingNote {
    /// Of this rule.
    pub rule: FindingRuleName,
    /// Of this subject.
    pub subject: String,
    /// In somebody's words.
    pub note: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Instant,
}

/// What the rules found together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditFindings {
    /// Newest first.
    pub found: Vec<AuditFinding>,
    /// Rules that ran out of time: what they would have found is not known.
    pub late: Vec<FindingRuleName>,
    /// Rules that failed: what they would have found is not known either.
    pub failed: Vec<FindingsFailed>,
    /// Rules that found more than is here: of each of them those that weigh most, by events and then the newest.
    pub more: Vec<FindingsCut>,
}

/// A rule that could not be looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FindingsFailed {
    /// Which.
    pub rule: FindingRuleName,
    /// Why.
    pub code: Code,
    /// Why, in one safe sentence in English.
    pub message: String,
    /// The database's own code, where it gave one.
    pub state: Option<String>,
}

/// A rule that found more than is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct FindingsCut {
    /// Which.
    pub rule: FindingRuleName,
    /// How many are shown.
    #[cfg_attr(test, ts(type = "number"))]
    pub shown: usize,
    /// The text of the query that shows all events which the rule looks at.
    pub query: String,
}

/// Which events the query of a finding shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum FindingShows {
    /// Those that were found.
    Found,
    /// By the ids of the actor: also what they did under other names.
    Actor,
    /// Also those of others: neither name nor ids tell the actor from everybody else.
    Others,
}

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditFinding {
    /// By which rule.
    pub rule: FindingRuleName,
    /// How bad.
    pub severity: Severity,
    /// When it began.
    pub at: Instant,
    /// When it ended.
    pub until: Instant,
    /// How many events.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
    /// Whom or what it is about: an actor, an address.
    pub subject: String,
    /// The text of the query that shows these events.
    pub query: String,
    /// Which events that query shows.
    pub shows: FindingShows,
    /// Why it is none, where somebody said so.
    pub note: Option<FindingNote>,
}
