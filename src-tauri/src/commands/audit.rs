//! The audit log. Queries come as text; `ops::audit` reads them.

use super::Answer;
use crate::app::{App, held};
use crate::dialog;
use atalaya_model::Instant;
use atalaya_model::audit::query::{AuditOffers, AuditQuery, QueryAnswer};
use atalaya_model::audit::{
    AuditCount, AuditCursor, AuditEvent, AuditFacets, AuditHistogram, AuditOptions, AuditPage,
    AuditTail, EventId,
};
use atalaya_model::export::{AuditExport, ExportProgress, ExportResult};
use atalaya_ops::audit::{self, Cancel, Control};
use serde::Deserialize;
use std::sync::Mutex;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

/// A query as it is being written.
#[derive(Deserialize)]
pub struct Text {
    text: String,
}

/// What a text says as a query, or what is wrong with it.
#[tauri::command]
pub fn audit_parse(req: Text) -> QueryAnswer {
    audit::parse(&req.text)
}

/// A query to be printed.
#[derive(Deserialize)]
pub struct Print {
    query: AuditQuery,
}

/// The text that says a query.
#[tauri::command]
pub fn audit_print(req: Print) -> Answer<String> {
    Ok(audit::print(&req.query)?)
}

/// A query as it is being written, and where the cursor is.
#[derive(Deserialize)]
pub struct Writing {
    text: String,
    cursor: usize,
}

/// What could stand at the cursor.
#[tauri::command]
pub async fn audit_complete(app: State<'_, App>, req: Writing) -> Answer<AuditOffers> {
    let open = app.open()?;
    Ok(audit::complete(&open.context, &app.caller()?, &req.text, req.cursor).await?)
}

/// What the query bar offers.
#[tauri::command]
pub async fn audit_options(app: State<'_, App>) -> Answer<AuditOptions> {
    let open = app.open()?;
    Ok(audit::options(&open.context, &app.caller()?).await?)
}

/// A page that is asked for.
#[derive(Deserialize)]
pub struct Page {
    query: String,
    cursor: Option<AuditCursor>,
    limit: i64,
}

/// A page of the log; what is still looked for under another query is cancelled first.
#[tauri::command]
pub async fn audit_list(app: State<'_, App>, req: Page) -> Answer<AuditPage> {
    let open = app.open()?;
    let cancel = under(&app.running.list, &req.query);
    let Page { query, cursor, limit } = req;
    Ok(audit::list_until(&open.context, &app.caller()?, &query, cursor, limit, cancel).await?)
}

/// A query.
#[derive(Deserialize)]
pub struct Query {
    query: String,
}

/// Counts what the query shows; a count that is still running is cancelled first.
#[tauri::command]
pub async fn audit_count(app: State<'_, App>, req: Query) -> Answer<AuditCount> {
    let open = app.open()?;
    let cancel = renew(&app.running.count);
    Ok(audit::count(&open.context, &app.caller()?, &req.query, cancel).await?)
}

/// Cancels the count.
#[tauri::command]
pub async fn audit_count_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.count).cancel();
    Ok(())
}

/// Counts the values of the facets; a count of them that is still running is cancelled first.
#[tauri::command]
pub async fn audit_facets(app: State<'_, App>, req: Query) -> Answer<AuditFacets> {
    let open = app.open()?;
    let cancel = renew(&app.running.facets);
    Ok(audit::facets(&open.context, &app.caller()?, &req.query, cancel).await?)
}

/// Cancels the facets.
#[tauri::command]
pub async fn audit_facets_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.facets).cancel();
    Ok(())
}

/// A histogram that is asked for.
#[derive(Deserialize)]
pub struct Buckets {
    query: String,
    buckets: u32,
}

/// The query's rows over time; a histogram that is still being counted is cancelled first.
#[tauri::command]
pub async fn audit_histogram(app: State<'_, App>, req: Buckets) -> Answer<AuditHistogram> {
    let open = app.open()?;
    let cancel = renew(&app.running.histogram);
    let caller = app.caller()?;
    Ok(audit::histogram(&open.context, &caller, &req.query, req.buckets, cancel).await?)
}

/// Cancels the histogram.
#[tauri::command]
pub async fn audit_histogram_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.histogram).cancel();
    Ok(())
}

/// Where the tail goes on; without a mark it begins.
#[derive(Deserialize)]
pub struct Tail {
    query: String,
    mark: Option<String>,
}

/// What came since.
#[tauri::command]
pub async fn audit_tail(app: State<'_, App>, req: Tail) -> Answer<AuditTail> {
    let open = app.open()?;
    Ok(audit::tail(&open.context, &app.caller()?, &req.query, req.mark.as_deref()).await?)
}

/// Key of an event.
#[derive(Deserialize)]
pub struct Key {
    pub(super) id: EventId,
    pub(super) occurred_at: Instant,
}

/// One event.
#[tauri::command]
pub async fn audit_read(app: State<'_, App>, req: Key) -> Answer<AuditEvent> {
    let open = app.open()?;
    Ok(audit::read(&open.context, &app.caller()?, req.id, req.occurred_at).await?)
}

/// Asks where to, then exports; `null` when the person thought better of it.
#[tauri::command]
pub async fn audit_export(
    app: State<'_, App>,
    handle: AppHandle,
    req: AuditExport,
    progress: Channel<ExportProgress>,
) -> Answer<Option<ExportResult>> {
    let open = app.open()?;
    let caller = app.caller()?;
    let stamp = app.workplace.clock.now().format("%Y-%m-%d-%H%M%S");
    let extension = req.extension();
    let name = format!("atalaya-audit-{stamp}.{extension}");
    // The dialogs know the last part of an extension only.
    let last = extension.rsplit('.').next().unwrap_or(extension);
    let Some(path) = dialog::save(&handle, &name, (extension, last)).await? else {
        return Ok(None);
    };
    app.still(&open)?;
    let control = {
        let mut running = held(&app.running.export);
        running.cancel();
        *running = Control::default();
        running.clone()
    };
    let report = move |p| {
        if let Err(e) = progress.send(p) {
            tracing::warn!(error = %e, "progress was not shown");
        }
    };
    Ok(Some(audit::export(&open.context, &caller, req, &path, report, control).await?))
}

/// Cancels the export.
#[tauri::command]
pub async fn audit_export_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.export).cancel();
    Ok(())
}

/// Holds the export.
#[tauri::command]
pub async fn audit_export_pause(app: State<'_, App>) -> Answer<()> {
    held(&app.running.export).pause();
    Ok(())
}

/// Lets the export go on.
#[tauri::command]
pub async fn audit_export_resume(app: State<'_, App>) -> Answer<()> {
    held(&app.running.export).resume();
    Ok(())
}

/// Cancels what ran under this token and gives a new one.
pub(super) fn renew(token: &Mutex<Cancel>) -> Cancel {
    let mut token = held(token);
    token.cancel();
    *token = Cancel::new();
    token.clone()
}

/// The token that all pages of a query share; a new query cancels what ran under the one before.
fn under(pages: &Mutex<(String, Cancel)>, query: &str) -> Cancel {
    let mut pages = held(pages);
    if pages.0 != query || pages.1.is_cancelled() {
        pages.1.cancel();
        *pages = (query.to_owned(), Cancel::new());
    }
    pages.1.clone()
}

#[cfg(test)]
mod tests {
    use super::{Cancel, Mutex, held, under};

    #[test]
    fn a_new_query_cancels_the_pages_of_the_one_before() {
        let pages: Mutex<(String, Cancel)> = Mutex::default();
        let (first, second) = (under(&pages, "type:a"), under(&pages, "type:a"));
        assert!(!first.is_cancelled() && !second.is_cancelled());
        let other = under(&pages, "type:b");
        assert!(first.is_cancelled() && second.is_cancelled() && !other.is_cancelled());
        // Locking cancels too; who signs in again may ask the same.
        held(&pages).1.cancel();
        assert!(!under(&pages, "type:b").is_cancelled());
    }
}
