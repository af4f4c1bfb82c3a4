//! Reviewing the log: what an event changed, saved views, findings.

use super::Answer;
use super::audit::{Key, renew};
use crate::app::{App, held};
use atalaya_model::audit::{AuditChange, AuditFindings, FindingRule, SavedView};
use atalaya_ops::changes;
use atalaya_ops::findings::{self, Asked, Note};
use atalaya_ops::views::{self, Save};
use chrono::{Local, Offset, TimeZone};
use serde::Deserialize;
use std::time::Duration;
use tauri::State;
use uuid::Uuid;

/// What an event changed.
#[tauri::command]
pub async fn audit_changes(app: State<'_, App>, req: Key) -> Answer<Vec<AuditChange>> {
    let open = app.open()?;
    Ok(changes::list(&open.context, &app.caller()?, req.id, req.occurred_at).await?)
}

/// Saved views.
#[tauri::command]
pub async fn audit_views(app: State<'_, App>) -> Answer<Vec<SavedView>> {
    let open = app.open()?;
    Ok(views::list(&open.context, &app.caller()?).await?)
}

/// Saves a view.
#[tauri::command]
pub async fn audit_view_save(app: State<'_, App>, req: Save) -> Answer<SavedView> {
    let open = app.open()?;
    Ok(views::save(&open.context, &app.caller()?, req).await?)
}

/// Which view.
#[derive(Deserialize)]
pub struct View {
    id: Uuid,
}

/// Removes a view.
#[tauri::command]
pub async fn audit_view_remove(app: State<'_, App>, req: View) -> Answer<()> {
    let open = app.open()?;
    Ok(views::remove(&open.context, &app.caller()?, req.id).await?)
}

/// How long one rule of findings may take; the window goes on meanwhile, and says which took longer.
const RULE: Duration = Duration::from_secs(8);

/// How far back.
#[derive(Deserialize)]
pub struct Days {
    days: i64,
}

/// What looks wrong; a search that is still running is cancelled first. Night is where this machine is.
#[tauri::command]
pub async fn audit_findings(app: State<'_, App>, req: Days) -> Answer<AuditFindings> {
    let open = app.open()?;
    let now = app.workplace.clock.now().naive_utc();
    let offset = Local.offset_from_utc_datetime(&now).fix().local_minus_utc() / 60;
    let cancel = renew(&app.running.findings);
    let asked = Asked { days: req.days, offset, patience: RULE };
    Ok(findings::list(&open.context, &app.caller()?, asked, cancel).await?)
}

/// Cancels the search.
#[tauri::command]
pub async fn audit_findings_cancel(app: State<'_, App>) -> Answer<()> {
    held(&app.running.findings).cancel();
    Ok(())
}

/// The rules.
#[tauri::command]
pub async fn audit_finding_rules(app: State<'_, App>) -> Answer<Vec<FindingRule>> {
    let open = app.open()?;
    Ok(findings::rules(&open.context, &app.caller()?).await?)
}

/// Tunes a rule.
#[tauri::command]
pub async fn audit_finding_rule_save(app: State<'_, App>, req: FindingRule) -> Answer<()> {
    let open = app.open()?;
    Ok(findings::update_rule(&open.context, &app.caller()?, req).await?)
}

/// Notes why a finding is none.
#[tauri::command]
pub async fn audit_finding_note_save(app: State<'_, App>, req: Note) -> Answer<()> {
    let open = app.open()?;
    Ok(findings::note(&open.context, &app.caller()?, req).await?)
}
