//! One event.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditEvent, EventId};
use atalaya_model::{Instant, Result};
use atalaya_store::audit;

/// The whole event. Reading one is itself an event that names it.
///
/// # Errors
/// `ENTITY_NOT_FOUND`, `ACCESS_DENIED`, or what the database says.
pub async fn read(
    cx: &Context,
    caller: &Caller,
    id: EventId,
    occurred_at: Instant,
) -> Result<AuditEvent> {
    let permit = cx.store.permit(caller, Action::AuditRead, Scope::All).await?;
    cx.store
        .view_of(permit, Some(id.to_string()), None, async move |read| {
            audit::read(read, id, occurred_at).await
        })
        .await
}
