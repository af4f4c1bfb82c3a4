//! `cargo xtask run`: from a fresh clone to the open console.

pub mod display;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{apt, place, tools, ui};

pub use display::{InDisplay, in_display};

/// Arguments of `run`.
#[derive(Args)]
pub struct Arguments {
    /// Install what is missing without asking.
    #[arg(long)]
    yes: bool,
    /// Build with optimisation: slower to build, quicker to use.
    #[arg(long)]
    release: bool,
    /// Open the console on a screen that exists in memory only, with a keyring of its own.
    #[arg(long)]
    virtual_display: bool,
    /// Save a picture of the virtual display once the window is up, then end.
    #[arg(long, value_name = "FILE", requires = "virtual_display")]
    screenshot: Option<PathBuf>,
}

/// Builds the console and opens it.
pub fn run(arguments: &Arguments) -> Result<()> {
    if !arguments.virtual_display && !has_display() {
        bail!(
            "there is no display here, so no window can open.\n\
             On a desktop, run this in a terminal of the graphical session. On a server, add\n\
             --virtual-display, or --virtual-display --screenshot FILE to see what it looks like."
        );
    }
    if arguments.virtual_display && !cfg!(target_os = "linux") {
        bail!("--virtual-display works on Linux alone");
    }
    let packages: &[&[&str]] =
        if arguments.virtual_display { &[apt::BUILD, apt::DISPLAY] } else { &[apt::BUILD] };
    apt::ensure(packages, arguments.yes)?;
    tools::check_node()?;
    println!("== user interface");
    ui::install()?;
    ui::build()?;
    println!("== console");
    build(arguments.release)?;

    let console = place::built("atalaya", arguments.release);
    if arguments.virtual_display {
        return display::open(&console, arguments.screenshot.as_deref());
    }
    println!("== opening {}", console.display());
    let status = Command::new(&console).status().context("starting the console")?;
    if !status.success() {
        bail!("the console ended with {status}");
    }
    Ok(())
}

fn build(release: bool) -> Result<()> {
    let mut build = place::cargo();
    build.args(["build", "--package", "atalaya", "--package", "atalaya-cli"]);
    build.args(["--features", "atalaya/custom-protocol"]);
    if release {
        build.arg("--release");
    }
    if !build.status().context("starting cargo")?.success() {
        bail!("the console could not be built");
    }
    Ok(())
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
