//! The recovery kit: enrolled, used, replaced, and what stops it.

use super::{attention, confirm, count, words};
use crate::bed::{self, Copy, PASSPHRASE, bed, caller, folder, workplace};
use atalaya_keys::keychain::Fault;
use atalaya_keys::kit::Kit;
use atalaya_keys::recovery::{Administrator as Login, RecoveryBundle};
use atalaya_model::access::Origin;
use atalaya_model::audit::Severity;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::{Code, Secret};
use atalaya_ops::kit::{self, Draft, Restore};
use atalaya_ops::sessions::Opened;
use atalaya_ops::{Workplace, secrets, sessions, setup};
use atalaya_postgres::Cluster;
use atalaya_store::setup::Administrator;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

pub(super) fn restore_with(
    draft: &Draft,
    recovery_file: Option<PathBuf>,
    copy: Option<&Copy>,
) -> Restore {
    Restore {
        words: Some(Secret::new(draft.shown().words.join(" "))),
        file: None,
        file_passphrase: None,
        recovery_file,
        connection: copy.map(administrator_input),
        passphrase: Secret::new("una frase nueva y muy larga 77".into()),
    }
}

pub(super) fn recovery_file(place: &Workplace, opened: &Opened) -> PathBuf {
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
