//! A local workspace: the embedded Postgres, an empty CRM in it, taken over like any other.

use super::Setup;
use super::credentials::password;
use crate::connections::{self, local};
use crate::{Workplace, adoption};
use atalaya_keys::keychain::KeychainError;
use atalaya_model::adoption::Progress;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::console::ConnectionKind;
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_postgres::{Bootstrap, Cluster, State};
use std::collections::BTreeMap;

/// Database of the workspace.
const DATABASE: &str = "atalaya";
/// Its administrator: CREATEROLE, not superuser.
const ADMINISTRATOR: &str = "atalaya_admin";
/// Keychain account that holds the administrator's password while a set-up is under way, so that one which was cut off can
/// go on. Removed when the password is a secret of the workspace.
pub(crate) const PENDING: &str = "local-workspace-setup";

/// Makes the workspace, with sample data on request.
///
/// # Errors
/// `KEYCHAIN_*`, `POSTGRES_*`, `CONFLICT` when there is a workspace already, or what the database says.
pub async fn create(
    workplace: &Workplace,
    sample_data: bool,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Setup> {
    let at = |step| progress(Progress { step, done: 0, total: None, note: None });
    at("find_binaries");
    let cluster = Cluster::open(workplace.home()).await.map_err(local::error)?;
    let pending = match workplace.keychain.read(PENDING).await {
        Ok(bytes) => bytes.into_text().map(|t| Secret::new(t.expose().to_owned())),
        Err(KeychainError::ItemMissing) => None,
        Err(e) => return Err(connections::keychain_error(e)),
    };
    let fresh =
        matches!(cluster.state().await.map_err(local::error)?, State::Absent | State::Unfinished);
    let administrator = match (fresh, pending) {
        (true, _) => {
            at("make_cluster");
            let (password, verifier) = password(workplace)?;
            workplace
                .keychain
                .write(PENDING, password.expose().as_bytes())
                .await
                .map_err(connections::keychain_error)?;
            let bootstrap = Bootstrap {
                database: DATABASE.to_owned(),
                administrator: ADMINISTRATOR.to_owned(),
                verifier,
            };
            cluster.init(&bootstrap).await.map_err(local::error)?;
            Secret::new(password.expose().to_owned())
        }
        (false, Some(password)) => password,
        (false, None) => {
            return Err(Error::new(
                Code::Conflict,
                "There is a local workspace already. Open it, restore it with its recovery kit, or move its folder away.",
            )
            .with("path", workplace.home().display()));
        }
    };
    at("start");
    let lease = cluster.attach_or_start().await.map_err(local::error)?;
    let endpoint = lease.endpoint();
    let target = Target {
        host: endpoint.host.display().to_string(),
        port: endpoint.port,
        database: DATABASE.to_owned(),
        user: ADMINISTRATOR.to_owned(),
        password: administrator,
        tls: TlsMode::Disable,
        ca_file: None,
        ca_pem: None,
    };
    if sample_data {
        at("sample_data");
        atalaya_store::setup::sample(&target).await?;
    }
    adoption::apply(workplace, &target, None, true, &BTreeMap::new(), progress).await?;
    Ok(Setup { administrator: target, kind: ConnectionKind::Local, lease: Some(lease) })
}
