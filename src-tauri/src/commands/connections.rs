//! Connections.

use super::{Answer, app::status};
use crate::app::App;
use atalaya_model::connection::{ConnectionInput, ConnectionReport};
use atalaya_model::console::{AppStatus, Colour, Connection};
use atalaya_model::{Code, Error};
use atalaya_ops::connections::{self, Redirect, book};
use serde::Deserialize;
use tauri::State;

/// Tests a connection.
#[tauri::command]
pub async fn connection_test(req: ConnectionInput) -> Answer<ConnectionReport> {
    Ok(connections::test(req).await?)
}

/// One connection.
#[derive(Deserialize)]
pub struct One {
    id: String,
}

/// Chooses which connection the sign-in offers.
#[tauri::command]
pub async fn connection_select(app: State<'_, App>, req: One) -> Answer<AppStatus> {
    let connection = book::find(&app.workplace, &req.id)?;
    book::edit(&app.workplace, |book| {
        book.selected = Some(connection.id);
        Ok(())
    })?;
    Ok(status(&app).await?)
}

/// What may be changed of a connection.
#[derive(Deserialize)]
pub struct Update {
    id: String,
    name: String,
    colour: Colour,
    production: bool,
}

/// Renames, recolours or marks a connection.
#[tauri::command]
pub async fn connection_update(app: State<'_, App>, req: Update) -> Answer<Vec<Connection>> {
    let all = book::update(&app.workplace, &req.id, &req.name, req.colour, req.production)?;
    if let Ok(open) = app.open() {
        let mut session = crate::app::held(&open.session);
        if let Some(changed) = all.iter().find(|c| c.id == session.connection.id) {
            session.connection = changed.clone();
        }
    }
    Ok(all)
}

/// Changes where a connection leads, with its passphrase. Also without an open session: a server that has moved cannot be
/// signed in to before.
#[tauri::command]
pub async fn connection_redirect(app: State<'_, App>, req: Redirect) -> Answer<Vec<Connection>> {
    Ok(connections::redirect(&app.workplace, req).await?)
}

/// Forgets a connection that is not open.
#[tauri::command]
pub async fn connection_remove(app: State<'_, App>, req: One) -> Answer<Vec<Connection>> {
    if let Ok(open) = app.open()
        && crate::app::held(&open.session).connection.id == req.id
    {
        return Err(Error::new(Code::Conflict, "The open connection cannot be forgotten.").into());
    }
    Ok(book::remove(&app.workplace, &req.id).await?)
}
