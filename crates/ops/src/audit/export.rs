//! Exporting what the filter shows, as CSV or JSON Lines.
//!
//! The file is written beside its target under another name and takes its place when it is whole, so that an export that
//! fails, is cancelled or loses its database leaves nothing behind and never harms a file that was there. One snapshot of
//! the log, read in keyset pages: memory stays flat, and rows that arrive meanwhile are not half in it.

use super::cancel::unless_cancelled;
use super::sink::Sink;
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditEvent, AuditFilter};
use atalaya_model::export::{
    AuditExport, COLUMNS, ExportFormat, ExportProgress, ExportResult, cells, guard,
};
use atalaya_model::{Code, Error, Result};
use atalaya_store::{Permit, Read, Store, audit};
use serde_json::value::RawValue;
use std::path::Path;
use tokio::io::AsyncWrite;
pub use tokio_util::sync::CancellationToken as Cancel;

/// Rows per page of the snapshot.
const PAGE: i64 = 2_000;

/// Exports to `path`, reporting progress. The export is audited before its first row is read.
///
/// # Errors
/// `CANCELLED`, `DISK_FULL`, `FILE_UNWRITABLE`, `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn export(
    cx: &Context,
    caller: &Caller,
    request: AuditExport,
    path: &Path,
    progress: impl Fn(ExportProgress) + Send,
    cancel: Cancel,
) -> Result<ExportResult> {
    request.filter.check()?;
    let permit = cx.store.permit(caller, Action::AuditExport, Scope::All).await?;
    let sink = Sink::file(path).await?;
    let (rows, bytes) = write(cx, permit, request, sink, progress, cancel).await?;
    Ok(ExportResult { path: path.display().to_string(), rows, bytes })
}

/// As [`export`], into a stream such as a pipe. What was written before a failure or a cancellation has left already; the
/// answer's `path` is `-`.
///
/// # Errors
/// As [`export`]; `FILE_UNWRITABLE` when the stream's reader is gone.
pub async fn export_to(
    cx: &Context,
    caller: &Caller,
    request: AuditExport,
    out: impl AsyncWrite + Send + Unpin + 'static,
    progress: impl Fn(ExportProgress) + Send,
    cancel: Cancel,
) -> Result<ExportResult> {
    request.filter.check()?;
    let permit = cx.store.permit(caller, Action::AuditExport, Scope::All).await?;
    let sink = Sink::stream(Box::new(out));
    let (rows, bytes) = write(cx, permit, request, sink, progress, cancel).await?;
    Ok(ExportResult { path: "-".to_owned(), rows, bytes })
}

/// Rows and bytes that went into the sink.
async fn write(
    cx: &Context,
    permit: Permit,
    request: AuditExport,
    mut sink: Sink,
    progress: impl Fn(ExportProgress) + Send,
    cancel: Cancel,
) -> Result<(u64, u64)> {
    let note = serde_json::json!({ "filter": request.filter, "format": request.format });
    let AuditExport { filter, format } = request;
    let store = cx.store.clone();
    cx.store
        .view_of(permit, None, Some(note), async move |read| {
            let stop = Stop { store, backend: audit::backend(read).await?, cancel };
            audit::be_patient(read).await?;
            let rows = copy(read, &filter, format, &mut sink, &progress, &stop).await?;
            Ok((rows, sink.keep().await?))
        })
        .await
}

/// How the export is stopped, whatever its statement is doing.
struct Stop {
    store: Store,
    backend: i32,
    cancel: Cancel,
}

impl Stop {
    async fn before<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        const MESSAGE: &str = "The export was cancelled; no file was left.";
        if self.cancel.is_cancelled() {
            return Err(Error::new(Code::Cancelled, MESSAGE));
        }
        unless_cancelled(&self.store, self.backend, &self.cancel, MESSAGE, work).await
    }
}

async fn copy(
    read: &mut Read,
    filter: &AuditFilter,
    format: ExportFormat,
    out: &mut Sink,
    progress: &(impl Fn(ExportProgress) + Send),
    stop: &Stop,
) -> Result<u64> {
    // Before anything is waited for: the person has chosen, and sees that it began.
    progress(ExportProgress { rows: 0, bytes: 0, total: None });
    let count = stop.before(audit::count(read, filter)).await?;
    let total = (!count.capped).then_some(count.count);
    let mut rows: u64 = 0;
    let mut cursor = None;
    if format == ExportFormat::Csv {
        out.write(&line(COLUMNS.iter().copied())?).await?;
    }
    loop {
        let page = stop.before(audit::page(read, filter, cursor, PAGE, true)).await?;
        let Some(last) = page.last() else { break };
        cursor = Some(last.row.cursor());
        let mut chunk = Vec::with_capacity(page.len() * 512);
        for event in &page {
            match format {
                ExportFormat::Csv => {
                    let cells = cells(event);
                    chunk.extend(line(cells.iter().map(|c| guard(c)))?);
                }
                ExportFormat::Jsonl => json_line(&mut chunk, event)?,
            }
        }
        out.write(&chunk).await?;
        rows += page.len() as u64;
        progress(ExportProgress { rows, bytes: out.bytes(), total });
    }
    Ok(rows)
}

/// One line of RFC 4180, with CRLF.
fn line<C: AsRef<str>>(cells: impl Iterator<Item = C>) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for cell in cells {
        writer.write_field(cell.as_ref()).map_err(internal)?;
    }
    writer.write_record(None::<&[u8]>).map_err(internal)?;
    writer.into_inner().map_err(internal)
}

/// One JSON object and a line feed; the payload goes in as Postgres printed it.
fn json_line(out: &mut Vec<u8>, event: &AuditEvent) -> Result<()> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        #[serde(flatten)]
        row: &'a atalaya_model::audit::AuditRow,
        db_user: &'a Option<String>,
        request_id: &'a Option<String>,
        recorded_at: Option<atalaya_model::Instant>,
        late: bool,
    }
    let e = event;
    let head = Line {
        row: &e.row,
        db_user: &e.db_user,
        request_id: &e.request_id,
        recorded_at: e.recorded_at,
        late: e.late,
    };
    serde_json::to_writer(&mut *out, &head).map_err(internal)?;
    // `flatten` buffers values and would pass the payload through a float: it is appended as text instead.
    let payload: Option<&RawValue> =
        e.payload.as_deref().map(serde_json::from_str).transpose().map_err(internal)?;
    out.pop();
    out.extend_from_slice(br#","payload":"#);
    serde_json::to_writer(&mut *out, &payload).map_err(internal)?;
    out.extend_from_slice(b"}\n");
    Ok(())
}

fn internal(e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::Internal, "A row could not be written as text.").because(e)
}
