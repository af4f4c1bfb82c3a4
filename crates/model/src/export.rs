//! Files that leave the console: CSV (RFC 4180) and JSON Lines.

use crate::audit::AuditEvent;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ExportFormat {
    /// RFC 4180, UTF-8, CRLF, header line, cells guarded against formulas.
    Csv,
    /// As [`Self::Csv`] with semicolons and a byte order mark: what Excel opens with a double click where the decimal sign is a
    /// comma, as in most of the Spanish-speaking world.
    Excel,
    /// One JSON object a line.
    Jsonl,
}

impl ExportFormat {
    /// The file's extension, without a dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::Excel => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// What to export.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AuditExport {
    /// The text of a query: exactly what the screen shows.
    pub query: String,
    /// The form.
    pub format: ExportFormat,
    /// Whether the file is compressed with gzip.
    pub compress: bool,
}

impl AuditExport {
    /// The file's extension, without its first dot.
    #[must_use]
    pub const fn extension(&self) -> &'static str {
        match (self.format, self.compress) {
            (ExportFormat::Csv | ExportFormat::Excel, true) => "csv.gz",
            (ExportFormat::Jsonl, true) => "jsonl.gz",
            (format, false) => format.extension(),
        }
    }
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ExportProgress {
    /// Rows written.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: u64,
    /// Bytes written.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// Rows to write, where they could be counted.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub total: Option<i64>,
    /// Whether it waits to be resumed.
    pub paused: bool,
}

/// A finished export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ExportResult {
    /// Where it lies.
    pub path: String,
    /// Rows in it.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: u64,
    /// Its size.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
}

/// The columns of an export, in order; the names of `system_events`.
pub const COLUMNS: [&str; 19] = [
    "id",
    "occurred_at",
    "event_type",
    "severity",
    "message",
    "tenant_id",
    "actor_id",
    "actor_label",
    "actor_kind",
    "resource_type",
    "resource_id",
    "ip",
    "origin",
    "outcome",
    "payload",
    "db_user",
    "request_id",
    "recorded_at",
    "late",
];

/// What a formula begins with, in spreadsheets of any language; and the guard itself, so that it can be taken away again.
const BEGINS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];
/// What ends a cell, in files of other separators than the reader expects.
const ENDS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// A cell that no spreadsheet takes for a formula, nor what becomes a cell where it separates the file in another way: a `'` goes
/// before `=`, `+`, `-`, `@`, their wide forms and `'` where these stand first, or behind a comma, a semicolon, a tab or the end of
/// a line. [`unguard`] gives the text back exactly.
#[must_use]
pub fn guard(text: &str) -> Cow<'_, str> {
    if !could_begin(text) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 2);
    let mut first = true;
    for c in text.chars() {
        if first && BEGINS.contains(&c) {
            out.push('\'');
        }
        first = ENDS.contains(&c);
        out.push(c);
    }
    out.into()
}

/// Whether anything in a text has to be guarded: of a million rows hardly any, so nothing is copied before that is known.
fn could_begin(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |place: usize| match bytes.get(place) {
        Some(b'=' | b'+' | b'-' | b'@' | b'\'') => true,
        // The first byte of the wide forms.
        Some(0xef) => text.get(place..).is_some_and(|rest| rest.starts_with(BEGINS)),
        _ => false,
    };
    let behind =
        |(n, byte): (usize, &u8)| matches!(byte, b',' | b';' | b'\t' | b'\r' | b'\n') && at(n + 1);
    at(0) || bytes.iter().enumerate().any(behind)
}

/// The text that was guarded.
#[must_use]
pub fn unguard(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut first = true;
    for c in cell.chars() {
        if first && c == '\'' {
            first = false;
            continue;
        }
        first = ENDS.contains(&c);
        out.push(c);
    }
    out
}

/// The cells of one event in the order of [`COLUMNS`], unguarded; NULL is the empty cell.
#[must_use]
pub fn cells(e: &AuditEvent) -> [Cow<'_, str>; COLUMNS.len()] {
    let r = &e.row;
    [
        r.id.to_string().into(),
        r.occurred_at.to_string().into(),
        r.event_type.as_str().into(),
        text(&r.severity),
        text(&r.message),
        r.tenant_id.map(|t| t.to_string()).unwrap_or_default().into(),
        text(&r.actor_id),
        text(&r.actor_label),
        text(&r.actor_kind),
        text(&r.resource_type),
        text(&r.resource_id),
        text(&r.ip),
        text(&r.origin),
        text(&r.outcome),
        text(&e.payload),
        text(&e.db_user),
        text(&e.request_id),
        e.recorded_at.map(|t| t.to_string()).unwrap_or_default().into(),
        if e.late { "true".into() } else { "false".into() },
    ]
}

/// NULL is the empty text.
fn text(value: &Option<String>) -> Cow<'_, str> {
    value.as_deref().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn guards() {
        for (text, guarded) in [
            ("", ""),
            ("a=b", "a=b"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("＝1", "'＝1"),
            ("\t=x", "\t'=x"),
            ("'x", "''x"),
            ("x;=1+1,-2,'y", "x;'=1+1,'-2,''y"),
            ("a\n=b\r\n@c", "a\n'=b\r\n'@c"),
            (r#"{"n": [1, -2]}"#, r#"{"n": [1, -2]}"#),
        ] {
            assert_eq!(guard(text), guarded);
        }
    }

    #[test]
    fn no_reader_sees_a_formula_wherever_it_separates() {
        let guarded = guard("a;=1,+2\t-3\n@4;'=5");
        for part in guarded.split(ENDS) {
            assert!(!part.starts_with(['=', '+', '-', '@']), "{part}");
        }
    }

    proptest! {
        #[test]
        fn removing_the_guard_gives_the_text_back(text in "[a=+'@,;\\t\\r\\n-]{0,12}|\\PC{0,20}") {
            prop_assert_eq!(unguard(&guard(&text)), text);
        }
    }
}
