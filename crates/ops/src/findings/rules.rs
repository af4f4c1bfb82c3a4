//! How the rules are tuned.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::FindingRule;
use atalaya_model::{Error, Result};
use atalaya_store::{Done, Resource, findings};

/// All rules.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn rules(cx: &Context, caller: &Caller) -> Result<Vec<FindingRule>> {
    let permit = cx.store.permit(caller, Action::FindingList, Scope::All).await?;
    cx.store.view(permit, async |read| findings::rules(read).await).await
}

/// Tunes one; threshold 1 to 1,000,000, window 1 minute to 90 days. The rules are the same for all tenants.
///
/// # Errors
/// `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn update_rule(cx: &Context, caller: &Caller, rule: FindingRule) -> Result<()> {
    if !(1..=1_000_000).contains(&rule.threshold) {
        return Err(Error::invalid("threshold", "A threshold is from 1 to 1,000,000."));
    }
    if !(1..=129_600).contains(&rule.window_minutes) {
        return Err(Error::invalid("window_minutes", "A window is from 1 minute to 90 days."));
    }
    let permit = cx.store.permit(caller, Action::FindingRuleUpdate, Scope::System).await?;
    cx.store
        .change(permit, async move |tx| {
            findings::update_rule(tx, rule).await?;
            let id = Some(rule.rule.as_str().to_owned());
            Ok(Done::ok((), Resource { id, tenant: None }).noting(serde_json::json!(rule)))
        })
        .await
}
