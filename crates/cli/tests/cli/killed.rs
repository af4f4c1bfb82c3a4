//! A take-over that is killed: the program by SIGKILL, and Postgres by the end of one of its processes, at random moments.
//! Run again, it ends in the state that a run without interruption ends in.
//!
//! `ATALAYA_TEST_KILLS` and `ATALAYA_TEST_CRASHES` say how often (the suite: a few), `ATALAYA_TEST_SEED` repeats a run.

use crate::stage::{CRM, Stage, another, answer};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const CATALOGUE: &str = include_str!("../../../../tests/integration/adoption/catalogue.sql");
const CONTENT: &str = include_str!("../../../../tests/integration/adoption/content.sql");
const PROMOTED: &str = "SELECT md5(string_agg(concat_ws('|', id, tenant_id, actor_id, actor_label, actor_kind, resource_id, ip, origin, outcome), ',' ORDER BY id))
    FROM public.system_events WHERE event_type NOT IN ('adoption.applied', 'schema.updated')";

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

/// Numbers that look random and can be had again (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}

/// The fixture with a fiftieth of its events.
fn template(stage: &Stage, name: &str) {
    stage.legacy(name);
    stage.psql(
        name,
        "DELETE FROM system_events WHERE id % 50 <> 0; DELETE FROM leads WHERE id % 20 <> 0",
    );
}

fn copy(stage: &Stage, of: &str, name: &str) {
    stage.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {of} OWNER {}", CRM));
}

fn apply(stage: &Stage, ways: &(PathBuf, PathBuf)) -> Command {
    adopt(stage, "apply", ways)
}

fn adopt(stage: &Stage, verb: &str, ways: &(PathBuf, PathBuf)) -> Command {
    let mut command = stage.ctl(&["--json", "adopt", verb, "--yes", "--dsn-file"]);
    command.arg(&ways.0).arg("--owner-dsn-file").arg(&ways.1);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a take-over leaves behind.
fn outcome(stage: &Stage, database: &str) -> String {
    let lent = "SELECT count(*) FROM pg_auth_members m WHERE m.roleid IN ('atalaya_owner'::regrole, 'atalaya_gate'::regrole)
                AND m.member IN ('scratch_admin'::regrole, 'crm_app'::regrole) AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)";
    [CATALOGUE, CONTENT, PROMOTED, lent].map(|sql| stage.psql(database, sql)).join("\n")
}

fn same(database: &str, when: &str, expected: &str, found: &str) {
    if expected == found {
        return;
    }
    let lines = |a: &str, b: &str| {
        a.lines()
            .filter(|l| !b.lines().any(|m| m == *l))
            .take(20)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    panic!(
        "{database}, {when}: gone {:#?}, new {:#?}",
        lines(expected, found),
        lines(found, expected)
    );
}

/// Runs it again until it is through; somebody who is being waited for is no failure.
fn resume(stage: &Stage, ways: &(PathBuf, PathBuf), when: &str) -> Output {
    again(stage, "apply", ways, when)
}

fn again(stage: &Stage, verb: &str, ways: &(PathBuf, PathBuf), when: &str) -> Output {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let out = adopt(stage, verb, ways).output().expect("it runs");
        if out.status.success() || Instant::now() > deadline {
            return out;
        }
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        // A server that comes back up, or the connection of the dead that it has not noticed yet.
        assert!(
            ["ADOPTION_RUNNING", "DB_UNREACHABLE", "DB_BUSY", "DB_LOST"]
                .iter()
                .any(|c| said.contains(c)),
            "{when}: {said}"
        );
        sleep(Duration::from_millis(100));
    }
}

fn end(stage: &Stage, database: &str) {
    stage.psql("postgres", &format!("DROP DATABASE {database} WITH (FORCE)"));
}

/// A run without interruption: what it leaves, and how long it takes.
fn undisturbed(stage: &Stage, of: &str, name: &str) -> (String, Duration) {
    copy(stage, of, name);
    let ways = stage.ways(name);
    let started = Instant::now();
    answer(&apply(stage, &ways).output().expect("it runs"));
    let took = started.elapsed();
    let left = outcome(stage, name);
    end(stage, name);
    (left, took)
}

#[test]
fn killed_anywhere_it_goes_on_to_the_same_end() {
    // A cluster of its own: what an administrator is lent is the cluster's, and others take databases over too.
    let stage = another();
    template(&stage, "killed");
    let (expected, took) = undisturbed(&stage, "killed", "killed_not");
    let seed = number("ATALAYA_TEST_SEED", another_seed());
    let mut chance = Chance(seed);
    for n in 0..number("ATALAYA_TEST_KILLS", 4) {
        let name = format!("killed_{n}");
        copy(&stage, "killed", &name);
        let ways = stage.ways(&name);
        let after = Duration::from_millis(chance.below(took.as_millis() as u64));
        let when = format!("seed {seed}, SIGKILL {n} after {after:?} of {took:?}");
        let mut running = apply(&stage, &ways).spawn().expect("it runs");
        sleep(after);
        running.kill().expect("SIGKILL");
        let _ = running.wait();
        let out = resume(&stage, &ways, &when);
        assert!(out.status.success(), "{when}: {}", String::from_utf8_lossy(&out.stderr));
        same(&name, &when, &expected, &outcome(&stage, &name));
        end(&stage, &name);
    }
}

#[test]
fn so_does_giving_it_back() {
    let stage = another();
    template(&stage, "back");
    let looks = |name: &str| [CATALOGUE, CONTENT].map(|sql| stage.psql(name, sql)).join("\n");
    let expected = looks("back");
    let seed = number("ATALAYA_TEST_SEED", another_seed());
    let mut chance = Chance(seed);
    for n in 0..number("ATALAYA_TEST_KILLS", 4).div_ceil(2) {
        let name = format!("back_{n}");
        copy(&stage, "back", &name);
        let ways = stage.ways(&name);
        answer(&apply(&stage, &ways).output().expect("it runs"));
        let after = Duration::from_millis(chance.below(400));
        let when = format!("seed {seed}, SIGKILL {n} of reverting after {after:?}");
        let mut running = adopt(&stage, "revert", &ways).spawn().expect("it runs");
        sleep(after);
        running.kill().expect("SIGKILL");
        let _ = running.wait();
        let out = again(&stage, "revert", &ways, &when);
        assert!(out.status.success(), "{when}: {}", String::from_utf8_lossy(&out.stderr));
        same(&name, &when, &expected, &looks(&name));
        end(&stage, &name);
    }
}

#[test]
fn nor_does_a_crash_of_the_server_matter() {
    // A cluster of its own: what crashes takes all connections along.
    let stage = another();
    template(&stage, "crashed");
    let (expected, took) = undisturbed(&stage, "crashed", "crashed_not");
    let seed = number("ATALAYA_TEST_SEED", another_seed());
    let mut chance = Chance(seed);
    for n in 0..=number("ATALAYA_TEST_CRASHES", 2) {
        let name = format!("crashed_{n}");
        copy(&stage, "crashed", &name);
        let ways = stage.ways(&name);
        let mut running = apply(&stage, &ways).spawn().expect("it runs");
        let when = if n == 0 {
            // The moment when all is said to be done: this server's commits do not wait for the disk unless they are told to.
            running.wait().expect("it ends");
            "crash at once after the end".to_owned()
        } else {
            let after = Duration::from_millis(chance.below(took.as_millis() as u64));
            sleep(after);
            format!("seed {seed}, crash {n} after {after:?} of {took:?}")
        };
        crash(&stage);
        // What it says then depends on the moment; that it says something, and ends, does not.
        let first = ended(running);
        if !first.status.success() {
            let out = resume(&stage, &ways, &when);
            assert!(out.status.success(), "{when}: {}", String::from_utf8_lossy(&out.stderr));
        }
        same(&name, &when, &expected, &outcome(&stage, &name));
        end(&stage, &name);
    }
}

fn ended(running: Child) -> Output {
    running.wait_with_output().expect("it ends")
}

/// Ends one process of the server without a word, at which Postgres ends all others and recovers from its log.
fn crash(stage: &Stage) {
    let checkpointer = "SELECT a.pid FROM pg_stat_activity a WHERE a.backend_type = 'checkpointer'";
    let pid = stage.psql("postgres", checkpointer);
    let killed = Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs");
    assert!(killed.success());
    // Its recovery is short; a question asked meanwhile is refused.
    let deadline = Instant::now() + Duration::from_secs(60);
    while stage.try_psql("postgres", "SELECT 1").is_none() {
        assert!(Instant::now() < deadline, "the server does not come back");
        sleep(Duration::from_millis(50));
    }
}

/// Another run, other moments.
fn another_seed() -> u64 {
    u64::from(std::process::id())
}
