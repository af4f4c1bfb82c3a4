//! What looks wrong in the log: the findings, the rules that find them, and notes about those that are none.

mod explained;
mod list;
mod note;
mod rules;
mod shown;

pub use list::{Asked, list};
pub use note::{Note, note};
pub use rules::{rules, update_rule};
