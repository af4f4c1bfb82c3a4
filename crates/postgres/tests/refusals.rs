//! What must be refused, and left as it was.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use atalaya_postgres::{Binaries, Cluster, Error, State, find_binaries_for};
use support::{Home, bootstrap};

/// Whether the tests run as root, whom folder modes do not bind.
fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// A folder that claims to hold programs of `version`.
async fn pretend_binaries(home: &Home, version: &str) -> Binaries {
    let folder = home.path().join(format!("bin-{version}"));
    fs::create_dir(&folder).unwrap();
    for program in ["postgres", "initdb", "pg_ctl"] {
        let file = folder.join(program);
        fs::write(&file, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    }
    Binaries::at(folder).await.unwrap()
}

#[tokio::test]
async fn data_of_another_major_version() {
    let home = Home::new();
    let cluster = home.made().await;
    let major = cluster.binaries().major();
    let other = Cluster::at(home.path(), pretend_binaries(&home, "99.1").await).unwrap();
    for error in [
        other.state().await.unwrap_err(),
        other.start().await.unwrap_err(),
        other.init(&bootstrap()).await.unwrap_err(),
        other.attach_or_start().await.unwrap_err(),
    ] {
        let text = error.to_string();
        let Error::OtherMajor { found, have, .. } = error else { panic!("{text}") };
        assert_eq!((found, have), (major, 99));
        assert!(text.contains(&format!("install PostgreSQL {major}")), "{text}");
    }
    // The programs that fit are chosen where they are installed.
    assert_eq!(Cluster::open(home.path()).await.unwrap().binaries().major(), major);
    assert!(find_binaries_for(Some(99)).await.is_ok());
}

#[tokio::test]
async fn programs_that_are_too_old_or_not_there() {
    let home = Home::new();
    let folder = home.path().join("empty");
    fs::create_dir(&folder).unwrap();
    assert!(matches!(Binaries::at(&folder).await, Err(Error::NotBinaries { .. })));
    for program in ["postgres", "initdb", "pg_ctl"] {
        let file = folder.join(program);
        fs::write(&file, "#!/bin/sh\necho 'postgres (PostgreSQL) 14.20'\n").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    }
    let error = Binaries::at(&folder).await.unwrap_err();
    assert!(error.to_string().contains("14.20"), "{error}");
}

#[tokio::test]
async fn a_folder_that_atalaya_did_not_make() {
    let home = Home::new();
    let cluster = home.made().await;
    // Without our settings it could be anybody's cluster.
    fs::remove_file(home.data().join("atalaya.conf")).unwrap();
    assert!(matches!(cluster.state().await, Err(Error::Foreign { .. })));
    assert!(matches!(cluster.start().await, Err(Error::Foreign { .. })));
    assert!(matches!(cluster.init(&bootstrap()).await, Err(Error::Foreign { .. })));
    assert!(home.data().join("PG_VERSION").exists());

    let home = Home::new();
    fs::create_dir_all(home.data()).unwrap();
    fs::write(home.data().join("thesis.txt"), "years of work").unwrap();
    let cluster = home.cluster().await;
    assert!(matches!(cluster.init(&bootstrap()).await, Err(Error::Foreign { .. })));
    assert!(home.data().join("thesis.txt").exists());
}

#[tokio::test]
async fn an_interrupted_attempt_is_made_anew() {
    let home = Home::new();
    let leftover = home.path().join("postgres/data.unfinished-0123abcd");
    fs::create_dir_all(leftover.join("base")).unwrap();
    fs::set_permissions(home.path().join("postgres"), Permissions::from_mode(0o700)).unwrap();
    if is_root() {
        let made = std::process::Command::new("chown")
            .args(["-R", "nobody"])
            .arg(home.path().join("postgres"))
            .status();
        assert!(made.unwrap().success());
    }
    let cluster = home.cluster().await;
    assert_eq!(cluster.state().await.unwrap(), State::Unfinished);
    assert!(matches!(cluster.start().await, Err(Error::NotInitialised { .. })));
    cluster.init(&bootstrap()).await.unwrap();
    assert_eq!(cluster.state().await.unwrap(), State::Stopped);
    assert!(!leftover.exists());
}

#[tokio::test]
async fn an_initdb_killed_half_way_leaves_nothing_that_counts() {
    let home = Home::new();
    let cluster = home.cluster().await;
    let bootstrap = bootstrap();
    // The future is dropped while `initdb` runs, as when the console is closed.
    let limit = std::time::Duration::from_millis(400);
    assert!(tokio::time::timeout(limit, cluster.init(&bootstrap)).await.is_err());
    assert_eq!(cluster.state().await.unwrap(), State::Unfinished);
    cluster.init(&bootstrap).await.unwrap();
    let lease = cluster.attach_or_start().await.unwrap();
    lease.leave().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_used() {
    let home = Home::new();
    let inner = home.path().join("closed");
    fs::create_dir(&inner).unwrap();
    let closed = if is_root() { 0o700 } else { 0o500 };
    fs::set_permissions(&inner, Permissions::from_mode(closed)).unwrap();
    let binaries = home.cluster().await.binaries().clone();
    let cluster = Cluster::at(&inner, binaries.clone()).unwrap();
    let error = cluster.init(&bootstrap()).await.unwrap_err();
    if is_root() {
        assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    } else {
        assert!(matches!(error, Error::Denied { .. }), "{error}");
        let cluster = Cluster::at("/var".as_ref(), binaries).unwrap();
        let error = cluster.init(&bootstrap()).await.unwrap_err();
        assert!(matches!(error, Error::Denied { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let home = Home::new();
    let cluster = home.made().await;
    fs::write(home.data().join("postgresql.auto.conf"), "no_such_setting = 1\n").unwrap();
    let error = cluster.start().await.unwrap_err();
    assert!(
        matches!(&error, Error::NotStarted { reason } if reason.contains("postgresql.auto.conf")),
        "{error}"
    );
}
