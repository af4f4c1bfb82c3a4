//! `cargo xtask bench`: measurements that a person repeats and compares. Each prints its numbers and
//! the machine's part in them where that can be told apart. None is part of the suite; one with a bar
//! ends with an error when it is missed.
//!
//! To add one: a module with a function, and a line in [`BENCHES`].

mod audit;
mod postgres;
mod start;

use anyhow::{Result, bail};
use clap::Args;

pub use start::{InDisplay, in_display};

/// Arguments of `bench`.
#[derive(Args)]
pub struct Arguments {
    /// Which one; without it they are listed.
    name: Option<String>,
    /// Events in the log, for `audit`.
    #[arg(long)]
    rows: Option<u64>,
}

struct Bench {
    name: &'static str,
    what: &'static str,
    measure: fn(&Arguments) -> Result<()>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "audit",
        what: "pages, facets, search, numbers and exports of a large log, beside pgbench and \\copy",
        measure: |arguments| audit::measure(arguments.rows),
    },
    Bench {
        name: "postgres",
        what: "making, starting, attaching to and stopping the embedded Postgres",
        measure: |_| postgres::measure(),
    },
    Bench {
        name: "start",
        what: "from the console's start to its first screen, beside an empty Tauri window",
        measure: |_| start::measure(),
    },
];

/// Runs or lists.
pub fn bench(arguments: &Arguments) -> Result<()> {
    let Some(name) = &arguments.name else {
        for bench in BENCHES {
            println!("{:<12}{}", bench.name, bench.what);
        }
        return Ok(());
    };
    match BENCHES.iter().find(|bench| bench.name == name) {
        Some(bench) => (bench.measure)(arguments),
        None => bail!("there is no benchmark {name}; cargo xtask bench lists them"),
    }
}
