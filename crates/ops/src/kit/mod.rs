//! The recovery kit: made in the first run, asked back, and used when nothing else is left.
//!
//! `begin` draws it (`begin_again` asks for the passphrase first), `confirm` enrols it once some of its words were asked back, `save` writes it under a passphrase,
//! `restore` puts a new operator in the place of the lost one. Atalaya never keeps the seed.

mod confirm;
mod draft;
mod restore;
mod save;

pub use confirm::confirm;
pub use draft::{Draft, begin, begin_again};
pub use restore::{Restore, restore};
pub use save::save;

use std::path::PathBuf;

/// Where the recovery file of a connection lies in the data folder. It opens with the kit alone.
pub(crate) fn recovery_file(workplace: &crate::Workplace, connection_id: &str) -> PathBuf {
    workplace.home().join(format!("recovery-{connection_id}.age"))
}

/// Where the recovery file of a kit waits that is being confirmed.
pub(crate) fn next_recovery_file(workplace: &crate::Workplace, connection_id: &str) -> PathBuf {
    workplace.home().join(format!("recovery-{connection_id}.next.age"))
}
