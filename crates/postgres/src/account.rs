//! Who runs the server.
//!
//! PostgreSQL refuses to run as root. Then an unprivileged account owns the data and every program
//! that touches the inside of the data folder runs as it, plain writing and removing included: root
//! never follows a path that this account could have turned into a link.

#[cfg(not(unix))]
mod plain;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use plain::{Account, is_root};
#[cfg(unix)]
pub(crate) use unix::{Account, is_root};

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::error::{Error, Result};

/// Runs `command` to its end. On failure the error carries the last line it wrote.
pub(crate) async fn run(
    name: &'static str,
    command: &mut Command,
    input: &[u8],
    at: &Path,
) -> Result<()> {
    use tokio::io::AsyncWriteExt;
    let failed = |source| Error::io("running a program on", at, source);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early breaks the pipe; its exit status says why.
        let _ = stdin.write_all(input).await;
        let _ = stdin.shutdown().await;
    }
    let output = child.wait_with_output().await.map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(Error::program(name, at, &said))
}
