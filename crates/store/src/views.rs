//! Saved queries over the log. What a view shows is decided by row security when it is opened, not here.

use crate::change::Tx;
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::SavedView;
use atalaya_model::{Code, Error, Result, TenantId};
use uuid::Uuid;

/// The caller's own views and those that are shared with them, by name.
///
/// # Errors
/// What the database says.
pub async fn list(read: &mut Read) -> Result<Vec<SavedView>> {
    let rows = sqlx::query!(
        r#"SELECT v.id, v.name, v.query, v.shared, v.pinned, v.owner_id = atalaya.caller_id() AS "own!",
                  u.email AS "owner?", v.updated_at AS "updated_at: PgInstant"
           FROM atalaya.audit_views v LEFT JOIN public.users u ON u.id = v.owner_id
           ORDER BY lower(v.name), v.id LIMIT 1000"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows
        .into_iter()
        .map(|r| SavedView {
            id: r.id,
            name: r.name,
            query: r.query,
            shared: r.shared,
            pinned: r.pinned,
            own: r.own,
            owner: r.owner,
            updated_at: r.updated_at.0,
        })
        .collect())
}

/// One view, as its owner has just saved it.
///
/// # Errors
/// What the database says.
pub async fn saved(tx: &mut Tx, id: Uuid) -> Result<SavedView> {
    let r = sqlx::query!(
        r#"SELECT v.id, v.name, v.query, v.shared, v.pinned, u.email AS "owner?", v.updated_at AS "updated_at: PgInstant"
           FROM atalaya.audit_views v LEFT JOIN public.users u ON u.id = v.owner_id WHERE v.id = $1"#,
        id
    )
    .fetch_one(tx.connection())
    .await
    .map_err(run)?;
    Ok(SavedView {
        id: r.id,
        name: r.name,
        query: r.query,
        shared: r.shared,
        pinned: r.pinned,
        own: true,
        owner: r.owner,
        updated_at: r.updated_at.0,
    })
}

/// What is written of a view.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// Trimmed, without control characters.
    pub name: &'a str,
    /// The printed text of a query.
    pub query: &'a str,
    /// Whether others of the same tenant see it.
    pub shared: bool,
    /// Whether it stands on the overview.
    pub pinned: bool,
}

/// A new view of the caller; its key.
///
/// # Errors
/// `CONFLICT` where the caller has one of that name, or what the database says.
pub async fn insert(tx: &mut Tx, tenant: Option<TenantId>, view: Wording<'_>) -> Result<Uuid> {
    sqlx::query_scalar!(
        "INSERT INTO atalaya.audit_views (tenant_id, name, query, shared, pinned) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        tenant.map(|t| t.0),
        view.name,
        view.query,
        view.shared,
        view.pinned,
    )
    .fetch_one(tx.connection())
    .await
    .map_err(run)
}

/// Changes a view of the caller; its tenant.
///
/// # Errors
/// `ENTITY_NOT_FOUND` where the caller has none of that key, `CONFLICT` where another has the name, or what the database says.
pub async fn update(tx: &mut Tx, id: Uuid, view: Wording<'_>) -> Result<Option<TenantId>> {
    let tenant = sqlx::query_scalar!(
        "UPDATE atalaya.audit_views SET name = $2, query = $3, shared = $4, pinned = $5, updated_at = now()
         WHERE id = $1 RETURNING tenant_id",
        id,
        view.name,
        view.query,
        view.shared,
        view.pinned,
    )
    .fetch_optional(tx.connection())
    .await
    .map_err(run)?;
    Ok(tenant.ok_or_else(missing)?.map(TenantId))
}

/// Removes a view: one's own, or a shared one with the right to change settings. Its tenant.
///
/// # Errors
/// `ENTITY_NOT_FOUND` where there is none for this caller, or what the database says.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<Option<TenantId>> {
    let tenant = sqlx::query_scalar!("SELECT tenant_id FROM atalaya.audit_views WHERE id = $1", id)
        .fetch_optional(tx.connection())
        .await
        .map_err(run)?
        .ok_or_else(missing)?;
    let removed = sqlx::query_scalar!(r#"SELECT atalaya.remove_audit_view($1) AS "removed!""#, id)
        .fetch_one(tx.connection())
        .await
        .map_err(run)?;
    if removed { Ok(tenant.map(TenantId)) } else { Err(missing()) }
}

fn missing() -> Error {
    Error::new(Code::EntityNotFound, "This view is not there, or not yours.")
}
