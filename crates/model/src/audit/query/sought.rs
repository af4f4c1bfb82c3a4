//! A query for one moment: periods in words have become times.

use super::{AuditQuery, Facets, Field, lexer};
use crate::audit::FacetField;
use crate::{Error, Instant, Result};
use chrono::{DateTime, TimeZone};
use uuid::Uuid;

/// What a query asks for once a clock has been read. The same moment gives the same answer, page after page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// What rows must have.
    pub only: Facets,
    /// What rows must not have.
    pub except: Facets,
    /// Request ids.
    pub requests: Vec<Uuid>,
    /// Message or payload contains each of these.
    pub text: Vec<String>,
    /// Message and payload contain none of these.
    pub not_text: Vec<String>,
    /// `occurred_at` at or after this.
    pub after: Option<Instant>,
    /// `occurred_at` before this.
    pub before: Option<Instant>,
}

/// Says where in the text of the query a period is that ends before it begins: the later of its terms, since whoever wrote it had
/// the other one there already. A query that was read knows no places any more.
#[must_use]
pub fn placed(error: Error, text: &str) -> Error {
    let empty = error.detail.get("kind").is_some_and(|kind| kind == PERIOD_EMPTY);
    let terms = if empty { lexer::terms(text).unwrap_or_default() } else { Vec::new() };
    let last = terms.iter().rfind(|term| {
        let field = term.field.as_ref().and_then(|name| Field::named(&name.text));
        matches!(field, Some(Field::When | Field::After | Field::Before))
    });
    match last.map(|term| term.span.units(text)) {
        Some((from, to)) => error.with("from", from).with("to", to),
        None => error,
    }
}

/// The kind of a period that ends before it begins, which depends on the clock and so is none of the parser's.
const PERIOD_EMPTY: &str = "period_empty";

impl AuditQuery {
    /// Whether it chooses among the values of a field.
    #[must_use]
    pub fn chooses(&self, field: FacetField) -> bool {
        self.only.chooses(field) || self.except.chooses(field)
    }

    /// The query for a reader whose clock shows `now`.
    ///
    /// # Errors
    /// `VALIDATION_FAILED` where the period ends before it begins, or lies beyond every calendar.
    pub fn at<Z: TimeZone>(&self, now: &DateTime<Z>) -> Result<Sought> {
        let wrong = |kind: &str, message| Error::invalid("query", message).with("kind", kind);
        let beyond = || wrong("not_a_time", "There is no such time in the calendar.");
        let after = self.after.map(|m| m.resolve(now).ok_or_else(beyond));
        let before = self.before.map(|m| m.resolve_end(now).ok_or_else(beyond));
        let (mut after, mut before) = (after.transpose()?, before.transpose()?);
        if let Some(when) = self.when {
            let (from, to) = when.resolve(now);
            // Every period begins somewhere.
            let from = from.ok_or_else(beyond)?;
            after = Some(after.map_or(from, |a| a.max(from)));
            before = [before, to].into_iter().flatten().min();
        }
        if let (Some(after), Some(before)) = (after, before)
            && after >= before
        {
            return Err(wrong(PERIOD_EMPTY, "The period ends before it begins."));
        }
        Ok(Sought {
            only: self.only.clone(),
            except: self.except.clone(),
            requests: self.requests.clone(),
            text: self.text.clone(),
            not_text: self.not_text.clone(),
            after,
            before,
        })
    }
}

impl Sought {
    /// Whether sums by type, severity, outcome and tenant can answer it.
    #[must_use]
    pub fn is_summed(&self) -> bool {
        let plain = |f: &Facets| {
            f.actors.is_empty()
                && f.resources.is_empty()
                && f.networks.is_empty()
                && f.origins.is_empty()
        };
        plain(&self.only)
            && plain(&self.except)
            && self.requests.is_empty()
            && self.text.is_empty()
            && self.not_text.is_empty()
    }

    /// Whether it chooses among the values of a field.
    #[must_use]
    pub fn chooses(&self, field: FacetField) -> bool {
        self.only.chooses(field) || self.except.chooses(field)
    }

    /// All events of its period.
    #[must_use]
    pub fn period(&self) -> Self {
        Self { after: self.after, before: self.before, ..Self::default() }
    }

    /// Whether anything but its period and its texts leaves events out.
    #[must_use]
    pub fn chooses_besides_text(&self) -> bool {
        Self { text: Vec::new(), not_text: Vec::new(), ..self.clone() } != self.period()
    }

    /// The same without its choice among the values of a field.
    #[must_use]
    pub fn without(&self, field: FacetField) -> Self {
        let mut other = self.clone();
        other.only.clear(field);
        other.except.clear(field);
        other
    }
}

impl Facets {
    fn chooses(&self, field: FacetField) -> bool {
        match field {
            FacetField::Type => !self.types.is_empty(),
            FacetField::Severity => !self.severities.is_empty(),
            FacetField::Outcome => !self.outcomes.is_empty(),
            FacetField::Actor => !self.actors.is_empty(),
            FacetField::Tenant => !self.tenants.is_empty(),
            FacetField::Resource => !self.resources.is_empty(),
            FacetField::Ip | FacetField::Network => !self.networks.is_empty(),
            FacetField::Origin => !self.origins.is_empty(),
        }
    }

    fn clear(&mut self, field: FacetField) {
        match field {
            FacetField::Type => self.types.clear(),
            FacetField::Severity => self.severities.clear(),
            FacetField::Outcome => self.outcomes.clear(),
            FacetField::Actor => self.actors.clear(),
            FacetField::Tenant => self.tenants.clear(),
            FacetField::Resource => self.resources.clear(),
            FacetField::Ip | FacetField::Network => self.networks.clear(),
            FacetField::Origin => self.origins.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;

    fn at(text: &str) -> Result<Sought> {
        let now: DateTime<FixedOffset> = "2026-03-04T10:30:00-03:00".parse().unwrap();
        AuditQuery::parse(text).unwrap().at(&now)
    }

    #[test]
    fn periods_meet() {
        let cases = [
            ("", None, None),
            (
                "when:today after:2026-03-04T09:00",
                Some("2026-03-04T12:00:00.000000Z"),
                Some("2026-03-05T03:00:00.000000Z"),
            ),
            (
                "when:\"last 24 hours\" before:2026-03-04T09:00:00Z",
                Some("2026-03-03T13:30:00.000000Z"),
                Some("2026-03-04T09:00:00.000000Z"),
            ),
            ("after:infinity", Some("infinity"), None),
            (
                "when:2026-01-26T09:00:00Z..2026-01-26T12:00:00.5+02:00",
                Some("2026-01-26T09:00:00.000000Z"),
                Some("2026-01-26T10:00:00.500000Z"),
            ),
            (
                "when:\"2026-01-26T09:00:00.000000Z – 2026-01-26T10:00Z\"",
                Some("2026-01-26T09:00:00.000000Z"),
                Some("2026-01-26T10:00:00.000000Z"),
            ),
            (
                "after:2026-01-26T09:00:00Z..2026-01-26T10:00:00Z",
                Some("2026-01-26T09:00:00.000000Z"),
                None,
            ),
        ];
        for (text, after, before) in cases {
            let s = at(text).unwrap();
            let shown = |t: Option<Instant>| t.map(|t| t.to_string());
            assert_eq!(shown(s.after).as_deref(), after, "{text}");
            assert_eq!(shown(s.before).as_deref(), before, "{text}");
        }
    }

    #[test]
    fn an_empty_period_is_refused() {
        for text in [
            "after:2026-03-02 before:2026-03-01",
            "when:yesterday after:today",
            "when:2026-01-26T09:00:00Z..2026-01-26T09:00:00Z",
        ] {
            assert_eq!(at(text).unwrap_err().code, crate::Code::ValidationFailed, "{text}");
        }
    }

    #[test]
    fn an_empty_period_is_where_its_later_term_is() {
        let cases = [
            ("desde:hoy hasta:ayer", Some((10, 20))),
            ("😀 hasta:\"3 days ago\" type:a desde:hoy x", Some((29, 38))),
            ("when:2026-03-05..2026-03-01", Some((0, 27))),
            ("x", None),
        ];
        for (text, place) in cases {
            let error = at(text).err().map(|e| placed(e, text));
            let detail = |key| error.as_ref().and_then(|e| e.detail.get(key)?.parse().ok());
            assert_eq!(detail("from").zip(detail("to")), place, "{text}");
        }
    }

    #[test]
    fn sums_know_four_fields_and_the_time() {
        for text in ["", "type:a -severity:info outcome:ok tenant:1,system when:today"] {
            assert!(at(text).unwrap().is_summed(), "{text}");
        }
        for text in ["x", "-x", "actor:a", "-ip:10.0.0.1", "origin:cli", "resource:leads"] {
            assert!(!at(text).unwrap().is_summed(), "{text}");
        }
        let s = at("type:a -type:b ip:10.0.0.0/8 severity:info").unwrap();
        assert!(
            s.chooses(FacetField::Network)
                && !s.without(FacetField::Ip).chooses(FacetField::Network)
        );
        assert!(!s.without(FacetField::Type).chooses(FacetField::Type));
        assert!(s.without(FacetField::Type).chooses(FacetField::Severity));
    }
}
