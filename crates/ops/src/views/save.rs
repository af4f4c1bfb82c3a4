//! Keeping a query under a name.

use crate::Context;
use crate::place::place;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::SavedView;
use atalaya_model::audit::query::AuditQuery;
use atalaya_model::{Error, Result, TenantId};
use atalaya_store::{Done, Resource, views};
use serde::Deserialize;
use uuid::Uuid;

/// A view as somebody wants it.
#[derive(Debug, Clone, Deserialize)]
pub struct Save {
    /// Which to change; `None` for a new one.
    pub id: Option<Uuid>,
    /// 1 to 80 characters, each name once per owner.
    pub name: String,
    /// The text of a query.
    pub query: String,
    /// Whether others who list the same tenant's log see it.
    pub shared: bool,
    /// Whether it stands on the overview.
    pub pinned: bool,
    /// Whose log it is about, for a new one; `None`: all tenants, or the only one that the caller has.
    #[serde(default)]
    pub tenant: Option<TenantId>,
}

/// Saves a view. The query is kept as the language prints it.
///
/// # Errors
/// `VALIDATION_FAILED` with the field, `CONFLICT` where the caller has another of that name, `ENTITY_NOT_FOUND`,
/// `ACCESS_DENIED`, or what the database says.
pub async fn save(cx: &Context, caller: &Caller, view: Save) -> Result<SavedView> {
    let query = AuditQuery::parse(&view.query)?.to_string();
    let name = view.name.trim().to_owned();
    if !(1..=80).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            "A view's name has 1 to 80 characters and no control characters.",
        ));
    }
    let scope = view.tenant.map_or(Scope::All, Scope::Tenant);
    let permit = cx.store.permit(caller, Action::ViewSave, scope).await?;
    cx.store
        .change(permit, async move |tx| {
            let wording = views::Wording {
                name: &name,
                query: &query,
                shared: view.shared,
                pinned: view.pinned,
            };
            let (id, tenant) = match view.id {
                Some(id) => (id, views::update(tx, id, wording).await?),
                None => {
                    let tenant = place(view.tenant, tx.reach())?;
                    (views::insert(tx, tenant, wording).await?, tenant)
                }
            };
            let saved = views::saved(tx, id).await?;
            Ok(Done::ok(saved, Resource { id: Some(id.to_string()), tenant })
                .noting(serde_json::json!({ "shared": view.shared })))
        })
        .await
}
