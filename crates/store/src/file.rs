//! Reading a file that somebody named: whole, but never more than it may be, and never something that waits.
//!
//! A path can lead to a pipe that nobody writes into, to a device without an end, or to a file of gigabytes. All three are
//! refused, and the check is made on what was opened, so that nothing can be exchanged in between.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use zeroize::Zeroizing;

/// A file of trusted certificates, in bytes at most. The whole of Mozilla's list has 220 KiB.
pub const CERTIFICATES: usize = 1024 * 1024;

/// The content of a regular file of at most `limit` bytes; wiped when dropped, because what is read may be secret.
///
/// # Errors
/// `InvalidInput` for anything but a regular file, `FileTooLarge` above `limit`, or what the system says.
pub fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    let file = open(path)?;
    read_open(&file, limit)
}

/// Opens a regular file for reading, without waiting for a writer where it is a pipe.
///
/// # Errors
/// `InvalidInput` for anything but a regular file, or what the system says.
pub fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        nix::fcntl::OFlag::O_NONBLOCK.bits() | nix::fcntl::OFlag::O_NOCTTY.bits(),
    );
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(file)
}

/// As [`read`], from what [`open`] opened.
///
/// # Errors
/// `FileTooLarge` above `limit`, or what the system says.
pub fn read_open(file: &File, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    // A file may grow after its size was asked for: only what is read counts. The buffer never moves, so no copy stays.
    let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(Error::new(ErrorKind::FileTooLarge, "the file is too large"));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(Error::new(ErrorKind::FileTooLarge, "the file is too large"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("atalaya-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(name)
    }

    #[test]
    fn a_file_is_read_up_to_its_limit_and_not_beyond() {
        let path = place("size");
        std::fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read(&path, 100).unwrap().len(), 100);
        assert_eq!(read(&path, 99).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert!(read(&path.join("x"), 9).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn pipes_devices_and_folders_are_refused_at_once() {
        let pipe = place("pipe");
        let _ = std::fs::remove_file(&pipe);
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for path in [&pipe, Path::new("/dev/zero"), Path::new("/")] {
            assert_eq!(read(path, 10).unwrap_err().kind(), ErrorKind::InvalidInput, "{path:?}");
        }
    }
}
