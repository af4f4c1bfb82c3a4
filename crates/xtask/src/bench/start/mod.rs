//! How long a user waits for the console: from the call of the release build to the moment its first
//! screen can be used, beside an empty Tauri window (`src-tauri/bench`) in the same run. The ratio is
//! what Atalaya adds to what the webview costs on this machine.
//!
//! Both pages set the mark `interactive`. Measured through WebDriver on a virtual display, once for
//! the first run and once for the sign-in screen, always with an open keyring.

mod figures;
mod inside;
mod webdriver;

use anyhow::{Context, Result, bail};

use crate::run::display;
use crate::{apt, place, tools, ui};

pub use inside::{InDisplay, in_display};

/// Builds, and measures in a virtual display.
pub fn measure() -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("this measurement works on Linux alone");
    }
    apt::ensure(&[apt::BUILD, apt::DISPLAY, apt::SUITE], false)?;
    tools::check_node()?;
    let driver = tools::tauri_driver()?;
    println!("== user interface");
    ui::install()?;
    ui::build()?;
    println!("== release builds of the console and of the empty window");
    let mut build = place::cargo();
    build.args(["build", "--release", "--package", "atalaya", "--bin", "atalaya"]);
    build.args(["--example", "empty-window", "--features", "custom-protocol"]);
    if !build.status().context("starting cargo")?.success() {
        bail!("the release builds failed");
    }
    let cores = std::thread::available_parallelism()?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    println!("== measuring: {cores} cores, load {load}, virtual display");
    display::wrap(|command, folder| {
        command.arg("bench-start-in-display").arg(place::built("atalaya", true));
        command.arg(place::built("examples/empty-window", true)).arg(driver).arg(folder);
    })
}
