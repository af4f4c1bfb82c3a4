//! Who may do what: the pure half of the first wall.
//!
//! [`decide`] answers "may this caller do this, and on which rows?" from facts alone. An operation, the access explorer
//! and a what-if call the same function; its result opens nothing, because only `store` can load facts and mint a permit.
//! Postgres asks the same question again through its policies, over the same grants.
//!
//! To add an action: a variant in [`Action`], its row in `Action::spec`, its event type in `migrations/`, and the two
//! golden files in `tests/golden/`, which a reviewer reads.

mod action;
mod decide;
mod facts;
mod permission;

pub use action::{Action, Audit, Change, Spec};
pub use decide::{Reach, Refusal, Scope, Tenants, decide};
pub use facts::{Facts, Grant, Rows, UserStatus};
pub use permission::Permission;

use uuid::Uuid;

/// Through which door a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The desktop console.
    Console,
    /// `atalayactl`.
    Cli,
    /// The HTTP API.
    Api,
}

impl Origin {
    /// The value of `system_events.origin`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Cli => "cli",
            Self::Api => "api",
        }
    }
}

/// One request of somebody: through which door, and the id that its events carry. Who it is, the database says.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The door.
    pub origin: Origin,
    /// The request; ties its events together.
    pub request_id: Uuid,
}
