//! The audit log: page, count, read, export, and what the filter bar offers.

mod count;
mod export;
mod list;
mod options;
mod read;

pub use count::count;
pub use export::{Cancel, export};
pub(crate) use export::unwritable;
pub use list::list;
pub use options::options;
pub use read::read;
