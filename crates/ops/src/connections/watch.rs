//! Watching the open connection: what was lost and found again is in the log.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::{Instant, Result};
use atalaya_store::{Done, Resource};

/// Records that the database was out of reach since `since` and answers again. It can only be said afterwards: while it is
/// lost there is nowhere to write to.
///
/// # Errors
/// What the database says.
pub async fn found_again(cx: &Context, caller: &Caller, since: Instant) -> Result<()> {
    for action in [Action::ConnectionLost, Action::ConnectionMade] {
        let permit = cx.store.permit(caller, action, Scope::All).await?;
        cx.store
            .change(permit, async move |_| {
                let note = serde_json::json!({ "lost_since": since });
                Ok(Done::ok((), Resource::default()).noting(note))
            })
            .await?;
    }
    Ok(())
}
