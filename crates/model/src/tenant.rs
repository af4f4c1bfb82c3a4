//! Tenants: the companies that share one CRM.

use serde::{Deserialize, Serialize};

/// Key of `tenants` (the documents' `SERIAL`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct TenantId(pub i32);

/// A tenant as lists and pickers name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct TenantRef {
    /// Key of `tenants`.
    pub id: TenantId,
    /// `tenants.clinic_name`.
    pub name: String,
    /// `active`, `suspended` or `archived`.
    pub status: String,
}
