//! What changed in the database, as it recorded it itself.

mod list;

pub use list::list;
