//! `audit`: the log as a list, a number and a file.

use crate::args::{Audit, Connection};
use crate::connection::{self, Session};
use crate::failure::{Failure, Result};
use crate::output::{Output, columns, plain, shown};
use crate::{App, event, exit, filter, hints, list, stats};
use atalaya_model::audit::{AuditCursor, AuditRow, EventId, PAGE_LIMIT, Searched};
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
    // Not abandoned on Ctrl-C: each page ends its statement on the server.
    let listed = pages(app, &session, query, limit, cursor).await;
    let printed = listed.and_then(|listed| {
        print(app, &listed)?;
        Ok(listed.rows.is_empty())
    });
    hints::finish(app, session, query, printed).await
}

/// What was found, and how far that is all there is.
struct Listed {
    rows: Vec<AuditRow>,
    next: Option<AuditCursor>,
    searched: Option<Searched>,
    /// Whether the page behind these rows was refused.
    refused: bool,
}

/// A search that no index serves is not followed by a further one after this long: each takes a second and may find nothing.
const SEARCHING: Duration = Duration::from_secs(2);

/// Up to `limit` rows, in pages of the size that the operation gives.
async fn pages(
    app: &App,
    session: &Session,
    query: &str,
    limit: i64,
    cursor: Option<AuditCursor>,
) -> Result<Listed> {
    let began = Instant::now();
    let mut listed = Listed { rows: Vec::new(), next: cursor, searched: None, refused: false };
    loop {
        let size = (limit - listed.rows.len() as i64).min(PAGE_LIMIT);
        let (cx, caller, cancel) = (&session.context, &session.caller, app.cancel.clone());
        let page = match audit::list_until(cx, caller, query, listed.next, size, cancel).await {
            Ok(page) => page,
            // What was found before is worth more than an error.
            Err(e) if e.code == Code::QueryTooBroad && listed.next != cursor => {
                let until = listed.next.map(|at| at.occurred_at);
                listed.searched = until.map(|until| Searched { until, complete: false });
                listed.refused = true;
                return Ok(listed);
            }
            Err(e) => return Err(e.into()),
        };
        listed.rows.extend(page.rows);
        (listed.next, listed.searched) = (page.next, page.searched);
        let enough = listed.next.is_none() || listed.rows.len() as i64 >= limit;
        if enough || listed.unfinished() && began.elapsed() >= SEARCHING {
            return Ok(listed);
        }
    }
}

impl Listed {
    /// Whether there is more of the log that was not looked through.
    fn unfinished(&self) -> bool {
        self.searched.is_some_and(|searched| !searched.complete)
    }
}

/// The answer, and how to go on.
fn print(app: &App, listed: &Listed) -> Result<()> {
    let Listed { rows, next, searched, refused } = listed;
    let next = next.map(filter::cursor_text);
    let json = serde_json::json!({ "rows": rows, "next": next, "searched": searched });
    app.output.answer(&json, || list::text(app.output, rows, columns()))?;
    let Some(next) = next else { return Ok(()) };
    if *refused {
        app.output.note(app.output.say(
            "What comes next takes longer than a page may: narrow the query, by a period for example",
            "Lo que sigue tarda más de lo que puede tardar una página: acote la consulta, por ejemplo con un período",
        ));
    }
    let note = match searched.filter(|searched| !searched.complete) {
        Some(Searched { until, .. }) => app
            .output
            .say(
                "Searched back to {}; go on with --cursor",
                "Se buscó hacia atrás hasta {}; continúe con --cursor",
            )
            .replace("{}", &until.to_string()),
        None => app.output.say("There is more: --cursor", "Hay más: --cursor").to_owned(),
    };
    app.output.note(&format!("{note} {next}"));
    Ok(())
}

async fn count(app: &App, how: &Connection, query: &str) -> Result<()> {
    let session = connection::open(app, how).await?;
    let counted = audit::count(&session.context, &session.caller, query, app.cancel.clone()).await;
    let printed = counted.map_err(Failure::from).and_then(|counted| {
        let more = if counted.capped { app.output.say(" or more", " o más") } else { "" };
        app.output.answer(&counted, || format!("{}{more}", counted.count))?;
        Ok(counted.count == 0)
    });
    hints::finish(app, session, query, printed).await
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
    let gone = |e: &Error| to_stdout && reader_left(e);
    let done = done.map_err(|e| if gone(&e) { Failure::reader_left() } else { e.into() });
    let printed = done.and_then(|done| {
        if to_stdout {
            app.output.note(&summary(app, &done));
        } else {
            app.output.answer(&done, || summary(app, &done))?;
        }
        Ok(done.rows == 0)
    });
    hints::finish(app, session, &query, printed).await
}

/// Where the file will be: behind a link, at what it leads to. Whatever is there and is no file is never replaced.
fn target(output: &Path, force: bool) -> Result<PathBuf> {
    let refused = |english: &str, spanish: &str| {
        let failure = Failure::saying(Code::Conflict, english, spanish);
        Err(failure.with("path", shown(output)))
    };
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let missing = folder.filter(|folder| !folder.exists());
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
        Err(_) if missing.is_some() => Err(Failure::usage(
            "The folder of this file does not exist. Make it, or name a file in another one.",
            "La carpeta de ese archivo no existe. Créela, o indique un archivo en otra.",
        )
        .with("folder", shown(missing.unwrap_or(output)))),
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
