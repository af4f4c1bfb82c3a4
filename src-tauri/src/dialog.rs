//! The native dialogs. Asynchronous ones, because a blocking dialog can stall the window's event loop.

use atalaya_model::{Code, Error, Result};
use std::path::PathBuf;
use tauri::{AppHandle, Manager};

/// Asks where to save; `None` when the person thought better of it.
///
/// # Errors
/// `INTERNAL` when the window is gone.
pub async fn save(handle: &AppHandle, name: &str, kind: (&str, &str)) -> Result<Option<PathBuf>> {
    let picked =
        parented(handle)?.set_file_name(name).add_filter(kind.0, &[kind.1]).save_file().await;
    Ok(picked.map(|f| f.path().to_owned()))
}

/// Asks which file to open.
///
/// # Errors
/// `INTERNAL` when the window is gone.
pub async fn open(handle: &AppHandle) -> Result<Option<PathBuf>> {
    let picked = parented(handle)?.pick_file().await;
    Ok(picked.map(|f| f.path().to_owned()))
}

fn parented(handle: &AppHandle) -> Result<rfd::AsyncFileDialog> {
    let window = handle
        .get_webview_window("main")
        .ok_or_else(|| Error::new(Code::Internal, "The window is gone."))?;
    Ok(rfd::AsyncFileDialog::new().set_parent(&window))
}
