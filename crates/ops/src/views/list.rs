//! Which views there are.

use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::SavedView;
use atalaya_store::views;

/// The caller's own views and those shared with them, by name.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn list(cx: &Context, caller: &Caller) -> Result<Vec<SavedView>> {
    let permit = cx.store.permit(caller, Action::ViewList, Scope::All).await?;
    cx.store.view(permit, async |read| views::list(read).await).await
}
