//! The audit log: page, count, read, export, and what the filter bar offers.

mod cancel;
mod count;
mod export;
mod list;
mod options;
mod read;
mod sink;

pub(crate) use cancel::unless_cancelled;
pub use count::count;
pub use export::{Cancel, export, export_to};
pub use list::list;
pub use options::options;
pub use read::read;
pub(crate) use sink::unwritable;
