//! One page of the log.

use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{AuditCursor, AuditFilter, AuditPage, PAGE_LIMIT};
use atalaya_store::audit;

/// The page of `filter` that begins after `cursor`, newest first; `limit` is cut to 1..=[`PAGE_LIMIT`].
///
/// # Errors
/// `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    filter: AuditFilter,
    cursor: Option<AuditCursor>,
    limit: i64,
) -> Result<AuditPage> {
    filter.check()?;
    let limit = limit.clamp(1, PAGE_LIMIT);
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let mut events = cx
        .store
        .view(permit, async move |read| {
            // One more than asked for tells whether there is a next page.
            audit::page(read, &filter, cursor, limit + 1, false).await
        })
        .await?;
    let more = events.len() as i64 > limit;
    events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = if more { events.last().map(|e| e.row.cursor()) } else { None };
    Ok(AuditPage { rows: events.into_iter().map(|e| e.row).collect(), next })
}
