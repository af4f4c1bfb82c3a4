//! The program itself: status, preferences, locking.

use super::Answer;
use crate::app::{App, held};
use atalaya_model::Secret;
use atalaya_model::console::{AppStatus, PassphraseStrength, Preferences, Stage};
use atalaya_ops::{connections, connections::book, setup};
use std::time::Instant;
use tauri::{AppHandle, State};

/// Where the console stands.
#[tauri::command]
pub async fn app_status(app: State<'_, App>) -> Answer<AppStatus> {
    Ok(status(&app).await?)
}

/// The status, for commands that answer with it.
pub async fn status(app: &App) -> atalaya_model::Result<AppStatus> {
    let book = book::read(&app.workplace)?;
    let session = app.open().ok().map(|open| held(&open.session).clone());
    let stage = match (&session, book.connections.is_empty()) {
        (Some(_), _) => Stage::Open,
        (None, true) => Stage::FirstRun,
        (None, false) => Stage::Locked,
    };
    Ok(AppStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        stage,
        selected: book.selected,
        connections: book.connections,
        session,
        keychain: connections::keychain_status(&app.workplace).await,
        preferences: book.preferences,
        postgres_found: atalaya_postgres::find_binaries().await.is_ok(),
        os: std::env::consts::OS.to_owned(),
    })
}

/// Saves the preferences.
#[tauri::command]
pub async fn preferences_save(app: State<'_, App>, req: Preferences) -> Answer<Preferences> {
    let preferences = req.check()?;
    book::edit(&app.workplace, |book| {
        book.preferences = preferences;
        Ok(())
    })?;
    Ok(preferences)
}

/// A sign of the user.
#[tauri::command]
pub async fn activity(app: State<'_, App>) -> Answer<()> {
    *held(&app.last_activity) = Instant::now();
    Ok(())
}

/// Locks.
#[tauri::command]
pub async fn lock(handle: AppHandle) -> Answer<()> {
    crate::lock::lock(&handle, "manual").await;
    Ok(())
}

/// What is typed into a new passphrase.
#[derive(serde::Deserialize)]
pub struct Typed {
    passphrase: Secret,
}

/// How strong a passphrase is.
#[tauri::command]
pub async fn passphrase_strength(req: Typed) -> Answer<PassphraseStrength> {
    Ok(setup::strength(&req.passphrase, &[]))
}
