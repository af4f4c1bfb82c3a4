//! The audit log at a million events, or at `--rows`: `crates/ops/examples/bench-audit`, in a release build. It makes a
//! throw-away server and removes it; ten million events need some 12 GB of disk and half an hour.

use anyhow::{Context, Result, bail};

use crate::place;

/// Events without `--rows`.
const ROWS: u64 = 1_000_000;

pub fn measure(rows: Option<u64>) -> Result<()> {
    let mut run = place::cargo();
    run.args(["run", "--release", "--package", "atalaya-ops", "--example", "bench-audit", "--"]);
    run.arg(rows.unwrap_or(ROWS).to_string());
    if !run.status().context("starting cargo")?.success() {
        bail!("the measurement failed");
    }
    Ok(())
}
