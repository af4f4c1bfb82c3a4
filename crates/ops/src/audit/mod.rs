//! The audit log: page, count, facets, histogram, tail, one event, export, and what the query bar offers.
//!
//! Queries come in as text and are read in one place (`ask`), so that screen, command line and exports never disagree.

mod ask;
mod cancel;
mod count;
mod export;
mod facets;
mod gzip;
mod histogram;
mod lines;
mod list;
mod options;
mod query;
mod read;
mod sink;
mod tail;
mod values;

pub(crate) use cancel::unless_cancelled;
pub use count::count;
pub use export::{Cancel, Control, export, export_to};
pub use facets::facets;
pub use histogram::histogram;
pub use list::{list, list_until};
pub use options::{options, options_until};
pub use query::{complete, parse, print};
pub use read::{find, read};
pub(crate) use sink::unwritable;
pub use tail::tail;
