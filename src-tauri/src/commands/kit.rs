//! The recovery kit.

use super::{Answer, adoption::reporter};
use crate::app::{App, Open, held};
use crate::dialog;
use atalaya_model::adoption::Progress;
use atalaya_model::console::{KitChallenge, SavedFile, Session};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::kit::{self, Draft, Restore};
use serde::Deserialize;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

fn draft(open: &Open) -> atalaya_model::Result<Arc<Draft>> {
    held(&open.draft)
        .clone()
        .ok_or_else(|| Error::new(Code::Conflict, "No recovery kit is waiting to be confirmed."))
}

/// Draws a new kit for an open session, with its passphrase.
#[tauri::command]
pub async fn kit_begin(app: State<'_, App>, req: Passphrase) -> Answer<KitChallenge> {
    let open = app.open()?;
    let connection = held(&open.session).connection.clone();
    let draft = kit::begin_again(&open.context, &connection, req.passphrase).await?;
    let shown = draft.shown();
    *held(&open.draft) = Some(Arc::new(draft));
    Ok(shown)
}

/// Forgets a kit that was drawn and not confirmed: without the passphrase nobody goes on with it later.
#[tauri::command]
pub async fn kit_abandon(app: State<'_, App>) -> Answer<()> {
    *held(&app.open()?.draft) = None;
    Ok(())
}

/// A passphrase: that of the connection, or one for the kit's file.
#[derive(Deserialize)]
pub struct Passphrase {
    passphrase: Secret,
}

/// Saves the kit under a passphrase of its own.
#[tauri::command]
pub async fn setup_save_kit(
    app: State<'_, App>,
    handle: AppHandle,
    req: Passphrase,
) -> Answer<Option<SavedFile>> {
    let open = app.open()?;
    let draft = draft(&open)?;
    let kind = ("age", "age");
    let Some(path) = dialog::save(&handle, "atalaya-recovery-kit.age", kind).await? else {
        return Ok(None);
    };
    app.still(&open)?;
    Ok(Some(kit::save(&app.workplace, &draft, req.passphrase, &path).await?))
}

/// Words at the positions asked for.
#[derive(Deserialize)]
pub struct Words {
    words: Vec<Secret>,
}

/// Confirms the kit: it becomes a recipient of every secret.
#[tauri::command]
pub async fn setup_confirm_kit(app: State<'_, App>, req: Words) -> Answer<Session> {
    let open = app.open()?;
    let draft = draft(&open)?;
    let caller = app.caller()?;
    let connection = held(&open.session).connection.clone();
    // What it leaves out is on Overview.
    kit::confirm(&open.context, &caller, &connection, &draft, &req.words).await?;
    *held(&open.draft) = None;
    Ok(super::sessions::refresh(&app, &open).await?)
}

/// Words as the form sends them: a list.
#[derive(Deserialize)]
pub struct RestoreForm {
    words: Option<Vec<String>>,
    #[serde(flatten)]
    rest: Restore,
}

/// Restores with the kit and signs in.
#[tauri::command]
pub async fn kit_restore(
    app: State<'_, App>,
    req: RestoreForm,
    progress: Channel<Progress>,
) -> Answer<Session> {
    let ticket = app.ticket()?;
    let caller = app.caller()?;
    let words = req.words.map(|w| Secret::new(w.join(" ")));
    let request = Restore { words, ..req.rest };
    let opened = kit::restore(&app.workplace, &caller, request, reporter(progress)).await?;
    Ok(app.opened(ticket, opened, None)?)
}
