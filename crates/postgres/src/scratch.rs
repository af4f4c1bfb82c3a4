//! A throw-away cluster for tests and for `cargo xtask gen`: fast, careless with the disk, in a
//! folder of its own, gone when its owner is, however that ends.
//!
//! The suite works as the administrator, who is not a superuser. The superuser can sign in here, in
//! contrast to the product's cluster: some tests play the insider with the keys to the machine.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::{Error, Result, last_line};
use crate::init::{Durability, administrator_sql, make, random_hex};
use crate::layout::{Layout, SOCKET_PORT};
use crate::pidfile::PidFile;
use crate::probe::Endpoint;

/// A running throw-away server.
#[derive(Debug)]
pub struct Scratch {
    endpoint: Endpoint,
    binaries: Binaries,
    folder: PathBuf,
    guard: Child,
}

/// What a server that offers TLS shows.
#[derive(Debug)]
pub struct Tls<'a> {
    /// PEM, the chain without its authority.
    pub certificate: &'a str,
    /// PEM.
    pub key: &'a str,
    /// A free port.
    pub port: u16,
}

impl Scratch {
    /// Role of the administrator: CREATEROLE, CREATEDB, owner of [`Scratch::DATABASE`].
    pub const ADMINISTRATOR: &str = "scratch_admin";
    /// A superuser.
    pub const SUPERUSER: &str = "postgres";
    /// The password of both.
    pub const PASSWORD: &str = "scratch";
    /// An empty database. More are made with `CREATE DATABASE` from [`Scratch::MAINTENANCE`].
    pub const DATABASE: &str = "scratch";
    /// The database to connect to while making or dropping others.
    pub const MAINTENANCE: &str = "postgres";

    /// Makes and starts a server; 1-2 s.
    pub async fn start(binaries: &Binaries) -> Result<Self> {
        Self::begin(binaries, None).await
    }

    /// The same, which also listens on 127.0.0.1 and offers TLS there.
    pub async fn start_with_tls(binaries: &Binaries, tls: &Tls<'_>) -> Result<Self> {
        Self::begin(binaries, Some(tls)).await
    }

    async fn begin(binaries: &Binaries, tls: Option<&Tls<'_>>) -> Result<Self> {
        // Not the system's temporary folder from the environment: the socket's path has to be short
        // and, for root, within reach of the unprivileged account.
        let folder = PathBuf::from(format!("/tmp/atalaya-scratch-{}", &random_hex()?[..12]));
        let layout = Layout::under(&folder);
        let account = Account::for_folder(layout.folder())?;
        // The account's own, so that it can be removed by the account when we are gone.
        account.make_folder(&folder)?;
        account.make_cluster_folder(layout.folder()).await?;
        let data = layout.data();
        let password = format!("ALTER ROLE {} PASSWORD '{}';\n", Self::SUPERUSER, Self::PASSWORD);
        let sql = password
            + &administrator_sql(Self::DATABASE, Self::ADMINISTRATOR, Self::PASSWORD)
            + &format!("GRANT CONNECT ON DATABASE template1 TO {};\n", Self::ADMINISTRATOR);
        let made = make(&account, binaries, &layout, &data, Durability::Careless, &sql).await;
        if let Err(error) = made {
            let _ = std::fs::remove_dir_all(&folder);
            return Err(error);
        }
        account.make_folder(&layout.socket_folder(account.uid()))?;
        let mut endpoint = Endpoint::of(&layout.socket_folder(account.uid()), SOCKET_PORT);
        if let Some(tls) = tls {
            account.write(&data.join("tls.crt"), tls.certificate.as_bytes()).await?;
            account.write(&data.join("tls.key"), tls.key.as_bytes()).await?;
            let listening = format!(
                "listen_addresses = '127.0.0.1'\nport = {}\nssl = on\nssl_cert_file = 'tls.crt'\nssl_key_file = 'tls.key'\n",
                tls.port
            );
            account.write(&data.join("postgresql.auto.conf"), listening.as_bytes()).await?;
            endpoint.port = tls.port;
        }
        let guard = spawn_guarded(&account, binaries, &layout, &folder)?;
        let scratch = Self { endpoint, binaries: binaries.clone(), folder, guard };
        scratch.wait(&data).await?;
        Ok(scratch)
    }

    /// Where the server is reached.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The programs in use.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// A connection string for `user` and `database`, as libpq and sqlx read it.
    #[must_use]
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        let host = self.endpoint.host.to_string_lossy().replace('/', "%2F");
        let port = self.endpoint.port;
        format!("postgres://{user}:{password}@{host}:{port}/{database}")
    }

    /// Process id of the server, for tests that kill it.
    pub fn pid(&self) -> Result<Option<u32>> {
        Ok(PidFile::read(&Layout::under(&self.folder).data())?.map(|file| file.pid))
    }

    async fn wait(&self, data: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let ready = PidFile::read(data)?.is_some_and(|file| file.ready);
            if ready && self.endpoint.answers().await {
                return Ok(());
            }
            let log = std::fs::read(Layout::under(&self.folder).log()).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            if log.contains("FATAL") || Instant::now() > deadline {
                return Err(Error::NotStarted { reason: last_line(&log) });
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The guard stops the server and removes the folder when its input ends.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// The programs of the second major version that the suite covers, from
/// `ATALAYA_TEST_PG_SECOND`, the folder that holds them. `cargo xtask test` fetches them and sets it;
/// without it the tests of that version have nothing to run on.
pub async fn second_major() -> Option<Binaries> {
    let folder = std::env::var_os("ATALAYA_TEST_PG_SECOND")?;
    Binaries::at(PathBuf::from(folder)).await.ok()
}

/// Starts the server under a shell that waits for the end of its input, which also comes when this
/// process is killed. In a group of its own, so that Ctrl+C in a terminal does not take the shell
/// before it has cleaned up.
fn spawn_guarded(
    account: &Account,
    binaries: &Binaries,
    layout: &Layout,
    folder: &Path,
) -> Result<Child> {
    const GUARD: &str = "\
        \"$1\" -D \"$2\" >/dev/null 2>\"$4\" & server=$!\n\
        cat >/dev/null\n\
        kill -QUIT \"$server\" 2>/dev/null; wait \"$server\"\n\
        rm -rf -- \"$3\"";
    let mut guard = account.command("/bin/sh").into_std();
    guard.args(["-c", GUARD, "sh"]).arg(binaries.program("postgres")).arg(layout.data());
    guard.arg(folder).arg(layout.log());
    guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut guard, 0);
    guard.spawn().map_err(|error| Error::io("starting a server in", folder, error))
}
