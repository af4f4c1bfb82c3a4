//! What is undone or finished is the database that the console has open, and not one that only looks like it: a copy has the
//! same tables, the same installation and, on another server, the same name.

use super::drift::take;
use super::sameness::catalogue;
use crate::bed::{Bed, bed, first_administrator, second_bed, workplace};
use atalaya_model::Code;
use atalaya_ops::adoption;
use atalaya_ops::connections::book;
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
