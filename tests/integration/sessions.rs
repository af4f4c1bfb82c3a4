//! Opening and locking the console, one's own profile.

use crate::audit::{events_of, left};
use crate::bed::{PASSPHRASE, bed, caller};
use atalaya_keys::keychain::Fault;
use atalaya_model::{Code, Secret};
use atalaya_ops::{sessions, users};

#[tokio::test]
async fn the_passphrase_opens_and_locking_ends() {
    let copy = bed().await.small().await;
    let (place, _) = copy.workplace().await;
    let request = caller(&place);
    let id = &copy.adopted.entry.id;
    let opened =
        sessions::open(&place, &request, id, Secret::new(PASSPHRASE.into())).await.unwrap();
    assert_eq!(opened.session.email, "ada@example.com");
    assert_eq!(opened.session.tenants.len(), 7);
    assert!(opened.session.all_tenants);
    let mut su = copy.superuser().await;
    let events = events_of(&mut su, &request).await;
    assert_eq!(events[0][0].as_deref(), Some("console.opened"), "{events:?}");
    assert!(events.iter().all(|e| e[1].as_deref() == Some("ok")), "{events:?}");
    let row = format!(
        "SELECT kind || ' ' || (ended_at IS NULL) FROM atalaya.sessions WHERE id = '{}'",
        opened.id
    );
    assert_eq!(su.one(row).await, "console true");

    let request = caller(&place);
    sessions::end(&opened.context, &request, opened.id, "locked").await.unwrap();
    left(&mut su, &request, "console.locked", "ok", ("ada@example.com", &copy.adopted.secret.user))
        .await;
    let row = format!(
        "SELECT end_reason FROM atalaya.sessions WHERE id = '{}' AND ended_at IS NOT NULL",
        opened.id
    );
    assert_eq!(su.one(row).await, "locked");
    opened.context.store.close().await;
    // What was locked answers nothing any more.
    let e = opened.context.store.facts().await.unwrap_err();
    assert_eq!(e.code, Code::NotSignedIn);
}

#[tokio::test]
async fn what_does_not_open_says_why() {
    let copy = bed().await.small().await;
    let (place, keychain) = copy.workplace().await;
    let id = copy.adopted.entry.id.as_str();
    let open = async |passphrase: &str, id: &str| {
        let opened =
            sessions::open(&place, &caller(&place), id, Secret::new(passphrase.into())).await;
        opened.err().map(|e| e.code)
    };
    assert_eq!(open("not the passphrase at all", id).await, Some(Code::WrongPassphrase));
    assert_eq!(open(PASSPHRASE, "unknown").await, Some(Code::EntityNotFound));
    keychain.set_fault(Some(Fault::Locked));
    assert_eq!(open(PASSPHRASE, id).await, Some(Code::KeychainLocked));
    keychain.set_fault(Some(Fault::Missing));
    assert_eq!(open(PASSPHRASE, id).await, Some(Code::KeychainMissing));
    keychain.set_fault(None);
    place.keychain.write(id, b"not an item").await.unwrap();
    assert_eq!(open(PASSPHRASE, id).await, Some(Code::KeychainItemDamaged));
    place.keychain.delete(id).await.unwrap();
    assert_eq!(open(PASSPHRASE, id).await, Some(Code::KeychainItemMissing));
    let (place, _) = copy.workplace().await;
    // And with the cause gone it works again; a user who was suspended meanwhile stays out.
    let opened =
        sessions::open(&place, &caller(&place), id, Secret::new(PASSPHRASE.into())).await.unwrap();
    let mut su = copy.superuser().await;
    su.must("UPDATE public.users SET status = 'suspended' WHERE email = 'ada@example.com'").await;
    assert_eq!(opened.context.store.facts().await.unwrap_err().code, Code::AccessDenied);
    let again = sessions::open(&place, &caller(&place), id, Secret::new(PASSPHRASE.into())).await;
    assert_eq!(again.err().map(|e| e.code), Some(Code::AccessDenied));
}

#[tokio::test]
async fn ones_own_name_and_nobody_elses() {
    let copy = bed().await.small().await;
    let person = copy.person("setter", Some(2));
    let cx = copy.context(person).await;
    let who = (person.email.as_str(), person.login.as_str());
    let mut su = copy.superuser().await;
    let request = caller(&cx.workplace);
    users::update_profile(&cx, &request, " Zoé ".into(), "Núñez".into()).await.unwrap();
    left(&mut su, &request, "profile.updated", "ok", who).await;
    let name = format!(
        "SELECT first_name || '|' || last_name FROM public.users WHERE id = '{}'",
        person.id
    );
    assert_eq!(su.one(name).await, "Zoé|Núñez");
    // The event explains the change that the database recorded.
    assert_eq!(su.one("SELECT atalaya.note_direct_changes()").await, "0");
    for wrong in ["", "a\nb", &"x".repeat(101)] {
        let e = users::update_profile(&cx, &caller(&cx.workplace), wrong.into(), String::new())
            .await
            .unwrap_err();
        assert_eq!(e.code, Code::ValidationFailed, "{wrong:?}");
    }
    // Failed: the database says no, the event says so and the old name stays.
    su.must("ALTER TABLE public.users ADD CONSTRAINT no_x CHECK (first_name <> 'Nope')").await;
    let request = caller(&cx.workplace);
    let e = users::update_profile(&cx, &request, "Nope".into(), String::new()).await.unwrap_err();
    assert_eq!(e.code, Code::ValidationFailed);
    left(&mut su, &request, "profile.updated", "failed", who).await;
}
