//! What the filter bar offers.

use super::ask::SCREEN;
use super::cancel::unless_cancelled;
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::AuditOptions;
use atalaya_store::{audit, tenants};
use tokio_util::sync::CancellationToken;

/// Event types that occur, [`audit::TYPES`] at most, and tenants that the caller sees. Whoever may not list tenants gets none offered.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn options(cx: &Context, caller: &Caller) -> Result<AuditOptions> {
    options_until(cx, caller, CancellationToken::new()).await
}

/// As [`options`]. When `cancel` is triggered the looking is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, or as [`options`].
pub async fn options_until(
    cx: &Context,
    caller: &Caller,
    cancel: CancellationToken,
) -> Result<AuditOptions> {
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let store = cx.store.clone();
    cx.store
        .view_within(permit, SCREEN, async move |read| {
            let backend = read.backend();
            let looking = async {
                let types = audit::types(read, "").await?;
                let tenants = tenants::list(read).await?;
                Ok(AuditOptions { types, tenants })
            };
            unless_cancelled(&store, backend, &cancel, "The looking was cancelled.", looking).await
        })
        .await
}
