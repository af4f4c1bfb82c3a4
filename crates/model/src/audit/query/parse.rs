//! From terms to a query, with the place and the kind of what is wrong.

use super::date;
use super::facets::{Facets, Origin, ResourceMatch, TenantMatch};
use super::field::{self, Field};
use super::lexer::{self, Span, Term, Value};
use super::when::{Moment, When};
use super::{
    AuditQuery, QUERY_LENGTH, TEXTS, TEXTS_LENGTH, VALUE_LENGTH, VALUES_PER_FIELD, foreign, print,
};
use crate::audit::{Outcome, Severity};
use crate::{Code, Error, TenantId};
use serde::Serialize;

/// What is wrong with a query. Its text is the shell's, by this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ErrorKind {
    /// Longer than [`QUERY_LENGTH`].
    QueryTooLong,
    /// No field has that name.
    FieldUnknown,
    /// `type:` and nothing behind it.
    ValueMissing,
    /// A value that is too long, or holds a control character.
    ValueUnusable,
    /// A quotation mark that is never closed.
    QuoteOpen,
    /// Something right behind a quotation mark.
    SpaceMissing,
    /// Too many values in one field, or too many pieces of free text.
    TooMany,
    /// More free text than [`TEXTS_LENGTH`] in all pieces together.
    TextTooLong,
    /// A field that can be given once was given twice, or excluded.
    OnlyOnce,
    /// None of the field's values.
    ValueUnknown,
    /// Neither an address nor a network.
    NotAnAddress,
    /// No tenant number.
    NotATenant,
    /// No request id.
    NotARequest,
    /// Not understood as a date or a period.
    NotATime,
    /// A period of several words that do not stand in quotes.
    QuotesMissing,
    /// `AND`, `OR` or `NOT`, which this language writes in another way.
    NoOperator,
}

impl ErrorKind {
    /// The name in the detail of an error.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QueryTooLong => "query_too_long",
            Self::FieldUnknown => "field_unknown",
            Self::ValueMissing => "value_missing",
            Self::ValueUnusable => "value_unusable",
            Self::QuoteOpen => "quote_open",
            Self::SpaceMissing => "space_missing",
            Self::TooMany => "too_many",
            Self::TextTooLong => "text_too_long",
            Self::OnlyOnce => "only_once",
            Self::ValueUnknown => "value_unknown",
            Self::NotAnAddress => "not_an_address",
            Self::NotATenant => "not_a_tenant",
            Self::NotARequest => "not_a_request",
            Self::NotATime => "not_a_time",
            Self::QuotesMissing => "quotes_missing",
            Self::NoOperator => "no_operator",
        }
    }

    /// What it says in English.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::QueryTooLong => "The query is too long; 4,096 bytes at most.",
            Self::FieldUnknown => {
                "There is no such field. Put the text in quotes to search for it."
            }
            Self::ValueMissing => "A value is missing.",
            Self::ValueUnusable => "The value is too long or holds control characters.",
            Self::QuoteOpen => "The quotation mark is never closed.",
            Self::SpaceMissing => "A space is missing here.",
            Self::TooMany => "Too many values: 200 in one field, 10 pieces of free text.",
            Self::TextTooLong => "Too much free text: 1,000 bytes at most in all pieces together.",
            Self::OnlyOnce => "This can be given once, and not excluded.",
            Self::ValueUnknown => "The field has no such value.",
            Self::NotAnAddress => {
                "Neither an address nor a network. Write 203.0.113.77 or 10.0.0.0/8."
            }
            Self::NotATenant => "A tenant is its number, or `system` for rows without one.",
            Self::NotARequest => "A request id is a UUID.",
            Self::NotATime => {
                "Not understood as a time. Write 2026-03-01, \"last 90 days\", yesterday, \"between 2 and 6 March\"."
            }
            Self::QuotesMissing => "A period of several words stands in quotes.",
            Self::NoOperator => {
                "Terms combine by themselves: write type:a,b for OR, -type:a for NOT and type:a for =. To search for the word, put it in quotes."
            }
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct QueryProblem {
    /// What.
    pub kind: ErrorKind,
    /// Where it begins, in UTF-16 units, as JavaScript counts.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: usize,
    /// Where it ends.
    #[cfg_attr(test, ts(type = "number"))]
    pub to: usize,
    /// What was probably meant, or what the field allows.
    pub suggestion: Option<String>,
}

impl QueryProblem {
    pub(super) fn new(text: &str, span: Span, kind: ErrorKind) -> Self {
        let (from, to) = span.units(text);
        Self { kind, from, to, suggestion: None }
    }

    pub(super) fn suggesting(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

impl From<QueryProblem> for Error {
    fn from(e: QueryProblem) -> Self {
        let error = Self::new(Code::ValidationFailed, e.kind.sentence())
            .with("field", "query")
            .with("kind", e.kind.as_str())
            .with("from", e.from)
            .with("to", e.to);
        match e.suggestion {
            Some(suggestion) => error.with("suggestion", suggestion),
            None => error,
        }
    }
}

impl AuditQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong first, with its place. The time it takes is linear in the text, and the text is bounded.
    pub fn parse(text: &str) -> Result<Self, QueryProblem> {
        if text.len() > QUERY_LENGTH {
            let span = Span { from: 0, to: text.len() };
            return Err(QueryProblem::new(text, span, ErrorKind::QueryTooLong));
        }
        let mut query = Self::default();
        let terms = lexer::terms(text)?;
        let structured = terms.iter().any(|term| term.field.is_some());
        for (at, term) in terms.iter().enumerate() {
            let (period, rest) = (unquoted_period(text, term, &terms[at + 1..]), &terms[at..]);
            if let Some(problem) = period.or_else(|| foreign::spread(text, rest)) {
                return Err(problem);
            }
            for value in &term.values {
                let wrong = |kind| QueryProblem::new(text, value.span, kind);
                if value.text.len() > VALUE_LENGTH || value.text.chars().any(char::is_control) {
                    return Err(wrong(ErrorKind::ValueUnusable));
                }
                if term.field.is_some() && value.text.trim().is_empty() {
                    return Err(wrong(ErrorKind::ValueMissing));
                }
                match &term.field {
                    None if foreign::is_operator(&terms, at, structured) => {
                        Err(ErrorKind::NoOperator.into())
                    }
                    None => match foreign::misspelt(value, term.excluded) {
                        Some(problem) => Err(problem),
                        None => query.add_text(value, term.excluded),
                    },
                    Some(name) if field::is_session(&name.text) => {
                        let text = format!("sessions/{}", value.text.trim());
                        // What is printed has to be short enough to be read again.
                        if text.len() > VALUE_LENGTH {
                            return Err(wrong(ErrorKind::ValueUnusable));
                        }
                        query.add(Field::Resource, &Value { text, ..*value }, term.excluded)
                    }
                    Some(name) => match Field::named(&name.text) {
                        Some(field) => query.add(field, value, term.excluded),
                        None => {
                            let error = QueryProblem::new(text, name.span, ErrorKind::FieldUnknown);
                            return Err(match Field::nearest(&name.text) {
                                Some(near) => error.suggesting(near),
                                None => error,
                            });
                        }
                    },
                }
                .map_err(|Wrong { kind, suggestion }| match suggestion {
                    Some(suggestion) => wrong(kind).suggesting(suggestion),
                    None => wrong(kind),
                })?;
            }
        }
        // Some forms are longer as they are printed, and a saved view is read from what was printed.
        if query.to_string().len() > QUERY_LENGTH {
            let span = Span { from: 0, to: text.len() };
            return Err(QueryProblem::new(text, span, ErrorKind::QueryTooLong));
        }
        Ok(query)
    }

    fn add_text(&mut self, value: &Value, excluded: bool) -> Result<(), Wrong> {
        if self.text.len() + self.not_text.len() >= TEXTS {
            return Err(ErrorKind::TooMany.into());
        }
        let length: usize = self.text.iter().chain(&self.not_text).map(|t| weight(t)).sum();
        let list = if excluded { &mut self.not_text } else { &mut self.text };
        if !list.contains(&value.text) && length + weight(&value.text) > TEXTS_LENGTH {
            return Err(ErrorKind::TextTooLong.into());
        }
        put(list, value.text.clone())
    }

    fn add(&mut self, field: Field, value: &Value, excluded: bool) -> Result<(), Wrong> {
        let text = value.text.trim();
        match field {
            Field::When => once(&mut self.when, excluded, text, When::parse),
            Field::After => once(&mut self.after, excluded, text, Moment::parse),
            Field::Before => once(&mut self.before, excluded, text, Moment::parse),
            Field::Request if excluded => Err(ErrorKind::OnlyOnce.into()),
            Field::Request => {
                put(&mut self.requests, text.parse().map_err(|_| ErrorKind::NotARequest)?)
            }
            _ if excluded => self.except.add(field, text),
            _ => self.only.add(field, text),
        }
    }
}

/// The bytes that a row is compared with for a text: in lower case, which may be longer, and where it has quotes or backslashes as a
/// message has it and as JSON does.
fn weight(text: &str) -> usize {
    let plain = text.to_lowercase().len().max(text.len());
    match text.matches(['"', '\\']).count() {
        0 => plain,
        marks => 2 * plain + marks,
    }
}

impl Facets {
    fn add(&mut self, field: Field, text: &str) -> Result<(), Wrong> {
        match field {
            Field::Type => put(&mut self.types, text.to_owned()),
            Field::Severity => put(&mut self.severities, named(&SEVERITIES, text)?),
            Field::Outcome => put(&mut self.outcomes, named(&OUTCOMES, text)?),
            Field::Actor => put(&mut self.actors, text.to_owned()),
            Field::Tenant => put(&mut self.tenants, tenant(text)?),
            Field::Resource => put(&mut self.resources, resource(text)),
            Field::Ip => {
                put(&mut self.networks, text.parse().map_err(|_| ErrorKind::NotAnAddress)?)
            }
            Field::Origin => put(&mut self.origins, named(&ORIGINS, text)?),
            Field::Request | Field::When | Field::After | Field::Before => Ok(()),
        }
    }
}

/// The most words of a period that are looked at behind its first.
const PERIOD_WORDS: usize = 7;

/// `when:march 2025` says March of this year, and the text 2025, which hardly anybody means: offers the longest period that the
/// words that follow make together, in quotes.
fn unquoted_period(text: &str, term: &Term, rest: &[Term]) -> Option<QueryProblem> {
    let field = Field::named(&term.field.as_ref()?.text)?;
    let read = |text: &str| match field {
        Field::When => When::parse(text).map(Moment::Start),
        Field::After | Field::Before => Moment::parse(text),
        _ => None,
    };
    let first = term
        .values
        .last()
        .filter(|v| !v.quoted && matches!(field, Field::When | Field::After | Field::Before))?;
    let bare = |t: &&Term| !t.excluded && t.field.is_none() && t.values.iter().all(|v| !v.quoted);
    let words = rest.iter().take(PERIOD_WORDS).take_while(bare).flat_map(|t| &t.values);
    let words: Vec<&Value> = words.collect();
    let alone = read(&first.text);
    (1..=words.len()).rev().find_map(|n| {
        let last = words.get(n - 1)?;
        let span = Span { from: first.span.from, to: last.span.to };
        let together = text.get(span.from..span.to)?;
        let meant = read(together)?;
        let problem = QueryProblem::new(text, span, ErrorKind::QuotesMissing);
        // A comma says nothing in a period, and separates suggestions.
        let written = print::word(&together.replace(',', ""));
        (Some(meant) != alone).then(|| problem.suggesting(written))
    })
}

/// What is wrong with a value, before its place is known.
pub(super) struct Wrong {
    pub(super) kind: ErrorKind,
    pub(super) suggestion: Option<String>,
}

impl From<ErrorKind> for Wrong {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, suggestion: None }
    }
}

/// Adds what is not there yet.
fn put<T: PartialEq>(list: &mut Vec<T>, value: T) -> Result<(), Wrong> {
    if list.contains(&value) {
        return Ok(());
    }
    if list.len() >= VALUES_PER_FIELD {
        return Err(ErrorKind::TooMany.into());
    }
    list.push(value);
    Ok(())
}

fn once<T>(
    slot: &mut Option<T>,
    excluded: bool,
    text: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<(), Wrong> {
    if excluded || slot.is_some() {
        return Err(ErrorKind::OnlyOnce.into());
    }
    *slot = Some(read(text).ok_or_else(|| Wrong {
        kind: ErrorKind::NotATime,
        // 1/3/2026 is in March for some and in January for others.
        suggestion: {
            let ways = date::both_ways(text).into_iter().filter(|way| read(way).is_some());
            let written: Vec<_> = ways.map(|way| print::word(&way)).collect();
            (!written.is_empty()).then(|| written.join(", "))
        },
    })?);
    Ok(())
}

/// A value and its names: the one that is printed, then the others. The screen's words are among them, in both genders: what
/// somebody reads there can be typed here.
type Named<T> = (T, &'static [&'static str]);

const SEVERITIES: [Named<Severity>; 3] = [
    (Severity::Info, &["info", "información", "informacion"]),
    (Severity::Warning, &["warning", "advertencia", "aviso"]),
    (Severity::Critical, &["critical", "crítica", "crítico", "critica", "critico"]),
];
const OUTCOMES: [Named<Outcome>; 3] = [
    (Outcome::Ok, &["ok", "correcto", "correcta"]),
    (Outcome::Denied, &["denied", "denegado", "denegada"]),
    (Outcome::Failed, &["failed", "fallido", "fallida", "falló", "fallo"]),
];
const ORIGINS: [Named<Origin>; 6] = [
    (Origin::Console, &["console", "consola"]),
    (Origin::Api, &["api"]),
    (Origin::Cli, &["cli", "command line", "línea de comandos", "linea de comandos"]),
    (Origin::Legacy, &["legacy", "existing crm", "crm actual", "crm"]),
    (Origin::Direct, &["direct", "directo", "directo en la base", "directly in the database"]),
    (Origin::Upkeep, &["upkeep", "mantenimiento"]),
];

/// The severity of this name.
pub(super) fn severity(text: &str) -> Option<Severity> {
    named(&SEVERITIES, text).ok()
}

/// The value of this name. Of another the one that was probably meant is offered, or all there are where none is near.
fn named<T: Copy>(values: &[Named<T>], text: &str) -> Result<T, Wrong> {
    let of = |name: &str| values.iter().find(|(_, names)| names.contains(&name));
    if let Some((value, _)) = of(&text.to_lowercase()) {
        return Ok(*value);
    }
    // A sign (`!info`, `>=warning`) asks for something else than the value itself.
    let plain = text.chars().all(|c| c.is_alphanumeric() || c == ' ');
    let names = || values.iter().flat_map(|(_, names)| names.iter().copied());
    let near = plain.then(|| field::nearest(text, names())).flatten();
    let suggestion = match near.and_then(of) {
        Some((_, names)) => names[0].to_owned(),
        None => values.iter().map(|(_, names)| names[0]).collect::<Vec<_>>().join(", "),
    };
    Err(Wrong { kind: ErrorKind::ValueUnknown, suggestion: Some(suggestion) })
}

fn tenant(text: &str) -> Result<TenantMatch, Wrong> {
    match text.to_lowercase().as_str() {
        "system" | "none" | "sistema" | "ninguno" | "ninguna" => Ok(TenantMatch::System),
        number => match number.parse() {
            Ok(id) if id > 0 => Ok(TenantMatch::Tenant(TenantId(id))),
            _ => Err(ErrorKind::NotATenant.into()),
        },
    }
}

fn resource(text: &str) -> ResourceMatch {
    match text.split_once('/') {
        Some((kind, id)) if !kind.is_empty() && !id.is_empty() => {
            ResourceMatch { kind: kind.to_owned(), id: Some(id.to_owned()) }
        }
        _ => ResourceMatch { kind: text.to_owned(), id: None },
    }
}
