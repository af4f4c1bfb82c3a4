//! The first screen: what needs attention, health, activity.

use crate::audit::{AuditRow, Severity};
use serde::Serialize;

/// One thing that needs attention. Its text is the console's, by `code`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AttentionItem {
    /// `failed_logins_burst`, `tokens_invalid_burst`, `denials_burst`, `critical_events`, `few_recipients`,
    /// `legacy_login_active`, `direct_changes`, `plaintext_credentials`, `secrets_not_imported`, `recipients_untrusted`,
    /// `secrets_untrusted`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How many.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
    /// Which ones, where they have names: rows of recipients, versions of secrets. Nothing secret.
    pub detail: String,
    /// The text of the query that shows the events behind it, where there are any.
    pub query: Option<String>,
}

/// State of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Health {
    /// Works.
    Ok,
    /// Works, but somebody should look.
    Warning,
    /// Does not work.
    Failed,
}

/// One part and its state.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct HealthLine {
    /// `database`, `keychain`, `partitions` or `kit`; the doctor has more.
    pub code: &'static str,
    /// Its state.
    pub state: Health,
    /// A fact beside it: a version, a count, a name. No secret.
    pub detail: String,
}

/// Numbers of what the caller may see.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Totals {
    /// Events of the last 24 hours.
    #[cfg_attr(test, ts(type = "number"))]
    pub events_24h: i64,
    /// Tenants.
    #[cfg_attr(test, ts(type = "number"))]
    pub tenants: i64,
    /// Users.
    #[cfg_attr(test, ts(type = "number"))]
    pub users: i64,
    /// Leads.
    #[cfg_attr(test, ts(type = "number"))]
    pub leads: i64,
    /// Credentials.
    #[cfg_attr(test, ts(type = "number"))]
    pub credentials: i64,
}

/// The overview.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Overview {
    /// First what needs attention, worst first.
    pub attention: Vec<AttentionItem>,
    /// Then health.
    pub health: Vec<HealthLine>,
    /// Numbers.
    pub totals: Totals,
    /// Then what happened last.
    pub activity: Vec<AuditRow>,
}
