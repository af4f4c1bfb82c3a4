//! Secrets of a CRM: made, imported, encrypted to whom was trusted, refused when somebody tampered.

mod recovery;

use self::recovery::{recovery_file, restore_with};
use crate::audit::{events_of, left};
use crate::bed::{Copy, PASSPHRASE, bed, caller, folder};
use atalaya_model::access::Origin;
use atalaya_model::audit::Severity;
use atalaya_model::console::Preferences;
use atalaya_model::overview::AttentionItem;
use atalaya_model::{Code, Result, Secret};
use atalaya_ops::connections::{self, Save, book};
use atalaya_ops::kit::{self, Draft};
use atalaya_ops::sessions::Opened;
use atalaya_ops::{overview, secrets, sessions};
use std::time::Duration;

const ENV: &str = "JWT_SECRET_KEY=kLm9Qw2Zx7Vb4Nc8Rt6Yp1Hs5Jd3Fg0aUeIoTzXcVbN\nADMIN_TOKEN=admin\nOTHER=1\n\
    OPENAI_API_KEY=sk-proj-8fK2mQ9wX4zR7vB1nC6tY3pL5hS0jD\nAPI_SECRET_KEY=kLm9Qw2Zx7Vb4Nc8Rt6Yp1Hs5Jd3Fg0aUeIoTzXcVbN\n";

fn words(draft: &Draft, wrong: bool) -> Vec<Secret> {
    let shown = draft.shown();
    let word = |position: &u8| {
        let word = shown.words[usize::from(*position) - 1].clone();
        Secret::new(if wrong { "zoo".repeat(2) } else { word })
    };
    shown.ask.iter().map(word).collect()
}

async fn confirm(opened: &Opened, draft: &Draft, words: &[Secret]) -> Result<Vec<String>> {
    let cx = &opened.context;
    kit::confirm(cx, &caller(&cx.workplace), &opened.session.connection, draft, words).await
}

async fn count(copy: &Copy, what: &str) -> String {
    copy.superuser().await.one(format!("SELECT count(*) FROM {what}")).await
}

#[tokio::test]
async fn an_adopted_database_gets_no_secret_that_the_crm_has() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let names = "SELECT string_agg(name, ',' ORDER BY name) FROM atalaya.secrets";
    assert_eq!(copy.superuser().await.one(names).await, "ATALAYA_CONTEXT_KEY");
    assert_eq!(count(&copy, "atalaya.recipients").await, "1");
    // Again: nothing is missing.
    assert_eq!(secrets::ensure(cx, &caller(&cx.workplace), false, None).await.unwrap(), 0);
    // A local workspace: each tenant's Fernet key, the token key and the admin token.
    assert_eq!(secrets::ensure(cx, &caller(&cx.workplace), true, None).await.unwrap(), 2 + 7);
    assert_eq!(count(&copy, "atalaya.secrets WHERE tenant_id IS NOT NULL").await, "7");
    // The values are in no table, column or event in the clear.
    let own = "(SELECT string_agg(encode(ciphertext, 'escape'), '') FROM atalaya.secret_wraps)";
    assert_eq!(
        count(&copy, &format!("(SELECT 1 WHERE {own} NOT LIKE '%age-encryption.org%') x")).await,
        "0"
    );
}

#[tokio::test]
async fn the_env_of_a_crm_is_imported_once() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let file = folder("env").join(".env");
    std::fs::write(&file, ENV).unwrap();
    let request = caller(&cx.workplace);
    let report = secrets::import_env(cx, &request, &file).await.unwrap();
    let names: Vec<_> = report.imported.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names, ["JWT_SECRET_KEY", "OPENAI_API_KEY"], "{report:?}");
    assert_eq!(
        report.refused.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        ["ADMIN_TOKEN"],
        "{report:?}"
    );
    let mut su = copy.superuser().await;
    let imported = events_of(&mut su, &request).await;
    assert_eq!(
        imported.iter().filter(|e| e[0].as_deref() == Some("secret.imported")).count(),
        2,
        "{imported:?}"
    );
    assert_eq!(su.one("SELECT atalaya.note_direct_changes()").await, "0");
    let leaked =
        "public.system_events e WHERE e::text LIKE '%kLm9Qw2Z%' OR e::text LIKE '%sk-proj%'";
    assert_eq!(count(&copy, leaked).await, "0");
    assert_eq!(count(&copy, "atalaya.change_records c WHERE c::text LIKE '%kLm9Qw2Z%' OR c::text LIKE '%age-encryption%'").await, "0");
    let again = secrets::import_env(cx, &caller(&cx.workplace), &file).await.unwrap();
    assert!(again.imported.is_empty() && again.kept.len() == 2, "{again:?}");
    // Two names of one setting that disagree, a file that is none, and a file that is not there.
    std::fs::write(&file, "NC_AUTH_JWT_SECRET=aaaa\nNOCODB_JWT_SECRET=bbbb\n").unwrap();
    let report = secrets::import_env(cx, &caller(&cx.workplace), &file).await.unwrap();
    assert_eq!(report.refused[0].reason, "names_disagree");
    std::fs::write(&file, b"\xff\xfe\x00").unwrap();
    let e = secrets::import_env(cx, &caller(&cx.workplace), &file).await.unwrap_err();
    assert_eq!(e.code, Code::EnvFileInvalid);
    let e = secrets::import_env(cx, &caller(&cx.workplace), &file.join("x")).await.unwrap_err();
    assert_eq!(e.code, Code::FileUnwritable);
}

#[tokio::test]
async fn importing_asks_for_the_right() {
    let copy = bed().await.small().await;
    let mut console = copy.console().await;
    let person = copy.person("operator", Some(1));
    let narrow = copy.context(person).await;
    // Somebody's keys with too narrow rights.
    console.context.store = narrow.store;
    let request = caller(&console.context.workplace);
    let file = folder("env").join(".env");
    std::fs::write(&file, ENV).unwrap();
    let e = secrets::import_env(&console.context, &request, &file).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    let mut su = copy.superuser().await;
    left(&mut su, &request, "secret.imported", "denied", (&person.email, &person.login)).await;
    assert_eq!(count(&copy, "atalaya.secrets").await, "1");
}

#[tokio::test]
async fn nothing_is_encrypted_to_a_recipient_whom_nobody_trusted() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let mut su = copy.superuser().await;
    let draft = kit::begin(&opened.context.workplace).unwrap();
    // A writer of the database puts himself in, in the name of the first administrator.
    let tampered = [
        "INSERT INTO atalaya.recipients (kind, label, age_recipient, signing_key, signed_by, signature)
         SELECT 'kit', 'recovery kit', 'age1' || repeat('q', 58), decode(repeat('07', 32), 'hex'), id, signature FROM atalaya.recipients LIMIT 1",
        "UPDATE atalaya.recipients SET age_recipient = 'age1' || repeat('q', 58)",
        "UPDATE atalaya.recipients SET signature = decode(repeat('00', 64), 'hex')",
        "UPDATE atalaya.recipients SET signing_key = decode(repeat('07', 32), 'hex')",
    ];
    for sql in tampered {
        su.must("BEGIN").await;
        su.must("CREATE TEMP TABLE IF NOT EXISTS kept AS TABLE atalaya.recipients").await;
        su.must(sql).await;
        su.must("COMMIT").await;
        let e = confirm(&opened, &draft, &words(&draft, false)).await.unwrap_err();
        assert_eq!(e.code, Code::SignatureInvalid, "{sql}");
        su.must("DELETE FROM atalaya.recipients r WHERE NOT EXISTS (SELECT FROM kept k WHERE k.id = r.id)").await;
        su.must(
            "UPDATE atalaya.recipients r SET age_recipient = k.age_recipient, signature = k.signature, signing_key = k.signing_key
             FROM kept k WHERE k.id = r.id",
        )
        .await;
    }
    // A ciphertext moved to another name.
    su.must("UPDATE atalaya.secrets SET name = 'ADMIN_TOKEN'").await;
    let e = confirm(&opened, &draft, &words(&draft, false)).await.unwrap_err();
    assert_eq!(e.code, Code::SignatureInvalid);
    su.must("UPDATE atalaya.secrets SET name = 'ATALAYA_CONTEXT_KEY'").await;
    assert_eq!(su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'kit.created' AND outcome = 'failed'").await, "5");
    confirm(&opened, &draft, &words(&draft, false)).await.unwrap();
}

#[tokio::test]
async fn locking_later_and_forgetting_a_connection_ask_for_the_passphrase() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let (cx, connection) = (&opened.context, &opened.session.connection);
    let place = &cx.workplace;
    let minutes = |n| Preferences { auto_lock_minutes: n, ..Preferences::default() };
    let request = |n, passphrase: &str| Save {
        preferences: minutes(n),
        passphrase: Secret::new(passphrase.into()),
    };
    let kept = || book::read(place).unwrap().preferences.auto_lock_minutes;
    let save = |save| connections::save_preferences(place, Some((cx, connection)), save);
    for wrong in ["", "not the passphrase at all"] {
        let refused = save(request(11, wrong)).await.unwrap_err().code;
        assert_eq!((refused, kept()), (Code::WrongPassphrase, 10));
    }
    save(request(60, PASSPHRASE)).await.unwrap();
    assert_eq!(kept(), 60);
    // Sooner, and what does not change it, needs nothing; back again is later.
    save(request(60, "")).await.unwrap();
    save(request(5, "")).await.unwrap();
    assert_eq!(save(request(60, "")).await.unwrap_err().code, Code::WrongPassphrase);
    // Never is no choice, with or without.
    for never in [0, 121, u32::MAX] {
        let refused = save(request(never, PASSPHRASE)).await.unwrap_err().code;
        assert_eq!((refused, kept()), (Code::ValidationFailed, 5));
    }
    // At the lock: neither sooner nor later, but the looks.
    for n in [1, 60] {
        let refused = connections::save_preferences(place, None, request(n, PASSPHRASE)).await;
        assert_eq!((refused.unwrap_err().code, kept()), (Code::NotSignedIn, 5));
    }
    connections::save_preferences(place, None, request(5, "")).await.unwrap();

    let mut other = connection.clone();
    other.id = "another".into();
    book::edit(place, |book| {
        book.connections.push(other);
        Ok(())
    })
    .unwrap();
    place.keychain.write("another", b"sealed").await.unwrap();
    let remove = |id: &'static str, passphrase: &str| {
        connections::remove(cx, connection, id, Secret::new(passphrase.into()))
    };
    for wrong in ["", "not the passphrase at all"] {
        assert_eq!(remove("another", wrong).await.unwrap_err().code, Code::WrongPassphrase);
    }
    assert!(place.keychain.read("another").await.is_ok(), "forgotten all the same");
    assert_eq!(remove("nobody", PASSPHRASE).await.unwrap_err().code, Code::EntityNotFound);
    let left = remove("another", PASSPHRASE).await.unwrap();
    assert_eq!(left.iter().map(|c| &c.id).collect::<Vec<_>>(), [&connection.id]);
    assert!(place.keychain.read("another").await.is_err(), "its keys are still there");
    let own = connections::remove(cx, connection, &connection.id, Secret::new(PASSPHRASE.into()));
    assert_eq!(own.await.unwrap_err().code, Code::Conflict);
}

async fn attention(opened: &Opened) -> Vec<AttentionItem> {
    let cx = &opened.context;
    overview::view(cx, &caller(&cx.workplace)).await.unwrap().attention
}

#[tokio::test]
async fn one_false_row_shuts_nobody_out_and_is_named() {
    let bed = bed().await;
    let copy = bed.small().await;
    let opened = copy.console().await;
    let draft = kit::begin(&opened.context.workplace).unwrap();
    confirm(&opened, &draft, &words(&draft, false)).await.unwrap();
    // One that the database refuses at its end leaves no file that its words would open.
    let mut su = copy.superuser().await;
    su.must("REVOKE UPDATE (removed_at) ON atalaya.recipients FROM atalaya_operator").await;
    let refused = kit::begin(&opened.context.workplace).unwrap();
    let e = confirm(&opened, &refused, &words(&refused, false)).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    let waiting = recovery_file(&opened.context.workplace, &opened).with_extension("next.age");
    assert!(!waiting.exists());
    su.must("GRANT UPDATE (removed_at) ON atalaya.recipients TO atalaya_operator").await;
    let calm = attention(&opened).await;
    assert!(!calm.iter().any(|i| i.code.ends_with("_untrusted")), "{calm:?}");
    let place = opened.context.workplace.clone();
    // In the name of the first administrator, who never signed it; and a version that somebody signed anew.
    let false_one = su
        .one("INSERT INTO atalaya.recipients (kind, label, age_recipient, signing_key, signed_by, signature)
             SELECT 'kit', 'recovery kit', 'age1' || repeat('q', 58), decode(repeat('07', 32), 'hex'), id, signature
             FROM atalaya.recipients WHERE signed_by IS NULL RETURNING id")
        .await;
    su.must("UPDATE atalaya.secret_versions SET signature = decode(repeat('07', 64), 'hex')").await;
    let id = &copy.adopted.entry.id;
    let passphrase = || Secret::new(PASSPHRASE.into());
    let again = sessions::open(&place, &caller(&place), id, passphrase()).await.unwrap();
    assert_eq!(again.session.recipients, 2, "a false row is nobody's key");
    let found = attention(&again).await;
    for (code, name) in [
        ("recipients_untrusted", format!("kit {false_one}")),
        ("secrets_untrusted", "ATALAYA_CONTEXT_KEY v1".to_owned()),
    ] {
        let item = found.iter().find(|i| i.code == code).unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!((item.severity, item.detail.as_str()), (Severity::Critical, name.as_str()));
    }
    // Nothing new is encrypted meanwhile, and the false row is named there too.
    let next = kit::begin(&place).unwrap();
    let e = confirm(&again, &next, &words(&next, false)).await.unwrap_err();
    assert_eq!(e.code, Code::SignatureInvalid);
    assert!(e.detail["recipients"].contains(&false_one), "{e:?}");
    // A restore goes on without it, and without a ciphertext that somebody spoiled.
    su.must(
        "UPDATE atalaya.secret_wraps w SET ciphertext = decode('00', 'hex') FROM atalaya.recipients r
         WHERE r.id = w.recipient_id AND r.kind = 'kit'",
    )
    .await;
    let _alone = bed.adopting().await;
    let request = place.caller(Origin::Console).unwrap();
    let skipped = std::sync::Mutex::new(Vec::new());
    let restored = kit::restore(&place, &request, restore_with(&draft, None, Some(&copy)), |at| {
        if at.step == "secrets_skipped" {
            skipped.lock().unwrap().extend(at.note);
        }
    })
    .await
    .unwrap();
    assert_eq!(*skipped.lock().unwrap(), ["ATALAYA_CONTEXT_KEY v1"]);
    assert_eq!(restored.session.email, "ada@example.com");
    assert_eq!(
        count(&copy, &format!("atalaya.secret_wraps WHERE recipient_id = '{false_one}'")).await,
        "0"
    );
    let noted = "SELECT payload::text FROM public.system_events WHERE event_type = 'kit.used' AND outcome = 'ok'";
    assert!(su.one(noted).await.contains("ATALAYA_CONTEXT_KEY v1"));
    // Removed, it needs nobody's attention any more.
    su.must(format!("UPDATE atalaya.recipients SET removed_at = now() WHERE id = '{false_one}'"))
        .await;
    let found = attention(&restored).await;
    assert!(!found.iter().any(|i| i.code == "recipients_untrusted"), "{found:?}");
}

#[tokio::test]
async fn what_nobody_else_can_open_is_not_forgotten() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let draft = kit::begin(&opened.context.workplace).unwrap();
    confirm(&opened, &draft, &words(&draft, false)).await.unwrap();
    let mut su = copy.superuser().await;
    let ids = su
        .one("SELECT string_agg(id::text, ' ' ORDER BY created_at) FROM atalaya.recipients")
        .await;
    let [first, kit]: [&str; 2] = ids.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let wraps = "SELECT string_agg(recipient_id::text, ' ') FROM atalaya.secret_wraps";
    let remove = |id| {
        format!(
            "UPDATE atalaya.recipients SET removed_at = now() WHERE id = '{id}'; SELECT atalaya.forget_wraps('{id}')"
        )
    };
    // Both at once: neither counts on the other.
    su.must("CREATE TABLE kept AS TABLE atalaya.secret_wraps").await;
    let mut one = copy.psql(copy.person("operator", None)).await;
    let mut two = copy.psql(copy.person("operator", None)).await;
    one.must("BEGIN").await;
    two.must("BEGIN").await;
    one.must(remove(first)).await;
    let sql = format!("{}; COMMIT", remove(kit));
    let waiting = tokio::spawn(async move { two.run(sql).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    one.must("COMMIT").await;
    waiting.await.unwrap().unwrap();
    assert_eq!(su.one(wraps).await, kit, "the last one's stay");
    // One after the other, in the other order.
    su.must("UPDATE atalaya.recipients SET removed_at = NULL; INSERT INTO atalaya.secret_wraps SELECT * FROM kept ON CONFLICT DO NOTHING").await;
    assert_eq!(one.one(remove(kit)).await, "1");
    assert_eq!(one.one(remove(first)).await, "0");
    assert_eq!(su.one(wraps).await, first);
    // A snapshot from before would count on what is gone.
    one.must("BEGIN ISOLATION LEVEL REPEATABLE READ").await;
    assert_eq!(one.refused(format!("SELECT atalaya.forget_wraps('{first}')")).await, "AT005");
    one.must("ROLLBACK").await;
    // Somebody new who can open it: then the removed one's goes.
    su.must(format!(
        "UPDATE atalaya.recipients SET removed_at = NULL WHERE id = '{kit}';
         INSERT INTO atalaya.secret_wraps SELECT * FROM kept ON CONFLICT DO NOTHING"
    ))
    .await;
    assert_eq!(one.one(format!("SELECT atalaya.forget_wraps('{first}')")).await, "1");
    assert_eq!(su.one(wraps).await, kit);
}
