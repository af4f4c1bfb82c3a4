//! How many events a filter shows.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditCount, AuditFilter};
use atalaya_model::{Code, Error, Result};
use atalaya_store::audit;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a cancelled count may go on before it is cancelled again.
const AGAIN: Duration = Duration::from_millis(100);

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
                    // A server that has not begun with the statement yet forgets a cancellation, so it is said again.
                    loop {
                        store.cancel(backend).await?;
                        tokio::select! {
                            // With or without a result: the caller cancelled.
                            _ = &mut counting => break,
                            () = tokio::time::sleep(AGAIN) => {}
                        }
                    }
                    Err(Error::new(Code::Cancelled, "The count was cancelled."))
                }
            }
        })
        .await
}
