//! One closed list of error codes, a safe message, a hidden source.
//!
//! The API renders the error shape of the contract; the console gets `{code, message, request_id, detail}` and owns one
//! table from code to text and hint in both languages. To add a code: a variant here, its text in
//! `ui/src/i18n/errors.*.ts`, and the place that maps its cause (`store::error` for what Postgres says).

use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What went wrong, as a closed list. The wire name is upper snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Code {
    /// No session is open in this console.
    NotSignedIn,
    /// The passphrase does not open the keychain item.
    WrongPassphrase,
    /// The passphrase is too easy to guess.
    WeakPassphrase,
    /// No keychain service answers on this machine.
    KeychainMissing,
    /// The keychain is locked and cannot be read without its owner.
    KeychainLocked,
    /// The keychain did not answer in time.
    KeychainTimeout,
    /// The keychain works but holds nothing for this connection.
    KeychainItemMissing,
    /// What the keychain holds for this connection is not readable.
    KeychainItemDamaged,
    /// The connection leads somewhere else than what its keys were sealed for.
    ConnectionChanged,
    /// The caller's rights do not reach.
    AccessDenied,
    /// What was asked for is not there, or not for this caller.
    EntityNotFound,
    /// The input does not have the form that it must have.
    ValidationFailed,
    /// It contradicts what is there already.
    Conflict,
    /// The connection string cannot be understood.
    DsnInvalid,
    /// The server does not answer.
    DbUnreachable,
    /// The server refuses user or password.
    DbAuthFailed,
    /// The server offers no encrypted connection, or insists on one.
    DbTlsRefused,
    /// The server's certificate is not trusted or names another host.
    DbCertificateInvalid,
    /// There is no database of that name.
    DbMissing,
    /// The database is not a CRM that Atalaya knows.
    DbNotACrm,
    /// The server is older than PostgreSQL 15.
    DbVersionUnsupported,
    /// The login is superuser, bypasses row security or owns tables.
    DbRoleUnsafe,
    /// The login may not do what this step needs.
    DbRightsMissing,
    /// The server knows the login and does not let it in: it is shut, as that of a suspended user, or lacks CONNECT.
    DbLoginShut,
    /// Two connections that have to reach one database reach different ones.
    DbElsewhere,
    /// The connection broke.
    DbLost,
    /// The server is too busy, or another transaction holds what is needed.
    DbBusy,
    /// The server gave a query up because it took longer than it may.
    DbTimeout,
    /// A question to the log takes longer than a screen waits: it has to be narrowed.
    QueryTooBroad,
    /// The database was migrated by a newer Atalaya.
    DbNewerSchema,
    /// The database has been taken over before.
    AlreadyAdopted,
    /// The data of a database that is taken over leaves a choice that nobody made.
    DecisionMissing,
    /// Somebody else is taking the database over at this moment.
    AdoptionRunning,
    /// The connection broke while a change was being committed: it may or may not have happened.
    CommitUnknown,
    /// The caller cancelled.
    Cancelled,
    /// No room left on the disk.
    DiskFull,
    /// The file cannot be written or read there.
    FileUnwritable,
    /// The recovery words are wrong.
    KitWordsWrong,
    /// The file is no recovery file, or its passphrase is wrong.
    KitFileInvalid,
    /// A newer kit has taken this kit's place.
    KitReplaced,
    /// No PostgreSQL 15 or newer is installed.
    PostgresBinariesMissing,
    /// The data folder belongs to another major version.
    PostgresDataVersion,
    /// The embedded Postgres does not start.
    PostgresStartFailed,
    /// The `.env` file cannot be read.
    EnvFileInvalid,
    /// A stored secret or recipient is not signed by somebody trusted.
    SignatureInvalid,
    /// A fault of ours.
    Internal,
}

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error as every shell receives it. `message` is safe to show; `source` is for the log file only.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// One safe sentence in English, without values of secrets and without internals.
    pub message: String,
    /// The request, where one was under way; it is in the events too.
    pub request_id: Option<Uuid>,
    /// Safe facts for the translated text (`host`, `version` ...).
    pub detail: BTreeMap<String, String>,
    /// The cause; never shown.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a safe message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            request_id: None,
            detail: BTreeMap::new(),
            source: None,
        }
    }

    /// Adds the hidden cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds a safe fact for the translated text.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.detail.insert(key.to_owned(), value.to_string());
        self
    }

    /// Names the request, unless it is named already.
    #[must_use]
    pub fn of_request(mut self, id: Uuid) -> Self {
        self.request_id.get_or_insert(id);
        self
    }

    /// An input that does not have the form it must have.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(Code::ValidationFailed, message).with("field", field)
    }
}

/// The wire form of [`Error`].
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AppError {
    /// What went wrong.
    pub code: Code,
    /// One safe sentence in English.
    pub message: String,
    /// The request, where one was under way.
    pub request_id: Option<Uuid>,
    /// Safe facts for the translated text.
    pub detail: BTreeMap<String, String>,
}

impl From<Error> for AppError {
    fn from(e: Error) -> Self {
        Self { code: e.code, message: e.message, request_id: e.request_id, detail: e.detail }
    }
}
