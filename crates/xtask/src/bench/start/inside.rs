//! Inside the virtual display: starts the programs in turns and reads from their pages when they
//! were usable.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use super::figures::{Start, Starts, report};
use super::webdriver::{self, Session};
use crate::run::display::{quiet, unlock_keyring};

/// Measured starts of each program.
const ROUNDS: usize = 10;
/// A start or an end that takes longer is a failure.
const LIMIT: Duration = Duration::from_secs(30);

/// Wall clock times in ms, because the program's start is known by the wall clock alone. `null`
/// until the page is usable; the console's page counts only with one of its first screens.
const READ: &str = "
    const mark = performance.getEntriesByName('interactive')[0]
    const screen = document.querySelector('[data-testid=first-run],[data-testid=sign-in]')
    const shown = screen ? screen.dataset.testid : document.title
    return mark ? [performance.timeOrigin, mark.startTime, shown] : null";

/// Arguments of the hidden subcommand.
#[derive(Args)]
pub struct InDisplay {
    /// The console's program.
    console: PathBuf,
    /// The empty window's program.
    empty: PathBuf,
    /// `tauri-driver`.
    driver: PathBuf,
    /// A temporary folder.
    folder: PathBuf,
}

/// A program to start, and what its page has to show.
struct Candidate {
    launcher: PathBuf,
    started: PathBuf,
    shows: &'static str,
}

/// Measures and reports.
pub fn in_display(arguments: &InDisplay) -> Result<()> {
    let folder = &arguments.folder;
    unlock_keyring(folder)?;
    let book = json!({ "selected": "bench", "connections": [{
        "id": "bench", "name": "Bench", "colour": "slate", "production": false, "kind": "remote",
        "host": "127.0.0.1", "port": 5432, "database": "crm", "user": "bench", "tls": "verify_full",
        "ca_file": null, "last_opened": null,
    }] });
    std::fs::create_dir_all(folder.join("known"))?;
    std::fs::write(folder.join("known/console.json"), book.to_string())?;
    let candidates = [
        candidate(folder, "new", &arguments.empty, "Empty window")?,
        candidate(folder, "new", &arguments.console, "first-run")?,
        candidate(folder, "known", &arguments.console, "sign-in")?,
    ];
    let mut manager = quiet(Command::new("openbox")).spawn().context("starting openbox")?;
    let measured =
        Driver::start(&arguments.driver, folder).and_then(|driver| measure(&driver, &candidates));
    let _ = manager.kill();
    let _ = manager.wait();
    report(&measured?)
}

/// The program behind a script that notes when it was called and under which process id.
fn candidate(folder: &Path, home: &str, program: &Path, shows: &'static str) -> Result<Candidate> {
    let name = shows.replace(' ', "-").to_lowercase();
    let (launcher, started) = (folder.join(format!("{name}.sh")), folder.join(name));
    let script = format!(
        "#!/bin/sh\nexport ATALAYA_HOME='{}'\nprintf '%s %s' $$ $(date +%s%N) >'{}'\nexec '{}'\n",
        folder.join(home).display(),
        started.display(),
        program.display()
    );
    std::fs::write(&launcher, script)?;
    let mut chmod = Command::new("chmod");
    if !chmod.arg("700").arg(&launcher).status().context("starting chmod")?.success() {
        bail!("{} could not be made executable", launcher.display());
    }
    Ok(Candidate { launcher, started, shows })
}

/// One unmeasured start of each fills the caches of disk and webview, then they take turns, so that
/// whatever else the machine does falls on all alike.
fn measure(driver: &Driver, candidates: &[Candidate; 3]) -> Result<Vec<Starts>> {
    let what = ["empty Tauri window", "console, first run", "console, sign-in"];
    let mut rows = what.map(|what| Starts { what, measured: Vec::new() });
    for round in 0..=ROUNDS {
        for (candidate, row) in candidates.iter().zip(&mut rows) {
            let start = one(driver, candidate).with_context(|| row.what)?;
            if round > 0 {
                row.measured.push(start);
            }
        }
        println!("   round {round} of {ROUNDS}");
    }
    Ok(rows.into())
}

fn one(driver: &Driver, candidate: &Candidate) -> Result<Start> {
    let session = Session::start(driver.port, &candidate.launcher)?;
    let noted = std::fs::read_to_string(&candidate.started).context("the program did not start")?;
    let (pid, called) = noted.split_once(' ').context("the note of the start is malformed")?;
    let called = Duration::from_nanos(called.trim().parse()?);
    let read = read(&session, candidate);
    let ended = session.end();
    gone(pid)?;
    ended?;
    let (page, interactive) = read?;
    let since = |at: Duration| at.checked_sub(called).context("the wall clock was set back");
    Ok(Start { page: since(page)?, interactive: since(interactive)? })
}

/// When the page began and when it was usable, by the wall clock.
fn read(session: &Session, candidate: &Candidate) -> Result<(Duration, Duration)> {
    let began = Instant::now();
    loop {
        // Seldom, because each look takes the page's thread for a moment.
        std::thread::sleep(Duration::from_millis(250));
        let said = session.run(READ)?;
        if let (Some(origin), Some(mark)) = (said[0].as_f64(), said[1].as_f64()) {
            if said[2] != candidate.shows {
                bail!("it shows {} instead of {}", said[2], candidate.shows);
            }
            let wall = |ms: f64| Duration::from_secs_f64(ms / 1000.0);
            return Ok((wall(origin), wall(origin + mark)));
        }
        if began.elapsed() > LIMIT {
            bail!("it was not usable within {} s", LIMIT.as_secs());
        }
    }
}

/// Waits for a program to end, so that the next start has the machine for itself.
fn gone(pid: &str) -> Result<()> {
    let process = Path::new("/proc").join(pid);
    let began = Instant::now();
    while process.exists() {
        if began.elapsed() > LIMIT {
            quiet(Command::new("kill")).args(["-KILL", pid]).status()?;
            bail!("it did not end within {} s", LIMIT.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // The webview's own processes end a moment after it.
    std::thread::sleep(Duration::from_millis(300));
    Ok(())
}

/// `tauri-driver`, ended with this.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    fn start(program: &Path, folder: &Path) -> Result<Self> {
        let (port, native) = (free_port()?, free_port()?);
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        command.env("HOME", folder).env("XDG_RUNTIME_DIR", folder);
        for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env_remove(name);
        }
        let process = command.stdin(Stdio::null()).spawn().context("starting tauri-driver")?;
        let driver = Self { process, port };
        let began = Instant::now();
        // It listens before the driver behind it does, and fails for good if asked in between.
        while TcpStream::connect(("127.0.0.1", native)).is_err() || !webdriver::is_ready(port) {
            if began.elapsed() > LIMIT {
                bail!("tauri-driver did not become ready");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked, because only then does it end the driver behind it.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
