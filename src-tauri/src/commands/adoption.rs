//! Taking over a database, or making a local workspace.

use super::Answer;
use crate::app::App;
use atalaya_model::adoption::{Inspection, Progress};
use atalaya_model::console::ConnectionKind;
use atalaya_ops::adoption::{self, Connections};
use atalaya_ops::setup::{self, Setup};
use serde::Deserialize;
use tauri::State;
use tauri::ipc::Channel;

/// The dry run.
#[tauri::command]
pub async fn adoption_inspect(req: Connections) -> Answer<Inspection> {
    let (administrator, owner) = req.targets()?;
    Ok(adoption::inspect(&administrator, owner.as_ref()).await?)
}

/// Takes the database over.
#[tauri::command]
pub async fn adoption_apply(
    app: State<'_, App>,
    req: Connections,
    progress: Channel<Progress>,
) -> Answer<Inspection> {
    let ticket = app.ticket()?;
    let decisions = req.decisions.clone();
    let (administrator, owner) = req.targets()?;
    let report = reporter(progress);
    let inspection =
        adoption::apply(&app.workplace, &administrator, owner.as_ref(), false, &decisions, report)
            .await?;
    app.set_up(ticket, Setup { administrator, kind: ConnectionKind::Remote, lease: None })?;
    Ok(inspection)
}

/// What a local workspace begins with.
#[derive(Deserialize)]
pub struct Workspace {
    sample_data: bool,
}

/// Makes a local workspace.
#[tauri::command]
pub async fn workspace_create(
    app: State<'_, App>,
    req: Workspace,
    progress: Channel<Progress>,
) -> Answer<()> {
    let ticket = app.ticket()?;
    let setup = setup::create(&app.workplace, req.sample_data, reporter(progress)).await?;
    Ok(app.set_up(ticket, setup)?)
}

/// Progress to the window. A window that is gone needs none.
pub fn reporter(channel: Channel<Progress>) -> impl Fn(Progress) + Send + Sync {
    move |progress| {
        if let Err(e) = channel.send(progress) {
            tracing::warn!(error = %e, "progress was not shown");
        }
    }
}
