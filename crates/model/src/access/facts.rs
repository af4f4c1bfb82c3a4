//! What is known of a caller.

use super::Permission;
use crate::TenantId;
use uuid::Uuid;

/// State of a user (`users.status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStatus {
    /// Invited or registered, not approved.
    Pending,
    /// May act.
    Active,
    /// May do nothing.
    Suspended,
}

impl UserStatus {
    /// From the column; anything unknown is `Suspended`, so that an odd row opens nothing.
    #[must_use]
    pub fn from_column(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "pending" => Self::Pending,
            _ => Self::Suspended,
        }
    }
}

/// Which rows within a tenant a grant reaches. Postgres enforces tenants; `Team` and `Own` are checked by the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rows {
    /// Only those that belong to the caller.
    Own,
    /// Those of the caller's team.
    Team,
    /// All.
    All,
}

/// One permission, held somewhere. `tenant: None` means every tenant and the system scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role it comes through; for the explorer.
    pub role: String,
    /// What it allows.
    pub permission: Permission,
    /// Where; `None` is everywhere.
    pub tenant: Option<TenantId>,
    /// On which rows there.
    pub rows: Rows,
}

/// All that decides about a caller, as of `version`.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `users.id`.
    pub user_id: Uuid,
    /// `users.email`.
    pub email: String,
    /// First and last name, or the e-mail where there is none.
    pub name: String,
    /// `users.status`.
    pub status: UserStatus,
    /// Grows with each change of this user's rights.
    pub version: i64,
    /// What they hold.
    pub grants: Vec<Grant>,
}
