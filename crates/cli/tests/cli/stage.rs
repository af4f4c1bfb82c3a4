//! The cluster, its databases, and how the program is run.

use atalaya_keys::context_key::PadKey;
use atalaya_keys::entropy::Entropy;
use atalaya_keys::scram;
use atalaya_keys::signed::SigningKey;
use atalaya_model::Secret;
use atalaya_model::connection::Target;
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::Scratch;
use atalaya_store::setup::{Administrator, FirstAdministrator, PadPairs};
use serde_json::Value;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The CRM's own login.
pub const CRM: &str = "crm_app";
/// Password of the operator in [`Stage::adopted`].
const OPERATOR_PASSWORD: &str = "operator-password";

/// One cluster and one folder for a run of this suite.
pub struct Stage {
    scratch: Scratch,
    folder: TempDir,
}

/// The database that was taken over, once.
pub struct Adopted {
    /// Its operator's connection string in a file.
    pub operator: PathBuf,
    /// What `adopt apply --json` answered.
    pub applied: Value,
}

/// The stage; the first to ask sets it.
pub fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(another)
}

/// A stage of its own, for what would disturb the others.
pub fn another() -> Stage {
    let scratch = block_on(async {
        Scratch::start(&find_binaries().await.expect("PostgreSQL is installed")).await
    })
    .expect("a scratch cluster starts");
    let stage = Stage { scratch, folder: TempDir::new().expect("a folder") };
    stage.psql("postgres", &format!("CREATE ROLE {CRM} LOGIN PASSWORD 'crm'"));
    stage
}

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

impl Stage {
    /// A connection string.
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        self.scratch.url(user, password, database)
    }

    /// Runs SQL as the superuser.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let url = self.url(Scratch::SUPERUSER, Scratch::PASSWORD, database);
        let mut psql = Command::new(self.scratch.binaries().program("psql"));
        let out = psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", sql]).output();
        let out = out.expect("psql runs");
        assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("UTF-8").trim().to_owned()
    }

    /// The same, if the server is there to answer.
    pub fn try_psql(&self, database: &str, sql: &str) -> Option<String> {
        let url = self.url(Scratch::SUPERUSER, Scratch::PASSWORD, database);
        let mut psql = Command::new(self.scratch.binaries().program("psql"));
        let out = psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", sql]).output();
        let out = out.expect("psql runs");
        out.status
            .success()
            .then(|| String::from_utf8(out.stdout).expect("UTF-8").trim().to_owned())
    }

    /// An empty database of the CRM's login.
    pub fn database(&self, name: &str) {
        self.psql("postgres", &format!("CREATE DATABASE {name} OWNER {CRM}"));
        self.psql(name, &format!("ALTER SCHEMA public OWNER TO {CRM}"));
    }

    /// The fixture in a database of that name, loaded as the CRM's login.
    pub fn legacy(&self, name: &str) {
        self.database(name);
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/legacy-crm.sql.gz");
        let mut zcat =
            Command::new("zcat").arg(fixture).stdout(Stdio::piped()).spawn().expect("zcat runs");
        let loaded = Command::new(self.scratch.binaries().program("psql"))
            .args(["-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d"])
            .arg(self.url(CRM, "crm", name))
            .stdin(zcat.stdout.take().expect("a pipe"))
            .stdout(Stdio::null())
            .status()
            .expect("psql runs");
        assert!(loaded.success() && zcat.wait().expect("zcat ends").success());
    }

    /// A file of this mode.
    pub fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        use std::io::Write;
        let path = self.folder.path().join(name);
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(mode).open(&path).expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        path
    }

    /// A path in the suite's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The files that [`Stage::ways`] made.
    pub fn ways_again(&self, database: &str) -> (PathBuf, PathBuf) {
        (self.path(&format!("{database}.administrator")), self.path(&format!("{database}.owner")))
    }

    /// Files with the administrator's and the CRM's connection strings for a database.
    pub fn ways(&self, database: &str) -> (PathBuf, PathBuf) {
        let administrator = self.url(Scratch::ADMINISTRATOR, Scratch::PASSWORD, database);
        let owner = self.url(CRM, "crm", database);
        (
            self.file(&format!("{database}.administrator"), &administrator, 0o600),
            self.file(&format!("{database}.owner"), &owner, 0o600),
        )
    }

    /// The program, in a home of its own and without what the developer's environment says.
    pub fn ctl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atalayactl"));
        command.args(arguments).env("ATALAYA_HOME", self.path("home")).stdin(Stdio::null());
        for name in ["ATALAYA_DSN", "POSTGRES_DSN", "DATABASE_URL", "LC_ALL", "LC_MESSAGES", "LANG"]
        {
            command.env_remove(name);
        }
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        command
    }

    /// The database that was taken over, with an operator whose password is known.
    pub fn adopted(&self) -> &'static Adopted {
        static ADOPTED: OnceLock<Adopted> = OnceLock::new();
        ADOPTED.get_or_init(|| {
            self.legacy("adopted");
            self.adopt("adopted")
        })
    }

    /// Takes a database over and gives it an operator.
    pub fn adopt(&self, database: &str) -> Adopted {
        let (administrator, owner) = self.ways(database);
        let out = self
            .ctl(&["--json", "adopt", "apply", "--yes", "--dsn-file"])
            .arg(&administrator)
            .arg("--owner-dsn-file")
            .arg(&owner)
            .output()
            .expect("it runs");
        let applied = answer(&out);
        let login = self.operator(database);
        let url = self.url(&login, OPERATOR_PASSWORD, database);
        let name = format!("{database}.operator");
        Adopted { operator: self.file(&name, &url, 0o600), applied }
    }

    /// Installs a first administrator as the console would, but with a password that the suite knows.
    fn operator(&self, database: &str) -> String {
        let entropy = &mut Entropy::seeded([7; 32]);
        let pads = |key: PadKey| {
            let (inner, outer) = key.pads();
            (*inner, *outer)
        };
        let first = FirstAdministrator {
            user_id: "7d3cbf5e-3f0c-4c7c-9f3b-0a6a6a3a3a3a".parse().expect("a UUID"),
            link: false,
            email: "operator@example.com".into(),
            first_name: "Olga".into(),
            last_name: "Paz".into(),
            password_hash: None,
            login_suffix: "operator".into(),
            verifier: scram::verifier(OPERATOR_PASSWORD, &[9; 16]).expect("a verifier"),
            first_key: SigningKey::draw(entropy).expect("random bytes").public(),
            pads: PadPairs {
                context: pads(PadKey::draw(entropy).expect("random bytes")),
                digest: pads(PadKey::draw(entropy).expect("random bytes")),
            },
        };
        let url = self.url(Scratch::ADMINISTRATOR, Scratch::PASSWORD, database);
        let target = Target::parse(&Secret::new(url)).expect("a target");
        block_on(async {
            let administrator = Administrator::connect(&target).await.expect("connects");
            let login = administrator.install_first_administrator(&first).await;
            administrator.close().await;
            login.expect("installed")
        })
    }
}

/// The exit code.
pub fn code(out: &Output) -> i32 {
    out.status.code().expect("it ended by itself")
}

/// The JSON answer of a run that went well.
#[track_caller]
pub fn answer(out: &Output) -> Value {
    let err = String::from_utf8_lossy(&out.stderr);
    assert_eq!(code(out), 0, "{err}");
    serde_json::from_slice(&out.stdout).unwrap_or_else(|e| {
        panic!("{e}: {} {err}", String::from_utf8_lossy(&out.stdout));
    })
}

/// The error of a run with `--json` that went wrong, and its exit code.
#[track_caller]
pub fn error(out: &Output) -> (i32, Value) {
    let err = String::from_utf8_lossy(&out.stderr);
    let line = err.lines().last().unwrap_or_default();
    let shape: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {err}"));
    assert_eq!(shape["error"]["exit"], code(out), "{err}");
    assert!(out.stdout.is_empty(), "{}", String::from_utf8_lossy(&out.stdout));
    (code(out), shape["error"].clone())
}

/// Standard error as text.
pub fn complaint(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}
