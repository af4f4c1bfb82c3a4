//! Exporting what the filter shows, as CSV or JSON Lines.
//!
//! The file is written beside its target under another name and takes its place when it is whole, so that an export that
//! fails, is cancelled or loses its database leaves nothing behind and never harms a file that was there. One snapshot of
//! the log, read in keyset pages: memory stays flat, and rows that arrive meanwhile are not half in it.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditEvent, AuditFilter};
use atalaya_model::export::{
    AuditExport, COLUMNS, ExportFormat, ExportProgress, ExportResult, cells, guard,
};
use atalaya_model::{Code, Error, Result};
use atalaya_store::{Read, audit};
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;
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
    let mut partial = Partial::create(path).await?;
    let note = serde_json::json!({ "filter": request.filter, "format": request.format });
    let AuditExport { filter, format } = request;
    let written = cx
        .store
        .view_of(permit, None, Some(note), async move |read| {
            let rows = copy(read, &filter, format, &mut partial, &progress, &cancel).await?;
            Ok((rows, partial.keep().await?))
        })
        .await;
    let (rows, bytes) = written?;
    Ok(ExportResult { path: path.display().to_string(), rows, bytes })
}

async fn copy(
    read: &mut Read,
    filter: &AuditFilter,
    format: ExportFormat,
    out: &mut Partial,
    progress: &(impl Fn(ExportProgress) + Send),
    cancel: &Cancel,
) -> Result<u64> {
    let count = audit::count(read, filter).await?;
    let total = (!count.capped).then_some(count.count);
    let mut rows: u64 = 0;
    let mut cursor = None;
    if format == ExportFormat::Csv {
        out.write(&line(COLUMNS.iter().copied())?).await?;
    }
    loop {
        if cancel.is_cancelled() {
            return Err(Error::new(Code::Cancelled, "The export was cancelled; no file was left."));
        }
        let page = audit::page(read, filter, cursor, PAGE, true).await?;
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
        progress(ExportProgress { rows, bytes: out.bytes, total });
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

/// A file in the making, beside its target; removed when it is dropped before [`Partial::keep`].
struct Partial {
    file: tokio::fs::File,
    path: PathBuf,
    target: PathBuf,
    bytes: u64,
    kept: bool,
}

impl Partial {
    async fn create(target: &Path) -> Result<Self> {
        let name = target.file_name().ok_or_else(|| Error::invalid("path", "The path names no file."))?;
        let mut partial = std::ffi::OsString::from(".");
        partial.push(name);
        partial.push(format!(".{}.part", std::process::id()));
        let path = target.with_file_name(partial);
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // What is in the log is not for other users of the machine.
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(|e| unwritable(e, target))?;
        Ok(Self { file, path, target: target.to_owned(), bytes: 0, kept: false })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).await.map_err(|e| unwritable(e, &self.target))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Writes it out to the disk and gives it its name.
    async fn keep(mut self) -> Result<u64> {
        let done = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            tokio::fs::rename(&self.path, &self.target).await
        };
        done.await.map_err(|e| unwritable(e, &self.target))?;
        self.kept = true;
        Ok(self.bytes)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept
            && let Err(e) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(error = %e, "a partial export could not be removed");
        }
    }
}

/// A file error as the product's codes.
pub(crate) fn unwritable(e: std::io::Error, path: &Path) -> Error {
    use std::io::ErrorKind;
    let (code, message) = match e.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            (Code::DiskFull, "The disk is full. Nothing was left behind.")
        }
        _ => (Code::FileUnwritable, "The file cannot be written there."),
    };
    Error::new(code, message).with("path", path.display()).because(e)
}
