//! The first administrator.

use super::{Answer, adoption::reporter};
use crate::app::App;
use atalaya_model::adoption::{Candidate, Progress};
use atalaya_model::console::KitChallenge;
use atalaya_ops::{kit, setup};
use tauri::State;
use tauri::ipc::Channel;

/// CEOs who could be linked.
#[tauri::command]
pub async fn setup_candidates(app: State<'_, App>) -> Answer<Vec<Candidate>> {
    let ticket = app.ticket()?;
    let setup = app.take_setup()?;
    let found = setup::candidates(&setup).await;
    app.set_up(ticket, setup)?;
    Ok(found?)
}

/// Installs the first administrator, signs in, and draws the recovery kit.
#[tauri::command]
pub async fn setup_administrator(
    app: State<'_, App>,
    req: setup::Request,
    progress: Channel<Progress>,
) -> Answer<KitChallenge> {
    let ticket = app.ticket()?;
    let caller = app.caller()?;
    let draft = kit::begin(&app.workplace)?;
    let setup = app.take_setup()?;
    match setup::administrator(&app.workplace, &caller, setup, req, reporter(progress)).await {
        Ok(opened) => {
            let shown = draft.shown();
            app.opened(ticket, opened, Some(draft))?;
            Ok(shown)
        }
        Err((e, setup)) => {
            app.set_up(ticket, setup)?;
            Err(e.into())
        }
    }
}

/// Gives the set-up up.
#[tauri::command]
pub async fn setup_abandon(app: State<'_, App>) -> Answer<()> {
    app.abandon();
    Ok(())
}
