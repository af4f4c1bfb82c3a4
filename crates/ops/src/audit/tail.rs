//! What has just come.

use super::ask::{self, Budget, SCREEN, broad};
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{AuditRow, AuditTail};
use atalaya_store::Read;
use atalaya_store::audit::{self, Mark};
use std::time::Duration;

/// Rows that one call gives: what some seconds bring in a flood.
const ROWS: i64 = 500;
/// Rows that are looked at, at first and where that takes longer than [`PATIENCE`].
const LOOKED_AT: [i64; 3] = [50_000, 1_500, 40];
/// What each of the two statements may take that look at a part: where it ends, and what it has.
const PATIENCE: Duration = Duration::from_millis(150);

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
            let (rows, mark, more) = follow(read, &sought, &mark).await.map_err(broad)?;
            Ok(AuditTail { rows, mark: mark.to_string(), more })
        })
        .await
}

/// A part of what came is looked at, and after what takes too long a smaller one, so that whatever comes the next call begins further
/// on.
async fn follow(
    read: &mut Read,
    sought: &Sought,
    mark: &Mark,
) -> Result<(Vec<AuditRow>, Mark, bool)> {
    let budget = Budget::begin(SCREEN);
    for most in LOOKED_AT {
        let part = async |read: &mut Read| audit::tail(read, sought, mark, ROWS, most).await;
        if let Some(found) = read.within(PATIENCE, part).await? {
            return Ok(found);
        }
    }
    let one = async |read: &mut Read| audit::tail(read, sought, mark, ROWS, 1).await;
    read.within(budget.left()? / 2, one).await?.ok_or_else(ask::too_broad)
}
