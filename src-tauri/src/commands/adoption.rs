//! Taking over a database, or making a local workspace.

use super::Answer;
use crate::app::{App, held};
use crate::dialog;
use atalaya_model::Error;
use atalaya_model::adoption::{Inspection, Progress, Reverted, UndoPreview};
use atalaya_model::console::{ConnectionKind, SavedFile};
use atalaya_ops::adoption::{self, Connections, Undo};
use atalaya_ops::setup::{self, Setup};
use serde::Deserialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

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

/// Asks where to, then saves the whole take-over as a script for a DBA; `null` when the person thought better of it. What
/// would be refused is refused before that.
#[tauri::command]
pub async fn adoption_plan_save(
    app: State<'_, App>,
    handle: AppHandle,
    req: Connections,
) -> Answer<Option<SavedFile>> {
    let ticket = app.ticket()?;
    let decisions = req.decisions.clone();
    let (administrator, owner) = req.targets()?;
    let owner = owner.ok_or_else(|| Error::invalid("owner", "A script needs the CRM's owner."))?;
    let name = format!("atalaya-{}.sql", file_name(&administrator.database));
    let script = adoption::plan(&app.workplace, &administrator, &owner, &decisions).await?;
    let Some(path) = dialog::save(&handle, &name, ("SQL", "sql")).await? else {
        return Ok(None);
    };
    app.unlocked_since(ticket)?;
    Ok(Some(adoption::save_plan(&script, &path)?))
}

/// What of a database's name can stand in a file's.
fn file_name(database: &str) -> String {
    database.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

/// What undoing or finishing the take-over of the open connection's database would change.
#[tauri::command]
pub async fn adoption_preview(app: State<'_, App>, req: Undo) -> Answer<UndoPreview> {
    let open = app.open()?;
    let database = held(&open.session).connection.database.clone();
    let (administrator, owner) = req.targets(&database)?;
    Ok(adoption::preview(Some(&open.context), &administrator, &owner).await?)
}

/// Gives the open connection's database back to its CRM. What this machine keeps of the connection opens nothing after
/// that, and is forgotten; the session ends when the window locks.
#[tauri::command]
pub async fn adoption_revert(
    app: State<'_, App>,
    req: Undo,
    progress: Channel<Progress>,
) -> Answer<Reverted> {
    let open = app.open()?;
    let connection = held(&open.session).connection.clone();
    let (administrator, owner) = req.confirmed(&connection.database)?;
    let report = reporter(progress);
    Ok(adoption::give_back(&open.context, &connection.id, &administrator, &owner, report).await?)
}

/// Ends what the CRM's own logins may do in the open connection's database.
#[tauri::command]
pub async fn adoption_finish(
    app: State<'_, App>,
    req: Undo,
    progress: Channel<Progress>,
) -> Answer<()> {
    let open = app.open()?;
    let database = held(&open.session).connection.database.clone();
    let (administrator, owner) = req.confirmed(&database)?;
    let report = reporter(progress);
    Ok(adoption::finish(Some(&open.context), &administrator, &owner, report).await?)
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
