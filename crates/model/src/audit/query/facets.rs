//! What the columns of a row are compared with.

use crate::TenantId;
use crate::audit::{Network, Outcome, Severity};
use serde::{Deserialize, Serialize};

/// `system_events.origin`: through which door an event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Origin {
    /// The window.
    Console,
    /// The CRM's HTTP API.
    Api,
    /// `atalayactl`.
    Cli,
    /// The CRM that was here before.
    Legacy,
    /// Past every door.
    Direct,
    /// Atalaya's own upkeep.
    Upkeep,
}

impl Origin {
    #[cfg(test)]
    pub(super) const ALL: [Self; 6] =
        [Self::Console, Self::Api, Self::Cli, Self::Legacy, Self::Direct, Self::Upkeep];

    /// The column's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Legacy => "legacy",
            Self::Direct => "direct",
            Self::Upkeep => "upkeep",
        }
    }
}

/// A tenant, or the rows that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum TenantMatch {
    /// Rows without a tenant.
    System,
    /// Rows of this tenant.
    Tenant(TenantId),
}

/// A type of resource, and perhaps one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ResourceMatch {
    /// `resource_type`.
    pub kind: String,
    /// `resource_id`; `None` is every one of that type.
    pub id: Option<String>,
}

/// Values by column. Empty lists say nothing about theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Facets {
    /// `event_type`.
    pub types: Vec<String>,
    /// `severity`.
    pub severities: Vec<Severity>,
    /// `outcome`.
    pub outcomes: Vec<Outcome>,
    /// An id or an e-mail as a whole, or the beginning of an e-mail, in any case of letters.
    pub actors: Vec<String>,
    /// `tenant_id`.
    pub tenants: Vec<TenantMatch>,
    /// `resource_type` and `resource_id`.
    pub resources: Vec<ResourceMatch>,
    /// Addresses and networks.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub networks: Vec<Network>,
    /// `origin`.
    pub origins: Vec<Origin>,
}

impl Facets {
    /// How many columns it says something about.
    #[must_use]
    pub fn columns(&self) -> usize {
        let Self { types, severities, outcomes, actors, tenants, resources, networks, origins } =
            self;
        [
            types.is_empty(),
            severities.is_empty(),
            outcomes.is_empty(),
            actors.is_empty(),
            tenants.is_empty(),
            resources.is_empty(),
            networks.is_empty(),
            origins.is_empty(),
        ]
        .into_iter()
        .filter(|empty| !empty)
        .count()
    }
}
