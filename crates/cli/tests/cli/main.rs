//! `atalayactl` as it is installed: the real program against a real server.
//!
//! One throw-away cluster serves all; the fixture is taken over once, through the program, and read by many tests. What
//! changes a database makes its own.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends with what was not expected"
)]

mod adopt;
mod audit;
mod db;
mod doctor;
mod export;
mod hints;
mod killed;
mod patience;
mod stage;
mod usage;
