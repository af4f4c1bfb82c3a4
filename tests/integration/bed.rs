//! What the tests lie on: a cluster per major version, template databases, and copies of them.
//!
//! Template databases are made as the product makes them: the fixture is loaded as the CRM's own login, then the
//! administrator (CREATEROLE, no superuser) takes it over through `ops`. The superuser only copies databases and plays the
//! insider with the keys to the machine.

mod people;
mod templates;

pub use people::{PASSWORD, PLACES, Person, ROLES};
pub use templates::{Adopted, Copy, first_administrator, request};

use crate::psql::{Psql, Said};
use atalaya_keys::keychain::{InMemory, Keychain};
use atalaya_keys::lockbox::WorkFactor;
use atalaya_model::Secret;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::connection::{Target, TlsMode};
use atalaya_ops::Workplace;
use atalaya_postgres::scratch::{Scratch, second_major};
use atalaya_postgres::{Binaries, find_binaries};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// The CRM's own login: owns its database, may make nothing else.
pub const CRM: &str = "crm_app";
/// The console's passphrase.
pub const PASSPHRASE: &str = "correcto caballo bateria grapa 42";

/// One cluster with its templates.
pub struct Bed {
    scratch: Scratch,
    /// One take-over at a time: what an administrator is lent is cluster-wide.
    adopting: Mutex<()>,
    next: AtomicU32,
    legacy: OnceCell<String>,
    small_legacy: OnceCell<String>,
    full: OnceCell<Adopted>,
    small: OnceCell<Adopted>,
}

/// The cluster of the system's PostgreSQL.
pub async fn bed() -> &'static Bed {
    static BED: OnceCell<Bed> = OnceCell::const_new();
    BED.get_or_init(|| async { Bed::start(find_binaries().await.unwrap()).await }).await
}

/// The cluster of the second major version, where the suite was given one.
pub async fn second_bed() -> Option<&'static Bed> {
    static BED: OnceCell<Option<Bed>> = OnceCell::const_new();
    let made = BED
        .get_or_init(|| async {
            match second_major().await {
                Some(binaries) => Some(Bed::start(binaries).await),
                None => {
                    eprintln!("ATALAYA_TEST_PG_SECOND names no PostgreSQL: the second version was not tried");
                    None
                }
            }
        })
        .await;
    made.as_ref()
}

/// A folder of its own for one test. Those of earlier runs are removed by the first of a new one.
pub fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    if n == 0 {
        sweep();
    }
    let path = std::env::temp_dir().join(format!("{FOLDER}{}-{n}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// How the folders of the suite begin; the process follows.
const FOLDER: &str = "atalaya-test-";

/// Removes the folders of processes that have ended.
fn sweep() {
    let processes = std::path::Path::new("/proc");
    for entry in std::fs::read_dir(std::env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = name.strip_prefix(FOLDER).and_then(|rest| rest.split('-').next())
        else {
            continue;
        };
        if processes.join("self").exists() && !processes.join(process).exists() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A machine with an empty keychain and an empty data folder.
pub fn workplace() -> (Workplace, InMemory) {
    let keychain = InMemory::default();
    let mut workplace = Workplace::new(folder("home"), Keychain::in_memory(keychain.clone()));
    workplace.work = WorkFactor::FLOOR;
    (workplace, keychain)
}

/// A request of the console.
pub fn caller(workplace: &Workplace) -> Caller {
    workplace.caller(Origin::Console).unwrap()
}

impl Bed {
    async fn start(binaries: Binaries) -> Self {
        let scratch = Scratch::start(&binaries).await.unwrap();
        let bed = Self {
            scratch,
            adopting: Mutex::new(()),
            next: AtomicU32::new(0),
            legacy: OnceCell::new(),
            small_legacy: OnceCell::new(),
            full: OnceCell::new(),
            small: OnceCell::new(),
        };
        let mut su = bed.superuser(Scratch::MAINTENANCE).await;
        su.must("SELECT set_config('password_encryption', 'scram-sha-256', FALSE)").await;
        su.must(format!("CREATE ROLE {CRM} LOGIN PASSWORD '{PASSWORD}'")).await;
        su.must(format!("CREATE ROLE stranger LOGIN CREATEROLE PASSWORD '{PASSWORD}'")).await;
        su.must(format!("CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}'")).await;
        bed
    }

    /// 15, 18 ...
    pub fn major(&self) -> u32 {
        self.scratch.binaries().major()
    }

    /// Waits for other take-overs in this cluster.
    pub async fn adopting(&self) -> MutexGuard<'_, ()> {
        self.adopting.lock().await
    }

    pub fn target(&self, user: &str, password: &str, database: &str) -> Target {
        let endpoint = self.scratch.endpoint();
        Target {
            host: endpoint.host.display().to_string(),
            port: endpoint.port,
            database: database.to_owned(),
            user: user.to_owned(),
            password: Secret::new(password.to_owned()),
            tls: TlsMode::Disable,
            ca_file: None,
            ca_pem: None,
        }
    }

    /// The administrator: CREATEROLE, not a superuser.
    pub fn administrator(&self, database: &str) -> Target {
        self.target(Scratch::ADMINISTRATOR, Scratch::PASSWORD, database)
    }

    /// The CRM's own login, which owns its database.
    pub fn owner(&self, database: &str) -> Target {
        self.target(CRM, PASSWORD, database)
    }

    /// A connection string for programs.
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        self.scratch.url(user, password, database)
    }

    /// The program `psql`; the newer bed has one too.
    pub fn psql_program(&self) -> PathBuf {
        self.scratch.binaries().program("psql")
    }

    pub async fn psql(&self, user: &str, password: &str, database: &str) -> Psql {
        self.try_psql(user, password, database)
            .await
            .unwrap_or_else(|e| panic!("{user} at {database}: {e:?}"))
    }

    pub async fn try_psql(&self, user: &str, password: &str, database: &str) -> Result<Psql, Said> {
        let e = self.scratch.endpoint();
        Psql::connect(&e.host, e.port, user, password, database).await
    }

    pub async fn superuser(&self, database: &str) -> Psql {
        self.psql(Scratch::SUPERUSER, Scratch::PASSWORD, database).await
    }

    pub async fn owner_psql(&self, database: &str) -> Psql {
        self.psql(CRM, PASSWORD, database).await
    }

    /// A new database of the CRM's login; a copy when there is a template.
    pub async fn database(&self, template: Option<&str>) -> String {
        let name = format!("t{}", self.next.fetch_add(1, Ordering::Relaxed));
        let mut su = self.superuser(Scratch::MAINTENANCE).await;
        let from = template.unwrap_or("template0");
        su.must(format!("CREATE DATABASE {name} TEMPLATE {from} OWNER {CRM}")).await;
        if let Some(template) = template {
            // Who may connect, and the settings of logins, are not copied.
            su.must(COPY_RIGHTS.replace("$new", &name).replace("$old", template)).await;
        }
        su.close().await;
        name
    }

    pub async fn drop_database(&self, name: &str) {
        let mut su = self.superuser(Scratch::MAINTENANCE).await;
        su.must(format!("DROP DATABASE {name} WITH (FORCE)")).await;
        su.close().await;
    }
}

const COPY_RIGHTS: &str = r"DO $do$
DECLARE
    old CONSTANT pg_database := (SELECT d FROM pg_database d WHERE d.datname = '$old');
    granting NAME;
    statement TEXT;
BEGIN
    IF old.datacl IS NOT NULL THEN
        REVOKE ALL ON DATABASE $new FROM PUBLIC;
    END IF;
    -- By whom each was granted: a login can revoke only what it granted. The owner's come first, the others stand on them.
    FOR granting, statement IN
        SELECT pg_get_userbyid(a.grantor), format('GRANT %s ON DATABASE $new TO %s%s', a.privilege_type,
                      CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                      CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM (SELECT * FROM aclexplode(old.datacl) ORDER BY aclexplode.grantor <> old.datdba) a WHERE a.grantee <> old.datdba
        UNION ALL
        SELECT current_user, format('ALTER ROLE %s IN DATABASE $new SET %s = %s', s.setrole::regrole, split_part(c, '=', 1),
                      CASE WHEN c LIKE 'search_path=%' THEN substr(c, 13) ELSE quote_literal(split_part(c, '=', 2)) END)
        FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) c WHERE s.setdatabase = old.oid AND s.setrole <> 0
    LOOP
        EXECUTE format('SET LOCAL ROLE %I', granting);
        EXECUTE statement;
        RESET ROLE;
    END LOOP;
END
$do$";
