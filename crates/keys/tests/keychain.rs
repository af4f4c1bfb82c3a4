//! The real keychain: gnome-keyring on a D-Bus session of its own.
//!
//! Each test runs itself again under `dbus-run-session` with private folders, so that it never
//! meets the keyring of whoever runs it. Linux only; the other systems' keychains cannot be made
//! for a test.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy does not recognise as such"
)]

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use atalaya_keys::keychain::{Keychain, KeychainError, State};

const INSIDE: &str = "ATALAYA_KEYCHAIN_TEST";
const PASSWORD: &str = "keyring-password";

/// A bus that starts no services by itself, as on a machine without a desktop.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"#;

enum Bus {
    /// As on a desktop.
    Usual,
    /// Without activation.
    Bare,
    /// No bus at all.
    None,
}

/// True inside; outside runs the test of this name again on a private session, and is false.
fn inside(test: &str, bus: Bus) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    for program in ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"] {
        let found = std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(program).exists())
        });
        assert!(found, "{program} is missing: `cargo xtask test` installs it");
    }
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    std::fs::create_dir(&run).unwrap();
    let config = home.path().join("bus.conf");
    std::fs::write(&config, BARE_BUS).unwrap();

    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "100"]);
    match bus {
        Bus::Usual => command.args(["dbus-run-session", "--"]),
        Bus::Bare => command.args(["dbus-run-session", "--config-file"]).arg(&config).arg("--"),
        Bus::None => &mut command,
    };
    let status = command
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", &run)
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/none", run.display()))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .status()
        .unwrap();
    assert!(status.success(), "{test} failed inside its D-Bus session");
    false
}

/// Starts the daemon with its login keyring open; takes the place of a running one.
fn open_keyring() {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--replace", "--unlock", "--components=secrets", "--daemonize"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    daemon.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(daemon.wait().unwrap().success());
}

/// Sends a call and returns what was printed.
fn bus_call(destination: &str, path: &str, method: &str, argument: &str) -> String {
    let output = Command::new("dbus-send")
        .args(["--session", "--print-reply", &format!("--dest={destination}")])
        .args([path, method, argument])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn lock_keyring() {
    bus_call(
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        "array:objpath:/org/freedesktop/secrets/collection/login",
    );
}

/// Ends the daemon of this private bus, by its process id.
fn end_daemon() {
    let answer = bus_call(
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.GetConnectionUnixProcessID",
        "string:org.freedesktop.secrets",
    );
    let id = answer.split_whitespace().last().unwrap();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
}

async fn becomes(keychain: &Keychain, state: State) {
    let start = Instant::now();
    loop {
        let status = keychain.status().await;
        if status.state == state {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{status:?} instead of {state:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_open_keyring_passes_the_doctor_and_keeps_items() {
    if !inside("an_open_keyring_passes_the_doctor_and_keeps_items", Bus::Usual) {
        return;
    }
    open_keyring();
    let keychain = Keychain::system();
    becomes(&keychain, State::Ready).await;
    let report = keychain.doctor().await;
    assert_eq!(report.len(), 4);
    assert!(report.iter().all(|step| step.outcome.is_ok()), "{report:?}");

    assert_eq!(keychain.read("connection-1").await, Err(KeychainError::ItemMissing));
    keychain.write("connection-1", b"atalaya1.first").await.unwrap();
    keychain.write("connection-1", b"atalaya1.second").await.unwrap();
    // Another program start sees it.
    let again = Keychain::system();
    assert_eq!(again.read("connection-1").await.unwrap().expose(), b"atalaya1.second");
    again.delete("connection-1").await.unwrap();
    assert_eq!(keychain.read("connection-1").await, Err(KeychainError::ItemMissing));
}

#[tokio::test]
async fn a_locked_keyring_is_reported_at_once_and_works_after_unlocking() {
    if !inside("a_locked_keyring_is_reported_at_once_and_works_after_unlocking", Bus::Usual) {
        return;
    }
    open_keyring();
    let keychain = Keychain::system();
    becomes(&keychain, State::Ready).await;
    keychain.write("connection-1", b"atalaya1.item").await.unwrap();

    lock_keyring();
    becomes(&keychain, State::Locked).await;
    let start = Instant::now();
    assert_eq!(keychain.read("connection-1").await, Err(KeychainError::Locked));
    assert_eq!(keychain.write("connection-1", b"other").await, Err(KeychainError::Locked));
    assert_eq!(keychain.delete("connection-1").await, Err(KeychainError::Locked));
    assert!(start.elapsed() < Duration::from_secs(4), "no call waited for a prompt");

    // Nobody sees the prompt here: it ends at its limit or is dismissed, and nothing hangs.
    let start = Instant::now();
    let error = keychain.unlock(Duration::from_secs(2)).await.unwrap_err();
    assert!(matches!(error, KeychainError::Locked | KeychainError::TimedOut), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(4));

    open_keyring();
    becomes(&keychain, State::Ready).await;
    assert_eq!(keychain.read("connection-1").await.unwrap().expose(), b"atalaya1.item");
    keychain.unlock(Duration::from_secs(2)).await.unwrap();
}

#[tokio::test]
async fn a_missing_service_is_reported_and_found_when_it_comes() {
    if !inside("a_missing_service_is_reported_and_found_when_it_comes", Bus::Bare) {
        return;
    }
    let keychain = Keychain::system();
    let status = keychain.status().await;
    assert_eq!(status.state, State::Missing, "{status:?}");
    assert!(matches!(keychain.read("x").await, Err(KeychainError::Missing(_))));
    assert_eq!(keychain.doctor().await.len(), 1);

    open_keyring();
    becomes(&keychain, State::Ready).await;
    keychain.write("x", b"y").await.unwrap();

    end_daemon();
    becomes(&keychain, State::Missing).await;
    open_keyring();
    becomes(&keychain, State::Ready).await;
    assert_eq!(keychain.read("x").await.unwrap().expose(), b"y");
}

#[tokio::test]
async fn without_a_bus_the_service_is_missing() {
    if !inside("without_a_bus_the_service_is_missing", Bus::None) {
        return;
    }
    let keychain = Keychain::system();
    for _ in 0..2 {
        let start = Instant::now();
        assert_eq!(keychain.status().await.state, State::Missing);
        assert!(matches!(keychain.write("x", b"y").await, Err(KeychainError::Missing(_))));
        assert!(start.elapsed() < Duration::from_secs(2));
    }
    let error = keychain.unlock(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!(error.state(), State::Missing);
}

#[tokio::test]
async fn a_service_without_a_keyring_is_told_apart() {
    if !inside("a_service_without_a_keyring_is_told_apart", Bus::Usual) {
        return;
    }
    // Activated by the bus and never unlocked, as under a login without PAM.
    let keychain = Keychain::system();
    becomes(&keychain, State::NoKeyring).await;
    assert_eq!(keychain.read("x").await, Err(KeychainError::NoKeyring));
    assert_eq!(keychain.write("x", b"y").await, Err(KeychainError::NoKeyring));
}
