//! The embedded Postgres of this machine.

use crate::Workplace;
use atalaya_model::{Code, Error, Result};
use atalaya_postgres::{Cluster, Lease};

/// Starts it, or attaches where it runs already.
///
/// # Errors
/// `POSTGRES_*`.
pub(crate) async fn start(workplace: &Workplace) -> Result<Lease> {
    let cluster = Cluster::open(workplace.home()).await.map_err(error)?;
    cluster.attach_or_start().await.map_err(error)
}

/// What the embedded Postgres can say.
pub(crate) fn error(e: atalaya_postgres::Error) -> Error {
    use atalaya_postgres::Error as E;
    let (code, message): (Code, String) = match &e {
        E::NoBinaries { .. } | E::NotBinaries { .. } => (
            Code::PostgresBinariesMissing,
            "PostgreSQL 15 or newer is not installed on this machine.".into(),
        ),
        E::OtherMajor { found, have, .. } => {
            let error = Error::new(
                Code::PostgresDataVersion,
                "The data folder was made by another major version of PostgreSQL.",
            )
            .with("found", found)
            .with("have", have);
            return error.because(e);
        }
        E::NotInitialised { .. } => (
            Code::EntityNotFound,
            "There is no local workspace on this machine yet; the console makes one.".into(),
        ),
        E::DiskFull { .. } => (Code::DiskFull, "The disk is full.".into()),
        _ => (Code::PostgresStartFailed, "The embedded Postgres does not start.".into()),
    };
    let reason = e.to_string();
    Error::new(code, message).with("reason", reason).because(e)
}
