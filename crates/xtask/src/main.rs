//! `cargo xtask`: everything a person does with this repository besides writing code.
//!
//! It installs what is missing, so that a fresh machine needs Rust, Node and git only, and says what
//! it is about to do before it does it. Deliberately absent: knowledge of the product; each
//! subcommand calls the same tools a person would call by hand.
//!
//! To add a subcommand: one module, one variant of [`Task`], one line in [`main`].

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is for a terminal")]

mod apt;
mod bench;
mod bundle;
mod generate;
mod place;
mod progress;
mod run;
mod suite;
mod tools;
mod ui;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and packs Atalaya.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the console and open it.
    Run(run::Arguments),
    /// Run all checks and tests.
    Test(suite::Arguments),
    /// Write the generated files, or check them.
    Gen(generate::Arguments),
    /// Measure.
    Bench(bench::Arguments),
    /// Pack a Debian package.
    Bundle(bundle::Arguments),
    /// The inside of `run --virtual-display`.
    #[command(hide = true)]
    InDisplay(run::InDisplay),
    /// The inside of `bench start`.
    #[command(hide = true)]
    BenchStartInDisplay(bench::InDisplay),
}

fn main() -> std::process::ExitCode {
    let done = match Cli::parse().task {
        Task::Run(arguments) => run::run(&arguments),
        Task::Test(arguments) => suite::test(&arguments),
        Task::Gen(arguments) => generate::generate(&arguments),
        Task::Bench(arguments) => bench::bench(&arguments),
        Task::Bundle(arguments) => bundle::bundle(&arguments),
        Task::InDisplay(arguments) => run::in_display(&arguments),
        Task::BenchStartInDisplay(arguments) => bench::in_display(&arguments),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
