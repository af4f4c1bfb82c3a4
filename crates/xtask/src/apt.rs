//! The operating system's packages. Nothing is called when all are there; nothing is installed with
//! sudo without a yes.

use std::io::{IsTerminal, Write};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::place;

/// To build the console, and the server programs of the local workspace.
pub const BUILD: &[&str] = &[
    "build-essential",
    "ca-certificates",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    "postgresql",
];

/// To open the console without a screen and to look at it.
pub const DISPLAY: &[&str] = &[
    "dbus",
    "dbus-daemon",
    "gnome-keyring",
    "imagemagick",
    "libsecret-tools",
    "openbox",
    "xauth",
    "xdotool",
    "xvfb",
];

/// For the suite, beyond both.
pub const SUITE: &[&str] = &["python3", "python3-pip", "webkit2gtk-driver"];

/// Sees that the packages are there.
pub fn ensure(wanted: &[&[&str]], yes: bool) -> Result<()> {
    if !cfg!(target_os = "linux") {
        explain_other_system();
        return Ok(());
    }
    let wanted = wanted.concat();
    if !place::has("apt-get") || !place::has("dpkg-query") {
        println!("This system has no apt. Atalaya needs what Debian packages as:");
        println!("  {}", wanted.join(" "));
        return Ok(());
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing: {}", missing.join(" "));
    let root = place::is_root();
    if !root && !yes && !agreed()? {
        bail!("not installed; to do it yourself: sudo apt-get install {}", missing.join(" "));
    }
    let mut update = apt_get(root);
    let updated = update.arg("update").status().context("starting apt-get")?;
    if !updated.success() {
        println!("apt-get update failed; trying with the lists that are there");
    }
    let mut install = apt_get(root);
    install.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    if !install.status().context("starting apt-get")?.success() {
        bail!("apt-get could not install {}", missing.join(" "));
    }
    Ok(())
}

fn apt_get(root: bool) -> Command {
    // `env` behind sudo, because sudo drops the variable.
    let mut command = if root { Command::new("env") } else { Command::new("sudo") };
    if !root {
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install them with sudo apt-get? [Y/n] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes" | "s" | "si" | "sí"))
}

fn missing<'a>(wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${Package} ${db:Status-Status}\n"]).args(wanted);
    let output = query.output().context("starting dpkg-query")?;
    Ok(not_installed(wanted, &String::from_utf8_lossy(&output.stdout)))
}

fn not_installed<'a>(wanted: &[&'a str], said: &str) -> Vec<&'a str> {
    let installed =
        |package: &&&str| !said.lines().any(|line| line == format!("{package} installed"));
    wanted.iter().filter(installed).copied().collect()
}

fn explain_other_system() {
    if cfg!(target_os = "macos") {
        println!("On macOS Atalaya needs the command line tools and PostgreSQL 15 or newer:");
        println!("  xcode-select --install && brew install node postgresql@17");
    } else {
        println!("On Windows Atalaya needs the Visual Studio C++ build tools, WebView2 (part of");
        println!("Windows 11), Node 20, and for a local workspace PostgreSQL 15 or newer from");
        println!("postgresql.org in its default folder.");
    }
}

#[cfg(test)]
mod tests {
    use super::not_installed;

    #[test]
    fn removed_packages_count_as_missing() {
        let said = "xvfb installed\ndbus config-files\npostgresql-15 installed\n";
        assert_eq!(not_installed(&["xvfb", "dbus", "postgresql"], said), ["dbus", "postgresql"]);
    }
}
