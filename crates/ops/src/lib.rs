//! The verbs. One plain function per operation: `verb(cx, caller, request) -> Result<answer>`.
//!
//! A Tauri command, an API route and a subcommand of `atalayactl` are adapters of a few lines over these functions, so
//! that the console, the API and the command line can never disagree. Deliberately absent: SQL (crate `store`), rules
//! (crate `model`), cryptography (crate `keys`), and anything of a window or a terminal.
//!
//! To add an operation: the action in `model::access`, the query in `store::<noun>`, a function here in
//! `<noun>/<verb>.rs`, an adapter in each shell, its tests in `tests/`. The README walks through one.

pub mod adoption;
pub mod audit;
pub mod changes;
pub mod connections;
pub mod context;
pub mod doctor;
pub mod findings;
pub mod kit;
pub mod overview;
mod place;
pub mod secrets;
pub mod server;
pub mod sessions;
pub mod setup;
pub mod users;
pub mod views;

pub use atalaya_store::file;
pub use context::{Clock, Context, Signer, Workplace};
