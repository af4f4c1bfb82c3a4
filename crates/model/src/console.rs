//! What the console keeps and shows of itself: preferences, connections, keychain, session.

use crate::access::{Facts, Permission};
use crate::connection::TlsMode;
use crate::tenant::TenantRef;
use crate::{Error, Instant, Result};
use serde::{Deserialize, Serialize};

/// Language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Language {
    /// As the system.
    #[default]
    System,
    /// Spanish.
    Es,
    /// English.
    En,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Height of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Density {
    /// 32 px.
    #[default]
    Comfortable,
    /// Less.
    Compact,
}

/// Preferences of this machine's user; nothing secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Preferences {
    /// Language.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Height of rows.
    pub density: Density,
    /// Minutes without a sign of the user until the console locks: 1 to 120.
    pub auto_lock_minutes: u32,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            density: Density::Comfortable,
            auto_lock_minutes: 10,
        }
    }
}

impl Preferences {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// `VALIDATION_FAILED`.
    pub fn check(self) -> Result<Self> {
        if (1..=120).contains(&self.auto_lock_minutes) {
            Ok(self)
        } else {
            Err(Error::invalid("auto_lock_minutes", "Locking takes 1 to 120 minutes."))
        }
    }
}

/// Colour that tells connections apart at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Colour {
    /// Slate.
    #[default]
    Slate,
    /// Blue.
    Blue,
    /// Green.
    Green,
    /// Violet.
    Violet,
    /// Teal.
    Teal,
    /// Red.
    Red,
}

/// Whose Postgres a connection uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ConnectionKind {
    /// Atalaya's own, embedded.
    Local,
    /// Somebody else's.
    Remote,
}

/// A connection that this console knows. Its secrets are in the keychain under `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Connection {
    /// Key; the keychain account too.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Production is shown unmistakably.
    pub production: bool,
    /// Whose Postgres.
    pub kind: ConnectionKind,
    /// Host or socket folder.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// The operator's login.
    pub user: String,
    /// How it is protected.
    pub tls: TlsMode,
    /// Certificates to trust instead of the system's.
    pub ca_file: Option<String>,
    /// When it was last opened here.
    pub last_opened: Option<Instant>,
}

/// Whether the keychain answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum KeychainState {
    /// It answers.
    Ready,
    /// It is locked.
    Locked,
    /// There is none.
    Missing,
    /// It has no keyring yet.
    NoKeyring,
    /// It did not answer in time.
    TimedOut,
    /// It fails otherwise.
    Failed,
}

/// State of the keychain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct KeychainStatus {
    /// Whether it answers.
    pub state: KeychainState,
    /// Which store: `Secret Service`, `Keychain`, `Credential Manager`.
    pub store: String,
    /// What it said, where that helps.
    pub detail: String,
}

/// One thing that was tried with the keychain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct KeychainCheck {
    /// `keychain_reach`, `keychain_write`, `keychain_read` or `keychain_delete`.
    pub code: &'static str,
    /// `ready` where it went well, else what was in the way.
    pub state: KeychainState,
    /// The operating system's words, where it failed: for who looks after the machine. Empty otherwise; no secret.
    pub detail: String,
}

/// An open console.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Session {
    /// On which connection.
    pub connection: Connection,
    /// Who.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Roles held anywhere.
    pub roles: Vec<String>,
    /// Permissions held anywhere.
    pub permissions: Vec<String>,
    /// Whether one of the grants reaches every tenant.
    pub all_tenants: bool,
    /// Tenants that the caller may see.
    pub tenants: Vec<TenantRef>,
    /// The server's version.
    pub server_version: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// Independent recipients of the installation's secrets.
    #[cfg_attr(test, ts(type = "number"))]
    pub recipients: i64,
}

impl Session {
    /// Roles, permissions and reach of some facts, each sorted and once.
    #[must_use]
    pub fn rights(facts: &Facts) -> (Vec<String>, Vec<String>, bool) {
        let mut roles: Vec<_> = facts.grants.iter().map(|g| g.role.clone()).collect();
        let mut permissions: Vec<Permission> = facts.grants.iter().map(|g| g.permission).collect();
        roles.sort_unstable();
        roles.dedup();
        permissions.sort_unstable();
        permissions.dedup();
        let all = facts.grants.iter().any(|g| g.tenant.is_none());
        (roles, permissions.iter().map(ToString::to_string).collect(), all)
    }
}

/// Where the console stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Stage {
    /// No connection yet.
    FirstRun,
    /// Connections, none open.
    Locked,
    /// One is open.
    Open,
}

/// What the console shows at its start.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AppStatus {
    /// Atalaya's version.
    pub version: String,
    /// Where it stands.
    pub stage: Stage,
    /// Known connections, last opened first.
    pub connections: Vec<Connection>,
    /// The one to offer.
    pub selected: Option<String>,
    /// The open session.
    pub session: Option<Session>,
    /// Preferences.
    pub preferences: Preferences,
    /// `linux`, `macos` or `windows`.
    pub os: String,
}

/// The recovery kit as it is shown once.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct KitChallenge {
    /// 24 words.
    pub words: Vec<String>,
    /// The same as a QR code.
    pub qr_svg: String,
    /// Positions, from 1, that are asked back.
    pub ask: Vec<u8>,
}

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct SavedFile {
    /// Where.
    pub path: String,
    /// Its size.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
}

/// How strong a passphrase is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct PassphraseStrength {
    /// 0 to 4; 3 is enough.
    pub score: u8,
    /// Why not more, as a code.
    pub warning: Option<String>,
}

/// One secret that an import took over.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct EnvImported {
    /// Setting.
    pub name: String,
    /// How strong.
    pub strength: String,
    /// What should be better, as a code.
    pub warning: Option<String>,
}

/// One that it refused.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct EnvRefused {
    /// Setting.
    pub name: String,
    /// Why, as a code.
    pub reason: String,
}

/// What an import of a `.env` did.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct EnvReport {
    /// The file.
    pub path: String,
    /// Taken over.
    pub imported: Vec<EnvImported>,
    /// Refused.
    pub refused: Vec<EnvRefused>,
    /// There already with the same value, or no secret.
    pub kept: Vec<String>,
}

/// Whether the open connection answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ConnectionState {
    /// It answers.
    pub alive: bool,
}
