//! How many events a filter shows.

use super::cancel::unless_cancelled;
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditCount, AuditFilter};
use atalaya_store::audit;
use tokio_util::sync::CancellationToken;

/// Counts under row security up to the ceiling. When `cancel` is triggered the query is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn count(
    cx: &Context,
    caller: &Caller,
    filter: AuditFilter,
    cancel: CancellationToken,
) -> Result<AuditCount> {
    filter.check()?;
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let store = cx.store.clone();
    cx.store
        .view(permit, async move |read| {
            let backend = audit::backend(read).await?;
            let counting = audit::count(read, &filter);
            unless_cancelled(&store, backend, &cancel, "The count was cancelled.", counting).await
        })
        .await
}
