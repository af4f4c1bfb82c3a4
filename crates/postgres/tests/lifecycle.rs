//! A real cluster from its making to its end, as root and as an ordinary user.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

mod support;

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use atalaya_postgres::{Cluster, Endpoint, Error, Layout, Left, State, StopMode};
use support::{Home, bootstrap, kill};

const PASSWORD: &str = "a password of the test";

/// Runs one statement with the outside judge of who can sign in; the answer without decoration.
fn psql(endpoint: &Endpoint, user: &str, password: &str, sql: &str) -> Output {
    let mut psql = Command::new("psql");
    psql.args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", "atalaya", "-c", sql]);
    psql.arg("-h").arg(&endpoint.host).arg("-p").arg(endpoint.port.to_string());
    psql.env("PGPASSWORD", password).current_dir("/").output().unwrap()
}

/// As the administrator; panics on an error.
fn ask(endpoint: &Endpoint, sql: &str) -> String {
    let output = psql(endpoint, "atalaya_admin", PASSWORD, sql);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn server_pid(home: &Home) -> u32 {
    let text = fs::read_to_string(home.data().join("postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_cluster_is_made_started_used_and_stopped() {
    let home = Home::new();
    let cluster = home.cluster().await;
    assert_eq!(cluster.state().await.unwrap(), State::Absent);
    assert!(matches!(cluster.start().await, Err(Error::NotInitialised { .. })));
    cluster.init(&bootstrap()).await.unwrap();
    assert_eq!(cluster.state().await.unwrap(), State::Stopped);
    assert!(matches!(cluster.init(&bootstrap()).await, Err(Error::AlreadyInitialised { .. })));

    let lease = cluster.attach_or_start().await.unwrap();
    let at = lease.endpoint().clone();
    assert!(matches!(cluster.state().await.unwrap(), State::Running { .. }));
    let facts = [
        ("SHOW listen_addresses", ""),
        ("SHOW data_checksums", "on"),
        ("SHOW server_encoding", "UTF8"),
        ("SELECT lower('ÁÑ') || (upper('ü') = 'Ü')", "áñtrue"),
        ("SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,B,a}'::text[]) x", "Bab"),
        ("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", "f"),
        ("SELECT rolcreaterole AND rolcreatedb FROM pg_roles WHERE rolname = current_user", "t"),
        ("SELECT count(*) FROM pg_roles WHERE rolsuper AND rolcanlogin", "0"),
        ("SELECT has_database_privilege('public', 'atalaya', 'CONNECT')", "f"),
    ];
    for (sql, want) in facts {
        assert_eq!(ask(&at, sql), want, "{sql}");
    }
    ask(&at, "CREATE DATABASE another");
    for (user, password) in [("postgres", ""), ("postgres", PASSWORD), ("atalaya_admin", "wrong")] {
        assert!(!psql(&at, user, password, "SELECT 1").status.success(), "{user}");
    }

    let _ = psql(&at, "atalaya_admin", PASSWORD, "SELECT 'hidden-value'::int");
    let _ = psql(&at, "atalaya_admin", PASSWORD, "CREATE TABLE t (v text UNIQUE)");
    let _ = psql(&at, "atalaya_admin", PASSWORD, "INSERT INTO t VALUES ('hidden-value')");
    let _ = psql(&at, "atalaya_admin", PASSWORD, "INSERT INTO t VALUES ('hidden-value')");
    let log = fs::read_to_string(cluster.layout().log()).unwrap();
    assert!(!log.contains("hidden-value"), "{log}");
    assert!(log.contains("password authentication failed"), "{log}");

    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
    assert_eq!(cluster.state().await.unwrap(), State::Stopped);
    cluster.stop(StopMode::Fast).await.unwrap();
    let left = fs::read_dir(cluster.layout().folder()).unwrap().flatten();
    let names: Vec<_> = left.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.contains("password")), "{names:?}");
}

#[tokio::test]
async fn the_last_client_stops_the_server() {
    let home = Home::new();
    let cluster = home.made().await;
    let console = cluster.attach_or_start().await.unwrap();
    let tool = home.cluster().await.attach_or_start().await.unwrap();
    assert_eq!(console.endpoint(), tool.endpoint());
    assert!(cluster.in_use().await.unwrap());
    assert_eq!(tool.leave().await.unwrap(), Left::InUse);
    assert_eq!(ask(console.endpoint(), "SELECT 1"), "1");
    assert_eq!(console.leave().await.unwrap(), Left::Stopped);
    assert!(!cluster.in_use().await.unwrap());
}

#[tokio::test]
async fn clients_that_start_together_share_one_server() {
    let home = Home::new();
    let cluster = home.made().await;
    let (a, b) = tokio::join!(cluster.attach_or_start(), cluster.attach_or_start());
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.leave().await.unwrap(), Left::InUse);
    assert_eq!(b.leave().await.unwrap(), Left::Stopped);
}

#[tokio::test]
async fn an_explicit_stop_ends_it_for_everybody() {
    let home = Home::new();
    let cluster = home.made().await;
    let lease = cluster.attach_or_start().await.unwrap();
    cluster.stop(StopMode::Fast).await.unwrap();
    assert_eq!(cluster.state().await.unwrap(), State::Stopped);
    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
}

/// The client of the next test, in a process of its own.
#[tokio::test]
#[ignore = "started by the test of a killed client"]
async fn client_to_be_killed() {
    let home = std::path::PathBuf::from(std::env::var_os("CLIENT_HOME").unwrap());
    let cluster = Cluster::open(&home).await.unwrap();
    let _lease = cluster.attach_or_start().await.unwrap();
    fs::write(home.join("attached"), "").unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn the_server_is_found_again_after_its_client_was_killed() {
    let home = Home::new();
    let cluster = home.made().await;
    let mut client = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "client_to_be_killed"])
        .env("CLIENT_HOME", home.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !home.path().join("attached").exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = server_pid(&home);
    assert!(cluster.in_use().await.unwrap());
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(cluster.state().await.unwrap(), State::Running { pid: before });
    assert!(!cluster.in_use().await.unwrap());
    let lease = cluster.attach_or_start().await.unwrap();
    assert_eq!(server_pid(&home), before);
    assert_eq!(ask(lease.endpoint(), "SELECT 1"), "1");
    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
}

#[tokio::test]
async fn a_killed_server_is_started_again_with_its_data() {
    let home = Home::new();
    let cluster = home.made().await;
    let lease = cluster.attach_or_start().await.unwrap();
    ask(lease.endpoint(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) n");
    // A backend that lives on for a moment holds the shared memory of the killed server.
    let at = lease.endpoint().clone();
    let busy =
        std::thread::spawn(move || psql(&at, "atalaya_admin", PASSWORD, "SELECT pg_sleep(2)"));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = server_pid(&home);
    kill(before, "KILL");
    let again = cluster.attach_or_start().await.unwrap();
    assert_ne!(server_pid(&home), before);
    assert_eq!(ask(again.endpoint(), "SELECT count(*) FROM kept"), "1000");
    busy.join().unwrap();
    assert_eq!(again.leave().await.unwrap(), Left::InUse);
    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
}

#[tokio::test]
async fn a_stale_number_that_belongs_to_a_stranger_does_not_keep_the_server_down() {
    let home = Home::new();
    let cluster = home.made().await;
    let lease = cluster.attach_or_start().await.unwrap();
    let pidfile = home.data().join("postmaster.pid");
    let text = fs::read_to_string(&pidfile).unwrap();
    kill(server_pid(&home), "KILL");
    // This very process is alive, and as the server's own user PostgreSQL would believe it.
    let stranger = std::process::id().to_string();
    let rest = text.split_once('\n').unwrap().1;
    fs::write(&pidfile, format!("{stranger}\n{rest}")).unwrap();
    let lock = cluster.layout().folder().join("run/.s.PGSQL.5432.lock");
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, text.replacen(text.lines().next().unwrap(), &stranger, 1)).unwrap();
    assert_eq!(cluster.state().await.unwrap(), State::Stopped);
    let again = cluster.attach_or_start().await.unwrap();
    assert_eq!(ask(again.endpoint(), "SELECT 1"), "1");
    drop(lease);
    assert_eq!(again.leave().await.unwrap(), Left::Stopped);
}

#[tokio::test]
async fn a_long_path_gets_a_short_socket() {
    let home = Home::named(&format!("-{}", "long".repeat(30)));
    let cluster = home.made().await;
    let lease = cluster.attach_or_start().await.unwrap();
    let socket = lease.endpoint().host.clone();
    assert!(!socket.starts_with(home.path()));
    assert_eq!(ask(lease.endpoint(), "SELECT 1"), "1");
    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
    assert!(!socket.exists());
    // Somebody else's folder in its place is not used.
    fs::create_dir(&socket).unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs::set_permissions(&socket, open).unwrap();
    assert!(matches!(cluster.start().await, Err(Error::SocketFolder { .. })));
    fs::remove_dir(&socket).unwrap();
}

#[tokio::test]
async fn odd_characters_in_the_path_do_no_harm() {
    let home = Home::named(" it's, ok");
    let cluster = home.made().await;
    let lease = cluster.attach_or_start().await.unwrap();
    assert_eq!(ask(lease.endpoint(), "SELECT 1"), "1");
    assert_eq!(lease.leave().await.unwrap(), Left::Stopped);
    assert_eq!(Layout::under(home.path()).data(), home.data());
}
