//! One event.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditEvent, EventId};
use atalaya_model::{Code, Error, Instant, Result};
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

/// As many times of one number are told.
const TIMES: i64 = 10;

/// The whole event, for who knows its number alone. Reading it is itself an event that names it.
///
/// # Errors
/// `ENTITY_NOT_FOUND`; `CONFLICT` with their `times` where several events of an adopted log have this number; `ACCESS_DENIED`, or
/// what the database says.
pub async fn find(cx: &Context, caller: &Caller, id: EventId) -> Result<AuditEvent> {
    let permit = cx.store.permit(caller, Action::AuditRead, Scope::All).await?;
    cx.store
        .view_of(permit, Some(id.to_string()), None, async move |read| {
            match audit::times(read, id, TIMES).await?.as_slice() {
                [] => Err(Error::new(
                    Code::EntityNotFound,
                    "This event is not there, or not for you.",
                )),
                [time] => audit::read(read, id, *time).await,
                several => {
                    let times: Vec<_> = several.iter().map(ToString::to_string).collect();
                    Err(Error::new(Code::Conflict, "Several events have this number.")
                        .with("times", times.join(", ")))
                }
            }
        })
        .await
}
