//! Where an export goes: a file that appears whole or not at all, or a stream.

use atalaya_model::{Code, Error, Result};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes after which what was written goes to the disk, while the rest is still being made. All at the end would keep who waits
/// at "100 %" for as long as the disk needs.
const OUTSTANDING: u64 = 32 << 20;

/// The destination of one export.
pub(super) enum Sink {
    /// A file beside its target, until it is kept.
    File(Partial),
    /// A stream, and how many bytes it was given.
    Stream(Box<dyn AsyncWrite + Send + Unpin>, u64),
}

impl Sink {
    /// A file that will be at `target`, or where a link of that name leads. It may replace a file and nothing else.
    ///
    /// # Errors
    /// `DISK_FULL`, `FILE_UNWRITABLE`, `VALIDATION_FAILED`.
    pub(super) async fn file(target: &Path) -> Result<Self> {
        let place = match tokio::fs::metadata(target).await {
            Ok(found) if found.is_file() => tokio::fs::canonicalize(target).await,
            Ok(_) => {
                let message =
                    "There is a folder, a device or a pipe of that name; it is not replaced.";
                let e = Error::new(Code::FileUnwritable, message);
                return Err(e.with("path", target.display()));
            }
            Err(_) => Ok(target.to_owned()),
        };
        let place = place.map_err(|e| unwritable(e, target))?;
        Partial::create(&place).await.map(Self::File)
    }

    /// A stream.
    pub(super) fn stream(out: Box<dyn AsyncWrite + Send + Unpin>) -> Self {
        Self::Stream(out, 0)
    }

    /// Bytes so far.
    pub(super) const fn bytes(&self) -> u64 {
        match self {
            Self::File(partial) => partial.bytes,
            Self::Stream(_, bytes) => *bytes,
        }
    }

    /// Writes, and gives the memory back for what comes next.
    ///
    /// # Errors
    /// `DISK_FULL`, `FILE_UNWRITABLE`.
    pub(super) async fn write(&mut self, data: Vec<u8>) -> Result<Vec<u8>> {
        match self {
            Self::File(partial) => partial.write(data).await,
            Self::Stream(out, bytes) => {
                out.write_all(&data).await.map_err(|e| unwritable(e, Path::new("-")))?;
                *bytes += data.len() as u64;
                Ok(data)
            }
        }
    }

    /// Writes the rest out; the file takes its place. How many bytes that were.
    ///
    /// # Errors
    /// `DISK_FULL`, `FILE_UNWRITABLE`.
    pub(super) async fn keep(self) -> Result<u64> {
        match self {
            Self::File(partial) => partial.keep().await,
            Self::Stream(mut out, bytes) => {
                out.flush().await.map_err(|e| unwritable(e, Path::new("-")))?;
                Ok(bytes)
            }
        }
    }
}

/// A file in the making, beside its target; removed when it is dropped before [`Partial::keep`].
pub(super) struct Partial {
    file: Arc<File>,
    path: PathBuf,
    target: PathBuf,
    bytes: u64,
    /// How many of them were sent to the disk, and the end of that.
    sent: u64,
    sending: Option<JoinHandle<std::io::Result<()>>>,
    kept: bool,
}

impl Partial {
    async fn create(target: &Path) -> Result<Self> {
        let name =
            target.file_name().ok_or_else(|| Error::invalid("path", "The path names no file."))?;
        let mut options = tokio::fs::OpenOptions::new();
        // Never into a file or through a link that is there already: somebody may have put it there in a shared folder, or
        // another export to the same target is writing it.
        options.write(true).create_new(true);
        // What is in the log is not for other users of the machine.
        #[cfg(unix)]
        options.mode(0o600);
        let mut attempt: u32 = 0;
        loop {
            let mut partial = std::ffi::OsString::from(".");
            partial.push(name);
            partial.push(format!(".{}.{attempt}.part", std::process::id()));
            let path = target.with_file_name(partial);
            match options.open(&path).await {
                Ok(file) => {
                    return Ok(Self {
                        file: Arc::new(file.into_std().await),
                        path,
                        target: target.to_owned(),
                        bytes: 0,
                        sent: 0,
                        sending: None,
                        kept: false,
                    });
                }
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && attempt < 100 => {
                    attempt += 1;
                }
                Err(e) => return Err(unwritable(e, target)),
            }
        }
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let file = Arc::clone(&self.file);
        let work = spawn_blocking(move || (&*file).write_all(&bytes).map(|()| bytes));
        let done = async {
            let bytes = work.await??;
            self.bytes += bytes.len() as u64;
            if self.bytes - self.sent >= OUTSTANDING {
                self.arrived().await?;
                self.send();
            }
            Ok(bytes)
        };
        done.await.map_err(|e| unwritable(e, &self.target))
    }

    /// Begins to send what was written to the disk.
    fn send(&mut self) {
        let file = Arc::clone(&self.file);
        self.sent = self.bytes;
        self.sending = Some(spawn_blocking(move || {
            file.sync_all()?;
            forget(&file);
            Ok(())
        }));
    }

    /// Waits for what is on its way to the disk. A system says only once that it failed.
    async fn arrived(&mut self) -> std::io::Result<()> {
        match self.sending.take() {
            Some(sending) => sending.await?,
            None => Ok(()),
        }
    }

    /// Writes it out to the disk and gives it its name.
    async fn keep(mut self) -> Result<u64> {
        let done = async {
            self.arrived().await?;
            self.send();
            self.arrived().await?;
            tokio::fs::rename(&self.path, &self.target).await
        };
        done.await.map_err(|e| unwritable(e, &self.target))?;
        self.kept = true;
        Ok(self.bytes)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept
            && let Err(e) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(error = %e, "a partial export could not be removed");
        }
    }
}

/// Asks the system to keep no copy of the file in memory: nobody reads it soon, and what is in use would have to go for it.
#[cfg(target_os = "linux")]
fn forget(file: &File) {
    if let Err(e) = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed) {
        tracing::debug!(error = %e, "an export stays in the system's memory");
    }
}

#[cfg(not(target_os = "linux"))]
const fn forget(_: &File) {}

/// A file error as the product's codes.
pub(crate) fn unwritable(e: std::io::Error, path: &Path) -> Error {
    use std::io::ErrorKind;
    let (code, message) = match e.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            (Code::DiskFull, "The disk is full. Nothing was left behind.")
        }
        _ => (Code::FileUnwritable, "The file cannot be written there."),
    };
    Error::new(code, message).with("path", path.display()).because(e)
}
