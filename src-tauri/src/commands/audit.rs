//! The audit log.

use super::Answer;
use crate::app::{App, held};
use crate::dialog;
use atalaya_model::Instant;
use atalaya_model::audit::{
    AuditCount, AuditCursor, AuditEvent, AuditFilter, AuditOptions, AuditPage, EventId,
};
use atalaya_model::export::{AuditExport, ExportProgress, ExportResult};
use atalaya_ops::audit::{self, Cancel};
use serde::Deserialize;
use std::sync::Mutex;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

/// What the filter bar offers.
#[tauri::command]
pub async fn audit_options(app: State<'_, App>) -> Answer<AuditOptions> {
    let open = app.open()?;
    Ok(audit::options(&open.context, &app.caller()?).await?)
}

/// A page that is asked for.
#[derive(Deserialize)]
pub struct Page {
    filter: AuditFilter,
    cursor: Option<AuditCursor>,
    limit: i64,
}

/// A page of the log.
#[tauri::command]
pub async fn audit_list(app: State<'_, App>, req: Page) -> Answer<AuditPage> {
    let open = app.open()?;
    Ok(audit::list(&open.context, &app.caller()?, req.filter, req.cursor, req.limit).await?)
}

/// What to count.
#[derive(Deserialize)]
pub struct Count {
    filter: AuditFilter,
}

/// Counts what the filter shows; a count that is still running is cancelled first.
#[tauri::command]
pub async fn audit_count(app: State<'_, App>, req: Count) -> Answer<AuditCount> {
    let open = app.open()?;
    let cancel = renew(&app.running.count);
    Ok(audit::count(&open.context, &app.caller()?, req.filter, cancel).await?)
}

/// Cancels the count.
#[tauri::command]
pub async fn audit_count_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.count).cancel();
    Ok(())
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
    let extension = req.format.extension();
    let stamp = app.workplace.clock.now().format("%Y-%m-%d-%H%M%S");
    let name = format!("atalaya-audit-{stamp}.{extension}");
    let Some(path) = dialog::save(&handle, &name, (extension, extension)).await? else {
        return Ok(None);
    };
    app.still(&open)?;
    let cancel = renew(&app.running.export);
    let report = move |p| {
        if let Err(e) = progress.send(p) {
            tracing::warn!(error = %e, "progress was not shown");
        }
    };
    Ok(Some(audit::export(&open.context, &caller, req, &path, report, cancel).await?))
}

/// Cancels the export.
#[tauri::command]
pub async fn audit_export_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.export).cancel();
    Ok(())
}

/// Cancels what ran under this token and gives a new one.
pub(super) fn renew(token: &Mutex<Cancel>) -> Cancel {
    let mut token = held(token);
    token.cancel();
    *token = Cancel::new();
    token.clone()
}
