//! The keychain.

use super::Answer;
use crate::app::App;
use atalaya_model::console::{KeychainCheck, KeychainStatus};
use atalaya_ops::connections;
use tauri::State;

/// Whether it answers.
#[tauri::command]
pub async fn keychain_check(app: State<'_, App>) -> Answer<KeychainStatus> {
    Ok(connections::keychain_status(&app.workplace).await)
}

/// Tries it out, which writes and deletes an item.
#[tauri::command]
pub async fn keychain_doctor(app: State<'_, App>) -> Answer<Vec<KeychainCheck>> {
    app.open()?;
    Ok(connections::keychain_doctor(&app.workplace).await)
}

/// Asks the system to unlock it.
#[tauri::command]
pub async fn keychain_unlock(app: State<'_, App>) -> Answer<KeychainStatus> {
    connections::keychain_unlock(&app.workplace).await?;
    Ok(connections::keychain_status(&app.workplace).await)
}
