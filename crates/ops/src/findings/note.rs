//! Saying why a finding is none.

use crate::Context;
use crate::place::place;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::FindingRuleName;
use atalaya_model::{Error, Result, TenantId};
use atalaya_store::{Done, Resource, findings};
use serde::Deserialize;

/// A note.
#[derive(Debug, Clone, Deserialize)]
pub struct Note {
    /// Of this rule.
    pub rule: FindingRuleName,
    /// Of this subject, as the finding names it.
    pub subject: String,
    /// 1 to 1,000 characters; `None` takes the note back.
    pub note: Option<String>,
    /// Whose log the finding is about; `None`: all tenants, or the only one that the caller has.
    #[serde(default)]
    pub tenant: Option<TenantId>,
}

/// Writes, replaces or takes back the note about a subject. Who wrote it is the caller, whatever stood there.
///
/// # Errors
/// `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn note(cx: &Context, caller: &Caller, given: Note) -> Result<()> {
    let text = given.note.as_deref().map(str::trim);
    if text.is_some_and(|t| !(1..=1_000).contains(&t.chars().count())) {
        return Err(Error::invalid("note", "A note has 1 to 1,000 characters."));
    }
    if given.subject.chars().count() > 400 || given.subject.contains('\0') {
        return Err(Error::invalid("subject", "The subject is too long."));
    }
    let text = text.map(ToOwned::to_owned);
    let scope = given.tenant.map_or(Scope::All, Scope::Tenant);
    let permit = cx.store.permit(caller, Action::FindingNote, scope).await?;
    cx.store
        .change(permit, async move |tx| {
            let tenant = place(given.tenant, tx.reach())?;
            findings::note(tx, tenant, given.rule, &given.subject, text.as_deref()).await?;
            Ok(Done::ok((), Resource { id: Some(given.rule.as_str().to_owned()), tenant })
                .noting(serde_json::json!({ "subject": given.subject, "note": text })))
        })
        .await
}
