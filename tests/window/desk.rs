//! What a person sits at, made anew for each journey and gone with it: screen, session bus, keyring, window manager, driver.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Ends all of the desk when its input does, which also comes when this program is killed: first what it was asked to,
/// then a local Postgres that outlived its console, then whatever is left of the group, itself included.
const GUARD: &str = r#"
trap : TERM
cat >/dev/null
kill -TERM 0
sleep 0.3
server=$(head -n 1 "$1/data/postgres/data/postmaster.pid" 2>/dev/null)
[ -n "$server" ] && kill -QUIT "$server" 2>/dev/null && sleep 0.5
umount -l "$1/disk" 2>/dev/null
rm -rf -- "$1"
kill -KILL 0
"#;

/// No service folders: nothing is started behind the test's back, least of all a second keyring.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>"#;

/// How the keyring is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    Unlocked,
    Locked,
    Missing,
}

/// The desk.
pub struct Desk {
    folder: PathBuf,
    guard: Child,
    display: String,
    port: u16,
    keyring: Mutex<Option<Child>>,
}

impl Desk {
    /// Sets one up; 1 s.
    pub fn new(keyring: Keyring) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Short, because sockets lie in it, and where the account that runs Postgres can get to.
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(format!("/tmp/atalaya-window-{}-{n}", std::process::id()));
        for (name, mode) in [("", 0o755), ("run", 0o700), ("home", 0o700), ("files", 0o700)] {
            let path = folder.join(name);
            std::fs::create_dir_all(&path).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let mut guard = Command::new("/bin/sh");
        guard.args(["-c", GUARD, "sh"]).arg(&folder).process_group(0);
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let guard = guard.spawn().unwrap();
        let mut desk =
            Self { folder, guard, display: String::new(), port: 0, keyring: Mutex::default() };
        desk.screen();
        desk.bus();
        desk.keyring(keyring);
        desk.spawn("openbox", &[]);
        desk.driver();
        desk
    }

    /// Where the journey may leave files; it goes with the desk.
    pub fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    /// Where a journey may mount a small disk.
    pub fn disk(&self) -> PathBuf {
        self.folder.join("disk")
    }

    /// The console's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Address of the driver.
    pub fn driver_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A program of this desk, as the console would start it.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("LANG", "C.UTF-8").env("NO_AT_BRIDGE", "1");
        command
            .env("HOME", self.folder.join("home"))
            .env("XDG_RUNTIME_DIR", self.folder.join("run"));
        command
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.bus_socket().display()));
        command.env("DISPLAY", &self.display).env("ATALAYA_HOME", self.data());
        // WebKit paints with the processor: its threads for the graphics card crash now and then where there is none.
        command.env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1");
        command.process_group(self.guard.id().try_into().unwrap());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a program to its end and gives what it printed; `None` when it failed.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).stderr(Stdio::null()).output().unwrap();
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Starts the keyring anew in that state, or ends it.
    pub fn keyring(&self, state: Keyring) {
        let mut running = self.keyring.lock().unwrap();
        if let Some(mut old) = running.take() {
            old.kill().unwrap();
            old.wait().unwrap();
        }
        if state == Keyring::Missing {
            return;
        }
        let mut daemon = self.keyring_daemon(true);
        let probe = ["store", "--label=probe", "probe", "probe"];
        until("the keyring", || {
            let mut store = self
                .command("secret-tool")
                .args(probe)
                .stdin(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            store.stdin.take().unwrap().write_all(b"probe").unwrap();
            store.wait().unwrap().success()
        });
        self.run("secret-tool", &["clear", "probe", "probe"]).unwrap();
        if state == Keyring::Locked {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
            daemon = self.keyring_daemon(false);
            until("the locked keyring", || {
                self.run("secret-tool", &["search", "probe", "probe"]).is_some()
            });
        }
        *running = Some(daemon);
    }

    fn keyring_daemon(&self, unlock: bool) -> Child {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]);
        if unlock {
            daemon.arg("--unlock").stdin(Stdio::piped());
        }
        let mut daemon = daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if let Some(mut input) = daemon.stdin.take() {
            input.write_all(b"the session's password").unwrap();
        }
        daemon
    }

    #[expect(
        clippy::zombie_processes,
        reason = "ended by its process group when the desk is dropped"
    )]
    fn screen(&mut self) {
        let mut screen = self.command("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
        let mut screen = screen.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(screen.stdout.take().unwrap()).read_line(&mut number).unwrap();
        self.display = format!(":{}", number.trim());
    }

    fn bus_socket(&self) -> PathBuf {
        self.folder.join("run/bus")
    }

    fn bus(&self) {
        let config = self.folder.join("bus.conf");
        std::fs::write(&config, BUS.replace("SOCKET", &self.bus_socket().display().to_string()))
            .unwrap();
        let config = format!("--config-file={}", config.display());
        self.spawn("dbus-daemon", &["--nofork", "--nopidfile", &config]);
        until("the session bus", || self.bus_socket().exists());
    }

    fn driver(&mut self) {
        let program = variable("ATALAYA_TEST_TAURI_DRIVER");
        let (port, native) = (free_port(), free_port());
        self.port = port;
        self.spawn(&program, &["--port", &port.to_string(), "--native-port", &native.to_string()]);
        // tauri-driver listens before the driver behind it does.
        for port in [native, port] {
            until("tauri-driver", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        }
    }

    #[expect(
        clippy::zombie_processes,
        reason = "ended by its process group when the desk is dropped"
    )]
    fn spawn(&self, program: &str, arguments: &[&str]) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let mut command = self.command(program);
        command.args(arguments).stdout(log.try_clone().unwrap()).stderr(log);
        command.spawn().unwrap_or_else(|e| panic!("{program}: {e}"));
    }

    /// What the desk's programs said, the console among them.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// A variable that the window lane sets.
pub fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test --only window`"))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Waits for what has to come soon.
pub fn until(what: &str, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !ready() {
        assert!(Instant::now() < deadline, "{what} did not come");
        std::thread::sleep(Duration::from_millis(30));
    }
}
