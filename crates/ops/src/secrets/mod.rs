//! The CRM's secrets: making what a workspace needs, taking over what a CRM already uses.
//!
//! Values exist here only between their making and their encryption. Nothing but ciphertext reaches the store.

mod chain;
mod ensure;
mod import_env;
mod local_administrator;
mod seal;

pub(crate) use chain::{name_of, record_of, row_of, sift, trusted, unsigned};
pub use ensure::ensure;
pub use import_env::import_env;
pub(crate) use local_administrator::{LOCAL_ADMINISTRATOR, Login, settle};
pub(crate) use seal::{bad_signature, seal, seal_version};
