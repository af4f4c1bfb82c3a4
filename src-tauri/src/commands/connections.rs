//! Connections.

use super::Answer;
use crate::app::{App, held};
use atalaya_model::Secret;
use atalaya_model::connection::{ConnectionInput, ConnectionReport};
use atalaya_model::console::{Colour, Connection};
use atalaya_ops::connections::{self, Redirect, book};
use serde::Deserialize;
use tauri::State;

/// Tests a connection.
#[tauri::command]
pub async fn connection_test(req: ConnectionInput) -> Answer<ConnectionReport> {
    Ok(connections::test(req).await?)
}

/// A connection to forget, and the passphrase of the open one.
#[derive(Deserialize)]
pub struct Remove {
    id: String,
    passphrase: Secret,
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
    let open = app.open()?;
    let all = book::update(&app.workplace, &req.id, &req.name, req.colour, req.production)?;
    let mut session = held(&open.session);
    if let Some(changed) = all.iter().find(|c| c.id == session.connection.id) {
        session.connection = changed.clone();
    }
    drop(session);
    Ok(all)
}

/// Changes where a connection leads, with its passphrase. Also without an open session: a server that has moved cannot be
/// signed in to before.
#[tauri::command]
pub async fn connection_redirect(app: State<'_, App>, req: Redirect) -> Answer<Vec<Connection>> {
    Ok(connections::redirect(&app.workplace, req).await?)
}

/// Forgets a connection that is not open, with its keychain item.
#[tauri::command]
pub async fn connection_remove(app: State<'_, App>, req: Remove) -> Answer<Vec<Connection>> {
    let open = app.open()?;
    let current = held(&open.session).connection.clone();
    Ok(connections::remove(&open.context, &current, &req.id, req.passphrase).await?)
}
