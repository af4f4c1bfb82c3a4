//! What the filter bar offers.

use super::ask::SCREEN;
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::AuditOptions;
use atalaya_store::{audit, tenants};

/// Event types that occur and tenants that the caller sees. Whoever may not list tenants gets none offered.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn options(cx: &Context, caller: &Caller) -> Result<AuditOptions> {
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    cx.store
        .view_within(permit, SCREEN, async |read| {
            let types = audit::types(read).await?;
            let tenants = tenants::list(read).await?;
            Ok(AuditOptions { types, tenants })
        })
        .await
}
