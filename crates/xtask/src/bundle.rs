//! `cargo xtask bundle`: the Debian package, with the console and `atalayactl` in it.

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{apt, place, tools, ui};

/// Arguments of `bundle`.
#[derive(Args)]
pub struct Arguments {
    /// Install what is missing without asking.
    #[arg(long)]
    yes: bool,
}

/// Builds everything for release and packs it.
pub fn bundle(arguments: &Arguments) -> Result<()> {
    apt::ensure(&[apt::BUILD], arguments.yes)?;
    tools::check_node()?;
    ui::install()?;
    ui::build()?;
    // All programs, with the features that the Tauri CLI asks for: built for atalayactl alone, the dependencies would have
    // others, and nearly all would be compiled twice.
    let mut programs = place::cargo();
    programs.args(["build", "--release", "--bins", "--features", "tauri/custom-protocol"]);
    if !programs.status().context("starting cargo")?.success() {
        bail!("the programs could not be built");
    }
    // Tauri takes a second program under its name with the target's triple behind it.
    let beside = place::target().join("xtask/atalayactl");
    let mut named = beside.clone().into_os_string();
    named.push(format!("-{}{}", host()?, std::env::consts::EXE_SUFFIX));
    if let Some(folder) = beside.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(place::built("atalayactl", true), &named).context("copying atalayactl")?;

    // Only here: in the base configuration it would break every build of a clean clone.
    let extra = serde_json::json!({
        "build": { "beforeBuildCommand": "" },
        "bundle": {
            "active": true,
            "externalBin": [beside],
            // For a local workspace; a console of a remote database does without.
            "linux": { "deb": { "recommends": ["postgresql", "gnome-keyring"] } },
        },
    });
    // By its exact version and only here: it comes with a large program that no other task needs.
    let mut tauri = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    tauri.args(["--yes", "--package", "@tauri-apps/cli@2.12.5", "tauri"]);
    place::as_from_a_shell(&mut tauri);
    tauri.args(["build", "--bundles", "deb", "--config", &extra.to_string()]);
    if !tauri.status().context("starting the Tauri CLI through npx")?.success() {
        bail!("the package could not be built");
    }
    let folder = place::target().join("release/bundle/deb");
    for entry in std::fs::read_dir(&folder).context("looking for the package")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            println!("\nmade {}", path.display());
        }
    }
    Ok(())
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("--version").arg("--verbose").output();
    let said = String::from_utf8(output.context("starting rustc")?.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}
