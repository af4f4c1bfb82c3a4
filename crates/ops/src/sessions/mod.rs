//! Sessions of the console: opening one with the passphrase, describing it, ending it.

mod attach;
mod end;
mod open;

pub use attach::attach;
pub use end::end;
pub use open::{Opened, describe, open, upkeep};
pub(crate) use open::{connect, finish, seal_error};
