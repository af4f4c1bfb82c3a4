//! The overview.

use super::Answer;
use crate::app::App;
use atalaya_model::overview::Overview;
use atalaya_ops::overview::view;
use tauri::State;

/// What needs attention, health, numbers, activity.
#[tauri::command]
pub async fn overview(app: State<'_, App>) -> Answer<Overview> {
    let open = app.open()?;
    Ok(view(&open.context, &app.caller()?).await?)
}
