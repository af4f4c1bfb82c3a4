//! Taking over a CRM's database: inspect and apply. Both work before there is an operator, with the connections of a
//! database administrator and of the CRM's owner.

mod apply;
mod inspect;
mod plan;
mod revert;

pub use apply::apply;
pub use inspect::inspect;
pub use plan::plan;
pub use revert::{finish, revert};

use atalaya_model::Result;
use atalaya_model::connection::{ConnectionInput, Target};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The two connections of a take-over.
#[derive(Debug, Deserialize)]
pub struct Connections {
    /// May make roles (CREATEROLE) and is no superuser.
    pub administrator: ConnectionInput,
    /// Owns the CRM's database and tables; `None` when the administrator owns an empty database.
    pub owner: Option<ConnectionInput>,
    /// What the operator chose, by the code of the finding that asks for it.
    #[serde(default)]
    pub decisions: BTreeMap<String, String>,
}

impl Connections {
    /// Both as targets.
    ///
    /// # Errors
    /// `DSN_INVALID`, `VALIDATION_FAILED`.
    pub fn targets(self) -> Result<(Target, Option<Target>)> {
        let administrator = self.administrator.into_target()?;
        let owner = self.owner.map(ConnectionInput::into_target).transpose()?;
        Ok((administrator, owner))
    }
}
