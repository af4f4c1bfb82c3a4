//! The CRM's secrets: making what a workspace needs, taking over what a CRM already uses.
//!
//! Values exist here only between their making and their encryption. Nothing but ciphertext reaches the store.

mod chain;
mod ensure;
mod import_env;
mod seal;

pub(crate) use chain::{record_of, row_of, trusted};
pub(crate) use ensure::LOCAL_ADMINISTRATOR;
pub use ensure::ensure;
pub use import_env::import_env;
pub(crate) use seal::{bad_signature, seal};
