//! How many events a query shows.

use super::ask::{self, BACKGROUND, broad};
use super::cancel::unless_cancelled;
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::AuditCount;
use atalaya_store::audit;
use tokio_util::sync::CancellationToken;

/// Counts under row security: from sums exactly, else row by row up to the ceiling. When `cancel` is triggered the query is
/// cancelled on the server.
///
/// # Errors
/// `CANCELLED`, `VALIDATION_FAILED`, `QUERY_TOO_BROAD`, `ACCESS_DENIED`, or what the database says.
pub async fn count(
    cx: &Context,
    caller: &Caller,
    query: &str,
    cancel: CancellationToken,
) -> Result<AuditCount> {
    let sought = ask::sought(query, ask::now(cx))?;
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let store = cx.store.clone();
    cx.store
        .view_within(permit, BACKGROUND, async move |read| {
            let backend = read.backend();
            let counting = async {
                if sought.is_summed()
                    && let Some(sums) = audit::sums(read, &sought, true).await?
                {
                    let count = audit::sum_total(read, &sought, &sums).await?;
                    return Ok(AuditCount { count, capped: false });
                }
                audit::count(read, &sought).await
            };
            unless_cancelled(&store, backend, &cancel, "The count was cancelled.", counting)
                .await
                .map_err(broad)
        })
        .await
}
