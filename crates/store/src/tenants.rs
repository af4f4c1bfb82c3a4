//! Tenants, as far as lists and pickers need them.

use crate::error::run;
use crate::view::Read;
use atalaya_model::{Result, TenantId, tenant::TenantRef};

/// The tenants that the caller may see, by name; of a name the first 200 characters.
///
/// # Errors
/// What the database says.
pub async fn list(read: &mut Read) -> Result<Vec<TenantRef>> {
    let rows = sqlx::query!(
        r#"SELECT id, left(clinic_name, 200) AS "name!", status FROM public.tenants
           ORDER BY lower(left(clinic_name, 200)), id LIMIT 10000"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows
        .into_iter()
        .map(|r| TenantRef { id: TenantId(r.id), name: r.name, status: r.status })
        .collect())
}
