//! Unix: the caller's own account, or an unprivileged one when the caller is root.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use nix::fcntl::OFlag;
use nix::unistd::{Uid, User, geteuid};
use tokio::process::Command;

use crate::error::{Error, Result};

/// Whether this program runs as root.
pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

/// The account that owns the data and runs the server.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    name: String,
    uid: u32,
    gid: u32,
    /// We are root and become this account for each program.
    switched: bool,
}

impl Account {
    /// The account for the cluster in `folder`: its owner where it exists, so that root can look
    /// after an ordinary user's cluster; else `postgres` or `nobody` for root.
    pub(crate) fn for_folder(folder: &Path) -> Result<Self> {
        let owner = match std::fs::metadata(folder) {
            Ok(metadata) => Some(metadata.uid()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io("looking at", folder, error)),
        };
        let own = geteuid();
        if own.is_root() {
            let user = match owner.filter(|uid| *uid != 0) {
                Some(uid) => lookup(User::from_uid(Uid::from_raw(uid))),
                None => lookup(User::from_name("postgres"))
                    .or_else(|| lookup(User::from_name("nobody"))),
            };
            let user = user.ok_or(Error::NoAccount)?;
            let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
            return Ok(Self { name: user.name, uid, gid, switched: true });
        }
        if let Some(uid) = owner.filter(|uid| *uid != own.as_raw()) {
            let owner = lookup(User::from_uid(Uid::from_raw(uid)));
            let owner = owner.map_or_else(|| uid.to_string(), |user| user.name);
            return Err(Error::NotOwner { path: folder.to_path_buf(), owner });
        }
        let gid = nix::unistd::getegid().as_raw();
        Ok(Self { name: own.to_string(), uid: own.as_raw(), gid, switched: false })
    }

    /// User id of the account.
    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// A program that will run as this account, with an empty environment: the server outlives the
    /// console and must not keep what the console was started with.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        // The caller's working directory may be one that the account cannot enter.
        command.current_dir("/");
        if self.switched {
            // Setting the user as root drops the supplementary groups as well.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes the folder of the cluster, mode 700, owned by the account, and sees that the account
    /// can get to it.
    pub(crate) async fn make_cluster_folder(&self, folder: &Path) -> Result<()> {
        let parent = folder.parent().unwrap_or(folder);
        if !parent.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(parent);
            made.map_err(|error| Error::io("making", parent, error))?;
            if self.switched {
                // The account may pass through, no more.
                let opened = std::fs::set_permissions(parent, Permissions::from_mode(0o711));
                opened.map_err(|error| Error::io("opening", parent, error))?;
            }
        }
        self.make_folder(folder)?;
        self.must_reach(folder).await
    }

    /// Makes one private folder of the account's; one that exists stays as it is.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<()> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other.map_err(|error| Error::io("making", folder, error))?,
        }
        let metadata = std::fs::symlink_metadata(folder);
        let metadata = metadata.map_err(|error| Error::io("looking at", folder, error))?;
        if self.switched && metadata.is_dir() && metadata.uid() == 0 {
            let given = std::os::unix::fs::lchown(folder, Some(self.uid), Some(self.gid));
            given.map_err(|error| Error::io("giving away", folder, error))?;
        }
        Ok(())
    }

    /// Whether `folder` is a folder of the account's that nobody else can enter.
    pub(crate) fn is_private(&self, folder: &Path) -> bool {
        std::fs::symlink_metadata(folder).is_ok_and(|metadata| {
            metadata.is_dir() && metadata.uid() == self.uid && metadata.mode() & 0o077 == 0
        })
    }

    /// Refuses a path that the account cannot get to.
    pub(crate) async fn must_reach(&self, path: &Path) -> Result<()> {
        if !self.switched {
            return Ok(());
        }
        let mut test = self.command("/bin/sh");
        test.args(["-c", "test -e \"$1\"", "sh"]).arg(path);
        match super::run("sh", &mut test, b"", path).await {
            Err(Error::Program { .. }) => {
                Err(Error::Unreachable { path: path.to_path_buf(), user: self.name.clone() })
            }
            other => other,
        }
    }

    /// Writes a file, mode 600, replacing its content.
    pub(crate) async fn write(&self, path: &Path, content: &[u8]) -> Result<()> {
        let mut write = self.command("/bin/sh");
        write.args(["-c", "umask 077 && cat >\"$1\"", "sh"]).arg(path);
        super::run("sh", &mut write, content, path).await
    }

    /// Removes a file or folder with all that is in it.
    pub(crate) async fn remove(&self, path: &Path) -> Result<()> {
        let mut remove = self.command("/bin/sh");
        remove.args(["-c", "rm -rf -- \"$1\"", "sh"]).arg(path);
        super::run("sh", &mut remove, b"", path).await
    }

    /// Opens a file whose only content is its lock, and makes it if it is missing.
    pub(crate) fn open_lock(&self, path: &Path) -> Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(0o600).custom_flags(OFlag::O_NOFOLLOW.bits());
        let failed = |error| Error::io("opening", path, error);
        match options.clone().create_new(true).open(path) {
            Ok(file) => {
                if self.switched {
                    let given = std::os::unix::fs::fchown(&file, Some(self.uid), Some(self.gid));
                    given.map_err(failed)?;
                }
                Ok(file)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                options.open(path).map_err(failed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether `pid` is the server whose data folder is `data`, and not a stranger who got the
    /// number later.
    pub(crate) async fn is_server(&self, pid: u32, data: &Path) -> bool {
        let Ok(number) = i32::try_from(pid) else { return false };
        let data = data.canonicalize().unwrap_or_else(|_| data.to_path_buf());
        if cfg!(target_os = "linux") {
            // The server works inside its data folder. Only its own account may read that: root in a
            // container may not, for want of a capability.
            let mut readlink = self.command("readlink");
            readlink.arg(format!("/proc/{number}/cwd"));
            let Ok(output) = readlink.output().await else { return true };
            let cwd = output.stdout.trim_ascii_end();
            return cwd == data.as_os_str().as_encoded_bytes();
        }
        let mut ps = self.command("ps");
        ps.args(["-o", "command=", "-p", &number.to_string()]);
        let Ok(output) = ps.output().await else { return true };
        String::from_utf8_lossy(&output.stdout).contains(&*data.to_string_lossy())
    }
}

fn lookup(found: nix::Result<Option<User>>) -> Option<User> {
    found.ok().flatten()
}
