//! The customer's database: the legacy fixture on a server of its own, reached through a Unix socket.

use crate::window::Window;
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::Scratch;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

/// The CRM's own login: owns its database, may make nothing else.
pub const LOGIN: &str = "crm_app";
/// Its password.
pub const PASSWORD: &str = "crm-secret";
/// The CRM's database.
pub const DATABASE: &str = "crm";
/// Another CRM of the same house, with a few of its events.
pub const SECOND: &str = "crm_north";
/// A database that is not a CRM's.
pub const OTHER: &str = "warehouse";

/// The server.
pub struct Crm {
    pub server: Scratch,
}

impl Crm {
    /// Starts it and loads the fixture as the CRM's own login; 4 s.
    pub async fn start() -> Self {
        let crm = Self { server: Scratch::start(&find_binaries().await.unwrap()).await.unwrap() };
        let superuser = crm.pool(Scratch::SUPERUSER, Scratch::PASSWORD, Scratch::MAINTENANCE);
        for statement in [
            "CREATE ROLE crm_app LOGIN PASSWORD 'crm-secret'",
            "CREATE DATABASE crm OWNER crm_app",
            "CREATE DATABASE warehouse OWNER crm_app",
        ] {
            sqlx::query(statement).execute(&superuser).await.unwrap();
        }
        let warehouse = crm.pool(LOGIN, PASSWORD, OTHER);
        sqlx::query("CREATE TABLE pallets (id INT PRIMARY KEY)").execute(&warehouse).await.unwrap();
        crm.load().await;
        sqlx::query("CREATE DATABASE crm_north OWNER crm_app TEMPLATE crm")
            .execute(&superuser)
            .await
            .unwrap();
        let north = crm.pool(LOGIN, PASSWORD, SECOND);
        sqlx::query("DELETE FROM system_events WHERE id > 500").execute(&north).await.unwrap();
        crm
    }

    async fn load(&self) {
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/legacy-crm.sql.gz");
        let unpacked =
            tokio::process::Command::new("gzip").args(["-dc", fixture]).output().await.unwrap();
        let mut psql = tokio::process::Command::new(self.server.binaries().program("psql"))
            .args(["-XAtq1", "-v", "ON_ERROR_STOP=1", &self.server.url(LOGIN, PASSWORD, DATABASE)])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        psql.stdin.take().unwrap().write_all(&unpacked.stdout).await.unwrap();
        assert!(psql.wait().await.unwrap().success());
    }

    /// What goes into the field for the host.
    pub fn host(&self) -> String {
        self.server.endpoint().host.display().to_string()
    }

    /// Connections that do not outlast a statement for long.
    pub fn pool(&self, user: &str, password: &str, database: &str) -> PgPool {
        let endpoint = self.server.endpoint();
        let options = PgConnectOptions::new_without_pgpass()
            .socket(&endpoint.host)
            .port(endpoint.port)
            .username(user)
            .password(password)
            .database(database)
            .ssl_mode(PgSslMode::Disable);
        PgPoolOptions::new().max_connections(1).connect_lazy_with(options)
    }

    /// A number that the judge reads.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.truth()).await.unwrap()
    }

    /// The CRM's database, past every policy: what the judge reads.
    pub fn truth(&self) -> PgPool {
        self.pool(Scratch::SUPERUSER, Scratch::PASSWORD, DATABASE)
    }
}

/// Fills the form of a connection to one of its databases.
pub async fn connect(window: &Window<'_>, crm: &Crm, database: &str) {
    as_administrator(window, crm, database).await;
    as_owner(window).await;
}

/// Its first half.
pub async fn as_administrator(window: &Window<'_>, crm: &Crm, database: &str) {
    window.fill("connect-admin-host", &crm.host()).await;
    window.fill("connect-admin-database", database).await;
    window.fill("connect-admin-user", Scratch::ADMINISTRATOR).await;
    window.fill("connect-admin-password", Scratch::PASSWORD).await;
}

/// Its second half.
pub async fn as_owner(window: &Window<'_>) {
    window.fill("connect-owner-user", LOGIN).await;
    window.fill("connect-owner-password", PASSWORD).await;
}
