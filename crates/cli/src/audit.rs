//! `audit`: the log as a list, a number and a file.

use crate::args::{Audit, Connection};
use crate::connection::{self, Session};
use crate::failure::{Failure, Result};
use crate::hints::{self, Unknown};
use crate::output::{Output, columns, plain, shown};
use crate::{App, event, exit, filter, list, stats};
use atalaya_model::audit::{AuditCursor, AuditRow, EventId, PAGE_LIMIT};
use atalaya_model::export::{AuditExport, ExportProgress, ExportResult};
use atalaya_model::{Code, Error};
use atalaya_ops::audit;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Runs one of the commands.
pub async fn run(app: &App, command: Audit) -> Result<u8> {
    match command {
        Audit::List { connection, filter, limit, cursor } => {
            let query = filter.query(app.workplace.clock.now())?;
            let cursor = cursor.as_deref().map(filter::cursor).transpose()?;
            list(app, &connection, &query, i64::from(limit), cursor).await?;
        }
        Audit::Show { connection, id, time } => {
            let time = time.as_deref().map(filter::time).transpose()?;
            event::run(app, &connection, EventId(id), time).await?;
        }
        Audit::Count { connection, filter } => {
            count(app, &connection, &filter.query(app.workplace.clock.now())?).await?;
        }
        Audit::Stats { connection, filter, buckets } => {
            stats::run(app, &connection, &filter.query(app.workplace.clock.now())?, buckets)
                .await?;
        }
        Audit::Export { connection, filter, format, output, compress, force } => {
            let request = AuditExport {
                query: filter.query(app.workplace.clock.now())?,
                format: format.into(),
                compress,
            };
            export(app, &connection, request, &output, force).await?;
        }
    }
    Ok(exit::OK)
}

async fn list(
    app: &App,
    how: &Connection,
    query: &str,
    limit: i64,
    cursor: Option<AuditCursor>,
) -> Result<()> {
    let session = connection::open(app, how).await?;
    let work = async {
        let (rows, next) = pages(app, &session, query, limit, cursor).await?;
        let unknown = hints::unknown(app, &session, query, rows.is_empty()).await;
        Ok((rows, next, unknown))
    };
    // Not abandoned on Ctrl-C: each page ends its statement on the server.
    let listed: Result<_> = work.await;
    session.close().await;
    let (rows, next, unknown) = listed?;
    let next = next.map(filter::cursor_text);
    let json = serde_json::json!({ "rows": rows, "next": next });
    app.output.answer(&json, || list::text(app.output, &rows, columns()))?;
    hints::say(app, query, rows.is_empty(), &unknown);
    if let Some(next) = next {
        app.output
            .note(&format!("{}: --cursor {next}", app.output.say("There is more", "Hay más")));
    }
    Ok(())
}

/// Up to `limit` rows, in pages of the size that the operation gives.
async fn pages(
    app: &App,
    session: &Session,
    query: &str,
    limit: i64,
    mut cursor: Option<AuditCursor>,
) -> Result<(Vec<AuditRow>, Option<AuditCursor>)> {
    let mut rows = Vec::new();
    loop {
        let left = limit - rows.len() as i64;
        let size = left.min(PAGE_LIMIT);
        let (cx, caller) = (&session.context, &session.caller);
        let page = audit::list_until(cx, caller, query, cursor, size, app.cancel.clone()).await?;
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() || rows.len() as i64 >= limit {
            return Ok((rows, cursor));
        }
    }
}

async fn count(app: &App, how: &Connection, query: &str) -> Result<()> {
    let session = connection::open(app, how).await?;
    let counted = audit::count(&session.context, &session.caller, query, app.cancel.clone()).await;
    let unknown = match &counted {
        Ok(counted) => hints::unknown(app, &session, query, counted.count == 0).await,
        Err(_) => Unknown::default(),
    };
    session.close().await;
    let counted = counted?;
    hints::say(app, query, counted.count == 0, &unknown);
    let more = if counted.capped { app.output.say(" or more", " o más") } else { "" };
    app.output.answer(&counted, || format!("{}{more}", counted.count))?;
    Ok(())
}

async fn export(
    app: &App,
    how: &Connection,
    request: AuditExport,
    output: &Path,
    force: bool,
) -> Result<()> {
    let to_stdout = output.as_os_str() == "-";
    // What the log holds is anybody's words, and a terminal obeys some of them; an export is as it is.
    if to_stdout && std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            "An export does not go to a terminal, which would obey what its rows hold. Name a file, or send it on with `|` or `>`; `audit list` shows events.",
            "Una exportación no va a una terminal, que obedecería lo que contienen sus filas. Indique un archivo, o redirija con `|` o `>`; `audit list` muestra los eventos.",
        ));
    }
    let output = &if to_stdout { output.to_owned() } else { target(output, force)? };
    let session = connection::open(app, how).await?;
    let (cx, caller, cancel) = (&session.context, &session.caller, app.cancel.clone());
    let (progress, query) = (reporter(app), request.query.clone());
    // Not abandoned on Ctrl-C: the operation itself ends, and takes its file with it.
    let done = if to_stdout {
        audit::export_to(cx, caller, request, tokio::io::stdout(), progress, cancel).await
    } else {
        audit::export(cx, caller, request, output, progress, cancel).await
    };
    app.output.progress_done();
    let unknown = match &done {
        Ok(done) => hints::unknown(app, &session, &query, done.rows == 0).await,
        Err(_) => Unknown::default(),
    };
    session.close().await;
    if to_stdout && done.as_ref().is_err_and(reader_left) {
        return Err(Failure::reader_left());
    }
    let done = done?;
    hints::say(app, &query, done.rows == 0, &unknown);
    if to_stdout {
        app.output.note(&summary(app, &done));
        return Ok(());
    }
    app.output.answer(&done, || summary(app, &done))
}

/// Where the file will be: behind a link, at what it leads to. Whatever is there and is no file is never replaced.
fn target(output: &Path, force: bool) -> Result<PathBuf> {
    let refused = |english: &str, spanish: &str| {
        let failure = Failure::saying(Code::Conflict, english, spanish);
        Err(failure.with("path", shown(output)))
    };
    match std::fs::metadata(output) {
        Ok(found) if found.is_dir() => refused(
            "This is a folder. Name a file in it.",
            "Es una carpeta. Indique un archivo dentro de ella.",
        ),
        Ok(found) if !found.is_file() => refused(
            "This is a device or a pipe and no file, and is not replaced. Write to `-` and redirect that.",
            "Es un dispositivo o una tubería y no un archivo: no se reemplaza. Escriba en `-` y redirija la salida.",
        ),
        Ok(_) if !force => refused(
            "The file is there already. Choose another, or replace it with --force.",
            "El archivo ya existe. Elija otro, o reemplácelo con --force.",
        ),
        Ok(_) => Ok(output.canonicalize().unwrap_or_else(|_| output.to_owned())),
        Err(_) if output.parent().is_some_and(|p| !p.as_os_str().is_empty() && !p.exists()) => {
            refused(
                "The folder of this file does not exist.",
                "La carpeta de ese archivo no existe.",
            )
        }
        Err(_) => Ok(output.to_owned()),
    }
}

fn summary(app: &App, done: &ExportResult) -> String {
    let ExportResult { path, rows, bytes } = done;
    let place = if path == "-" { String::new() } else { format!(": {path}") };
    format!("{rows} {}, {bytes} bytes{}", events(app.output, *rows), plain(&place))
}

/// The word behind a number of them.
fn events(output: Output, n: u64) -> &'static str {
    if n == 1 { output.say("event", "evento") } else { output.say("events", "eventos") }
}

/// Whether the other end of the pipe was closed, as `head` does when it has its lines.
fn reader_left(e: &Error) -> bool {
    let cause = e.source.as_ref().and_then(|e| e.downcast_ref::<std::io::Error>());
    cause.is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Reports five times a second at most.
fn reporter(app: &App) -> impl Fn(ExportProgress) + Send + use<> {
    let output = app.output;
    let last = std::sync::Mutex::new(None::<Instant>);
    move |at| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.is_none_or(|t| t.elapsed() >= Duration::from_millis(200)) {
            *last = Some(Instant::now());
            let total = at.total.map_or_else(String::new, |n| format!(" / {n}"));
            let events = events(output, at.total.map_or(at.rows, i64::unsigned_abs));
            output.progress(&format!("{}{total} {events}", at.rows));
        }
    }
}
