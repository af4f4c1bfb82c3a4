//! The embedded Postgres: finds installed binaries, makes a private cluster in the application's
//! data folder, starts and stops it, and finds it again after the console was killed.
//!
//! The cluster listens on a Unix socket in a folder that only its owner can enter, asks for a
//! SCRAM password even there, and has no role that can both sign in and bypass row security: the
//! bootstrap superuser only makes the administrator and the database, then loses its login.
//!
//! One folder, [`Layout`], holds all of it. Who may use it is settled by two locked files: the
//! `start.lock` makes starting and stopping one thing at a time, and each client (console,
//! `atalayactl`) shares the lock of `clients.lock` through a [`Lease`]; the last to [`Lease::leave`]
//! stops the server. The kernel drops the locks of a killed client, the server itself lives on, and
//! the next client attaches to it.
//!
//! Deliberately absent: SQL beyond the bootstrap (crate `store`), passwords in plain text (the
//! caller gives a SCRAM verifier), backup and upgrade of data between major versions.
//!
//! To support one more place where binaries are installed, add it to `binaries::places`.

mod account;
mod binaries;
mod cluster;
mod error;
mod init;
mod layout;
mod lease;
mod pidfile;
mod probe;
#[cfg(unix)]
pub mod scratch;
mod server;
mod settings;

pub use binaries::{Binaries, OLDEST_MAJOR, find_binaries, find_binaries_for};
pub use cluster::{Cluster, State};
pub use error::{Error, Result};
pub use init::Bootstrap;
pub use layout::{Layout, home};
pub use lease::{Lease, Left};
pub use probe::Endpoint;
pub use server::StopMode;
