//! The throw-away cluster: quick, and gone whatever happens.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::{Scratch, second_major};
use std::process::Command;
use std::time::Duration;

fn ask(scratch: &Scratch, user: &str, sql: &str) -> String {
    let url = scratch.url(user, Scratch::PASSWORD, Scratch::DATABASE);
    let output = Command::new("psql").args(["-XAtq", &url, "-c", sql]).current_dir("/").output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn it_serves_and_goes() {
    let scratch = Scratch::start(&find_binaries().await.unwrap()).await.unwrap();
    let superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    assert_eq!(ask(&scratch, Scratch::ADMINISTRATOR, superuser), "f");
    assert_eq!(ask(&scratch, Scratch::SUPERUSER, superuser), "t");
    let folder = scratch.endpoint().host.clone();
    assert!(folder.exists());
    drop(scratch);
    assert!(!folder.ancestors().nth(2).unwrap().exists());
}

#[tokio::test]
async fn it_works_with_the_second_major_version() {
    let Some(binaries) = second_major().await else { return };
    let scratch = Scratch::start(&binaries).await.unwrap();
    let version = ask(&scratch, Scratch::ADMINISTRATOR, "SHOW server_version_num");
    assert!(version.starts_with(&binaries.major().to_string()), "{version}");
    assert_eq!(ask(&scratch, Scratch::ADMINISTRATOR, "SELECT lower('ÁÑ')"), "áñ");
}

#[tokio::test]
#[ignore = "started by the test of a killed owner"]
async fn owner_to_be_killed() {
    let scratch = Scratch::start(&find_binaries().await.unwrap()).await.unwrap();
    let folder = scratch.endpoint().host.clone();
    std::fs::write(std::env::var_os("OWNER_NOTE").unwrap(), folder.to_str().unwrap()).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn it_goes_with_an_owner_that_is_killed() {
    let note = std::env::temp_dir().join(format!("atalaya-note-{}", std::process::id()));
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "owner_to_be_killed"])
        .env("OWNER_NOTE", &note)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let pause = || tokio::time::sleep(Duration::from_millis(50));
    while std::fs::read_to_string(&note).unwrap_or_default().is_empty() {
        pause().await;
    }
    // The note is the path of the server's sockets.
    let sockets = std::path::PathBuf::from(std::fs::read_to_string(&note).unwrap());
    std::fs::remove_file(&note).unwrap();
    owner.kill().unwrap();
    owner.wait().unwrap();
    let folder = sockets.ancestors().nth(2).unwrap();
    for _ in 0..200 {
        if !folder.exists() {
            return;
        }
        pause().await;
    }
    panic!("{} is still there", folder.display());
}
