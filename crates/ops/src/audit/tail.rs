//! What has just come.

use super::ask::{self, SCREEN, broad};
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::AuditTail;
use atalaya_store::audit::{self, Mark};

/// Rows that one call gives: what some seconds bring in a flood.
const ROWS: i64 = 500;

/// The rows of `query` that came since `mark`, in the order in which they were written. Without a mark none: it begins now.
///
/// # Errors
/// `VALIDATION_FAILED`, `QUERY_TOO_BROAD`, `ACCESS_DENIED`, or what the database says.
pub async fn tail(
    cx: &Context,
    caller: &Caller,
    query: &str,
    mark: Option<&str>,
) -> Result<AuditTail> {
    let sought = ask::sought(query, ask::now(cx))?;
    let mark = mark.map(str::parse::<Mark>).transpose()?;
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    cx.store
        .view_within(permit, SCREEN, async move |read| {
            let Some(mark) = mark else {
                let mark = audit::mark(read).await?.to_string();
                return Ok(AuditTail { rows: Vec::new(), mark, more: false });
            };
            let (rows, mark, more) =
                audit::tail(read, &sought, &mark, ROWS).await.map_err(broad)?;
            Ok(AuditTail { rows, mark: mark.to_string(), more })
        })
        .await
}
