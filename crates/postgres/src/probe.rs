//! Where a server is reached, and whether one answers there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// An answer that takes longer comes from a server that is of no use.
const LIMIT: Duration = Duration::from_secs(3);

/// SSLRequest: length 8, code 80877103 (PostgreSQL protocol 3.0). Any server answers it with one
/// byte, before it asks who is there, so that nothing is needed and nothing is logged.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// Where clients reach the server: a socket's folder, or loopback where the system's clients cannot
/// use sockets (Windows).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The folder of the socket, or `127.0.0.1`; as libpq's `host` takes it.
    pub host: PathBuf,
    /// The port; part of the socket's name.
    pub port: u16,
}

impl Endpoint {
    /// Whether a PostgreSQL server answers here.
    pub(crate) async fn answers(&self) -> bool {
        tokio::time::timeout(LIMIT, self.ask()).await.is_ok_and(|answer| answer.is_ok())
    }

    #[cfg(unix)]
    async fn ask(&self) -> std::io::Result<()> {
        let socket =
            tokio::net::UnixStream::connect(crate::layout::socket_file(&self.host, self.port))
                .await?;
        exchange(socket).await
    }

    #[cfg(not(unix))]
    async fn ask(&self) -> std::io::Result<()> {
        exchange(tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await?).await
    }

    /// The endpoint of a server with its socket in `folder`, or on loopback at `port`.
    pub(crate) fn of(folder: &Path, port: u16) -> Self {
        if cfg!(unix) {
            Self { host: folder.to_path_buf(), port: crate::layout::SOCKET_PORT }
        } else {
            Self { host: PathBuf::from("127.0.0.1"), port }
        }
    }
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    stream.write_all(&SSL_REQUEST).await?;
    stream.read_u8().await?;
    Ok(())
}
