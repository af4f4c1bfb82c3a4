//! Which file of the embedded Postgres is where.
//!
//! ```text
//! <home>/postgres/            mode 700, owned by the user who runs the server
//!     data/                   the cluster; exists only when it is complete
//!     data.unfinished-*/      a cluster while it is being made; removed and made anew
//!     run/                    the socket, unless the path is too long for one
//!     server.log, server.log.1
//!     start.lock, clients.lock
//! ```

use std::path::{Path, PathBuf};

/// Operating systems allow 104 (macOS) to 108 (Linux) bytes for the path of a socket, a closing
/// zero included.
const SOCKET_PATH_LIMIT: usize = 103;

/// The port is part of the socket's name only; the folder is private, so it can always be this one.
pub(crate) const SOCKET_PORT: u16 = 5432;

const UNFINISHED: &str = "data.unfinished-";

/// The paths of one embedded cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    folder: PathBuf,
}

impl Layout {
    /// The layout under an application's data folder, such as [`home`].
    #[must_use]
    pub fn under(home: &Path) -> Self {
        Self { folder: home.join("postgres") }
    }

    /// The folder that holds everything else.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cluster's data folder (`PGDATA`).
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The data folder while it is being made; `tag` sets one attempt apart from another.
    pub(crate) fn unfinished(&self, tag: &str) -> PathBuf {
        self.folder.join(format!("{UNFINISHED}{}", &tag[..tag.len().min(8)]))
    }

    /// What interrupted attempts left behind.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let ours = entries.filter(|e| e.file_name().to_string_lossy().starts_with(UNFINISHED));
        ours.map(|entry| entry.path()).collect()
    }

    /// The server's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The log of the time before, kept when the current one grew large.
    pub(crate) fn older_log(&self) -> PathBuf {
        self.folder.join("server.log.1")
    }

    /// Held by whoever is starting or stopping the server.
    pub(crate) fn start_lock(&self) -> PathBuf {
        self.folder.join("start.lock")
    }

    /// Shared by all who use the server.
    pub(crate) fn clients_lock(&self) -> PathBuf {
        self.folder.join("clients.lock")
    }

    /// The folder of the socket: inside `folder` where its path is short enough and clients do not
    /// read a list of hosts into it (libpq parts them at commas), else a short one in `/tmp` that both the console and `atalayactl` arrive at by themselves (no variable of a login
    /// session decides it). The server touches its socket hourly, so cleaners leave it alone.
    pub(crate) fn socket_folder(&self, uid: u32) -> PathBuf {
        let inside = self.folder.join("run");
        let path = socket_file(&inside, SOCKET_PORT).into_os_string();
        if path.len() <= SOCKET_PATH_LIMIT && !path.as_encoded_bytes().contains(&b',') {
            return inside;
        }
        let hash = fnv1a(self.folder.as_os_str().as_encoded_bytes());
        PathBuf::from(format!("/tmp/atalaya-{uid}-{hash:016x}"))
    }
}

/// The socket in its folder.
pub(crate) fn socket_file(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// Short, and the same in every build, which the standard hasher does not promise.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The application's data folder: `ATALAYA_HOME`, else the platform's place. For root it is
/// `/var/lib/atalaya`: the unprivileged user who runs the server cannot enter root's own folder.
#[must_use]
pub fn home() -> PathBuf {
    let variable =
        |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(home) = variable("ATALAYA_HOME") {
        return std::path::absolute(&home).unwrap_or(home);
    }
    if crate::account::is_root() {
        return PathBuf::from("/var/lib/atalaya");
    }
    let user = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
    if cfg!(windows) {
        variable("LOCALAPPDATA").unwrap_or(user).join("Atalaya")
    } else if cfg!(target_os = "macos") {
        user.join("Library/Application Support/Atalaya")
    } else {
        let data = variable("XDG_DATA_HOME").filter(|data| data.is_absolute());
        data.unwrap_or_else(|| user.join(".local/share")).join("atalaya")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_moves_the_socket_to_a_short_one() {
        let short = Layout::under(Path::new("/home/ana/.local/share/atalaya"));
        assert_eq!(short.socket_folder(1000), short.folder().join("run"));
        let long = Layout::under(Path::new(&format!("/home/{}", "x".repeat(90))));
        let folder = long.socket_folder(1000);
        assert!(folder.starts_with("/tmp"), "{}", folder.display());
        assert!(socket_file(&folder, SOCKET_PORT).as_os_str().len() <= SOCKET_PATH_LIMIT);
        let other = Layout::under(Path::new(&format!("/home/{}", "y".repeat(90))));
        assert_ne!(folder, other.socket_folder(1000));
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
