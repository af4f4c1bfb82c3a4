//! What is wrong, before somebody finds out at a bad moment. `machine` needs nobody to be signed in, `database` does.
//!
//! A finding is a [`HealthLine`]: a code that the shells have words for, a state, and safe facts. Nothing here repairs.

mod database;
mod machine;

pub use database::database;
pub use machine::machine;

use atalaya_model::overview::{Health, HealthLine};

fn line(code: &'static str, state: Health, detail: impl Into<String>) -> HealthLine {
    HealthLine { code, state, detail: detail.into() }
}

/// Fine without names, otherwise `state` with the names.
fn unless_named(code: &'static str, state: Health, names: &[String]) -> HealthLine {
    if names.is_empty() { line(code, Health::Ok, "") } else { line(code, state, names.join(", ")) }
}
