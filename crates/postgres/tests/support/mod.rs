//! A home of its own for each test, cleaned up with the server in it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use atalaya_postgres::{Bootstrap, Cluster, find_binaries};

/// Of "a password of the test", as PostgreSQL 15 itself wrote it.
const VERIFIER: &str = "SCRAM-SHA-256$4096:jS4RMmzwlJSIPODJTp/okA==$dP7fDP58g2ff5kd8CLq+s/JW73hp3/oFzST1rVHrsfc=:1abpYfCHVsmHoa5pQXnF1lhSteXXXnSv6JaSyfN/gMw=";

/// A private folder, reachable by the server's account.
pub struct Home(PathBuf);

impl Home {
    pub fn new() -> Self {
        Self::named("")
    }

    /// With `suffix` in its path, to make it long.
    pub fn named(suffix: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = format!("/tmp/atalaya-t{}-{number}{suffix}", std::process::id());
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Self(PathBuf::from(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("postgres/data")
    }

    pub async fn cluster(&self) -> Cluster {
        Cluster::at(&self.0, find_binaries().await.unwrap()).unwrap()
    }

    /// A made cluster.
    pub async fn made(&self) -> Cluster {
        let cluster = self.cluster().await;
        cluster.init(&bootstrap()).await.unwrap();
        // Made anew, now that the account owns the folder.
        self.cluster().await
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::set_permissions(&self.0, Permissions::from_mode(0o755));
        if let Ok(text) = fs::read_to_string(self.data().join("postmaster.pid")) {
            let pid = text.lines().next().unwrap_or_default();
            let ours = fs::read_link(format!("/proc/{pid}/cwd"));
            if ours.is_ok_and(|cwd| cwd == self.data()) {
                kill(pid.parse().unwrap(), "QUIT");
            }
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn bootstrap() -> Bootstrap {
    Bootstrap {
        database: "atalaya".into(),
        administrator: "atalaya_admin".into(),
        verifier: VERIFIER.into(),
    }
}

pub fn kill(pid: u32, signal: &str) {
    let status = Command::new("kill").arg(format!("-{signal}")).arg(pid.to_string()).status();
    assert!(status.unwrap().success());
}
