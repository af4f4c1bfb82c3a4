//! The only SQL and the only permits: the second half of the first wall.
//!
//! [`Store`] alone reaches the pool. `permit` loads the caller's facts and asks `model::access::decide`; `view` reads and
//! `change` writes under the permit, and both leave their audit event: no event, no commit. What a noun's SQL is, stands in
//! the module of its name; its functions take `&mut Read` or `&mut Tx`, which nothing outside this crate can make.
//!
//! Deliberately absent: rules (crate `model`), keys (crate `keys`), and any way to run SQL without a permit but
//! [`setup`], which works before there is an operator, with the administrator's own connection.
//!
//! What the types rule out, as tests (each differs from code that compiles in the one thing it shows):
//!
//! ```
//! # use atalaya_store::{Done, Permit, Resource, Store};
//! async fn change(store: &Store, permit: Permit) -> atalaya_model::Result<()> {
//!     store.change(permit, async |_tx| Ok(Done::ok((), Resource::default()))).await
//! }
//! ```
//! A permit is used once:
//! ```compile_fail,E0382
//! # use atalaya_store::{Done, Permit, Resource, Store};
//! async fn change(store: &Store, permit: Permit) -> atalaya_model::Result<()> {
//!     store.change(permit, async |_tx| Ok(Done::ok((), Resource::default()))).await?;
//!     store.change(permit, async |_tx| Ok(Done::ok((), Resource::default()))).await
//! }
//! ```
//! It is not copied:
//! ```compile_fail,E0599
//! # use atalaya_store::Permit;
//! fn twice(permit: &Permit) -> Permit {
//!     permit.clone()
//! }
//! ```
//! It is not made, whatever one knows of a caller:
//! ```compile_fail,E0451
//! # use atalaya_model::access::{Action, Caller, Scope};
//! # use atalaya_store::Permit;
//! fn forge(another: Permit, caller: Caller, action: Action, scope: Scope) -> Permit {
//!     Permit { caller, action, scope, ..another }
//! }
//! ```
//! A change without an event to write is none:
//! ```compile_fail
//! # use atalaya_store::{Done, Permit, Resource, Store};
//! async fn change(store: &Store, permit: Permit) -> atalaya_model::Result<()> {
//!     store.change(permit, async |_tx| Ok(())).await
//! }
//! ```
//! And nobody reaches the pool, or the connection behind a permit:
//! ```compile_fail,E0616
//! # use atalaya_store::Store;
//! fn pool(store: &Store) {
//!     let _ = &store.pool;
//! }
//! ```
//! ```compile_fail,E0616
//! # use atalaya_store::Tx;
//! fn raw(tx: &mut Tx) {
//!     let _ = &mut tx.inner;
//! }
//! ```
//!
//! To add a query: a function in the noun's module, tenant in its `WHERE`, then `cargo xtask gen` for `.sqlx/`.

mod change;
mod connect;
mod error;
mod instant;
mod job;
mod permit;
mod place;
mod trust;
mod upkeep;
mod view;

pub mod audit;
pub mod changes;
pub mod doctor;
pub mod file;
pub mod findings;
pub mod overview;
pub mod recipients;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod tenants;
pub mod users;
pub mod views;

pub use change::{Done, Resource, Tx};
pub use connect::certificates;
pub use error::sql_state;
pub use job::Job;
pub use permit::{Permit, Store};
pub use upkeep::Upkeep;
pub use view::{Apart, Read};
