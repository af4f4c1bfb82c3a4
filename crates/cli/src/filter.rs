//! From options to the filter that the operations take.

use crate::args::{Filter, Format, OutcomeName, SeverityName};
use crate::failure::{Failure, Result};
use atalaya_model::audit::{AuditCursor, AuditFilter, EventId, Outcome, Severity};
use atalaya_model::export::ExportFormat;
use atalaya_model::{Instant, TenantId};

impl Filter {
    /// The filter, checked.
    pub fn parse(self) -> Result<AuditFilter> {
        let filter = AuditFilter {
            types: self.types,
            severities: self.severity.into_iter().map(Into::into).collect(),
            outcomes: self.outcome.into_iter().map(Into::into).collect(),
            actor: self.actor,
            tenants: self.tenant.into_iter().map(TenantId).collect(),
            system: self.system,
            ip: self.ip.map(|text| text.parse()).transpose()?,
            after: self.after.as_deref().map(time).transpose()?,
            before: self.before.as_deref().map(time).transpose()?,
        };
        filter.check()?;
        Ok(filter)
    }
}

/// RFC 3339, or a day, which begins at midnight UTC.
fn time(text: &str) -> Result<Instant> {
    let day = text.parse::<chrono::NaiveDate>().ok();
    let full = day.map(|d| format!("{d}T00:00:00Z"));
    full.as_deref().unwrap_or(text).parse().map_err(|_| {
        Failure::usage(
            "This is no time. Write it like 2026-01-31 or 2026-01-31T10:00:00Z.",
            "Esto no es una fecha. Escríbala como 2026-01-31 o 2026-01-31T10:00:00Z.",
        )
        .with("time", text)
    })
}

/// A cursor as `audit list` prints it: `<occurred_at>,<id>`.
pub fn cursor(text: &str) -> Result<AuditCursor> {
    let parsed = text.rsplit_once(',').and_then(|(occurred_at, id)| {
        Some(AuditCursor { occurred_at: occurred_at.parse().ok()?, id: EventId(id.parse().ok()?) })
    });
    parsed.ok_or_else(|| {
        Failure::usage(
            "This is no cursor. Take the value of `next` from an earlier list.",
            "Esto no es un cursor. Tome el valor de `next` de una lista anterior.",
        )
    })
}

/// The text that [`cursor`] reads.
pub fn cursor_text(cursor: AuditCursor) -> String {
    format!("{},{}", cursor.occurred_at, cursor.id)
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Info => Self::Info,
            SeverityName::Warning => Self::Warning,
            SeverityName::Critical => Self::Critical,
        }
    }
}

impl From<OutcomeName> for Outcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::Ok => Self::Ok,
            OutcomeName::Denied => Self::Denied,
            OutcomeName::Failed => Self::Failed,
        }
    }
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Jsonl => Self::Jsonl,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        assert_eq!(time("2026-01-31").unwrap().to_string(), "2026-01-31T00:00:00.000000Z");
        assert_eq!(
            time("2026-01-31T10:00:00-03:00").unwrap().to_string(),
            "2026-01-31T13:00:00.000000Z"
        );
        for text in ["", "yesterday", "2026-02-30", "31/01/2026"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_cursor_prints_and_parses_back() {
        for text in ["2026-01-31T10:00:00.000001Z,9223372036854775807", "infinity,1"] {
            assert_eq!(cursor_text(cursor(text).unwrap()), text);
        }
        for text in ["", ",", "2026-01-31T10:00:00Z", "x,1"] {
            assert!(cursor(text).is_err(), "{text}");
        }
    }
}
