//! Where it is measured: a server of its own with a workspace and its first administrator, who sees the whole log.

use crate::Outcome;
use atalaya_keys::keychain::{InMemory, Keychain};
use atalaya_keys::lockbox::WorkFactor;
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::Secret;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::console::{Colour, ConnectionKind};
use atalaya_ops::setup::{self, Request, Setup};
use atalaya_ops::{Context, Workplace, adoption};
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

const PASSPHRASE: &str = "correcto caballo bateria grapa 42";
const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/load/events.sql");
const TENANTS: u32 = 50;

pub struct Place {
    scratch: Scratch,
    pub cx: Context,
    pub caller: Caller,
    user: String,
    password: String,
    pub folder: PathBuf,
}

impl Place {
    pub async fn new() -> Outcome<Self> {
        let scratch = Scratch::start(&find_binaries().await?).await?;
        println!("PostgreSQL {}", scratch.binaries().version());
        let folder =
            std::env::temp_dir().join(format!("atalaya-bench-audit-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let keychain = InMemory::default();
        let mut place = Workplace::new(folder.join("home"), Keychain::in_memory(keychain));
        place.work = WorkFactor::FLOOR;
        let endpoint = scratch.endpoint();
        let administrator = Target {
            host: endpoint.host.display().to_string(),
            port: endpoint.port,
            database: Scratch::DATABASE.to_owned(),
            user: Scratch::ADMINISTRATOR.to_owned(),
            password: Secret::new(Scratch::PASSWORD.to_owned()),
            tls: TlsMode::Disable,
            ca_file: None,
            ca_pem: None,
        };
        adoption::apply(&place, &administrator, None, true, &BTreeMap::new(), |_| ()).await?;
        let request = Request {
            link_user_id: None,
            name: "Ada".into(),
            last_name: Some("Primera".into()),
            email: "ada@example.com".into(),
            passphrase: Secret::new(PASSPHRASE.into()),
            crm_password: None,
            connection_name: "bench".into(),
            colour: Colour::Slate,
            production: false,
        };
        let setup = Setup { administrator, kind: ConnectionKind::Remote, lease: None };
        let caller = place.caller(Origin::Console)?;
        let opened = setup::administrator(&place, &caller, setup, request, |_| ())
            .await
            .map_err(|(e, _)| e)?;
        let item = place.keychain.read(&opened.session.connection.id).await?;
        let secret =
            ConnectionSecret::open(PASSPHRASE, item.expose()).map_err(|_| "the keychain item")?;
        let (user, password) = (secret.user.clone(), secret.password.expose().to_owned());
        Ok(Self { scratch, cx: opened.context, caller, user, password, folder })
    }

    /// Writes so many events, with indexes and sums.
    pub fn fill(&self, rows: i64) -> Outcome<()> {
        let began = Instant::now();
        let (rows, tenants) = (format!("rows={rows}"), format!("tenants={TENANTS}"));
        self.as_superuser(&["-v", &rows, "-v", &tenants, "-f", EVENTS])?;
        let size = self.sql("SELECT pg_size_pretty(pg_database_size(current_database()))")?;
        println!("events, indexes and sums after {:.0} s, {size}", began.elapsed().as_secs_f64());
        Ok(())
    }

    /// What one query says to the superuser.
    pub fn sql(&self, text: &str) -> Outcome<String> {
        self.as_superuser(&["-c", text])
    }

    fn as_superuser(&self, arguments: &[&str]) -> Outcome<String> {
        let url = self.scratch.url(Scratch::SUPERUSER, Scratch::PASSWORD, Scratch::DATABASE);
        let mut psql = Command::new(self.scratch.binaries().program("psql"));
        said(psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url]).args(arguments))
    }

    /// Runs a program of Postgres' with the administrator's own login and the console's settings.
    pub fn as_operator(&self, program: &str, arguments: &[&str]) -> Outcome<String> {
        let endpoint = self.scratch.endpoint();
        let mut command = Command::new(self.scratch.binaries().program(program));
        command
            .args(arguments)
            .env("PGHOST", &endpoint.host)
            .env("PGPORT", endpoint.port.to_string())
            .env("PGUSER", &self.user)
            .env("PGPASSWORD", &self.password)
            .env("PGDATABASE", Scratch::DATABASE)
            .env("PGOPTIONS", "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC");
        said(&mut command)
    }
}

fn said(command: &mut Command) -> Outcome<String> {
    let out = command.output()?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}
