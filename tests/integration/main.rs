//! Operations and both walls on a real Postgres, as a non-superuser administrator makes it.
//!
//! One throw-away cluster per major version and process ([`bed`]); template databases are adopted once, through the same
//! operations as the console uses, and each test works on a copy of its own. [`psql`] plays the insider with a raw
//! connection. To add a noun: a module here, with each operation done, denied, failed and audited.
//!
//! Deliberately absent: the window (`tests/window`) and rules that need no database (inline in their crates).

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]
#![expect(clippy::print_stderr, reason = "a test that cannot run here says so")]

mod bed;
mod golden;
mod psql;

mod adoption;
mod audit;
mod catalogue;
mod export;
mod findings;
mod guarantees;
mod insiders;
mod loopholes;
mod matrix;
mod secrets;
mod sessions;
mod tls;
mod trouble;
mod views;
mod walls;
