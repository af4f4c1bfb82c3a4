//! What goes wrong outside: servers that stop, disks that are full, connections that are wrong. A clear code, nothing
//! lost, and it works again when the cause is gone.

use crate::bed::{self, PASSPHRASE, bed, caller, folder, workplace};
use atalaya_keys::keychain::Fault;
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::export::{AuditExport, ExportFormat, ExportProgress};
use atalaya_model::{Code, Secret};
use atalaya_ops::sessions::Opened;
use atalaya_ops::setup::{self, Request};
use atalaya_ops::{Workplace, audit, connections, kit, overview, sessions};
use atalaya_postgres::{Cluster, StopMode};
use atalaya_store::Store;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

async fn code(target: &Target) -> Code {
    match Store::open(target, "atalaya").await {
        Ok(_) => panic!("it opened"),
        Err(e) => e.code,
    }
}

#[tokio::test]
async fn wrong_connections_say_what_is_wrong() {
    let bed = bed().await;
    let copy = bed.small().await;
    let person = copy.person("closer", Some(1));
    let right = bed.target(&person.login, bed::PASSWORD, &copy.name);
    assert!(Store::open(&right, "atalaya").await.is_ok());
    let with = |change: fn(&mut Target)| {
        let mut target = right.clone();
        change(&mut target);
        target
    };
    assert_eq!(code(&with(|t| t.password = Secret::new("no".into()))).await, Code::DbAuthFailed);
    assert_eq!(code(&with(|t| t.user = "nobody_at_all".into())).await, Code::DbAuthFailed);
    assert_eq!(code(&with(|t| t.database = "nowhere".into())).await, Code::DbMissing);
    assert_eq!(code(&with(|t| t.host = "/nowhere".into())).await, Code::DbUnreachable);
    assert_eq!(code(&with(|t| t.port = 1)).await, Code::DbUnreachable);
    assert_eq!(
        code(&with(|t| t.ca_file = Some("/nowhere.pem".into()))).await,
        Code::ValidationFailed
    );
    // Another installation's login is not let in; a login that no policy would bind is refused by the program.
    assert_eq!(code(&bed.target("plain", bed::PASSWORD, &copy.name)).await, Code::DbLoginShut);
    assert_eq!(code(&bed.administrator(&copy.name)).await, Code::DbRoleUnsafe);
    let legacy = bed.small_legacy().await;
    assert_eq!(code(&bed.target("plain", bed::PASSWORD, legacy)).await, Code::DbNotACrm);
    let dsn = |text: &str| Target::parse(&Secret::new(text.into())).unwrap_err().code;
    assert_eq!(dsn("postgres://u@h/d?sslmode=prefer"), Code::DsnInvalid);
    assert_eq!(dsn("not a dsn"), Code::DsnInvalid);
}

/// A server that answers to the request for TLS as `reply` says, and then, where there is one, as `behind` does.
async fn greeter(reply: u8, behind: Option<SocketAddr>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 8];
                if client.read_exact(&mut request).await.is_err()
                    || client.write_all(&[reply]).await.is_err()
                {
                    return;
                }
                if let Some(behind) = behind {
                    let mut server = TcpStream::connect(behind).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn tls_is_what_was_asked_for_or_nothing() {
    let target = |address: SocketAddr, tls| Target {
        host: "127.0.0.1".into(),
        port: address.port(),
        database: "crm".into(),
        user: "u".into(),
        password: Secret::new("p".into()),
        tls,
        ca_file: None,
        ca_pem: None,
    };
    let plain = greeter(b'N', None).await;
    for tls in [TlsMode::Require, TlsMode::VerifyCa, TlsMode::VerifyFull] {
        assert_eq!(code(&target(plain, tls)).await, Code::DbTlsRefused, "{tls:?}");
    }
    // A certificate that nobody vouches for.
    let here = folder("tls");
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out",
            "cert.pem", "-days", "1",
        ])
        .args(["-subj", "/CN=localhost"])
        .current_dir(&here)
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|s| s.success()) {
        eprintln!("no openssl: untrusted certificates were not tried");
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut server = Command::new("openssl")
        .args([
            "s_server",
            "-quiet",
            "-key",
            "key.pem",
            "-cert",
            "cert.pem",
            "-accept",
            &port.port().to_string(),
        ])
        .current_dir(&here)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while TcpStream::connect(port).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let untrusted = greeter(b'S', Some(port)).await;
    for tls in [TlsMode::VerifyCa, TlsMode::VerifyFull] {
        assert_eq!(code(&target(untrusted, tls)).await, Code::DbCertificateInvalid, "{tls:?}");
    }
    // A file of trusted certificates that holds none.
    let nonsense = here.join("nonsense.pem");
    std::fs::write(&nonsense, "nothing").unwrap();
    let odd = Target { ca_file: Some(nonsense), ..target(untrusted, TlsMode::VerifyFull) };
    assert_eq!(code(&odd).await, Code::DbCertificateInvalid);
    server.kill().unwrap();
    server.wait().unwrap();
}

/// A small file system for one test, where this account may mount one.
struct Disk(PathBuf);

impl Disk {
    fn small() -> Option<Self> {
        let path = folder("disk");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(&path)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|s| s.success()) {
            eprintln!("a small disk cannot be mounted here: a full one was not tried");
            return None;
        }
        Some(Self(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind() {
    let Some(disk) = Disk::small() else { return };
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let all = |format| AuditExport { query: String::new(), format, compress: false };
    let kept = disk.0.join("kept.csv");
    std::fs::write(&kept, "what was there before").unwrap();
    for format in [ExportFormat::Csv, ExportFormat::Jsonl] {
        let request = caller(&cx.workplace);
        let e = audit::export(cx, &request, all(format), &kept, |_| (), CancellationToken::new())
            .await
            .unwrap_err();
        assert_eq!(e.code, Code::DiskFull);
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "what was there before");
        assert_eq!(std::fs::read_dir(&disk.0).unwrap().count(), 1);
        let failed = format!(
            "SELECT count(*) FROM public.system_events WHERE request_id = '{}' AND outcome = 'failed'",
            request.request_id
        );
        assert_eq!(copy.superuser().await.one(failed).await, "1");
    }
    let few =
        AuditExport { query: "ip:203.0.113.77".into(), format: ExportFormat::Csv, compress: false };
    audit::export(cx, &caller(&cx.workplace), few, &kept, |_| (), CancellationToken::new())
        .await
        .unwrap();
}

/// Makes each statement of a view run under `limit`, as if what it takes too long for had come sooner, and each row of the log
/// slow: 5 ms.
async fn slow(copy: &bed::Copy, limit: &str) {
    let mut su = copy.superuser().await;
    su.must("ALTER FUNCTION atalaya.facts_version() RENAME TO facts_version_really").await;
    su.must(format!(
        "CREATE FUNCTION atalaya.facts_version() RETURNS BIGINT LANGUAGE plpgsql AS $$
         BEGIN
             PERFORM set_config('application_name', 'limit ' || current_setting('statement_timeout'), FALSE);
             PERFORM set_config('statement_timeout', '{limit}', TRUE);
             RETURN atalaya.facts_version_really();
         END $$"
    ))
    .await;
    su.must("GRANT EXECUTE ON FUNCTION atalaya.facts_version(), atalaya.facts_version_really() TO PUBLIC")
        .await;
    // A counted read asks for no version in its snapshot; what it asks before belongs to the same session.
    const COUNT: &str = "atalaya.count_view(TEXT, INTEGER, UUID, TEXT, UUID, BIGINT)";
    su.must(format!("ALTER FUNCTION {COUNT} RENAME TO count_view_really")).await;
    su.must(format!(
        "CREATE FUNCTION {COUNT} RETURNS BOOLEAN LANGUAGE plpgsql AS $$
         BEGIN
             PERFORM set_config('application_name', 'limit ' || current_setting('statement_timeout'), FALSE);
             PERFORM set_config('statement_timeout', '{limit}', FALSE);
             RETURN atalaya.count_view_really($1, $2, $3, $4, $5, $6);
         END $$"
    ))
    .await;
    su.must(format!("GRANT EXECUTE ON FUNCTION {COUNT} TO PUBLIC")).await;
    su.must(
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (pg_sleep(0.005) IS NOT NULL)",
    )
    .await;
}

#[tokio::test]
async fn a_query_that_takes_too_long_says_so_and_an_export_takes_its_time() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("auditor", Some(1))).await;
    slow(&copy, "150ms").await;
    let none = CancellationToken::new;
    let e = overview::view(&cx, &caller(&cx.workplace)).await.unwrap_err();
    assert_eq!(e.code, Code::DbTimeout, "{e:?}");
    // What a console's connection begins with.
    let limits = "SELECT string_agg(DISTINCT application_name, ' ') FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name LIKE 'limit%'";
    let seen = copy.superuser().await.one(limits).await;
    assert!(seen.contains("limit 2min"), "{seen}");

    // The same rows, each statement far beyond that limit: nothing is cut off.
    let here = folder("slow");
    let wanted = AuditExport {
        query: "type:login_failed".into(),
        format: ExportFormat::Jsonl,
        compress: false,
    };
    let path = here.join("out.jsonl");
    let request = caller(&cx.workplace);
    let began = std::time::Instant::now();
    let done = audit::export(&cx, &request, wanted, &path, |_| (), none()).await.unwrap();
    assert!(began.elapsed().as_millis() > 300, "not slow: {:?}", began.elapsed());
    let there = "SELECT count(*) FROM public.system_events WHERE tenant_id = 1 AND event_type = 'login_failed'";
    assert_eq!(done.rows.to_string(), copy.superuser().await.one(there).await);
    assert!(done.rows > 0);

    // Cancelled in the middle of a statement that would take long: at once, and nothing is left.
    let cancel = CancellationToken::new();
    let soon = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        soon.cancel();
    });
    let all = AuditExport { query: String::new(), format: ExportFormat::Csv, compress: false };
    let path = here.join("cancelled.csv");
    let began = std::time::Instant::now();
    let e = audit::export(&cx, &request, all, &path, |_| (), cancel).await.unwrap_err();
    assert_eq!(e.code, Code::Cancelled, "{e:?}");
    assert!(began.elapsed().as_secs() < 3, "cancelled after {:?}", began.elapsed());
    assert_eq!(std::fs::read_dir(&here).unwrap().count(), 1);
}

/// A local workspace with sample data, as the wizard makes it, on a Postgres of its own.
async fn local() -> (Workplace, atalaya_keys::keychain::InMemory, Opened) {
    let (place, keychain) = workplace();
    let made = setup::create(&place, true, |_| ()).await.unwrap();
    let request = Request {
        email: "local@example.com".into(),
        connection_name: "Local".into(),
        ..bed::request(None)
    };
    let opened = match setup::administrator(&place, &caller(&place), made, request, |_| ()).await {
        Ok(opened) => opened,
        Err((e, _)) => panic!("{e:?}"),
    };
    (place, keychain, opened)
}

async fn cluster(home: &Path) -> Cluster {
    Cluster::open(home).await.unwrap()
}

#[tokio::test]
async fn a_workspace_outlives_its_server_and_its_keychain() {
    let (place, keychain, opened) = local().await;
    let cx = &opened.context;
    let id = opened.session.connection.id.clone();
    assert!(opened.session.tenants.len() >= 3);
    let draft = kit::begin(&place).unwrap();
    let shown = draft.shown();
    let words: Vec<_> =
        shown.ask.iter().map(|n| Secret::new(shown.words[usize::from(*n) - 1].clone())).collect();
    kit::confirm(cx, &caller(&place), &opened.session.connection, &draft, &words).await.unwrap();
    let before = audit::count(cx, &caller(&place), "", CancellationToken::new()).await.unwrap();

    // Postgres stops between two pages, and in the middle of an export.
    let first = audit::list(cx, &caller(&place), "", None, 100).await.unwrap();
    cluster(place.home()).await.stop(StopMode::Immediate).await.unwrap();
    let e = audit::list(cx, &caller(&place), "", first.next, 100).await.unwrap_err();
    assert!(matches!(e.code, Code::DbLost | Code::DbUnreachable | Code::DbBusy), "{e:?}");
    cluster(place.home()).await.start().await.unwrap();
    let next = audit::list(cx, &caller(&place), "", first.next, 100).await.unwrap();
    assert!(
        next.rows[0].occurred_at <= first.rows[99].occurred_at && next.rows[0] != first.rows[99]
    );

    let here = folder("stopped");
    let path = here.join("out.jsonl");
    let stopped = AtomicBool::new(false);
    let home = place.home().to_owned();
    let stop = |so_far: ExportProgress| {
        if so_far.rows > 0 && !stopped.swap(true, Ordering::Relaxed) {
            let home = &home;
            std::thread::scope(|s| {
                s.spawn(|| {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        cluster(home).await.stop(StopMode::Immediate).await.unwrap()
                    });
                });
            });
        }
    };
    let wanted = AuditExport { query: String::new(), format: ExportFormat::Jsonl, compress: false };
    let e =
        audit::export(cx, &caller(&place), wanted.clone(), &path, stop, CancellationToken::new())
            .await
            .unwrap_err();
    assert!(matches!(e.code, Code::DbLost | Code::DbUnreachable), "{e:?}");
    assert_eq!(std::fs::read_dir(&here).unwrap().count(), 0, "nothing half is left");
    let e =
        sessions::open(&place, &caller(&place), "unknown", Secret::new(PASSPHRASE.into())).await;
    assert_eq!(e.err().map(|e| e.code), Some(Code::EntityNotFound));

    // Signing in starts it again; nothing was lost.
    opened.context.store.close().await;
    keychain.set_fault(Some(Fault::Locked));
    let locked = sessions::open(&place, &caller(&place), &id, Secret::new(PASSPHRASE.into())).await;
    assert_eq!(locked.err().map(|e| e.code), Some(Code::KeychainLocked));
    keychain.set_fault(None);
    let again =
        sessions::open(&place, &caller(&place), &id, Secret::new(PASSPHRASE.into())).await.unwrap();
    let done = audit::export(
        &again.context,
        &caller(&place),
        wanted,
        &path,
        |_| (),
        CancellationToken::new(),
    )
    .await
    .unwrap();
    assert!(done.rows as i64 >= before.count);
    let status = connections::keychain_status(&place).await;
    assert_eq!(status.state, atalaya_model::console::KeychainState::Ready);
    again.context.store.close().await;

    // The keychain is lost altogether: the kit alone brings the workspace back.
    place.keychain.delete(&id).await.unwrap();
    let restore = kit::Restore {
        words: Some(Secret::new(shown.words.join(" "))),
        file: None,
        file_passphrase: None,
        recovery_file: None,
        connection: None,
        passphrase: Secret::new("otra frase larga y nueva 99".into()),
    };
    let back = kit::restore(&place, &caller(&place), restore, |_| ()).await.unwrap();
    assert_eq!(back.session.email, "local@example.com");
    back.context.store.close().await;
    cluster(place.home()).await.stop(StopMode::Fast).await.unwrap();
}
