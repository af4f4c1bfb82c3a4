//! Locking.

use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_store::{Done, Resource, sessions};
use uuid::Uuid;

/// Ends the session with its event. The caller then drops the context, which wipes the keys, and closes the store.
///
/// # Errors
/// What the database says; locking goes on all the same.
pub async fn end(cx: &Context, caller: &Caller, session: Uuid, reason: &'static str) -> Result<()> {
    let permit = cx.store.permit(caller, Action::ConsoleLock, Scope::All).await?;
    cx.store
        .change(permit, async move |tx| {
            sessions::end(tx, session, reason).await?;
            let resource = Resource { id: Some(session.to_string()), tenant: None };
            Ok(Done::ok((), resource).noting(serde_json::json!({ "reason": reason })))
        })
        .await
}
