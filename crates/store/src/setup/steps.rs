//! The steps of a take-over as they are shown before it: what each locks, what the CRM notices, how long it takes.
//!
//! Times come from sizes that the inspection measured and from rates that were measured on the fixture (60,450 events,
//! 2 cores, PostgreSQL 15; `estimates` in the integration suite measures again and compares). A range is given, because
//! neither the server's disks nor its other work are known: from [`FAST`] to [`SLOW`] of what the rates say. Waiting for
//! somebody who holds a lock on a table for long is not in it.

use atalaya_model::adoption::{
    DatabaseKind, Estimate, Finding, LockKind, LockMode, PlannedLock, PlannedStep,
};
use std::collections::BTreeMap;

/// What one table measures.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) rows: u64,
    /// With what is stored out of line, without indexes.
    pub(super) bytes: u64,
}

/// By the name of the documented table.
pub(super) type Sizes = BTreeMap<&'static str, Size>;

/// What an idle server with fast disks needs of the rates below, in percent.
const FAST: u64 = 40;
/// What a busy one needs, likewise.
const SLOW: u64 = 400;

/// A step that changes rows of the catalogue only, in microseconds.
const SMALL_STEP: u64 = 40_000;
/// Making the roles, or finding that they are there.
const ROLES: u64 = 80_000;
/// A table that changes its owner.
const HAND_OVER: u64 = 15_000;
/// What `prepare` does whatever the tables measure: the first migrations and some forty changes of the catalogue.
const PREPARE: u64 = 300_000;
/// An index over one row of a table with few columns.
const INDEX_ROW: u64 = 3;
/// The promoted columns of one event, filled.
const FILL_EVENT: u64 = 60;
/// The indexes of the partition-to-be, fourteen and the one of texts, for one event.
const INDEX_EVENT: u64 = 30;
/// What making and validating them takes on an empty log.
const INDEXES: u64 = 200_000;
/// All migrations.
const MIGRATIONS: u64 = 800_000;
/// Rights of one user.
const GRANT: u64 = 100;
/// One row counted.
const COUNT_ROW: u64 = 1;
/// One event looked at for the planner's statistics, and how many are: Postgres takes a sample.
const SAMPLE_EVENT: u64 = 35;
const SAMPLE: u64 = 30_000;
/// A page of 8 KiB that has to be read first.
const READ_PAGE: u64 = 30;

const PAGE: u64 = 8192;
const ALL: [&str; 5] = ["users", "tenants", "leads", "credentials", "system_events"];

/// What applying will do. Nothing for a database that it refuses.
pub(super) fn planned(kind: DatabaseKind, sizes: &Sizes, findings: &[Finding]) -> Vec<PlannedStep> {
    match kind {
        DatabaseKind::Empty => vec![
            step("roles", None, None, LockKind::None, ROLES),
            step("migrations", None, None, LockKind::None, MIGRATIONS),
        ],
        DatabaseKind::Legacy => legacy(sizes, findings),
        DatabaseKind::Adopted | DatabaseKind::Other => Vec::new(),
    }
}

fn legacy(sizes: &Sizes, findings: &[Finding]) -> Vec<PlannedStep> {
    use LockMode::{AccessExclusive, RowExclusive};
    let there = |names: &[&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|n| sizes.contains_key(n)).collect()
    };
    let lock = |mode, names: &[&'static str]| {
        let tables = there(names);
        (!tables.is_empty()).then_some(PlannedLock { mode, tables })
    };
    let size = |name: &str| sizes.get(name).copied().unwrap_or_default();
    let rows = |name: &str| sizes.get(name).map(|s| i64::try_from(s.rows).unwrap_or(i64::MAX));
    let read = |s: Size| s.bytes / PAGE * READ_PAGE;
    let events = size("system_events");
    let indexed: u64 = ["users", "leads", "credentials"]
        .iter()
        .map(|t| size(t).rows * INDEX_ROW + read(size(t)))
        .sum();
    let counted: u64 = sizes.values().map(|s| s.rows * COUNT_ROW + read(*s)).sum();
    // What a decision takes out of its table is looked for under a lock.
    let decided = ["credential_duplicates", "event_time_missing"]
        .iter()
        .any(|code| findings.iter().any(|f| f.code == *code));
    let handed = there(&ALL).len() as u64 * HAND_OVER;
    vec![
        step("roles", None, None, LockKind::None, ROLES),
        step("legacy_login", None, None, LockKind::None, SMALL_STEP),
        step("ownership", None, lock(AccessExclusive, &ALL), LockKind::Brief, SMALL_STEP + handed),
        step(
            "prepare",
            None,
            lock(AccessExclusive, &ALL),
            if decided { LockKind::Exclusive } else { LockKind::Brief },
            PREPARE + indexed,
        ),
        step(
            "backfill",
            rows("system_events"),
            lock(RowExclusive, &["system_events"]),
            LockKind::None,
            SMALL_STEP + events.rows * FILL_EVENT + read(events),
        ),
        step(
            "indexes",
            rows("system_events"),
            lock(AccessExclusive, &["system_events"]),
            LockKind::Brief,
            // Each of fifteen indexes and of four checks reads the table.
            INDEXES + events.rows * INDEX_EVENT + read(events) * 19,
        ),
        step(
            "migrations",
            None,
            lock(AccessExclusive, &ALL),
            LockKind::Brief,
            MIGRATIONS + read(events),
        ),
        step(
            "grants",
            rows("users"),
            lock(RowExclusive, &["users", "tenants", "system_events"]),
            LockKind::None,
            SMALL_STEP + size("users").rows * GRANT,
        ),
        step(
            "verify",
            None,
            lock(LockMode::ShareUpdateExclusive, &["system_events"]),
            LockKind::None,
            SMALL_STEP + counted + events.rows.min(SAMPLE) * SAMPLE_EVENT,
        ),
    ]
}

fn step(
    step: &'static str,
    rows: Option<i64>,
    strongest: Option<PlannedLock>,
    lock: LockKind,
    microseconds: u64,
) -> PlannedStep {
    let time = Estimate {
        from_ms: (microseconds.saturating_mul(FAST) / 100_000).max(1),
        to_ms: (microseconds.saturating_mul(SLOW) / 100_000).max(1),
    };
    PlannedStep { step, rows, strongest, lock, time }
}
