//! What is said before a take-over is undone or finished is what happens then.

use super::drift::take;
use super::sameness::catalogue;
use crate::bed::{self, Bed, CRM, PASSWORD, bed, caller, first_administrator, workplace};
use atalaya_model::Code;
use atalaya_model::adoption::{Inspection, UndoPreview};
use atalaya_model::connection::ConnectionInput;
use atalaya_ops::{adoption, overview, setup};
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;

async fn preview(bed: &Bed, name: &str) -> atalaya_model::Result<UndoPreview> {
    adoption::preview(None, &bed.administrator(name), &bed.owner(name)).await
}

#[tokio::test]
async fn a_preview_counts_what_was_written_and_changes_nothing() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    bed.owner_psql(&name)
        .await
        .must("INSERT INTO system_events (event_type, severity) SELECT 'x', 'info' FROM generate_series(1, 3)")
        .await;
    let _alone = bed.adopting().await;
    assert_eq!(
        preview(bed, &name).await.unwrap_err().code,
        Code::Conflict,
        "nothing was taken over"
    );
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    assert!(!preview(bed, &name).await.unwrap().completed);
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), None).await;
    let mut crm = bed.owner_psql(&name).await;
    crm.must("INSERT INTO system_events (event_type, severity) SELECT 'x', 'lila' FROM generate_series(1, 5)").await;
    crm.must("INSERT INTO leads (tenant_id, phone_number) VALUES (1, '1'), (2, '2'); DELETE FROM credentials WHERE id = 1").await;

    let before = catalogue(bed, &name).await;
    let seen = preview(bed, &name).await.unwrap();
    assert_eq!(catalogue(bed, &name).await, before);
    let mut su = bed.superuser(&name).await;
    let of_atalaya = su.one("SELECT count(*) FROM system_events WHERE origin <> 'legacy'").await;
    assert_eq!((seen.events_of_crm, seen.events_of_atalaya.to_string()), (5, of_atalaya));
    assert_eq!((seen.set_aside, seen.operators, seen.completed), (5, 1, true), "{seen:?}");
    assert_eq!((seen.logins.as_slice(), seen.connections), ([CRM.to_owned()].as_slice(), 1));
    assert_eq!(seen.secrets.to_string(), su.one("SELECT count(*) FROM atalaya.secrets").await);
    let changed = |table: &str| {
        let t = seen.tables.iter().find(|t| t.table == table).unwrap();
        t.now - t.before.unwrap()
    };
    assert_eq!(
        (changed("leads"), changed("credentials"), changed("users"), changed("tenants")),
        (2, -1, 1, 0)
    );
    assert_eq!(changed("system_events"), seen.events_of_crm + seen.events_of_atalaya);

    // Overview says the same of the login, by its rights.
    let view = overview::view(&opened.context, &caller(&place)).await.unwrap();
    let legacy = view.legacy.unwrap();
    assert_eq!((legacy.logins.len(), legacy.events_24h), (1, 5));
    let login = &legacy.logins[0];
    assert_eq!((login.name.as_str(), login.connections, login.owns_database), (CRM, 1, true));
    for right in &login.tables {
        let expected: &[&str] = if right.table == "system_events" {
            &["SELECT", "INSERT"]
        } else {
            &["SELECT", "INSERT", "UPDATE", "DELETE"]
        };
        assert_eq!(right.rights, expected, "{}", right.table);
    }
    assert_eq!(login.tables.len(), 5);
    let named = view.attention.iter().find(|a| a.code == "legacy_login_active").unwrap();
    assert_eq!(named.detail, CRM);

    adoption::finish(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    let view = overview::view(&opened.context, &caller(&place)).await.unwrap();
    assert!(
        view.legacy.is_none() && !view.attention.iter().any(|a| a.code == "legacy_login_active")
    );
    let e = preview(bed, &name).await.unwrap_err();
    assert_eq!((e.code, e.detail["reason"].as_str()), (Code::Conflict, "finished"));
    assert_eq!(crm.refused("SELECT FROM leads").await, "42501");
    opened.context.store.close().await;
    crm.close().await;
    su.close().await;
    bed.drop_database(&name).await;
}

#[test]
fn undoing_asks_for_the_name_and_for_the_same_database() {
    let way = |database: &str| ConnectionInput {
        dsn: None,
        host: "h".to_owned(),
        port: 5432,
        database: database.to_owned(),
        user: "u".to_owned(),
        password: atalaya_model::Secret::new(PASSWORD.to_owned()),
        tls: None,
        ca_file: None,
    };
    let undo = |one: &str, other: &str, confirm: &str| adoption::Undo {
        administrator: way(one),
        owner: way(other),
        confirm: confirm.to_owned(),
    };
    assert!(undo("crm", "crm", "crm").confirmed("crm").is_ok());
    for (one, other, confirm) in [
        ("crm", "crm", ""),
        ("crm", "crm", "CRM"),
        ("other", "crm", "crm"),
        ("crm", "other", "crm"),
        ("other", "other", "other"),
    ] {
        let refused = undo(one, other, confirm).confirmed("crm");
        assert_eq!(refused.err().unwrap().code, Code::ValidationFailed, "{one} {other} {confirm}");
    }
    // What will change is shown before the name is typed.
    assert!(undo("crm", "crm", "").targets("crm").is_ok());
}

/// Before a first administrator, with one, and finished: an inspection says so, with rows and people as before.
#[tokio::test]
async fn an_inspection_says_how_a_take_over_stands() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    let inspect = async |name: &str| {
        adoption::inspect(&bed.administrator(name), Some(&bed.owner(name))).await.unwrap()
    };
    let legacy = inspect(&name).await;
    assert!(legacy.taken.is_none());
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let begun = inspect(&name).await;
    let standing = |found: &Inspection| {
        let taken = found.taken.as_ref().unwrap();
        assert_eq!(taken.by.as_deref(), Some(Scratch::ADMINISTRATOR));
        (taken.completed, taken.can_be_undone, taken.finished_at.is_some())
    };
    assert_eq!((standing(&begun), begun.can_link()), ((false, true, false), true));
    assert!(begun.tables.iter().all(|t| t.rows >= 0), "{:?}", begun.tables);
    let emails =
        |found: &Inspection| found.ceos.iter().map(|c| c.email.clone()).collect::<Vec<_>>();
    assert!(!emails(&legacy).is_empty());
    assert_eq!(emails(&begun), emails(&legacy));

    // Somebody who is no CEO is refused before a login or a keychain item is made.
    let (place, keychain) = workplace();
    let nobody = bed::request(Some(uuid::Uuid::from_u128(1)));
    let refused =
        setup::administrator(&place, &caller(&place), bed.setup(&name), nobody, |_| ()).await;
    assert_eq!(refused.err().unwrap().0.code, Code::EntityNotFound);
    assert!(keychain.accounts().is_empty());

    first_administrator(&place, bed.setup(&name), None).await.context.store.close().await;
    let completed = inspect(&name).await;
    assert_eq!((standing(&completed), completed.can_link()), ((true, true, false), false));
    adoption::finish(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    let finished = inspect(&name).await;
    assert_eq!(standing(&finished), (true, false, true));
    assert!(finished.statements.is_empty(), "nothing of the CRM's goes on");
    assert!(finished.tables.iter().all(|t| t.rows >= 0), "{:?}", finished.tables);
    let held =
        format!("SELECT pg_has_role('{}', 'atalaya_owner', 'USAGE')", Scratch::ADMINISTRATOR);
    assert_eq!(bed.superuser(&name).await.one(held).await, "f", "what was lent was taken back");
    bed.drop_database(&name).await;

    // What only looks like one that was taken over is not looked into: its owner's code would run with our rights.
    let name = bed.database(Some(bed.small_legacy().await)).await;
    bed.owner_psql(&name)
        .await
        .must("CREATE SCHEMA atalaya; CREATE VIEW atalaya.installation AS SELECT 1/0 AS id; CREATE TABLE atalaya.before_adoption (id int)")
        .await;
    let forged = inspect(&name).await;
    assert!(forged.taken.is_none());
    bed.drop_database(&name).await;
}
