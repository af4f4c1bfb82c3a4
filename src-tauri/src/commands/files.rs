//! Choosing a file.

use super::Answer;
use crate::app::App;
use crate::dialog;
use tauri::{AppHandle, State};

/// What the file is for; the dialog is the same.
#[derive(serde::Deserialize)]
pub struct Choice {
    #[serde(rename = "purpose")]
    _purpose: Purpose,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    Ca,
    Env,
    Kit,
}

/// The chosen path, or `null`. Also for who restores or sets up, and therefore without a session; but what was chosen before
/// the console was locked is not handed to who comes after.
#[tauri::command]
pub async fn choose_file(
    app: State<'_, App>,
    handle: AppHandle,
    req: Choice,
) -> Answer<Option<String>> {
    let Choice { _purpose: Purpose::Ca | Purpose::Env | Purpose::Kit } = req;
    let ticket = app.ticket()?;
    let chosen = dialog::open(&handle).await?;
    app.unlocked_since(ticket)?;
    Ok(chosen.map(|p| p.display().to_string()))
}
