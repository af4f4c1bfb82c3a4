//! Taking over a CRM's database: what an inspection finds and what an adoption reports.

use serde::Serialize;

/// What a database is, as far as Atalaya is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum DatabaseKind {
    /// Nothing in it.
    Empty,
    /// A CRM Ventas database that was not taken over yet.
    Legacy,
    /// Taken over.
    Adopted,
    /// Something else: refused.
    Other,
}

/// What happens to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum TableAction {
    /// Stays as it is but for its owner, row security and triggers.
    Keep,
    /// Gains columns.
    Extend,
    /// Becomes the first partition of a partitioned table.
    Partition,
    /// Is not touched.
    Leave,
}

/// One table of an inspected database.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct TableInspection {
    /// Its name in `public`.
    pub name: String,
    /// Its rows, counted; -1 where counting would run code of somebody's own, or is not allowed.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: i64,
    /// Whether the documents describe it.
    pub expected: bool,
    /// Columns that differ, as `missing: x`, `extra: y`, `type: z is text`.
    pub differences: Vec<String>,
    /// What will happen to it.
    pub action: TableAction,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum FindingSeverity {
    /// Good to know.
    Info,
    /// Should be repaired some day.
    Warning,
    /// Must be repaired first.
    Blocking,
}

/// One thing that was found. Its text is the shell's, by `code`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Finding {
    /// What: `hash_unusable`, `email_case_duplicates` ...
    pub code: &'static str,
    /// How much it matters.
    pub severity: FindingSeverity,
    /// Where.
    pub table: Option<&'static str>,
    /// How many rows.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub count: Option<i64>,
    /// A few keys or names; never a value of a secret.
    pub examples: Vec<String>,
    /// What the operator has to choose between before applying; empty where nothing is left open.
    pub choices: Vec<&'static str>,
}

/// A class of statements of the legacy program. Its text, with what to change in the program, is the shell's, by `code`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct StatementClass {
    /// Which: `event_insert`, `ddl` ...
    pub code: &'static str,
    /// Whether it works after the take-over as before.
    pub goes_on: bool,
}

/// What the CRM notices of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum LockKind {
    /// Nothing: no statement of the CRM waits for it.
    None,
    /// Milliseconds at a time: a lock that excludes the CRM is asked for with a limit of a tenth of a second, and held for
    /// a change of the catalogue.
    Brief,
    /// The CRM's writers wait for as long as it takes to look at the table's rows.
    Exclusive,
}

/// A lock on tables, as Postgres names it. In order: each excludes more than those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum LockMode {
    /// `ACCESS SHARE`: reading.
    AccessShare,
    /// `ROW EXCLUSIVE`: writing rows.
    RowExclusive,
    /// `SHARE UPDATE EXCLUSIVE`: indexes made concurrently, `VALIDATE`, `ANALYZE`. Readers and writers go on.
    ShareUpdateExclusive,
    /// `SHARE ROW EXCLUSIVE`: writers wait.
    ShareRowExclusive,
    /// `ACCESS EXCLUSIVE`: readers and writers wait.
    AccessExclusive,
}

/// The strongest lock that a step takes on tables that the CRM uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct PlannedLock {
    /// Its mode.
    pub mode: LockMode,
    /// Tables in `public`, one at a time unless the step says otherwise.
    pub tables: Vec<&'static str>,
}

/// How long something is expected to take, in milliseconds: on an idle server with fast disks, and on a busy one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Estimate {
    /// At least.
    #[cfg_attr(test, ts(type = "number"))]
    pub from_ms: u64,
    /// At most, unless somebody holds a lock on a table for long.
    #[cfg_attr(test, ts(type = "number"))]
    pub to_ms: u64,
}

/// One step of the take-over, in order.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct PlannedStep {
    /// Key: `roles`, `legacy_login`, `ownership`, `prepare`, `backfill`, `indexes`, `migrations`, `grants`, `verify`.
    pub step: &'static str,
    /// Rows that it touches, where that is known.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub rows: Option<i64>,
    /// The strongest lock on a table of the CRM's; `None` where there is none.
    pub strongest: Option<PlannedLock>,
    /// What the CRM notices.
    pub lock: LockKind,
    /// How long the whole step takes.
    pub time: Estimate,
}

/// A user who could become the first administrator.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Candidate {
    /// `users.id`.
    pub user_id: uuid::Uuid,
    /// Name, or the e-mail where there is none.
    pub name: String,
    /// `users.email`.
    pub email: String,
}

/// How the take-over of a database stands.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Taken {
    /// When it began; of a workspace that began empty, when that was made.
    pub at: crate::Instant,
    /// The administrator's login that did it, where that was noted.
    pub by: Option<String>,
    /// Whether there is a first administrator; without one applying goes on.
    pub completed: bool,
    /// Since when the CRM's logins may do nothing here.
    pub finished_at: Option<crate::Instant>,
    /// Whether reverting is possible.
    pub can_be_undone: bool,
}

/// The dry run: what is there, what differs, what will be done. Reading it changes nothing.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Inspection {
    /// The database's name.
    pub database: String,
    /// The server's version (`15.18`).
    pub server_version: String,
    /// What it is.
    pub kind: DatabaseKind,
    /// Its tables in `public`.
    pub tables: Vec<TableInspection>,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
    /// Which statements of the legacy program go on, and which stop.
    pub statements: Vec<StatementClass>,
    /// What applying will do.
    pub steps: Vec<PlannedStep>,
    /// How its take-over stands, where it was taken over and the administrator may see that.
    pub taken: Option<Taken>,
    /// Active CEOs who could be linked as first administrator.
    pub ceos: Vec<Candidate>,
    /// Whether applying can begin.
    pub can_apply: bool,
}

impl Inspection {
    /// Whether a first administrator can follow: it can be taken over, or was and has none yet.
    #[must_use]
    pub fn can_link(&self) -> bool {
        self.can_apply || self.taken.as_ref().is_some_and(|t| !t.completed)
    }
}

/// What a login of the CRM may still do on one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct LegacyRight {
    /// Name in `public`.
    pub table: String,
    /// Of `SELECT`, `INSERT`, `UPDATE`, `DELETE`, in this order; some columns count as all.
    pub rights: Vec<String>,
}

/// A login of the CRM that goes on beside Atalaya.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct LegacyLogin {
    /// Its name.
    pub name: String,
    /// Its connections at the moment.
    #[cfg_attr(test, ts(type = "number"))]
    pub connections: i64,
    /// It still owns the database, and can drop it.
    pub owns_database: bool,
    /// What it may do.
    pub tables: Vec<LegacyRight>,
}

/// What the CRM may still do past Atalaya.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct LegacyAccess {
    /// Its logins.
    pub logins: Vec<LegacyLogin>,
    /// Events that they wrote in the last 24 hours, as far as the caller sees them.
    #[cfg_attr(test, ts(type = "number"))]
    pub events_24h: i64,
}

/// Rows of a table when it was taken over, and now.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct TableSince {
    /// Name in `public`.
    pub table: String,
    /// Rows then, where they were counted.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub before: Option<i64>,
    /// Rows now.
    #[cfg_attr(test, ts(type = "number"))]
    pub now: i64,
}

/// What reverting or finishing a take-over changes. Reading it changes nothing.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct UndoPreview {
    /// The database's name; it is typed to confirm.
    pub database: String,
    /// When it was taken over.
    pub taken_at: crate::Instant,
    /// The CRM's logins, which reverting gives their own rights and finishing none.
    pub logins: Vec<String>,
    /// Their connections at the moment: what finishing stops.
    #[cfg_attr(test, ts(type = "number"))]
    pub connections: i64,
    /// The documented tables.
    pub tables: Vec<TableSince>,
    /// Events that the CRM wrote since; they stay.
    #[cfg_attr(test, ts(type = "number"))]
    pub events_of_crm: i64,
    /// Events that Atalaya wrote since; they stay too.
    #[cfg_attr(test, ts(type = "number"))]
    pub events_of_atalaya: i64,
    /// Rows and values that a decision set aside, and that reverting puts back.
    #[cfg_attr(test, ts(type = "number"))]
    pub set_aside: i64,
    /// People whose login reverting shuts.
    #[cfg_attr(test, ts(type = "number"))]
    pub operators: i64,
    /// Secrets that reverting deletes.
    #[cfg_attr(test, ts(type = "number"))]
    pub secrets: i64,
    /// Whether there is a first administrator; without one there is nothing to finish.
    pub completed: bool,
}

/// A take-over that was undone.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Reverted {
    /// What could not be as it was, in the words of SQL: `leads.email: NOT NULL`, `SELECT ON public.leads TO c: GRANTED BY b`,
    /// `atalaya_x_ana: LOGIN, CONNECT ON DATABASE other`.
    pub differs: Vec<String>,
}

/// How far a long job is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Progress {
    /// Key of the step.
    pub step: &'static str,
    /// Units done.
    #[cfg_attr(test, ts(type = "number"))]
    pub done: u64,
    /// Units in all, where that is known.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub total: Option<u64>,
    /// A name or number beside it.
    pub note: Option<String>,
}
