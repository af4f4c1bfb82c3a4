//! The embedded Postgres by hand.

use crate::stage::{answer, block_on, error, stage};
use atalaya_keys::scram;
use atalaya_postgres::{Bootstrap, Cluster};
use serde_json::Value;
use std::path::Path;

fn db(home: &Path, arguments: &[&str]) -> std::process::Output {
    stage().ctl(&["--json", "db"]).args(arguments).env("ATALAYA_HOME", home).output().unwrap()
}

#[test]
fn it_starts_tells_and_stops() {
    // Where the server's own user can reach it when the suite runs as root.
    let folder = tempfile::Builder::new().prefix("atalaya-ctl-").tempdir_in("/tmp").unwrap();
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), permissions).unwrap();
    let home = folder.path().join("home");
    let state = |out: &std::process::Output| -> Value { answer(out)["state"].clone() };
    assert_eq!(state(&db(&home, &["status"])), "absent");
    assert!(!home.exists(), "looking makes nothing");
    let (code, refused) = error(&db(&home, &["start"]));
    assert_eq!((code, refused["code"].as_str().unwrap()), (4, "ENTITY_NOT_FOUND"));
    block_on(async {
        let cluster = Cluster::open(&home).await.unwrap();
        let bootstrap = Bootstrap {
            database: "atalaya".into(),
            administrator: "atalaya_admin".into(),
            verifier: scram::verifier("secret", &[1; 16]).unwrap(),
        };
        cluster.init(&bootstrap).await.unwrap();
    });
    assert_eq!(state(&db(&home, &["status"])), "stopped");
    let started = answer(&db(&home, &["start"]));
    assert_eq!(started["state"], "running");
    assert!(started["pid"].is_u64() && started["host"].is_string());
    assert_eq!(answer(&db(&home, &["start"]))["pid"], started["pid"]);
    assert_eq!(answer(&db(&home, &["status"]))["in_use"], false);
    // Somebody works with it.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lease = runtime
        .block_on(async { Cluster::open(&home).await.unwrap().attach_or_start().await.unwrap() });
    assert_eq!(answer(&db(&home, &["status"]))["in_use"], true);
    let (code, refused) = error(&db(&home, &["stop"]));
    assert_eq!((code, refused["code"].as_str().unwrap()), (6, "CONFLICT"));
    drop(lease);
    assert_eq!(state(&db(&home, &["stop"])), "stopped");
    assert_eq!(state(&db(&home, &["stop"])), "stopped");
}
