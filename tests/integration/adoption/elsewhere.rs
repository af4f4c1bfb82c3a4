//! What is undone or finished is the database that the console has open, and not one that only looks like it: a copy has the
//! same tables, the same installation and, on another server, the same name.

use super::drift::take;
use super::sameness::catalogue;
use crate::bed::{Bed, CRM, PASSPHRASE, bed, first_administrator, second_bed, workplace};
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::Code;
use atalaya_ops::adoption;
use atalaya_ops::connections::book;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;

async fn elsewhere(bed: &'static Bed) {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let copy = bed.database(Some(&name)).await;
    let installed = "SELECT id FROM atalaya.installation";
    assert_eq!(
        bed.superuser(&copy).await.one(installed).await,
        bed.superuser(&name).await.one(installed).await
    );
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), None).await;
    let (cx, connection) = (&opened.context, &opened.session.connection.id);
    let (administrator, owner) = (bed.administrator(&copy), bed.owner(&copy));
    let before = catalogue(bed, &copy).await;
    let seen = adoption::preview(Some(cx), &administrator, &owner).await;
    let reverted = adoption::revert(Some(cx), &administrator, &owner, |_| ()).await;
    let finished = adoption::finish(Some(cx), &administrator, &owner, |_| ()).await;
    let given = adoption::give_back(cx, connection, &administrator, &owner, |_| ()).await;
    for (what, code) in [
        ("preview", seen.err().map(|e| e.code)),
        ("revert", reverted.err().map(|e| e.code)),
        ("finish", finished.err().map(|e| e.code)),
        ("giving back", given.err().map(|e| e.code)),
    ] {
        assert_eq!(code, Some(Code::DbElsewhere), "{what}");
    }
    // Of the two logins one is enough, also where no session is open.
    for (administrator, owner) in
        [(bed.administrator(&name), bed.owner(&copy)), (bed.administrator(&copy), bed.owner(&name))]
    {
        let seen = adoption::preview(None, &administrator, &owner).await;
        assert_eq!(seen.err().map(|e| e.code), Some(Code::DbElsewhere));
        let reverted = adoption::revert(None, &administrator, &owner, |_| ()).await;
        assert_eq!(reverted.err().map(|e| e.code), Some(Code::DbElsewhere));
        let finished = adoption::finish(None, &administrator, &owner, |_| ()).await;
        assert_eq!(finished.err().map(|e| e.code), Some(Code::DbElsewhere));
    }
    assert_eq!(catalogue(bed, &copy).await, before);
    let known = |place: &atalaya_ops::Workplace| {
        book::read(place).unwrap().connections.iter().any(|c| &c.id == connection)
    };
    assert!(known(&place), "the connection was forgotten");

    // The right one; cut off after its operators were shut out, it goes on although the open session can do nothing more.
    let (administrator, owner) = (bed.administrator(&name), bed.owner(&name));
    let shut = format!("ALTER ROLE {} NOLOGIN PASSWORD NULL", opened.session.connection.user);
    bed.superuser(&name).await.must(shut).await;
    let ended = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '{}'",
        opened.session.connection.user
    );
    bed.superuser(&name).await.must(ended).await;
    adoption::give_back(cx, connection, &administrator, &owner, |_| ()).await.unwrap();
    assert!(!known(&place));
    opened.context.store.close().await;
    bed.drop_database(&name).await;
    bed.drop_database(&copy).await;
}

#[tokio::test]
async fn a_copy_is_not_what_is_undone_or_finished() {
    elsewhere(bed().await).await;
    if let Some(bed) = second_bed().await {
        elsewhere(bed).await;
    }
}

/// The console's login has no way in any more: not here, not elsewhere in the cluster.
async fn is_shut(bed: &Bed, login: &str) -> bool {
    let shut = format!(
        "SELECT NOT r.rolcanlogin AND r.rolpassword IS NULL AND NOT pg_has_role(r.oid, 'atalaya_operator', 'MEMBER')
         FROM pg_authid r WHERE r.rolname = '{login}'"
    );
    bed.superuser(Scratch::MAINTENANCE).await.one(shut).await == "t"
}

/// Of two databases with the same logins one is undone: who works in the other does so as before.
async fn one_of_two(bed: &'static Bed) {
    let original = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    take(bed, &original, &BTreeMap::new()).await.unwrap();
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&original), None).await;
    let connection = opened.session.connection.clone();
    opened.context.store.close().await;
    let item = place.keychain.read(&connection.id).await.unwrap();
    let secret = ConnectionSecret::open(PASSPHRASE, item.expose()).unwrap();
    let (login, password) = (secret.user.as_str(), secret.password.expose());
    let known = async |database: &str| {
        let mut psql = bed.psql(login, password, database).await;
        let known = psql.one("SELECT atalaya.caller_id() IS NOT NULL").await;
        psql.close().await;
        known
    };
    let revert = async |name: &str| {
        let (administrator, owner) = (bed.administrator(name), bed.owner(name));
        adoption::revert(None, &administrator, &owner, |_| ()).await.unwrap().differs
    };
    let stays = |there: &str| vec![format!("{login}: LOGIN, CONNECT ON DATABASE {there}")];
    // As a DBA copies it: whom it lets in is not copied.
    let plain = format!("{original}_plain");
    let make = format!("CREATE DATABASE {plain} TEMPLATE {original} OWNER {CRM}");
    bed.superuser(Scratch::MAINTENANCE).await.must(make).await;
    // And with all its rights.
    let whole = bed.database(Some(&original)).await;

    assert_eq!(revert(&whole).await, stays(&original));
    assert_eq!(known(&original).await, "t");
    let by_name = format!(
        "SELECT count(*) FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = '{whole}' AND a.grantee = '{login}'::regrole"
    );
    assert_eq!(bed.superuser(Scratch::MAINTENANCE).await.one(by_name).await, "0");
    // The copy that lets everybody in is the one that goes on.
    assert_eq!(revert(&original).await, stays(&plain));
    assert_eq!(known(&plain).await, "t");
    // Nothing else lets it in.
    assert!(!is_shut(bed, login).await);
    assert!(revert(&plain).await.is_empty());
    assert!(is_shut(bed, login).await);
    for name in [&original, &plain, &whole] {
        bed.drop_database(name).await;
    }
}

#[tokio::test]
async fn undoing_a_copy_shuts_nobody_out_of_the_original() {
    one_of_two(bed().await).await;
    if let Some(bed) = second_bed().await {
        one_of_two(bed).await;
    }
}

/// Nor is half of one database taken over with half of another.
#[tokio::test]
async fn nor_are_two_databases_taken_over_as_one() {
    let bed = bed().await;
    let legacy = bed.small_legacy().await;
    let (one, other) = (bed.database(Some(legacy)).await, bed.database(Some(legacy)).await);
    let before = (catalogue(bed, &one).await, catalogue(bed, &other).await);
    let _alone = bed.adopting().await;
    let (place, _) = workplace();
    let (administrator, owner) = (bed.administrator(&one), bed.owner(&other));
    let e = adoption::apply(&place, &administrator, Some(&owner), false, &BTreeMap::new(), |_| ())
        .await
        .unwrap_err();
    assert_eq!(e.code, Code::DbElsewhere, "{e:?}");
    assert_eq!((catalogue(bed, &one).await, catalogue(bed, &other).await), before);
    bed.drop_database(&one).await;
    bed.drop_database(&other).await;
}
