//! Secrets of a CRM and the recovery kit: made, imported, encrypted to the kit, refused when somebody tampered.

use crate::audit::{events_of, left};
use crate::bed::{Copy, bed, caller, folder};
use atalaya_model::access::Origin;
use atalaya_model::{Code, Result, Secret};
use atalaya_ops::kit::{self, Draft, Restore};
use atalaya_ops::sessions::Opened;
use atalaya_ops::{secrets, sessions};

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

async fn confirm(opened: &Opened, draft: &Draft, words: &[Secret]) -> Result<()> {
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
