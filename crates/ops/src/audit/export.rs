//! Exporting what a query shows, as CSV or JSON Lines, compressed when asked.
//!
//! The file is written beside its target under another name and takes its place when it is whole, so that an export that
//! fails, is cancelled or loses its database leaves nothing behind and never harms a file that was there. One snapshot of
//! the log, read in keyset pages: memory stays flat, and rows that arrive meanwhile are not half in it.

use super::ask;
use super::cancel::unless_cancelled;
use super::gzip::Gzip;
use super::lines::{self, Lines};
use super::sink::Sink;
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::AuditEvent;
use atalaya_model::audit::query::Sought;
use atalaya_model::export::{AuditExport, ExportFormat, ExportProgress, ExportResult};
use atalaya_model::{Code, Error, Result};
use atalaya_store::audit::{self, After};
use atalaya_store::{Permit, Read, Store};
use std::ops::ControlFlow::{Break, Continue};
use std::path::Path;
use tokio::io::AsyncWrite;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
pub use tokio_util::sync::CancellationToken as Cancel;

/// How a running export is held, let go on, or ended.
#[derive(Debug, Clone)]
pub struct Control {
    cancel: Cancel,
    paused: watch::Sender<bool>,
}

impl Default for Control {
    fn default() -> Self {
        Cancel::new().into()
    }
}

impl From<Cancel> for Control {
    fn from(cancel: Cancel) -> Self {
        Self { cancel, paused: watch::Sender::new(false) }
    }
}

impl Control {
    /// Ends it; no file is left.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Holds it at the end of its page, with its snapshot of the log. The server may end a transaction that rests for longer than
    /// it allows.
    pub fn pause(&self) {
        self.paused.send_replace(true);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.paused.send_replace(false);
    }
}

/// Rows of the first page of the snapshot: what is slow to find is seen to have begun.
const FIRST_PAGE: i64 = 500;
/// Rows of a page at most.
const PAGE: i64 = 20_000;
/// Bytes of text that the next page may have, judged by the one before: payloads can be long.
const PAGE_BYTES: usize = 8 << 20;
/// Bytes of text with which a page ends, however many rows it was to have: these were longer than the ones before.
const MOST_BYTES: usize = 2 * PAGE_BYTES;

/// A page of the log as text.
struct Page {
    text: Vec<u8>,
    rows: u64,
    /// Where the next one begins.
    last: Option<After>,
}

impl Page {
    /// Rows of the page after this one, which had `limit` at most.
    fn next_limit(&self, limit: i64) -> i64 {
        let fitting = u128::from(self.rows) * PAGE_BYTES as u128 / self.text.len().max(1) as u128;
        i64::try_from(fitting).unwrap_or(PAGE).min(4 * limit).clamp(1, PAGE)
    }
}

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
    control: impl Into<Control>,
) -> Result<ExportResult> {
    let sought = ask::sought(&request.query, ask::now(cx))?;
    let permit = cx.store.permit(caller, Action::AuditExport, Scope::All).await?;
    let sink = Sink::file(path).await?;
    let (rows, bytes) =
        write(cx, permit, (request, sought), sink, progress, control.into()).await?;
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
    control: impl Into<Control>,
) -> Result<ExportResult> {
    let sought = ask::sought(&request.query, ask::now(cx))?;
    let permit = cx.store.permit(caller, Action::AuditExport, Scope::All).await?;
    let sink = Sink::stream(Box::new(out));
    let (rows, bytes) =
        write(cx, permit, (request, sought), sink, progress, control.into()).await?;
    Ok(ExportResult { path: "-".to_owned(), rows, bytes })
}

/// Rows and bytes that went into the sink.
async fn write(
    cx: &Context,
    permit: Permit,
    (request, sought): (AuditExport, Sought),
    mut sink: Sink,
    progress: impl Fn(ExportProgress) + Send,
    control: Control,
) -> Result<(u64, u64)> {
    let AuditExport { query, format, compress } = request;
    // With the times that its words meant.
    let note = serde_json::json!({
        "query": query, "after": sought.after, "before": sought.before, "format": format, "compress": compress,
    });
    let store = cx.store.clone();
    cx.store
        .view_of(permit, None, Some(note), async move |read| {
            let backend = read.backend();
            let stop = Stop { store, backend, give_up: control.cancel.child_token(), control };
            audit::be_patient(read).await?;
            let out = (&mut sink, compress.then(Gzip::new));
            let rows = copy(read, &sought, format, out, &progress, &stop).await?;
            Ok((rows, sink.keep().await?))
        })
        .await
}

/// How the export is stopped, whatever its statement is doing.
struct Stop {
    store: Store,
    backend: i32,
    control: Control,
    /// Cancelled with the export, and when nothing more can be written.
    give_up: Cancel,
}

const CANCELLED: &str = "The export was cancelled; no file was left.";

impl Stop {
    async fn before<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let cancel = &self.give_up;
        if cancel.is_cancelled() {
            return Err(Error::new(Code::Cancelled, CANCELLED));
        }
        unless_cancelled(&self.store, self.backend, cancel, CANCELLED, work).await
    }

    /// Returns at once, or when it may go on; tells once that it waits, and once that it goes on.
    async fn rest(&self, tell: impl Fn(bool)) -> Result<()> {
        let mut paused = self.control.paused.subscribe();
        if !*paused.borrow() {
            return Ok(());
        }
        tell(true);
        tokio::select! {
            // The sender is held here: it does not go away.
            _ = paused.wait_for(|paused| !paused) => {}
            () = self.control.cancel.cancelled() => {
                return Err(Error::new(Code::Cancelled, CANCELLED));
            }
        }
        tell(false);
        Ok(())
    }
}

/// Reads page after page and writes it: the next page is read while this one goes to the disk.
async fn copy(
    read: &mut Read,
    sought: &Sought,
    format: ExportFormat,
    (out, mut gzip): (&mut Sink, Option<Gzip>),
    progress: &(impl Fn(ExportProgress) + Send),
    stop: &Stop,
) -> Result<u64> {
    // Before anything is waited for: the person has chosen, and sees that it began.
    progress(ExportProgress { rows: 0, bytes: 0, total: None, paused: false });
    let count = stop.before(audit::count(read, sought)).await?;
    let total = (!count.capped).then_some(count.count);
    let mut rows: u64 = 0;
    let mut limit = FIRST_PAGE;
    // Two pages' memory takes turns: one is read while the other is written.
    let mut free = Vec::with_capacity(MOST_BYTES);
    let memory = Vec::with_capacity(MOST_BYTES);
    let mut page = stop.before(page_of(read, sought, (format, memory), None, limit)).await?;
    while let Some(last) = page.last {
        rows += page.rows;
        limit = page.next_limit(limit);
        // The snapshot shows the caller as they were; whoever was suspended meanwhile gets no more.
        stop.store.still_permits(read).await?;
        let next = stop.before(page_of(read, sought, (format, free), Some(last), limit));
        let (next, written) = tokio::join!(next, async {
            let written = put(out, page.text, gzip).await;
            if written.is_err() {
                // Nothing can be written any more: the next page need not be found.
                stop.give_up.cancel();
            }
            written
        });
        (gzip, free) = written?;
        page = next?;
        let bytes = out.bytes();
        progress(ExportProgress { rows, bytes, total, paused: false });
        stop.rest(|paused| progress(ExportProgress { rows, bytes, total, paused })).await?;
    }
    // Where there is no event at all there is a head still.
    let (gzip, _) = put(out, page.text, gzip).await?;
    if let Some(gzip) = gzip {
        out.write(gzip.finish()?).await?;
    }
    Ok(rows)
}

/// Up to `limit` events after `cursor` as text; with what stands before the first event where there is no cursor. Each becomes text
/// as it comes, while it is in the processor's cache; a list of them is read from memory once more, by another thread.
async fn page_of(
    read: &mut Read,
    sought: &Sought,
    (format, mut memory): (ExportFormat, Vec<u8>),
    cursor: Option<After>,
    limit: i64,
) -> Result<Page> {
    // What a row of uncommon length needed is not kept for the others.
    memory.clear();
    memory.shrink_to(MOST_BYTES);
    let mut lines = Lines::new(format, memory, cursor.is_none())?;
    let (mut rows, mut last) = (0, None);
    let take = |event: AuditEvent| {
        rows += 1;
        last = Some((event.row.occurred_at, event.row.id));
        lines.push(&event)?;
        Ok(if lines.len() < MOST_BYTES { Continue(()) } else { Break(()) })
    };
    audit::each_of_page(read, sought, cursor, limit, take).await?;
    Ok(Page { text: lines.finish()?, rows, last })
}

/// Writes a text, compressed where it is to be, which takes a processor for itself. Gives memory and compression back.
async fn put(out: &mut Sink, text: Vec<u8>, gzip: Option<Gzip>) -> Result<(Option<Gzip>, Vec<u8>)> {
    let Some(mut gzip) = gzip else { return Ok((None, out.write(text).await?)) };
    let work = spawn_blocking(move || gzip.pack(&text).map(|packed| (gzip, text, packed)));
    let (gzip, text, packed) = work.await.map_err(lines::internal)??;
    out.write(packed).await?;
    Ok((Some(gzip), text))
}
