//! Opening and locking the console, one's own profile.

use crate::audit::{events_of, left};
use crate::bed::{Copy, PASSPHRASE, bed, caller, folder};
use atalaya_keys::keychain::Fault;
use atalaya_keys::sealed::{ConnectionSecret, Destination};
use atalaya_model::connection::TlsMode;
use atalaya_model::console::{Connection, ConnectionKind};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::Workplace;
use atalaya_ops::connections::{self, Redirect, book};
use atalaya_ops::{sessions, users};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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
    // And with the cause gone it works again; a user who was suspended meanwhile stays out, by the server itself.
    let opened =
        sessions::open(&place, &caller(&place), id, Secret::new(PASSPHRASE.into())).await.unwrap();
    let mut su = copy.superuser().await;
    su.must("UPDATE public.users SET status = 'suspended' WHERE email = 'ada@example.com'").await;
    assert_eq!(opened.context.store.facts().await.unwrap_err().code, Code::AccessDenied);
    let again = sessions::open(&place, &caller(&place), id, Secret::new(PASSPHRASE.into())).await;
    assert_eq!(again.err().map(|e| e.code), Some(Code::DbLoginShut));
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

/// A server that asks for the password in clear, and what everybody sent to it.
async fn thief() -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, taken) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let bag = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut packet = [0; 4096];
            // The start-up packet, then AuthenticationCleartextPassword.
            let _ = client.read(&mut packet).await;
            bag.lock().unwrap().push(b'!');
            let _ = client.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3]).await;
            let n = client.read(&mut packet).await.unwrap_or(0);
            bag.lock().unwrap().extend_from_slice(&packet[..n]);
        }
    });
    (address, taken)
}

/// Somebody writes into `console.json`.
fn tamper(place: &Workplace, change: impl FnOnce(&mut Connection)) {
    let file = place.home().join("console.json");
    let mut json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let mut entry: Connection = serde_json::from_value(json["connections"][0].clone()).unwrap();
    change(&mut entry);
    json["connections"][0] = serde_json::to_value(&entry).unwrap();
    std::fs::write(&file, json.to_string()).unwrap();
}

async fn sign_in(copy: &Copy, place: &Workplace) -> Result<sessions::Opened, Error> {
    let passphrase = Secret::new(PASSPHRASE.into());
    sessions::open(place, &caller(place), &copy.adopted.entry.id, passphrase).await
}

fn lead_to(address: SocketAddr) -> impl FnOnce(&mut Connection) {
    move |c| (c.host, c.port) = (address.ip().to_string(), address.port())
}

#[tokio::test]
async fn the_password_goes_nowhere_but_where_it_was_sealed_for() {
    let copy = bed().await.small().await;
    let (address, taken) = thief().await;
    let ca = folder("ca").join("ca.pem");
    std::fs::write(&ca, "of somebody else").unwrap();
    let ca = ca.display().to_string();
    type Change<'a> = Box<dyn FnOnce(&mut Connection) + 'a>;
    let changes: [(&str, Change<'_>); 6] = [
        ("host, port", Box::new(lead_to(address))),
        ("port", Box::new(|c| c.port = 1)),
        ("database", Box::new(|c| c.database = "postgres".into())),
        ("tls", Box::new(|c| c.tls = TlsMode::Require)),
        ("ca", Box::new(|c| c.ca_file = Some(ca.clone()))),
        ("host, port", Box::new(|c| c.kind = ConnectionKind::Local)),
    ];
    for (parts, change) in changes {
        let (place, _) = copy.workplace().await;
        tamper(&place, change);
        let e = sign_in(&copy, &place).await.err().unwrap();
        assert_eq!(e.code, Code::ConnectionChanged, "{parts}");
        assert_eq!(e.detail["parts"], parts);
        assert!(e.detail["sealed"] != e.detail["found"] && !e.detail["found"].is_empty());
    }
    assert!(taken.lock().unwrap().is_empty(), "somebody else's server was asked");
    // The certificates themselves count, not the name of their file.
    let (place, _) = copy.workplace().await;
    let sealed = ConnectionSecret {
        destination: copy
            .secret()
            .destination
            .map(|d| Destination { ca: Some(Destination::digest(b"of the company")), ..d }),
        ..copy.secret()
    };
    let item = sealed.seal(PASSPHRASE, place.work).unwrap();
    place.keychain.write(&copy.adopted.entry.id, &item).await.unwrap();
    tamper(&place, |c| c.ca_file = Some(ca.clone()));
    let e = sign_in(&copy, &place).await.err().unwrap();
    assert_eq!((e.code, e.detail["parts"].as_str()), (Code::ConnectionChanged, "ca"));
    std::fs::write(&ca, "of the company").unwrap();
    // The same bytes again: it is not refused for its place any more, but no such certificates exist.
    let e = sign_in(&copy, &place).await.map(drop);
    assert_ne!(e.err().map(|e| e.code), Some(Code::ConnectionChanged));
}

#[tokio::test]
async fn an_item_from_before_is_bound_when_it_is_first_opened() {
    let copy = bed().await.small().await;
    let (place, _) = copy.workplace().await;
    let id = &copy.adopted.entry.id;
    let old = ConnectionSecret { destination: None, ..copy.secret() };
    place.keychain.write(id, &old.seal(PASSPHRASE, place.work).unwrap()).await.unwrap();
    // This is what binding is for: unbound, the password goes to whoever asks. And a sign-in that fails binds nothing.
    let (address, taken) = thief().await;
    tamper(&place, lead_to(address));
    assert!(sign_in(&copy, &place).await.is_err());
    let seen = String::from_utf8_lossy(&taken.lock().unwrap()).into_owned();
    assert!(seen.contains(old.password.expose()), "this test proves nothing any more");
    let (host, port) = (copy.adopted.entry.host.clone(), copy.adopted.entry.port);
    tamper(&place, |c| (c.host, c.port) = (host, port));
    sign_in(&copy, &place).await.unwrap();
    let item = place.keychain.read(id).await.unwrap();
    let bound = ConnectionSecret::open(PASSPHRASE, item.expose()).unwrap();
    assert_eq!(bound.destination, copy.secret().destination);
    taken.lock().unwrap().clear();
    tamper(&place, lead_to(address));
    let e = sign_in(&copy, &place).await.err().unwrap();
    assert_eq!(e.code, Code::ConnectionChanged);
    assert!(taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_connection_is_redirected_with_its_passphrase_only() {
    let copy = bed().await.small().await;
    let (place, _) = copy.workplace().await;
    let entry = copy.adopted.entry.clone();
    let to = |port: u16, passphrase: &str| Redirect {
        id: entry.id.clone(),
        host: entry.host.clone(),
        port,
        database: copy.name.clone(),
        tls: entry.tls,
        ca_file: None,
        passphrase: Secret::new(passphrase.into()),
    };
    // The server has moved: the book is corrected by hand, which is refused, and then on purpose.
    tamper(&place, |c| c.port = 1);
    assert_eq!(sign_in(&copy, &place).await.err().unwrap().code, Code::ConnectionChanged);
    let e = connections::redirect(&place, to(1, "not the passphrase at all")).await.unwrap_err();
    assert_eq!(e.code, Code::WrongPassphrase);
    assert_eq!(sign_in(&copy, &place).await.err().unwrap().code, Code::ConnectionChanged);
    connections::redirect(&place, to(1, PASSPHRASE)).await.unwrap();
    assert_eq!(sign_in(&copy, &place).await.err().unwrap().code, Code::DbUnreachable);
    let all = connections::redirect(&place, to(entry.port, PASSPHRASE)).await.unwrap();
    assert_eq!(all[0].port, entry.port);
    sign_in(&copy, &place).await.unwrap();
    let nowhere = Redirect { host: " ".into(), ..to(entry.port, PASSPHRASE) };
    let e = connections::redirect(&place, nowhere).await.unwrap_err();
    assert_eq!(e.code, Code::ValidationFailed);
}

#[tokio::test]
async fn two_programs_that_change_the_book_lose_nothing() {
    let copy = bed().await.small().await;
    let (place, _) = copy.workplace().await;
    let (entry, rounds) = (copy.adopted.entry.clone(), 25);
    // Threads hold their own lock file each, as programs do.
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (place, entry) = (place.clone(), entry.clone());
            scope.spawn(move || {
                for n in 0..rounds {
                    let id = format!("{writer}-{n}");
                    book::edit(&place, |book| {
                        book.connections.push(Connection { id, ..entry.clone() });
                        Ok(())
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(book::read(&place).unwrap().connections.len(), 1 + 4 * rounds);
}
