//! The only SQL and the only permits: the second half of the first wall.
//!
//! [`Store`] alone reaches the pool. `permit` loads the caller's facts and asks `model::access::decide`; `view` reads and
//! `change` writes under the permit, and both leave their audit event: no event, no commit. What a noun's SQL is, stands in
//! the module of its name; its functions take `&mut Read` or `&mut Tx`, which nothing outside this crate can make.
//!
//! Deliberately absent: rules (crate `model`), keys (crate `keys`), and any way to run SQL without a permit but
//! [`setup`], which works before there is an operator, with the administrator's own connection.
//!
//! To add a query: a function in the noun's module, tenant in its `WHERE`, then `cargo xtask gen` for `.sqlx/`.

mod change;
mod connect;
mod error;
mod instant;
mod job;
mod permit;
mod upkeep;
mod view;

pub mod audit;
pub mod doctor;
pub mod overview;
pub mod recipients;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod tenants;
pub mod users;

pub use change::{Done, Resource, Tx};
pub use job::Job;
pub use permit::{Permit, Store};
pub use upkeep::Upkeep;
pub use view::Read;
