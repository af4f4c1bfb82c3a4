//! Taking over a CRM's database: inspect and apply. Both work before there is an operator, with the connections of a
//! database administrator and of the CRM's owner.

mod apply;
mod inspect;
mod plan;
mod revert;

pub use apply::apply;
pub use inspect::{has_user, inspect};
pub use plan::{plan, save_plan};
pub use revert::{finish, give_back, preview, revert};

use atalaya_model::connection::{ConnectionInput, Target};
use atalaya_model::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The two connections of a take-over.
#[derive(Debug, Clone, Deserialize)]
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

/// Undoing or finishing a take-over.
#[derive(Debug, Deserialize)]
pub struct Undo {
    /// As [`Connections::administrator`].
    pub administrator: ConnectionInput,
    /// The CRM's own login, which was taken over from.
    pub owner: ConnectionInput,
    /// The name of the database, typed by a person who has read what will change.
    #[serde(default)]
    pub confirm: String,
}

impl Undo {
    /// Both as targets; `database` is the one that they have to name.
    ///
    /// # Errors
    /// `DSN_INVALID`, `VALIDATION_FAILED` when the connections lead to another database.
    pub fn targets(self, database: &str) -> Result<(Target, Target)> {
        let (administrator, owner) = (self.administrator.into_target()?, self.owner.into_target()?);
        if administrator.database != database || owner.database != database {
            return Err(Error::invalid("database", "These logins lead to another database."));
        }
        Ok((administrator, owner))
    }

    /// The same, confirmed.
    ///
    /// # Errors
    /// Also `VALIDATION_FAILED` when the database's name was not typed.
    pub fn confirmed(self, database: &str) -> Result<(Target, Target)> {
        if self.confirm != database {
            return Err(Error::invalid("confirm", "The name of the database was not typed."));
        }
        self.targets(database)
    }
}
