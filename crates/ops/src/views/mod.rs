//! Saved queries over the log: personal ones, and those that people of the same tenant share.

mod list;
mod remove;
mod save;

pub use list::list;
pub use remove::remove;
pub use save::{Save, save};
