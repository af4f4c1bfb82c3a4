//! `audit show`: one event, whole.
//!
//! JSON goes from Postgres to the screen as text: no number of it ever becomes a float.

use crate::App;
use crate::args::Connection;
use crate::connection::{self, Session};
use crate::failure::{Failure, Result};
use crate::json_text::indented;
use crate::output::{plain, table};
use atalaya_model::audit::{AuditChange, AuditEvent, ChangedRow, EventId};
use atalaya_model::{Code, Error, Instant};
use atalaya_ops::{audit, changes};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

type Fields = BTreeMap<String, Box<RawValue>>;

/// Shows the event of this number, and of this time where several have the number.
pub async fn run(app: &App, how: &Connection, id: EventId, time: Option<Instant>) -> Result<()> {
    let session = connection::open(app, how).await?;
    let found = tokio::select! {
        found = read(&session, id, time) => found,
        () = app.cancel.cancelled() => Err(Failure::cancelled()),
    };
    session.close().await;
    let (event, changes) = found?;
    let document = Document::of(&event, &changes)?;
    app.output.answer(&document, || text(app, &event, &changes))
}

async fn read(
    session: &Session,
    id: EventId,
    time: Option<Instant>,
) -> Result<(AuditEvent, Vec<AuditChange>)> {
    let (cx, caller) = (&session.context, &session.caller);
    let event = match time {
        Some(time) => audit::read(cx, caller, id, time).await,
        None => audit::find(cx, caller, id).await,
    }
    .map_err(unfound)?;
    let changes = changes::list(cx, caller, id, event.row.occurred_at).await?;
    Ok((event, changes))
}

/// What is special about events: a number that is not there, or that an adopted log gave more than once.
fn unfound(error: Error) -> Failure {
    let (english, spanish) = match error.code {
        Code::EntityNotFound => (
            "There is no such event, or not for you. Its number is the last column of `audit list`.",
            "No existe ese evento, o no está a su alcance. Su número es la última columna de `audit list`.",
        ),
        Code::Conflict if error.detail.contains_key("times") => (
            "Several events have this number. Give the time of one behind it: `audit show ID TIME`.",
            "Varios eventos tienen este número. Indique tras él la fecha de uno: `audit show ID FECHA`.",
        ),
        _ => return error.into(),
    };
    Failure::of(error, english, spanish)
}

/// The answer as JSON.
#[derive(Serialize)]
struct Document<'a> {
    event: Fields,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    table: &'a str,
    operation: &'a str,
    count: i64,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
}

impl<'a> Document<'a> {
    fn of(event: &AuditEvent, changes: &'a [AuditChange]) -> Result<Self> {
        let written = serde_json::to_string(event).map_err(unwritten)?;
        let mut fields: Fields = serde_json::from_str(&written).map_err(unwritten)?;
        let payload = event.payload.as_deref().unwrap_or("null");
        fields.insert("payload".to_owned(), raw(payload)?);
        let row = |row: &ChangedRow| {
            let side = |text: &Option<String>| text.as_deref().map(raw).transpose();
            Ok(Row { before: side(&row.before)?, after: side(&row.after)? })
        };
        let change = |c: &'a AuditChange| {
            let rows = c.rows.iter().map(row).collect::<Result<_>>()?;
            Ok(Change { table: &c.table, operation: &c.operation, count: c.count, rows })
        };
        Ok(Self { event: fields, changes: changes.iter().map(change).collect::<Result<_>>()? })
    }
}

fn raw(text: &str) -> Result<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).map_err(unwritten)
}

fn unwritten(e: serde_json::Error) -> Failure {
    Error::new(Code::Internal, "The event cannot be written as JSON.").because(e).into()
}

fn text(app: &App, event: &AuditEvent, changes: &[AuditChange]) -> String {
    let AuditEvent { row, payload, db_user, request_id, recorded_at, session_id, late } = event;
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut lines = vec![
        vec!["id".to_owned(), row.id.to_string()],
        vec![say("time (UTC)", "fecha (UTC)"), row.occurred_at.to_string()],
    ];
    let mut line = |name: String, value: Option<&str>| {
        if let Some(value) = value {
            lines.push(vec![name, plain(value)]);
        }
    };
    let recorded = recorded_at.filter(|_| *late).map(|t| t.to_string());
    line(say("written down late", "anotado tarde"), recorded.as_deref());
    line(say("type", "tipo"), Some(&row.event_type));
    line(say("severity", "severidad"), row.severity.as_deref());
    line(say("outcome", "resultado"), row.outcome.as_deref());
    line("actor".to_owned(), joined([&row.actor_label, &row.actor_id, &row.actor_kind]).as_deref());
    line(say("tenant", "empresa"), row.tenant_id.map(|t| t.to_string()).as_deref());
    line(
        say("resource", "recurso"),
        joined([&row.resource_type, &row.resource_id, &None]).as_deref(),
    );
    line("ip".to_owned(), row.ip.as_deref());
    line(say("origin", "origen"), row.origin.as_deref());
    line(say("request", "solicitud"), request_id.as_deref());
    line(say("session", "sesión"), session_id.as_deref());
    line(say("database login", "usuario de la base"), db_user.as_deref());
    line(say("message", "mensaje"), row.message.as_deref());
    let mut parts = vec![table(&lines)];
    parts.extend(changes.iter().map(|change| told(app, change)));
    if let Some(payload) = payload {
        let payload: Vec<_> = indented(payload).lines().map(plain).collect();
        parts.push(format!("{}\n{}\n", say("payload", "datos"), payload.join("\n")));
    }
    parts.join("\n")
}

fn joined(parts: [&Option<String>; 3]) -> Option<String> {
    let mut there: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
    there.dedup();
    (!there.is_empty()).then(|| there.join("  "))
}

/// What one statement changed: the fields that differ, before and after.
fn told(app: &App, change: &AuditChange) -> String {
    let mut out = match change.operation.as_str() {
        "INSERT" => app.output.say("added", "agregado"),
        "UPDATE" => app.output.say("changed", "cambiado"),
        "DELETE" => app.output.say("deleted", "borrado"),
        "TRUNCATE" => app.output.say("emptied", "vaciado"),
        other => other,
    }
    .to_owned();
    out.push_str(&format!(": {} ({})\n", plain(&change.table), change.count));
    let hidden = app.output.say("(protected)", "(protegido)");
    for row in &change.rows {
        for (name, before, after) in differences(row) {
            let value = |text: Option<String>| match text {
                Some(text) if text.starts_with(r#"{"digest":"#) => hidden.to_owned(),
                Some(text) => plain(&text),
                None => "-".to_owned(),
            };
            let line = match (before, after) {
                (None, after) => value(after),
                (before, None) if row.after.is_none() => value(before),
                (before, after) => format!("{} -> {}", value(before), value(after)),
            };
            out.push_str(&format!("  {}: {line}\n", plain(&name)));
        }
        out.push('\n');
    }
    let missing =
        usize::try_from(change.count).unwrap_or_default().saturating_sub(change.rows.len());
    if missing > 0 && !change.rows.is_empty() {
        out.push_str(&format!("  {}: {missing}\n", app.output.say("more rows", "filas más")));
    }
    out.trim_end().to_owned() + "\n"
}

/// Names whose JSON differs, with its text on both sides. A side that is no object has none.
fn differences(row: &ChangedRow) -> Vec<(String, Option<String>, Option<String>)> {
    let fields = |text: &Option<String>| -> Fields {
        text.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
    };
    let (before, after) = (fields(&row.before), fields(&row.after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = |side: &Fields, name: &str| side.get(name).map(|v| v.get().to_owned());
    names
        .into_iter()
        .map(|name| (name.clone(), of(&before, name), of(&after, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_digit_by_digit() {
        let row = ChangedRow {
            before: Some(r#"{"id": 1, "score": 1.10, "gone": null}"#.to_owned()),
            after: Some(r#"{"id": 1, "score": 12345678901234567890.10}"#.to_owned()),
        };
        let told = differences(&row);
        let digits = "12345678901234567890.10".to_owned();
        assert_eq!(told[0], ("gone".to_owned(), Some("null".to_owned()), None));
        assert_eq!(told[1], ("score".to_owned(), Some("1.10".to_owned()), Some(digits)));
        assert_eq!(told.len(), 2);
    }
}
