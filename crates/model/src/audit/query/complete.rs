//! What could stand at the cursor.

use super::date;
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

/// A value that is the same in every log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownValue {
    /// In the language's own words.
    pub value: &'static str,
    /// In Spanish, without accents.
    spanish: &'static str,
}

impl KnownValue {
    /// Whether what is written so far occurs in it, in either language, in any case of letters and without regard to accents.
    #[must_use]
    pub fn fits(&self, written: &str) -> bool {
        let written = date::plain(written);
        self.value.contains(&written) || self.spanish.contains(&written)
    }
}

const SEVERITIES: &[(&str, &str)] =
    &[("info", "informacion"), ("warning", "aviso advertencia"), ("critical", "critico critica")];
const OUTCOMES: &[(&str, &str)] = &[
    ("ok", "correcto correcta"),
    ("denied", "denegado denegada"),
    ("failed", "fallido fallida fallo"),
];
const ORIGINS: &[(&str, &str)] = &[
    ("console", "consola"),
    ("api", "api"),
    ("cli", "linea de comandos"),
    ("legacy", "crm actual"),
    ("direct", "directo en la base"),
    ("upkeep", "mantenimiento"),
];
const TENANTS: &[(&str, &str)] = &[("system", "sistema ninguna")];
const MOMENTS: &[(&str, &str)] = &[
    ("today", "hoy"),
    ("yesterday", "ayer"),
    ("this week", "esta semana"),
    ("this month", "este mes"),
    ("this year", "este año"),
];
const PERIODS: &[(&str, &str)] = &[
    ("today", "hoy"),
    ("yesterday", "ayer"),
    ("last night", "anoche"),
    ("last 24 hours", "ultimas 24 horas"),
    ("last 7 days", "ultimos 7 dias"),
    ("last 30 days", "ultimos 30 dias"),
    ("last 90 days", "ultimos 90 dias"),
    ("this week", "esta semana"),
    ("last week", "la semana pasada"),
    ("last weekend", "el fin de semana pasado"),
    ("this month", "este mes"),
    ("last month", "el mes pasado"),
    ("this quarter", "este trimestre"),
    ("last quarter", "el trimestre pasado"),
    ("this year", "este año"),
];

/// The values of a field that are the same in every log. Of types, actors, tenants and resources only a log knows.
pub fn known_values(field: Field) -> impl Iterator<Item = KnownValue> {
    let values: &'static [(&str, &str)] = match field {
        Field::Severity => SEVERITIES,
        Field::Outcome => OUTCOMES,
        Field::Origin => ORIGINS,
        Field::Tenant => TENANTS,
        Field::When => PERIODS,
        Field::After | Field::Before => MOMENTS,
        Field::Type | Field::Actor | Field::Resource | Field::Ip | Field::Request => &[],
    };
    values.iter().map(|(value, spanish)| KnownValue { value, spanish })
}
