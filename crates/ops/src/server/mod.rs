//! The embedded Postgres of this machine, for people who start and stop it by hand.
//!
//! The console holds a lease and needs none of this; it is there for scripts, backups and a machine without a window.

mod start;
mod status;
mod stop;

pub use start::start;
pub use status::{ServerState, ServerStatus, status};
pub use stop::stop;
