//! The CRM goes on through the whole take-over: nothing that the documents let it say fails, nothing it writes is lost.

use super::apply;
use super::writers::Writers;
use crate::bed::{Bed, bed, second_bed};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a documented statement may have to wait on a busy test machine. Each lock of the take-over is a change of the
/// catalogue, and asked for with a limit of a tenth of a second.
const LONGEST: Duration = Duration::from_secs(3);

async fn under_load(bed: &'static Bed, legacy: &'static str) {
    let name = bed.database(Some(legacy)).await;
    let mut su = bed.superuser(&name).await;
    let before = su.one("SELECT count(*) FROM public.system_events").await;
    let _alone = bed.adopting().await;
    let writers = Writers::start(bed, &name, 8).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let started = Instant::now();
    apply(bed, &name).await.unwrap();
    let took = started.elapsed();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let work = writers.stop().await;
    eprintln!(
        "PostgreSQL {}: taken over in {took:?} under 8 writers; {} statements, {} events; the longest took {:?}",
        bed.major(),
        work.statements,
        work.events.len(),
        work.longest
    );
    assert!(
        work.failed.is_empty(),
        "{} failed: {:#?}",
        work.failed.len(),
        &work.failed[..work.failed.len().min(5)]
    );
    assert!(work.events.len() > 100, "{work:?}");
    // Each event once, stamped as the CRM's, in the tenant that it names.
    let mut written: Vec<String> = work.events.clone();
    written.sort();
    let found = su.rows(
        "SELECT message FROM public.system_events WHERE message LIKE 'writer %' AND origin = 'legacy' AND actor_kind = 'legacy'
           AND tenant_id::text = payload ->> 'tenant_id' AND ip = '203.0.113.9' ORDER BY message COLLATE \"C\"",
    ).await.unwrap();
    let found: Vec<String> = found.into_iter().map(|r| r[0].clone().unwrap()).collect();
    assert_eq!(found.len(), written.len());
    assert!(found == written, "other events than those that were written");
    assert_eq!(su.one("SELECT count(*) FROM public.system_events WHERE origin = 'legacy' AND (message IS NULL OR message NOT LIKE 'writer %')").await, before);
    for (credential, value) in &work.credentials {
        let (tenant, key) = credential.split_once(' ').unwrap();
        let held = su
            .one(format!(
                "SELECT value FROM public.credentials WHERE tenant_id = {tenant} AND name = '{key}'"
            ))
            .await;
        // Another writer never has the same name.
        assert_eq!(&held, value, "{credential}");
    }
    assert!(work.longest < LONGEST, "a statement took {:?}", work.longest);
    su.close().await;
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn no_documented_statement_fails_while_the_fixture_is_taken_over() {
    let bed = bed().await;
    under_load(bed, bed.legacy().await).await;
}

#[tokio::test]
async fn nor_on_the_second_version() {
    if let Some(bed) = second_bed().await {
        under_load(bed, bed.small_legacy().await).await;
    }
}

#[tokio::test]
async fn nor_while_it_is_given_back() {
    use atalaya_ops::adoption;
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let before = bed.superuser(&name).await.one("SELECT count(*) FROM system_events").await;
    let _alone = bed.adopting().await;
    apply(bed, &name).await.unwrap();
    let writers = Writers::start(bed, &name, 8).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let started = Instant::now();
    adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    let took = started.elapsed();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let work = writers.stop().await;
    eprintln!(
        "given back in {took:?} under 8 writers; {} statements; the longest took {:?}",
        work.statements, work.longest
    );
    assert!(work.failed.is_empty(), "{:#?}", &work.failed[..work.failed.len().min(5)]);
    let mut su = bed.superuser(&name).await;
    let found = "SELECT count(DISTINCT message) || ' ' || count(*) FROM system_events WHERE message LIKE 'writer %'";
    assert_eq!(su.one(found).await, format!("{0} {0}", work.events.len()));
    let others =
        "SELECT count(*) FROM system_events WHERE (message IS NULL OR message NOT LIKE 'writer %')
        AND event_type NOT IN ('adoption.applied', 'schema.updated')";
    assert_eq!(su.one(others).await, before);
    assert!(work.longest < LONGEST, "a statement took {:?}", work.longest);
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn a_second_adopter_is_told() {
    use crate::bed::workplace;
    use atalaya_model::Code;
    use atalaya_ops::adoption;
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    let (place, _) = workplace();
    let (administrator, owner) = (bed.administrator(&name), bed.owner(&name));
    let told = std::sync::Mutex::new(None);
    let first =
        adoption::apply(&place, &administrator, Some(&owner), false, &BTreeMap::new(), |p| {
            if p.step == "prepare" && p.done == 2 && told.lock().unwrap().is_none() {
                let second = std::thread::scope(|s| {
                    s.spawn(|| {
                        let runtime = tokio::runtime::Builder::new_current_thread()
                            .enable_all()
                            .build()
                            .unwrap();
                        runtime.block_on(apply(bed, &name))
                    })
                    .join()
                    .unwrap()
                });
                *told.lock().unwrap() = Some(second);
            }
        })
        .await;
    first.unwrap();
    let second = told.into_inner().unwrap().unwrap().unwrap_err();
    assert_eq!(second.code, Code::AdoptionRunning, "{second:?}");
    assert!(second.detail.contains_key("login"), "{second:?}");
    bed.drop_database(&name).await;
}
