//! Choosing a file.

use super::Answer;
use crate::dialog;
use tauri::AppHandle;

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

/// The chosen path, or `null`.
#[tauri::command]
pub async fn choose_file(handle: AppHandle, req: Choice) -> Answer<Option<String>> {
    let Choice { _purpose: Purpose::Ca | Purpose::Env | Purpose::Kit } = req;
    Ok(dialog::open(&handle).await?.map(|p| p.display().to_string()))
}
