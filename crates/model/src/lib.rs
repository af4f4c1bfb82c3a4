//! The nouns and rules of Atalaya.
//!
//! Everything here is pure: no I/O, no clock and no randomness of its own, so that each rule is tested with a table and
//! the same function answers an operation, the access explorer and a what-if. Deliberately absent: SQL (crate `store`),
//! keys (crate `keys`), anything that can open something. Types that cross to TypeScript derive `TS` under test only;
//! `cargo xtask gen` writes them to `ui/src/backend/types.ts`.
//!
//! To add a noun: one module with its types and rules, its tests inline, and a line here.

pub mod access;
pub mod adoption;
pub mod audit;
pub mod connection;
pub mod console;
pub mod error;
pub mod export;
pub mod instant;
pub mod overview;
pub mod secret;
pub mod setting;
pub mod tenant;

pub use error::{Code, Error, Result};
pub use instant::Instant;
pub use secret::Secret;
pub use tenant::TenantId;
