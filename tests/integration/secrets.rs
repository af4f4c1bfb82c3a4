//! Secrets of a CRM and the recovery kit: made, imported, encrypted to the kit, refused when somebody tampered.

use crate::audit::{events_of, left};
use crate::bed::{self, Copy, PASSPHRASE, bed, caller, folder, workplace};
use atalaya_keys::keychain::Fault;
use atalaya_keys::kit::Kit;
use atalaya_keys::recovery::{Administrator as Login, RecoveryBundle};
use atalaya_model::access::Origin;
use atalaya_model::audit::Severity;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::console::Preferences;
use atalaya_model::overview::AttentionItem;
use atalaya_model::{Code, Result, Secret};
use atalaya_ops::connections::{self, Save, book};
use atalaya_ops::kit::{self, Draft, Restore};
use atalaya_ops::sessions::Opened;
use atalaya_ops::{Workplace, overview, secrets, sessions, setup};
use atalaya_postgres::Cluster;
use atalaya_store::setup::Administrator;
use std::path::{Path, PathBuf};
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
async fn a_kit_is_enrolled_when_its_words_are_known() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let draft = kit::begin(&cx.workplace).unwrap();
    assert_eq!(draft.shown().words.len(), 24);
    let e = confirm(&opened, &draft, &words(&draft, true)).await.unwrap_err();
    assert_eq!(e.code, Code::KitWordsWrong);
    let e = confirm(&opened, &draft, &[]).await.unwrap_err();
    assert_eq!(e.code, Code::KitWordsWrong);
    assert_eq!(count(&copy, "atalaya.recipients WHERE kind = 'kit'").await, "0");
    confirm(&opened, &draft, &words(&draft, false)).await.unwrap();
    assert_eq!(count(&copy, "atalaya.recipients WHERE removed_at IS NULL").await, "2");
    assert_eq!(count(&copy, "atalaya.secret_wraps").await, "2");
    // A newer kit takes the place of the first.
    let newer = kit::begin(&cx.workplace).unwrap();
    confirm(&opened, &newer, &words(&newer, false)).await.unwrap();
    assert_eq!(
        count(&copy, "atalaya.recipients WHERE kind = 'kit' AND removed_at IS NULL").await,
        "1"
    );
    let mut su = copy.superuser().await;
    assert_eq!(su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'kit.created' AND outcome = 'ok'").await, "2");
    assert_eq!(su.one("SELECT atalaya.note_direct_changes()").await, "0");
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
async fn the_kit_brings_a_lost_operator_back() {
    let bed = bed().await;
    let copy = bed.small().await;
    let opened = copy.console().await;
    let place = opened.context.workplace.clone();
    let draft = kit::begin(&place).unwrap();
    confirm(&opened, &draft, &words(&draft, false)).await.unwrap();
    let text = draft.shown().words.join(" ");
    opened.context.store.close().await;
    // The keychain is lost, and so is the passphrase.
    place.keychain.delete(&copy.adopted.entry.id).await.unwrap();
    let restore = |words: &str| Restore {
        words: Some(Secret::new(words.to_owned())),
        file: None,
        file_passphrase: None,
        recovery_file: None,
        connection: Some(administrator_input(&copy)),
        passphrase: Secret::new("una frase nueva y muy larga 77".into()),
    };
    let _alone = bed.adopting().await;
    let caller = place.caller(Origin::Console).unwrap();
    let other = kit::begin(&place).unwrap().shown().words.join(" ");
    let wrong = kit::restore(&place, &caller, restore(&other), |_| ()).await;
    assert_eq!(
        wrong.err().map(|e| e.code),
        Some(Code::KitFileInvalid),
        "another kit opens nothing here"
    );
    let wrong =
        kit::restore(&place, &caller, restore(&text.replacen(' ', " zzz ", 1)), |_| ()).await;
    assert_eq!(wrong.err().map(|e| e.code), Some(Code::KitWordsWrong));
    let restored = kit::restore(&place, &caller, restore(&text), |_| ()).await.unwrap();
    assert_eq!(restored.session.email, "ada@example.com");
    let mut su = copy.superuser().await;
    assert_eq!(su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'kit.used' AND outcome = 'ok'").await, "1");
    assert_eq!(su.one("SELECT atalaya.note_direct_changes()").await, "0");
    // The lost one is no recipient any more, the new one opens the secrets, and the new passphrase the console.
    assert_eq!(
        count(&copy, "atalaya.recipients WHERE kind = 'operator' AND removed_at IS NULL").await,
        "1"
    );
    restored.context.store.close().await;
    let id = restored.session.connection.id.clone();
    let passphrase = Secret::new("una frase nueva y muy larga 77".into());
    let again = sessions::open(&place, &caller, &id, passphrase).await.unwrap();
    let next = kit::begin(&place).unwrap();
    confirm(&again, &next, &words(&next, false)).await.unwrap();
}

fn administrator_input(copy: &Copy) -> atalaya_model::connection::ConnectionInput {
    let t = copy.bed.administrator(&copy.name);
    atalaya_model::connection::ConnectionInput {
        dsn: None,
        host: t.host,
        port: t.port,
        database: t.database,
        user: t.user,
        password: t.password,
        tls: Some(t.tls),
        ca_file: None,
    }
}

#[tokio::test]
async fn a_further_kit_asks_for_the_passphrase() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let (cx, connection) = (&opened.context, &opened.session.connection);
    let begin = async |passphrase: &str| {
        kit::begin_again(cx, connection, Secret::new(passphrase.into())).await.map(drop)
    };
    for wrong in ["", "not the passphrase at all"] {
        assert_eq!(begin(wrong).await.unwrap_err().code, Code::WrongPassphrase);
    }
    begin(PASSPHRASE).await.unwrap();
    // An item of somebody else under this name, with a passphrase that they know.
    let mut other = copy.secret();
    other.signing_key = atalaya_keys::signed::SigningKey::from_bytes(&[9; 32]);
    let item = other.seal(PASSPHRASE, cx.workplace.work).unwrap();
    cx.workplace.keychain.write(&connection.id, &item).await.unwrap();
    assert_eq!(begin(PASSPHRASE).await.unwrap_err().code, Code::KeychainItemDamaged);
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

fn restore_with(draft: &Draft, recovery_file: Option<PathBuf>, copy: Option<&Copy>) -> Restore {
    Restore {
        words: Some(Secret::new(draft.shown().words.join(" "))),
        file: None,
        file_passphrase: None,
        recovery_file,
        connection: copy.map(administrator_input),
        passphrase: Secret::new("una frase nueva y muy larga 77".into()),
    }
}

fn recovery_file(place: &Workplace, opened: &Opened) -> PathBuf {
    place.home().join(format!("recovery-{}.age", opened.session.connection.id))
}

#[tokio::test]
async fn a_replaced_kit_changes_nothing() {
    let bed = bed().await;
    let copy = bed.small().await;
    let opened = copy.console().await;
    let place = opened.context.workplace.clone();
    let old = kit::begin(&place).unwrap();
    confirm(&opened, &old, &words(&old, false)).await.unwrap();
    let kept = folder("kept").join("recovery.age");
    std::fs::copy(recovery_file(&place, &opened), &kept).unwrap();
    let new = kit::begin(&place).unwrap();
    confirm(&opened, &new, &words(&new, false)).await.unwrap();
    // What was encrypted to the old one is gone.
    assert_eq!(count(&copy, "atalaya.secret_wraps").await, "2");
    let _alone = bed.adopting().await;
    let mut su = copy.superuser().await;
    let state = "SELECT (SELECT count(*) FROM pg_roles) || ' ' || (SELECT string_agg(db_role::text, ',' ORDER BY id) FROM public.users)
        || ' ' || (SELECT count(*) FROM atalaya.recipients) || ' ' || (SELECT count(*) FROM public.system_events WHERE event_type LIKE 'operator.%')";
    let before = su.one(state).await;
    let id = &copy.adopted.entry.id;
    let item = place.keychain.read(id).await.unwrap().expose().to_vec();
    let caller = place.caller(Origin::Console).unwrap();
    let restore = restore_with(&old, Some(kept), Some(&copy));
    let e = kit::restore(&place, &caller, restore, |_| ()).await.err().unwrap();
    assert_eq!(e.code, Code::KitReplaced);
    assert_eq!(su.one(state).await, before);
    assert_eq!(place.keychain.read(id).await.unwrap().expose(), item);
    // The keychain fails in the last step: what is there stays as it is, and the kit restores once more.
    let (place, keychain) = copy.workplace().await;
    let bundle = recovery_file(&opened.context.workplace, &opened);
    std::fs::copy(bundle, recovery_file(&place, &opened)).unwrap();
    let locks = |at: atalaya_model::adoption::Progress| {
        if at.step == "secrets" {
            keychain.set_fault(Some(Fault::Locked));
        }
    };
    let failed = kit::restore(&place, &caller, restore_with(&new, None, Some(&copy)), locks).await;
    assert_eq!(failed.err().map(|e| e.code), Some(Code::KeychainLocked));
    keychain.set_fault(None);
    let kept = place.keychain.read(id).await.unwrap();
    assert!(atalaya_keys::sealed::ConnectionSecret::open(PASSPHRASE, kept.expose()).is_ok());
    let restored =
        kit::restore(&place, &caller, restore_with(&new, None, Some(&copy)), |_| ()).await.unwrap();
    assert_eq!(&restored.session.connection.id, id);
    assert_eq!(restored.session.recipients, 2);
}

/// What a kit's recovery file says of the local administrator.
fn login_in(file: &Path, draft: &Draft) -> Login {
    let kit = Kit::parse(&draft.shown().words.join(" ")).unwrap();
    let bundle = RecoveryBundle::open(&kit, &std::fs::read(file).unwrap()).unwrap();
    bundle.administrator.clone().unwrap()
}

/// Whether the local server takes a password.
async fn takes(place: &Workplace, login: &str, password: &str) -> bool {
    let endpoint = Cluster::open(place.home()).await.unwrap().endpoint().unwrap();
    let target = Target {
        host: endpoint.host.display().to_string(),
        port: endpoint.port,
        database: "atalaya".into(),
        user: login.into(),
        password: Secret::new(password.into()),
        tls: TlsMode::Disable,
        ca_file: None,
        ca_pem: None,
    };
    match Administrator::connect(&target).await {
        Ok(connection) => {
            connection.close().await;
            true
        }
        Err(e) if e.code == Code::DbAuthFailed => false,
        Err(e) => panic!("{e:?}"),
    }
}

#[tokio::test]
async fn a_new_kit_makes_the_old_ones_password_worthless_wherever_it_is_cut_off() {
    let (place, _) = workplace();
    let made = setup::create(&place, false, |_| ()).await.unwrap();
    let opened = bed::first_administrator(&place, made, None).await;
    let file = recovery_file(&place, &opened);
    let waiting = file.with_extension("next.age");
    let first = kit::begin(&place).unwrap();
    confirm(&opened, &first, &words(&first, false)).await.unwrap();
    let one = login_in(&file, &first);
    assert!(takes(&place, &one.login, &one.password).await && one.earlier.is_none());
    let kept = folder("kept").join("recovery.age");
    std::fs::copy(&file, &kept).unwrap();
    // Cut off after the commit: the new recovery file cannot take its place, and no password is set.
    let in_the_way = || {
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
    };
    in_the_way();
    let second = kit::begin(&place).unwrap();
    let e = confirm(&opened, &second, &words(&second, false)).await.unwrap_err();
    assert_eq!(e.code, Code::FileUnwritable);
    let two = login_in(&waiting, &second);
    assert_eq!(two.earlier.as_ref(), Some(&one.password));
    assert!(takes(&place, &one.login, &one.password).await);
    assert!(!takes(&place, &two.login, &two.password).await);
    // The next sign-in sets it.
    opened.context.store.close().await;
    let caller = place.caller(Origin::Console).unwrap();
    let id = opened.session.connection.id.clone();
    let again = sessions::open(&place, &caller, &id, Secret::new(PASSPHRASE.into())).await.unwrap();
    assert!(!takes(&place, &one.login, &one.password).await);
    assert!(takes(&place, &two.login, &two.password).await);
    // The same draft again completes it, as often as it is asked to.
    std::fs::remove_dir(&file).unwrap();
    for _ in 0..2 {
        confirm(&again, &second, &words(&second, false)).await.unwrap();
        assert_eq!(login_in(&file, &second).password, two.password);
    }
    let e = kit::restore(&place, &caller, restore_with(&first, Some(kept), None), |_| ()).await;
    assert_eq!(e.err().map(|e| e.code), Some(Code::KitReplaced));
    // Cut off once more, and then everything but the third kit is lost: it knows the password in force.
    in_the_way();
    let third = kit::begin(&place).unwrap();
    assert!(confirm(&again, &third, &words(&third, false)).await.is_err());
    again.context.store.close().await;
    place.keychain.delete(&id).await.unwrap();
    let restored =
        kit::restore(&place, &caller, restore_with(&third, None, None), |_| ()).await.unwrap();
    assert_eq!(restored.session.email, "ada@example.com");
    restored.context.store.close().await;
    // Signing in after it settles the rest.
    let passphrase = Secret::new("una frase nueva y muy larga 77".into());
    let last = sessions::open(&place, &caller, &id, passphrase).await.unwrap();
    let three = login_in(&waiting, &third);
    assert!(takes(&place, &three.login, &three.password).await);
    assert!(!takes(&place, &two.login, &two.password).await);
    last.context.store.close().await;
    for lease in [last.lease, restored.lease, again.lease, opened.lease].into_iter().flatten() {
        lease.leave().await.unwrap();
    }
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
async fn a_false_version_of_a_tenant_stops_no_kit() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let place = opened.context.workplace.clone();
    let first = kit::begin(&place).unwrap();
    assert_eq!(confirm(&opened, &first, &words(&first, false)).await.unwrap(), [""; 0]);
    // Whoever may write secrets in one tenant only: a secret that nobody signed, to everybody who can open secrets.
    let mut thief = copy.psql(copy.person("operator", Some(1))).await;
    thief
        .must(
            "DO $$ DECLARE s UUID := gen_random_uuid(); v UUID := gen_random_uuid(); BEGIN
               INSERT INTO atalaya.secrets (id, tenant_id, name) VALUES (s, 1, 'JUNK');
               INSERT INTO atalaya.secret_versions (id, secret_id, version, fingerprint, strength, origin, signed_by, signature)
                 SELECT v, s, 1, repeat('a', 64), 'strong', 'generated', id, decode(repeat('07', 64), 'hex') FROM atalaya.recipients WHERE signed_by IS NULL;
               INSERT INTO atalaya.secret_wraps (secret_version_id, recipient_id, ciphertext)
                 SELECT v, id, '\\x00' FROM atalaya.recipients;
             END $$",
        )
        .await;
    let next = kit::begin(&place).unwrap();
    let request = caller(&place);
    let cx = &opened.context;
    let answers = words(&next, false);
    let skipped =
        kit::confirm(cx, &request, &opened.session.connection, &next, &answers).await.unwrap();
    assert_eq!(skipped, ["JUNK v1 (tenant 1)"]);
    let mut su = copy.superuser().await;
    let noted = format!(
        "SELECT concat_ws(' ', payload #>> '{{details,secrets}}', payload #>> '{{details,skipped}}') FROM public.system_events
         WHERE request_id = '{}' AND event_type = 'kit.created' AND outcome = 'ok'",
        request.request_id
    );
    assert_eq!(su.one(noted).await, "1 [\"JUNK v1 (tenant 1)\"]");
    let found = attention(&opened).await;
    let item = |code| found.iter().find(|i| i.code == code).unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(
        (item("kit_incomplete").severity, item("kit_incomplete").count),
        (Severity::Warning, 1)
    );
    assert_eq!(item("secrets_untrusted").detail, "JUNK v1 (tenant 1)");
    // The kit opens what is genuine, and only that is encrypted to it.
    assert_eq!(
        su.one("SELECT string_agg(s.name, ' ') FROM atalaya.secrets s JOIN atalaya.secret_versions v ON v.secret_id = s.id
                JOIN atalaya.secret_wraps w ON w.secret_version_id = v.id JOIN atalaya.recipients r ON r.id = w.recipient_id
                WHERE r.kind = 'kit' AND r.removed_at IS NULL")
            .await,
        "ATALAYA_CONTEXT_KEY"
    );
    // The installation's own are no one tenant's to spoil: there a false one still stops everything.
    su.must("UPDATE atalaya.secrets SET tenant_id = NULL WHERE name = 'JUNK'").await;
    let last = kit::begin(&place).unwrap();
    let e = confirm(&opened, &last, &words(&last, false)).await.unwrap_err();
    assert_eq!(e.code, Code::SignatureInvalid);
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

#[cfg(unix)]
#[tokio::test]
async fn pipes_and_giants_are_refused_at_once() {
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    let (cx, place) = (&opened.context, opened.context.workplace.clone());
    let here = folder("files");
    let (pipe, giant) = (here.join("pipe"), here.join("giant"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::File::create(&giant).unwrap().set_len(64 * 1024 * 1024).unwrap();
    let draft = kit::begin(&place).unwrap();
    for file in [pipe.as_path(), giant.as_path(), Path::new("/dev/zero")] {
        let within = Duration::from_secs(20);
        let request = caller(&place);
        let env = secrets::import_env(cx, &request, file);
        let e = tokio::time::timeout(within, env).await.expect("waited").unwrap_err();
        assert_eq!(e.code, Code::EnvFileInvalid, "{file:?}");
        let by_file = Restore {
            words: None,
            file: Some(file.to_owned()),
            file_passphrase: Some(Secret::new("x".into())),
            ..restore_with(&draft, None, None)
        };
        let by_words = restore_with(&draft, Some(file.to_owned()), None);
        for restore in [by_file, by_words] {
            let restore = kit::restore(&place, &request, restore, |_| ());
            let e = tokio::time::timeout(within, restore).await.expect("waited").err().unwrap();
            assert_eq!(e.code, Code::KitFileInvalid, "{file:?}");
        }
        let target =
            Target { ca_file: Some(file.to_owned()), ..copy.bed.administrator(&copy.name) };
        let connect = Administrator::connect(&target);
        let e = tokio::time::timeout(within, connect).await.expect("waited").err().unwrap();
        assert_eq!(e.code, Code::ValidationFailed, "{file:?}");
    }
}
