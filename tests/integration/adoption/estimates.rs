//! What the plan says of each step (its locks, its time) is what happens.

use crate::bed::{Bed, bed, second_bed, workplace};
use atalaya_model::adoption::{Inspection, LockKind, LockMode, PlannedStep};
use atalaya_ops::adoption;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Modes that a set-up's connections hold on relations of `public` at this moment, with the table that they belong to.
const HELD: &str = "
    SELECT DISTINCT coalesce(t.relname, c.relname), l.mode
    FROM pg_locks l JOIN pg_stat_activity a USING (pid) JOIN pg_class c ON c.oid = l.relation
    LEFT JOIN pg_index x ON x.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = x.indrelid
    WHERE a.application_name = 'atalaya set-up' AND a.datname = current_database() AND l.granted AND l.locktype = 'relation'
      AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname IN ('users', 'tenants', 'leads', 'credentials', 'system_events')";

type Seen = Arc<Mutex<BTreeMap<&'static str, BTreeMap<String, LockMode>>>>;

fn mode(name: &str) -> Option<LockMode> {
    Some(match name {
        "AccessShareLock" => LockMode::AccessShare,
        "RowShareLock" | "RowExclusiveLock" => LockMode::RowExclusive,
        "ShareUpdateExclusiveLock" => LockMode::ShareUpdateExclusive,
        // Weaker than the next, and told as it.
        "ShareLock" | "ShareRowExclusiveLock" => LockMode::ShareRowExclusive,
        "ExclusiveLock" | "AccessExclusiveLock" => LockMode::AccessExclusive,
        _ => return None,
    })
}

struct Measured {
    found: Inspection,
    took: BTreeMap<&'static str, Duration>,
    locks: BTreeMap<&'static str, BTreeMap<String, LockMode>>,
}

/// Takes it over, and looks at clock and locks meanwhile.
async fn measured(bed: &'static Bed, name: &str) -> Measured {
    let (place, _) = workplace();
    let at: Arc<Mutex<(&'static str, Instant)>> = Arc::new(Mutex::new(("", Instant::now())));
    let took: Arc<Mutex<BTreeMap<&'static str, Duration>>> = Arc::default();
    let seen: Seen = Arc::default();
    let mut su = bed.superuser(name).await;
    let watch = {
        let (at, seen) = (Arc::clone(&at), Arc::clone(&seen));
        tokio::spawn(async move {
            loop {
                let step = at.lock().unwrap().0;
                let rows = su.rows(HELD).await.unwrap();
                // Between two steps it is nobody's.
                if at.lock().unwrap().0 == step {
                    let mut seen = seen.lock().unwrap();
                    for row in rows {
                        let (Some(table), Some(held)) =
                            (row[0].clone(), row[1].as_deref().and_then(mode))
                        else {
                            continue;
                        };
                        let known = seen.entry(step).or_default().entry(table).or_insert(held);
                        *known = (*known).max(held);
                    }
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    let report = |step: &'static str| {
        let mut at = at.lock().unwrap();
        if at.0 != step {
            *took.lock().unwrap().entry(at.0).or_default() += at.1.elapsed();
            *at = (step, Instant::now());
        }
    };
    let found = adoption::apply(
        &place,
        &bed.administrator(name),
        Some(&bed.owner(name)),
        false,
        &BTreeMap::new(),
        |p| report(p.step),
    )
    .await
    .unwrap();
    report("end");
    watch.abort();
    let (took, locks) = (took.lock().unwrap().clone(), seen.lock().unwrap().clone());
    Measured { found, took, locks }
}

fn step<'a>(found: &'a Inspection, name: &str) -> &'a PlannedStep {
    found.steps.iter().find(|s| s.step == name).unwrap_or_else(|| panic!("{name} is not planned"))
}

async fn told(bed: &'static Bed, legacy: &'static str) {
    let name = bed.database(Some(legacy)).await;
    let _alone = bed.adopting().await;
    let m = measured(bed, &name).await;
    let (mut from, mut to, mut all) = (0, 0, 0);
    for planned in &m.found.steps {
        let took = m.took.get(planned.step).copied().unwrap_or_default().as_millis();
        eprintln!(
            "PostgreSQL {}: {:<12} {:>6} ms, planned {:>5} to {:>6} ms, {:?}",
            bed.major(),
            planned.step,
            took,
            planned.time.from_ms,
            planned.time.to_ms,
            m.locks.get(planned.step)
        );
        (from, to, all) = (from + planned.time.from_ms, to + planned.time.to_ms, all + took);
    }
    for (at, tables) in &m.locks {
        if at.is_empty() || *at == "end" {
            continue;
        }
        let planned = step(&m.found, at);
        for (table, held) in tables {
            // Whoever reads keeps nobody waiting, and is not told.
            if *held == LockMode::AccessShare {
                continue;
            }
            let lock = planned
                .strongest
                .as_ref()
                .unwrap_or_else(|| panic!("{at} locks {table}: {held:?}"));
            assert!(lock.mode >= *held, "{at}: {table} {held:?}, planned {lock:?}");
            assert!(
                lock.tables.iter().any(|t| t == table) || *held <= LockMode::ShareUpdateExclusive,
                "{at}: {table} {held:?}, planned {lock:?}"
            );
            if *held > LockMode::ShareUpdateExclusive {
                assert_ne!(planned.lock, LockKind::None, "{at}: {table} {held:?}");
            }
        }
    }
    // The machine of a test may be busier than busy; a plan that is wrong by more than that is a wrong plan.
    assert!(
        all >= u128::from(from) / 3 && all <= u128::from(to) * 3,
        "{all} ms, planned {from} to {to} ms"
    );
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn the_plan_of_the_fixture_holds() {
    let bed = bed().await;
    told(bed, bed.legacy().await).await;
}

#[tokio::test]
async fn and_on_the_second_version() {
    if let Some(bed) = second_bed().await {
        told(bed, bed.small_legacy().await).await;
    }
}

#[tokio::test]
async fn a_longer_log_is_planned_longer() {
    let bed = bed().await;
    let look = async |template: &'static str| {
        let name = bed.database(Some(template)).await;
        let found =
            adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
        bed.drop_database(&name).await;
        found
    };
    let (full, small) = (look(bed.legacy().await).await, look(bed.small_legacy().await).await);
    // A hundred times the events: what looks at each takes in proportion, what does not takes the same.
    for name in ["backfill", "indexes"] {
        let (long, short) = (step(&full, name), step(&small, name));
        assert_eq!((long.rows, short.rows.map(|n| n < 1_000)), (Some(60_450), Some(true)));
        assert!(long.time.to_ms > 3 * short.time.to_ms, "{name}: {:?} {:?}", long.time, short.time);
    }
    assert_eq!(step(&full, "roles").time, step(&small, "roles").time);
    assert_eq!(step(&full, "backfill").lock, LockKind::None);
    assert!(full.steps.iter().all(|s| s.lock != LockKind::Exclusive), "{:?}", full.steps);
}
