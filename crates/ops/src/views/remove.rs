//! Removing a view.

use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_store::{Done, Resource, views};
use uuid::Uuid;

/// Removes a view: one's own, or a shared one with the right to change settings.
///
/// # Errors
/// `ENTITY_NOT_FOUND`, `ACCESS_DENIED`, or what the database says.
pub async fn remove(cx: &Context, caller: &Caller, id: Uuid) -> Result<()> {
    let permit = cx.store.permit(caller, Action::ViewRemove, Scope::All).await?;
    cx.store
        .change(permit, async move |tx| {
            let tenant = views::remove(tx, id).await?;
            Ok(Done::ok((), Resource { id: Some(id.to_string()), tenant }))
        })
        .await
}
