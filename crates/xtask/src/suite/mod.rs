//! `cargo xtask test`: all checks, in lanes. A lane that fails does not stop the others, unless they
//! need what it makes.
//!
//! To add a lane: a variant of [`Lane`] and a function in `lanes`.

mod lanes;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::progress::Progress;
use crate::{apt, tools};

/// Arguments of `test`.
#[derive(Args)]
pub struct Arguments {
    /// Install what is missing without asking.
    #[arg(long)]
    yes: bool,
    /// Run these lanes alone.
    #[arg(long, value_enum)]
    only: Vec<Lane>,
    /// Leave these lanes out.
    #[arg(long, value_enum)]
    skip: Vec<Lane>,
}

/// A group of checks.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Lane {
    /// Formatting of the Rust code.
    Fmt,
    /// Types, formatting, tests and build of the user interface.
    Ui,
    /// Licences, bans and sources of the dependencies.
    Deny,
    /// Clippy over all targets.
    Clippy,
    /// Generated files are those that the sources give.
    Gen,
    /// Unit and integration tests.
    Test,
    /// The real window, with a real keyring and a real database.
    Window,
}

/// Runs the suite.
pub fn test(arguments: &Arguments) -> Result<()> {
    let wanted = |lane: Lane| {
        (arguments.only.is_empty() || arguments.only.contains(&lane))
            && !arguments.skip.contains(&lane)
    };
    let mut progress = Progress::default();
    let ready = progress.work("setup", "packages and tools", || {
        let compiles = [Lane::Clippy, Lane::Gen, Lane::Test, Lane::Window].into_iter().any(wanted);
        if compiles {
            apt::ensure(&[apt::BUILD, apt::DISPLAY, apt::SUITE], arguments.yes)?;
        }
        tools::ensure_rust_components()?;
        if compiles || wanted(Lane::Ui) {
            tools::check_node()?;
        }
        Ok(())
    });
    if !ready {
        return progress.finish();
    }
    if wanted(Lane::Fmt) {
        lanes::fmt(&mut progress);
    }
    if wanted(Lane::Deny) {
        lanes::deny(&mut progress);
    }
    let compiles = [Lane::Clippy, Lane::Test, Lane::Window, Lane::Gen].into_iter().any(wanted);
    let interface = (wanted(Lane::Ui) || compiles) && lanes::ui(&mut progress, wanted(Lane::Ui));
    if wanted(Lane::Gen) {
        lanes::generated(&mut progress, interface);
    }
    if wanted(Lane::Clippy) {
        lanes::clippy(&mut progress, interface);
    }
    let built =
        (wanted(Lane::Test) || wanted(Lane::Window)) && lanes::build(&mut progress, interface);
    if wanted(Lane::Test) {
        lanes::test(&mut progress, built);
    }
    if wanted(Lane::Window) {
        lanes::window(&mut progress, built);
    }
    progress.finish()
}
