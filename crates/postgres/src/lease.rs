//! Sharing one server between the console and `atalayactl`: each holds a lease, the last one out
//! stops the server.

use std::fs::{File, TryLockError};

use crate::cluster::Cluster;
use crate::error::{Error, Result};
use crate::probe::Endpoint;
use crate::server::StopMode;

/// One client's claim on the running server. Dropped without [`Lease::leave`], as by a crash, it
/// ends without stopping the server; the next client attaches to it.
#[derive(Debug)]
pub struct Lease {
    cluster: Cluster,
    clients: File,
    endpoint: Endpoint,
}

/// What leaving did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It was the last client: the server was stopped.
    Stopped,
    /// Others still use the server.
    InUse,
}

impl Cluster {
    /// Attaches to the running server, or starts it.
    pub async fn attach_or_start(&self) -> Result<Lease> {
        let _alone = self.lock_start().await?;
        let endpoint = self.start_locked().await?;
        let path = self.layout.clients_lock();
        let clients = self.account.open_lock(&path)?;
        // Only the holder of the start lock ever locks it alone, so this does not wait.
        clients.lock_shared().map_err(|error| Error::io("locking", &path, error))?;
        Ok(Lease { cluster: self.clone(), clients, endpoint })
    }

    /// Whether any client holds a lease, for a question before `db stop`.
    pub async fn in_use(&self) -> Result<bool> {
        let _alone = self.lock_start().await?;
        let path = self.layout.clients_lock();
        let clients = self.account.open_lock(&path)?;
        is_shared(&clients).map_err(|error| Error::io("locking", &path, error))
    }
}

impl Lease {
    /// Where the server is reached.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The cluster.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The normal end of a client: stops the server when nobody else uses it.
    pub async fn leave(self) -> Result<Left> {
        let _alone = self.cluster.lock_start().await?;
        let failed = |error| Error::io("locking", &self.cluster.layout.clients_lock(), error);
        self.clients.unlock().map_err(failed)?;
        if is_shared(&self.clients).map_err(failed)? {
            return Ok(Left::InUse);
        }
        self.cluster.stop_locked(StopMode::Fast).await?;
        Ok(Left::Stopped)
    }
}

impl Drop for Lease {
    /// Closing the file alone is not enough: a program that this process is just starting has it open too until it runs, and the
    /// claim with it. Where it cannot be given up it ends with that.
    fn drop(&mut self) {
        let _ = self.clients.unlock();
    }
}

/// Whether somebody else holds the lock. When nobody does, this file holds it alone afterwards.
fn is_shared(clients: &File) -> std::io::Result<bool> {
    match clients.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
