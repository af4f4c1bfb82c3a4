//! What an administrator is lent belongs to the cluster: two databases of one are taken over one after the other.

use super::apply;
use crate::bed::{Bed, bed, first_administrator, second_bed, workplace};
use atalaya_model::Code;
use atalaya_ops::adoption;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Takes another database over while this thread does not go on.
fn beside(bed: &'static Bed, database: &str) -> atalaya_model::Result<()> {
    std::thread::scope(|s| {
        let second = s.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(apply(bed, database))
        });
        second.join().unwrap()
    })
}

async fn one_after_the_other(bed: &'static Bed) {
    let legacy = bed.small_legacy().await;
    let (one, other) = (bed.database(Some(legacy)).await, bed.database(Some(legacy)).await);
    let _alone = bed.adopting().await;
    let (place, _) = workplace();
    // While the first holds what it was lent, a second take-over is told, with the database that is in its way.
    let told = Mutex::new(None);
    let (administrator, owner) = (bed.administrator(&one), bed.owner(&one));
    let kept = BTreeMap::new();
    let first = adoption::apply(&place, &administrator, Some(&owner), false, &kept, |p| {
        if p.step == "prepare" && told.lock().unwrap().is_none() {
            *told.lock().unwrap() = Some(beside(bed, &other));
        }
    });
    first.await.unwrap();
    let e = told.into_inner().unwrap().unwrap().unwrap_err();
    assert_eq!(e.code, Code::AdoptionRunning, "{e:?}");
    assert_eq!(
        (&e.detail["database"], &e.detail["login"]),
        (&one, &Scratch::ADMINISTRATOR.to_owned()),
        "{e:?}"
    );

    // One that is soon done is waited for: installing the first administrator here, taking over there.
    let (installed, taken) =
        tokio::join!(first_administrator(&place, bed.setup(&one), None), apply(bed, &other));
    installed.context.store.close().await;
    taken.unwrap();
    let opened = first_administrator(&place, bed.setup(&other), None).await;
    opened.context.store.close().await;

    // And both at once the other way.
    let (administrators, owners) =
        ([&one, &other].map(|n| bed.administrator(n)), [&one, &other].map(|n| bed.owner(n)));
    let back = |n: usize| {
        let (administrator, owner) = (&administrators[n], &owners[n]);
        async move {
            loop {
                match adoption::revert(None, administrator, owner, |_| ()).await {
                    Err(e) if e.code == Code::AdoptionRunning => continue,
                    done => break done,
                }
            }
        }
    };
    let (a, b) = tokio::join!(back(0), back(1));
    a.and(b).unwrap();
    for name in [&one, &other] {
        let mut crm = bed.owner_psql(name).await;
        crm.must("DELETE FROM system_events; ALTER TABLE leads ADD again INT").await;
        crm.close().await;
        bed.drop_database(name).await;
    }
    let held = format!(
        "SELECT count(*) FROM pg_roles r WHERE r.rolname IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles')
         AND (pg_has_role('{}', r.oid, 'USAGE') OR pg_has_role('{}', r.oid, 'USAGE'))",
        Scratch::ADMINISTRATOR,
        crate::bed::CRM
    );
    assert_eq!(bed.superuser("postgres").await.one(held).await, "0");
}

#[tokio::test]
async fn two_databases_of_a_cluster_wait_for_each_other() {
    one_after_the_other(bed().await).await;
    if let Some(bed) = second_bed().await {
        one_after_the_other(bed).await;
    }
}
