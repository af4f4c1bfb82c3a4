//! Signing in, and one's own profile.

use super::Answer;
use crate::app::{App, Open, held};
use atalaya_model::Secret;
use atalaya_model::console::Session;
use atalaya_ops::{connections, sessions, users};
use serde::Deserialize;
use tauri::State;

/// A connection and the passphrase that opens it.
#[derive(Deserialize)]
pub struct SignIn {
    connection_id: String,
    passphrase: Secret,
}

/// Signs in.
#[tauri::command]
pub async fn sign_in(app: State<'_, App>, req: SignIn) -> Answer<Session> {
    let ticket = app.ticket()?;
    let caller = app.caller()?;
    let opened =
        sessions::open(&app.workplace, &caller, &req.connection_id, req.passphrase).await?;
    Ok(app.opened(ticket, opened, None)?)
}

/// The session as it is now: rights may have changed.
#[tauri::command]
pub async fn session_refresh(app: State<'_, App>) -> Answer<Session> {
    let open = app.open()?;
    Ok(refresh(&app, &open).await?)
}

/// Describes the session anew and remembers it.
pub async fn refresh(app: &App, open: &Open) -> atalaya_model::Result<Session> {
    let caller = app.caller()?;
    let (connection, opened_at) = {
        let session = held(&open.session);
        (session.connection.clone(), session.opened_at)
    };
    let session = sessions::describe(&open.context, &caller, connection, opened_at).await?;
    *held(&open.session) = session.clone();
    Ok(session)
}

/// A name.
#[derive(Deserialize)]
pub struct Profile {
    first_name: String,
    last_name: String,
}

/// Changes one's own name.
#[tauri::command]
pub async fn profile_update(app: State<'_, App>, req: Profile) -> Answer<Session> {
    let open = app.open()?;
    let caller = app.caller()?;
    users::update_profile(&open.context, &caller, req.first_name, req.last_name).await?;
    Ok(refresh(&app, &open).await?)
}

/// Both passphrases.
#[derive(Deserialize)]
pub struct Passphrases {
    current: Secret,
    next: Secret,
}

/// Changes the passphrase of the open connection.
#[tauri::command]
pub async fn passphrase_change(app: State<'_, App>, req: Passphrases) -> Answer<()> {
    let open = app.open()?;
    let id = held(&open.session).connection.id.clone();
    Ok(connections::change_passphrase(&app.workplace, &id, req.current, req.next).await?)
}
