//! A virtual display: Xvfb with a window manager, a private D-Bus and a keyring of its own, for a
//! machine without a screen. All that the console makes there is in a temporary folder and goes with
//! it, unless `ATALAYA_HOME` names a place to keep.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use atalaya_postgres::{Cluster, State, StopMode};
use clap::Args;

use crate::place;

/// Arguments of the hidden subcommand.
#[derive(Args)]
pub struct InDisplay {
    /// The console's program.
    console: PathBuf,
    /// The temporary folder.
    folder: PathBuf,
    /// Where to save the picture.
    #[arg(long)]
    screenshot: Option<PathBuf>,
}

/// Opens the console in a virtual display.
pub fn open(console: &Path, screenshot: Option<&Path>) -> Result<()> {
    let screenshot = screenshot.map(std::path::absolute).transpose()?;
    wrap(|outer, folder| {
        outer.arg("in-display").arg(console).arg(folder);
        if let Some(file) = screenshot {
            outer.arg("--screenshot").arg(file);
        }
        if std::env::var_os("ATALAYA_HOME").is_none() {
            println!("== a try-out: its data goes with it (ATALAYA_HOME names a place to keep)");
            outer.env("ATALAYA_HOME", folder.join("home"));
        }
    })
}

/// Runs a subcommand of this program in a virtual display with a private D-Bus. `finish` adds its
/// arguments and gets a temporary folder, which goes afterwards.
pub fn wrap(finish: impl FnOnce(&mut Command, &Path)) -> Result<()> {
    let folder = private_folder("/tmp")?;
    // For root: the server's account passes through to the database's folder.
    Command::new("chmod").arg("711").arg(&folder).status().context("starting chmod")?;
    let mut outer = Command::new("xvfb-run");
    outer.args([
        "--auto-servernum",
        "--server-args=-screen 0 1400x900x24",
        "dbus-run-session",
        "--",
    ]);
    outer.arg(std::env::current_exe()?);
    finish(&mut outer, &folder);
    outer.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
    let status = outer.status().context("starting xvfb-run");
    let removed = std::fs::remove_dir_all(&folder);
    if !status?.success() {
        bail!("what ran in the virtual display ended with an error");
    }
    removed.context("removing the temporary folder")
}

fn private_folder(parent: impl AsRef<Path>) -> Result<PathBuf> {
    let mut mktemp = Command::new("mktemp");
    mktemp.arg("--directory").arg(parent.as_ref().join("atalaya-display-XXXXXX"));
    let output = mktemp.output().context("starting mktemp")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

/// Inside: keyring, window manager, console, picture.
pub fn in_display(arguments: &InDisplay) -> Result<()> {
    let keyrings = private_folder(&arguments.folder)?;
    unlock_keyring(&keyrings)?;
    let mut manager = quiet(Command::new("openbox")).spawn().context("starting openbox")?;
    let mut console = Command::new(&arguments.console)
        .env("XDG_RUNTIME_DIR", &keyrings)
        .spawn()
        .with_context(|| format!("starting {}", arguments.console.display()))?;
    let done = match &arguments.screenshot {
        Some(file) => picture(&mut console, file),
        None => wait_for_end(&mut console),
    };
    let closed = close(&mut console);
    let stopped = stop_database();
    let _ = manager.kill();
    let _ = manager.wait();
    done.and(closed).and(stopped)
}

/// Without input and output.
pub fn quiet(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The daemon ends with the private D-Bus. Its password unlocks nothing else and is never kept.
pub fn unlock_keyring(folder: &Path) -> Result<()> {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon.args(["--unlock", "--components=secrets", "--daemonize"]);
    daemon.env("XDG_DATA_HOME", folder).env("XDG_RUNTIME_DIR", folder);
    let mut daemon =
        daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let daemon =
        daemon.as_mut().map_err(|error| anyhow::anyhow!("starting the keyring: {error}"))?;
    if let Some(mut stdin) = daemon.stdin.take() {
        stdin.write_all(b"virtual display")?;
    }
    if !daemon.wait()?.success() {
        bail!("the keyring could not be unlocked");
    }
    Ok(())
}

fn picture(console: &mut Child, file: &Path) -> Result<()> {
    let began = Instant::now();
    while !window_is_up(console.id()) {
        if let Some(status) = console.try_wait()? {
            bail!("the console ended with {status} before its window was up");
        }
        if began.elapsed() > Duration::from_secs(60) {
            bail!("the window did not come up within a minute");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    wait_for_stillness()?;
    let shot = Command::new("import").args(["-window", "root"]).arg(file).status();
    if !shot.context("starting import")?.success() {
        bail!("the picture could not be taken");
    }
    println!("== saved {}", file.display());
    Ok(())
}

/// The window is there before the page in it is painted: waits until something is on it, for a minute
/// at most, and until the picture no longer changes, for 15 seconds at most, because something on it may
/// move for ever.
fn wait_for_stillness() -> Result<()> {
    let mut began = Instant::now();
    let opened = began;
    let mut before = Vec::new();
    loop {
        std::thread::sleep(Duration::from_millis(1500));
        let mut shot = Command::new("import");
        shot.args(["-window", "root", "-crop", INSIDE, "-depth", "8", "rgb:-"]);
        let pixels = shot.output().context("starting import")?.stdout;
        if is_blank(&pixels) {
            if opened.elapsed() > Duration::from_secs(60) {
                bail!("nothing appeared in the window within a minute");
            }
            began = Instant::now();
            continue;
        }
        let waited = began.elapsed();
        let still = pixels == before && waited > Duration::from_secs(3);
        if still || waited > Duration::from_secs(15) {
            return Ok(());
        }
        before = pixels;
    }
}

/// A part of the screen that lies within the console's page.
const INSIDE: &str = "1100x700+150+120";

/// Whether all pixels, of three bytes each, have one colour.
fn is_blank(pixels: &[u8]) -> bool {
    let mut pixels = pixels.chunks(3);
    let first = pixels.next();
    pixels.all(|pixel| Some(pixel) == first)
}

fn window_is_up(pid: u32) -> bool {
    let mut search = Command::new("xdotool");
    search.args(["search", "--onlyvisible", "--pid", &pid.to_string()]);
    search.output().is_ok_and(|output| !output.stdout.trim_ascii().is_empty())
}

fn wait_for_end(console: &mut Child) -> Result<()> {
    println!("== the console is open; Ctrl+C ends it");
    console.wait()?;
    Ok(())
}

/// As a person closes a window; by force when that does not help.
fn close(console: &mut Child) -> Result<()> {
    for attempt in ["key", "TERM", "KILL"] {
        if console.try_wait()?.is_some() {
            return Ok(());
        }
        if attempt == "key" {
            quiet(Command::new("xdotool")).args(["key", "alt+F4"]).status()?;
        } else {
            let signal = format!("-{attempt}");
            quiet(Command::new("kill")).args([&signal, &console.id().to_string()]).status()?;
        }
        let began = Instant::now();
        while console.try_wait()?.is_none() && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    console.wait()?;
    Ok(())
}

/// The console stops its database at a normal end; after another end this does.
fn stop_database() -> Result<()> {
    place::wait(async {
        let home = atalaya_postgres::home();
        if !home.join("postgres/data").exists() {
            return Ok(());
        }
        let cluster = Cluster::open(&home).await?;
        if matches!(cluster.state().await?, State::Running { .. } | State::Busy { .. }) {
            cluster.stop(StopMode::Fast).await?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_colour_is_no_page() {
        let (paper, ink) = ([246, 245, 244], [15, 27, 45]);
        assert!(super::is_blank(&[paper, paper, paper].concat()));
        assert!(!super::is_blank(&[paper, ink, paper].concat()));
        assert!(super::is_blank(&[]));
    }
}
