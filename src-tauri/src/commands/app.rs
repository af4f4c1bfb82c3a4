//! The program itself: status, preferences, locking.

use super::Answer;
use crate::app::{App, held};
use atalaya_model::Secret;
use atalaya_model::console::{AppStatus, PassphraseStrength, Preferences, Stage};
use atalaya_ops::connections::{self, Save, book};
use atalaya_ops::setup;
use std::time::Instant;
use tauri::{AppHandle, State};

/// Where the console stands. The first screen waits for this, so it asks nobody: neither the keychain nor the disk for
/// PostgreSQL's programs, which have commands of their own.
#[tauri::command]
pub async fn app_status(app: State<'_, App>) -> Answer<AppStatus> {
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
        preferences: book.preferences,
        os: std::env::consts::OS.to_owned(),
    })
}

/// Whether PostgreSQL 15 or newer is installed, as a local workspace needs.
#[tauri::command]
pub async fn postgres_found() -> Answer<bool> {
    Ok(atalaya_postgres::find_binaries().await.is_ok())
}

/// Saves the preferences; that the console locks later needs the passphrase.
#[tauri::command]
pub async fn preferences_save(app: State<'_, App>, req: Save) -> Answer<Preferences> {
    let open = app.open().ok();
    let connection = open.as_ref().map(|open| held(&open.session).connection.clone());
    let open = open.as_ref().map(|open| &open.context).zip(connection.as_ref());
    Ok(connections::save_preferences(&app.workplace, open, req).await?)
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
    crate::lock::lock(&handle, "manual");
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
