//! Tenants, as far as lists and pickers need them.

use crate::error::run;
use crate::view::Read;
use atalaya_model::{Result, TenantId, tenant::TenantRef};

/// The tenants that the caller may see, by name.
///
/// # Errors
/// What the database says.
pub async fn list(read: &mut Read) -> Result<Vec<TenantRef>> {
    let rows = sqlx::query!(
        "SELECT id, clinic_name, status FROM public.tenants ORDER BY lower(clinic_name), id LIMIT 10000"
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows
        .into_iter()
        .map(|r| TenantRef { id: TenantId(r.id), name: r.clinic_name, status: r.status })
        .collect())
}
