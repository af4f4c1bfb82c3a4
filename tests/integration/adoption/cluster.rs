//! What an administrator is lent belongs to the cluster: two databases of one are taken over one after the other.

use super::apply;
use super::sameness::{catalogue, differences};
use crate::bed::{Bed, PASSWORD, bed, first_administrator, second_bed, workplace};
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

/// Who holds the place in the cluster holds back no vacuum: no transaction number, and no snapshot.
async fn no_vacuum_is_held_back(bed: &'static Bed) {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    // A comment from before is taken away, once.
    let mut su = bed.superuser(&name).await;
    su.must("DO $$BEGIN IF to_regrole('atalaya_bi') IS NOT NULL THEN COMMENT ON ROLE atalaya_bi IS 'x'; END IF; END$$").await;
    let seen = Mutex::new(Vec::new());
    let (place, _) = workplace();
    let (administrator, owner, kept) =
        (bed.administrator(&name), bed.owner(&name), BTreeMap::new());
    adoption::apply(&place, &administrator, Some(&owner), false, &kept, |p| {
        if (p.step == "migrations" || p.step == "prepare") && p.done == 0 {
            seen.lock().unwrap().push(holder(bed, &name));
        }
    })
    .await
    .unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.len() >= 2 && seen.iter().all(|h| h == "idle in transaction, -, -"), "{seen:?}");
    su.close().await;
    bed.drop_database(&name).await;
}

/// State, xid and xmin of whoever holds the lock on the role.
fn holder(bed: &'static Bed, database: &str) -> String {
    let sql = "SELECT string_agg(format('%s, %s, %s', a.state, coalesce(a.backend_xid::text, '-'), coalesce(a.backend_xmin::text, '-')), '; ')
        FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'object' AND l.classid = 'pg_authid'::regclass AND l.objid = 'atalaya_bi'::regrole AND l.granted
          AND l.mode = 'ShareUpdateExclusiveLock'";
    std::thread::scope(|s| {
        let asked = s.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { bed.superuser(database).await.one(sql).await })
        });
        asked.join().unwrap()
    })
}

#[tokio::test]
async fn the_place_in_the_cluster_holds_back_no_vacuum() {
    no_vacuum_is_held_back(bed().await).await;
    if let Some(bed) = second_bed().await {
        no_vacuum_is_held_back(bed).await;
    }
}

/// An administrator who did not make the roles: 15 lets whoever makes roles; 16 and newer name the grant before anything is touched,
/// and it is enough.
async fn another_administrator(bed: &'static Bed) {
    // Somebody has made the roles.
    bed.small().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    let stranger = bed.target("stranger", PASSWORD, &name);
    let (owner, kept) = (bed.owner(&name), BTreeMap::new());
    let (place, _) = workplace();
    let before = catalogue(bed, &name).await;
    let found = adoption::inspect(&stranger, Some(&owner)).await.unwrap();
    let asked = found.findings.iter().find(|f| f.code == "roles_of_another");
    let mut su = bed.superuser(&name).await;
    if bed.major() >= 16 {
        let asked = asked.unwrap();
        assert!(!found.can_apply);
        let applied = adoption::apply(&place, &stranger, Some(&owner), false, &kept, |_| ()).await;
        let refused = applied.unwrap_err();
        assert_eq!(
            (refused.code, &refused.detail["grant"]),
            (Code::DbRightsMissing, &asked.examples[0])
        );
        let planned = adoption::plan(&place, &stranger, &owner, &kept).await;
        assert_eq!(planned.unwrap_err().code, Code::DbRightsMissing);
        assert_eq!(catalogue(bed, &name).await, before);
        assert!(asked.examples[0].starts_with("GRANT atalaya_bi, atalaya_gate, atalaya_legacy, atalaya_owner, atalaya_roles, atalaya_upkeep_"));
        // Exactly what it says, by the administrator who made them.
        let mut maker = bed.psql(Scratch::ADMINISTRATOR, Scratch::PASSWORD, &name).await;
        maker.must(asked.examples[0].clone()).await;
        maker.close().await;
    } else {
        assert!(asked.is_none(), "{asked:?}");
    }
    adoption::apply(&place, &stranger, Some(&owner), false, &kept, |_| ()).await.unwrap();
    let setup = atalaya_ops::setup::Setup {
        administrator: stranger.clone(),
        kind: atalaya_model::console::ConnectionKind::Remote,
        lease: None,
    };
    first_administrator(&place, setup, None).await.context.store.close().await;
    assert!(adoption::preview(None, &stranger, &owner).await.unwrap().completed);
    adoption::revert(None, &stranger, &owner, |_| ()).await.unwrap();
    let differ = differences(&before, &catalogue(bed, &name).await);
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    if bed.major() >= 16 {
        let all = "SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_roles r WHERE r.rolname ~ '^atalaya_(owner|gate|roles|legacy|bi|upkeep_.*)$'";
        let all = su.one(all).await;
        su.must(format!(
            "REVOKE {all} FROM stranger GRANTED BY {} CASCADE",
            Scratch::ADMINISTRATOR
        ))
        .await;
        // Also what is asked of a database that was taken over says it.
        let copy = bed.small().await;
        let e = adoption::preview(
            None,
            &bed.target("stranger", PASSWORD, &copy.name),
            &bed.owner(&copy.name),
        )
        .await
        .unwrap_err();
        assert!(e.code == Code::DbLoginShut || e.detail.contains_key("grant"), "{e:?}");
    }
    su.close().await;
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn another_administrator_is_told_what_he_needs() {
    another_administrator(bed().await).await;
    if let Some(bed) = second_bed().await {
        another_administrator(bed).await;
    }
}
