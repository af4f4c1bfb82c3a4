//! What each lane does. All Rust lanes share one feature set and one profile, so that nothing is
//! compiled twice; `custom-protocol` is the configuration that users get.

use std::process::Command;

use crate::place::{built, cargo};
use crate::progress::Progress;
use crate::{generate, place, tools, ui};

/// The whole workspace, as users get it.
const WHOLE: &[&str] = &["--workspace", "--all-targets", "--features", "atalaya/custom-protocol"];
const NO_INTERFACE: &str = "the user interface was not built";
const NOT_BUILT: &str = "the build failed";

pub fn fmt(progress: &mut Progress) {
    progress.step("fmt", "cargo fmt", cargo().args(["fmt", "--all", "--check"]));
}

/// The database of advisories is left out: it would have to be fetched from outside the registries.
pub fn deny(progress: &mut Progress) {
    let mut program = None;
    let there = progress.work("deny", "cargo-deny", || {
        program = Some(tools::cargo_deny()?);
        Ok(())
    });
    let Some(program) = program.filter(|_| there) else { return };
    let mut deny = Command::new(program);
    deny.current_dir(place::root()).args(["--workspace", "--config", ".config/deny.toml"]);
    deny.args(["check", "licenses", "bans", "sources"]);
    progress.step("deny", "licences, bans, sources", &mut deny);
}

/// Tells whether there is a build for the console to carry.
pub fn ui(progress: &mut Progress, checks: bool) -> bool {
    if !progress.work("ui", "packages", ui::install) {
        return false;
    }
    if checks {
        progress.step("ui", "types and formatting", &mut ui::npm(&["run", "check"]));
        progress.step("ui", "tests", &mut ui::npm(&["run", "test"]));
    }
    progress.work("ui", "build", ui::build)
}

pub fn generated(progress: &mut Progress, interface: bool) {
    if !interface {
        return progress.skip("gen", "generated files", NO_INTERFACE);
    }
    for part in generate::PARTS {
        progress.work("gen", part.name, || generate::one(part, generate::Mode::Check));
    }
}

pub fn clippy(progress: &mut Progress, interface: bool) {
    if !interface {
        return progress.skip("clippy", "cargo clippy", NO_INTERFACE);
    }
    let mut clippy = cargo();
    clippy.arg("clippy").args(WHOLE).args(["--", "-D", "warnings"]);
    progress.step("clippy", "cargo clippy", &mut clippy);
}

pub fn build(progress: &mut Progress, interface: bool) -> bool {
    if !interface {
        progress.skip("build", "cargo build", NO_INTERFACE);
        return false;
    }
    progress.step("build", "cargo build", cargo().arg("build").args(WHOLE))
}

pub fn test(progress: &mut Progress, built: bool) {
    if !built {
        return progress.skip("test", "cargo test", NOT_BUILT);
    }
    let mut test = cargo();
    test.args(["test", "--no-fail-fast"]).args(WHOLE);
    with_second_postgres(progress, "test", &mut test);
    progress.step("test", "cargo test", &mut test);
    let mut documentation = cargo();
    documentation.args(["test", "--doc", "--workspace", "--features", "atalaya/custom-protocol"]);
    progress.step("test", "examples in the documentation", &mut documentation);
}

/// The window tests are marked `#[ignore]`, because they need what only this lane prepares.
pub fn window(progress: &mut Progress, is_built: bool) {
    if !is_built {
        return progress.skip("window", "window tests", NOT_BUILT);
    }
    let mut driver = None;
    let there = progress.work("window", "tauri-driver", || {
        driver = Some(tools::tauri_driver()?);
        Ok(())
    });
    let Some(driver) = driver.filter(|_| there) else { return };
    let mut test = cargo();
    test.args(["test", "--workspace", "--features", "atalaya/custom-protocol", "--test", "window"]);
    test.args(["--", "--include-ignored", "--test-threads=1"]);
    test.env("ATALAYA_TEST_TAURI_DRIVER", driver);
    test.env("ATALAYA_TEST_CONSOLE", built("atalaya", false));
    test.env("ATALAYA_TEST_CTL", built("atalayactl", false));
    with_second_postgres(progress, "window", &mut test);
    progress.step("window", "window tests", &mut test);
}

fn with_second_postgres(progress: &mut Progress, lane: &'static str, test: &mut Command) {
    let mut folder = None;
    progress.work(lane, "PostgreSQL 18 beside the system's", || {
        folder = Some(tools::second_postgres()?);
        Ok(())
    });
    if let Some(folder) = folder {
        test.env("ATALAYA_TEST_PG_SECOND", folder);
    }
}
