//! `adopt plan --sql`: the script alone, run by `psql` with the same two logins, does what applying does.

use super::content::content;
use super::drift::{TAKEN, decisions, make};
use super::sameness::{catalogue, differences};
use super::writers::Writers;
use crate::bed::{Bed, CRM, PASSWORD, bed, first_administrator, folder, second_bed, workplace};
use atalaya_ops::adoption;
use atalaya_postgres::scratch::Scratch;
use std::path::Path;
use std::process::Output;

async fn run(bed: &Bed, database: &str, script: &Path) -> Output {
    let way = |user: &str, password: &str| {
        let target = bed.target(user, password, database);
        format!(
            "host={} port={} dbname={database} user={user} password={password}",
            target.host, target.port
        )
    };
    tokio::process::Command::new(bed.psql_program())
        .args([
            "-X",
            "-v",
            &format!("administrator={}", way(Scratch::ADMINISTRATOR, Scratch::PASSWORD)),
        ])
        .args(["-v", &format!("crm={}", way(CRM, PASSWORD)), "-f"])
        .arg(script)
        .args(["-d", &way(CRM, PASSWORD)])
        .output()
        .await
        .unwrap()
}

/// Who takes this database over, or another of the cluster, keeps the script out: it says so, and nothing is changed.
async fn kept_out(bed: &Bed, name: &str, script: &Path) {
    let before = catalogue(bed, name).await;
    let mut one = bed.psql(Scratch::ADMINISTRATOR, Scratch::PASSWORD, name).await;
    one.must("SELECT pg_advisory_lock(hashtextextended('atalaya.adoption', 0))").await;
    let out = run(bed, name, script).await;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        !out.status.success() && said.contains("somebody else is taking this database over"),
        "{said}"
    );
    one.close().await;
    let mut other = bed.psql(Scratch::ADMINISTRATOR, Scratch::PASSWORD, Scratch::MAINTENANCE).await;
    if other.one("SELECT to_regrole('atalaya_bi') IS NOT NULL").await == "t" {
        other.must("BEGIN; COMMENT ON ROLE atalaya_bi IS NULL").await;
        let out = run(bed, name, script).await;
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && said.contains("lock timeout"), "{said}");
        other.must("ROLLBACK").await;
    }
    other.close().await;
    assert_eq!(catalogue(bed, name).await, before);
}

async fn taken_by_script(bed: &'static Bed) {
    // As documented, and with decisions to be made.
    for drift in TAKEN
        .iter()
        .filter(|d| d.name == "as documented" || d.name.starts_with("duplicate credentials"))
    {
        let name = make(bed, drift).await;
        let before = content(bed, &name).await;
        let (place, _) = workplace();
        let wanted = decisions(drift);
        let text = adoption::plan(&place, &bed.administrator(&name), &bed.owner(&name), &wanted)
            .await
            .unwrap();
        assert!(!text.contains(PASSWORD), "a script holds no password");
        let script = folder("plan").join("plan.sql");
        std::fs::write(&script, text).unwrap();
        let _alone = bed.adopting().await;
        kept_out(bed, &name, &script).await;
        let writers = Writers::start(bed, &name, 2).await;
        // A lock that was not to be had stops it; it is run again.
        let mut runs = 0;
        loop {
            runs += 1;
            let out = run(bed, &name, &script).await;
            if out.status.success() {
                break;
            }
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            let locked = said.contains("lock timeout") || said.contains("deadlock");
            assert!(locked && runs < 20, "{}, run {runs}: {said}", drift.name);
        }
        // Once more changes nothing.
        let out = run(bed, &name, &script).await;
        assert!(out.status.success(), "{}: {}", drift.name, String::from_utf8_lossy(&out.stderr));
        let work = writers.stop().await;
        // Without the unique constraint the documented upsert never worked.
        if drift.decisions.is_empty() {
            assert!(work.failed.is_empty(), "{:?}", work.failed);
        }
        before.assert_events_kept(bed, &name, drift.name).await;
        let by_script = catalogue(bed, &name).await;
        let opened = first_administrator(&place, bed.setup(&name), None).await;
        opened.context.store.close().await;
        bed.drop_database(&name).await;

        let name = make(bed, drift).await;
        super::drift::take(bed, &name, &wanted).await.unwrap();
        let differ = differences(&catalogue(bed, &name).await, &by_script);
        assert!(differ.is_empty(), "{}", differ.join("\n"));
        bed.drop_database(&name).await;
    }
}

#[tokio::test]
async fn a_script_takes_over_what_applying_would() {
    taken_by_script(bed().await).await;
    if let Some(bed) = second_bed().await {
        taken_by_script(bed).await;
    }
}
