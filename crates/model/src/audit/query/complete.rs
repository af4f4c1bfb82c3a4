//! What could stand at the cursor.

use super::facets::Origin;
use super::field::Field;
use serde::Serialize;

/// What is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum CompletionKind {
    /// The name of a field, or free text.
    Field,
    /// A value of the field with this name.
    Value(String),
}

/// The part of the text that a completion replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Completion {
    /// What is being written.
    pub kind: CompletionKind,
    /// Where it begins, in UTF-16 units.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: usize,
    /// The cursor, in UTF-16 units.
    #[cfg_attr(test, ts(type = "number"))]
    pub to: usize,
    /// What is written of it so far, without an opening quotation mark.
    pub written: String,
}

/// Looks at the text before the cursor, which is counted in UTF-16 units.
#[must_use]
pub fn complete(text: &str, cursor: usize) -> Completion {
    let mut units = 0;
    let before: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= cursor
        })
        .collect();
    // The term begins behind the last white space outside quotation marks; a value behind its last comma.
    let (mut quoted, mut escaped, mut term, mut value) = (false, false, 0, None);
    for (at, c) in before.char_indices() {
        let next = at + c.len_utf8();
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => (term, value) = (next, None),
            ':' if !quoted && value.is_none() => value = Some(next),
            ',' if !quoted && value.is_some() => value = Some(next),
            _ => {}
        }
    }
    let sign = usize::from(before[term..].starts_with('-'));
    let name = before[term + sign..].split(':').next().unwrap_or_default();
    let (kind, from) = match (value, Field::named(name)) {
        (Some(from), Some(field)) => (CompletionKind::Value(field.name().to_owned()), from),
        _ => (CompletionKind::Field, term + sign),
    };
    let length = |part: &str| part.encode_utf16().count();
    Completion {
        kind,
        from: length(&before[..from]),
        to: length(&before),
        written: before[from..].trim_start_matches('"').to_owned(),
    }
}

/// The values of a field that are the same in every log, in the language's own words. Of types, actors, tenants and resources
/// only a log knows.
#[must_use]
pub fn known_values(field: Field) -> Vec<&'static str> {
    match field {
        Field::Severity => vec!["info", "warning", "critical"],
        Field::Outcome => vec!["ok", "denied", "failed"],
        Field::Origin => Origin::ALL.iter().map(|o| o.as_str()).collect(),
        Field::Tenant => vec!["system"],
        Field::When => vec![
            "today",
            "yesterday",
            "last 24 hours",
            "last 7 days",
            "last 30 days",
            "last 90 days",
            "this week",
            "last week",
            "this month",
            "last month",
            "this year",
        ],
        Field::After | Field::Before => {
            vec!["today", "yesterday", "this week", "this month", "this year"]
        }
        Field::Type | Field::Actor | Field::Resource | Field::Ip | Field::Request => Vec::new(),
    }
}
