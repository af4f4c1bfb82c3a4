//! What an event changed.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditChange, EventId};
use atalaya_model::{Instant, Result};
use atalaya_store::changes;

/// The rows that changed in an event's transaction, before and after, as the database recorded them. Sensitive columns are
/// keyed digests. Empty for what changed nothing, and for events from before the take-over.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    id: EventId,
    occurred_at: Instant,
) -> Result<Vec<AuditChange>> {
    let permit = cx.store.permit(caller, Action::ChangeList, Scope::All).await?;
    cx.store.view(permit, async move |read| changes::of_event(read, id, occurred_at).await).await
}
