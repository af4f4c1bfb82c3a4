//! How many events a filter shows.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditCount, AuditFilter};
use atalaya_model::{Code, Error, Result};
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
            tokio::pin!(counting);
            tokio::select! {
                result = &mut counting => result,
                () = cancel.cancelled() => {
                    store.cancel(backend).await?;
                    // The statement ends now, with or without a result; either way the caller cancelled.
                    drop(counting.await);
                    Err(Error::new(Code::Cancelled, "The count was cancelled."))
                }
            }
        })
        .await
}
