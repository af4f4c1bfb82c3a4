//! The CRM's secrets.

use super::Answer;
use crate::app::App;
use atalaya_model::console::EnvReport;
use atalaya_ops::secrets::import_env;
use serde::Deserialize;
use std::path::PathBuf;
use tauri::State;

/// A `.env` file.
#[derive(Deserialize)]
pub struct EnvFile {
    file: PathBuf,
}

/// Imports the secrets of a `.env`.
#[tauri::command]
pub async fn env_import(app: State<'_, App>, req: EnvFile) -> Answer<EnvReport> {
    let open = app.open()?;
    Ok(import_env(&open.context, &app.caller()?, &req.file).await?)
}
