//! A CRM that has been running for years, taken over in English: bad input first, then inspect, apply, the CEO it has, the
//! kit, all events, the burst of failed logins, both exports, and a server that stops in the middle.

use crate::crm::{self, Crm};
use crate::desk::{Desk, Keyring};
use crate::window::Window;
use crate::{exports, locked, outage, second};
use atalaya_postgres::scratch::Scratch;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

#[tokio::test]
#[ignore = "needs the window lane"]
async fn a_legacy_crm_is_taken_over_reviewed_and_exported() {
    let crm = Crm::start().await;
    let desk = Desk::new(Keyring::Unlocked);
    let window = Window::open(&desk, "adoption-en").await;
    let began = Instant::now();
    window.find("first-run-connect").await;
    window.look_twice("01-first-run", ["light", "dark"]).await;
    window.press("first-run-connect").await;
    bad_input(&window, &crm).await;
    connect(&window, &crm).await;
    take_over(&window).await;
    println!("taken over after {:.1} s", began.elapsed().as_secs_f32());
    overview(&window).await;
    review(&window, &crm).await;
    exports::burst(&window, &crm).await;
    window.press("filter-clear").await;
    window.find("audit-row").await;
    exports::onto_a_full_disk(&window).await;
    exports::while_it_locks(&window).await;
    window.press("nav-audit").await;
    window.find("audit-row").await;
    outage::while_exporting(&window, &crm).await;
    outage::while_paging(&window, &crm).await;
    println!("outages over after {:.1} s", began.elapsed().as_secs_f32());
    outage::while_locking(&window, &crm).await;
    locked::in_flight(&window, &crm).await;
    locked::replaced(&window, &crm).await;
    second::with_a_new_administrator(&window, &crm).await;
    println!("whole journey {:.1} s", began.elapsed().as_secs_f32());
    window.close().await;
}

/// Everything that is wrong with a connection is said, in both languages, and nothing is lost of what was typed.
async fn bad_input(window: &Window<'_>, crm: &Crm) {
    window.look_twice("02-connect", ["light", "dark"]).await;
    window.choose("connect-admin-mode", "dsn").await;
    window.fill("connect-admin-dsn", "postgres://admin:secret@db.invalid:5432/crm").await;
    refused(window, "DB_UNREACHABLE", "03-no-such-host").await;
    let dsn = format!("postgres://admin:secret@{}/crm?sslmode=require", plain());
    window.fill("connect-admin-dsn", &dsn).await;
    refused(window, "DB_TLS_REFUSED", "03-no-tls").await;
    window.choose("connect-admin-mode", "fields").await;
    crm::as_administrator(window, crm, crm::DATABASE).await;
    window.fill("connect-admin-password", "not the password").await;
    refused(window, "DB_AUTH_FAILED", "04-wrong-password").await;
    window.fill("connect-admin-password", Scratch::PASSWORD).await;
    window.fill("connect-admin-database", "no_such_database").await;
    refused(window, "DB_MISSING", "05-no-database").await;

    // A database of something else is inspected, explained and left alone.
    window.fill("connect-admin-database", crm::OTHER).await;
    crm::as_owner(window).await;
    window.press("connect-inspect").await;
    window.find("inspection").await;
    assert!(
        !window.find("inspect-apply").await.is_enabled().await.unwrap(),
        "it could be taken over"
    );
    window.look("06-not-a-crm").await;
    window.press("inspect-back").await;
}

/// Address of a server that refuses every request for TLS.
fn plain() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut request = [0; 8];
            let _ = client.read_exact(&mut request).and_then(|()| client.write_all(b"N"));
        }
    });
    address
}

/// The test button says why not, in both languages.
async fn refused(window: &Window<'_>, code: &str, screen: &str) {
    window.press("connect-admin-test").await;
    window.becomes("connect-admin-test-error", "data-code", code).await;
    window.look(screen).await;
    let english = window.text("connect-admin-test-error").await;
    window.language("es").await;
    let spanish = window.text("connect-admin-test-error").await;
    assert!(english != spanish && spanish.contains(code), "{code}: {english} / {spanish}");
    window.language("en").await;
}

async fn connect(window: &Window<'_>, crm: &Crm) {
    window.find("connect-admin-host").await;
    crm::as_administrator(window, crm, crm::DATABASE).await;
    window.press("connect-admin-test").await;
    window.find("connect-admin-report").await;
    crm::as_owner(window).await;
    window.press("connect-owner-test").await;
    window.find("connect-owner-report").await;
    window.look_twice("07-connected", ["light", "dark"]).await;
    window.press("connect-inspect").await;
    let seen = window.text("inspection").await;
    assert!(seen.contains("60,450"), "the inspection does not count the events:\n{seen}");
    window.look_twice("08-inspection", ["light", "dark"]).await;
}

async fn take_over(window: &Window<'_>) {
    window.press("inspect-apply").await;
    window.find("progress").await;
    window.find_css("[data-testid=\"progress\"] li[data-over]").await;
    window.picture("09-progress");
    window.administrator(None).await;
    let ceo = window.find("admin-candidate").await.prop("value").await.unwrap().unwrap();
    assert!(ceo.contains("ceo@example.com"), "{ceo}");
    window.fill("connection-name", "Acme CRM").await;
    window.look_twice("10-administrator", ["light", "dark"]).await;
    window.administrator_sent().await;
    let words = window.kit_words().await;
    window.look_twice("11-kit", ["light", "dark"]).await;
    window.kit_stored().await;
    window.look_twice("12-kit-asked", ["light", "dark"]).await;
    window.kit_answered(&words).await;
    window.find("env-done").await;
    window.look_twice("13-env", ["light", "dark"]).await;
    window.press("env-done").await;
}

async fn overview(window: &Window<'_>) {
    window.find("overview").await;
    window.find("activity-row").await;
    assert_eq!(window.text("total-leads").await, "2,000");
    window.look_twice("14-overview", ["light", "dark"]).await;
}

/// All 60,450 events and Atalaya's own; the burst of failed logins.
async fn review(window: &Window<'_>, crm: &Crm) {
    window.press("nav-audit").await;
    window.find("audit-row").await;
    let shown: i64 = window.attribute("audit-count", "data-count").await.unwrap().parse().unwrap();
    let truth = crm.truth();
    let adopted = "SELECT count(*) FROM public.system_events WHERE origin = 'legacy'";
    let adopted: i64 = sqlx::query_scalar(adopted).fetch_one(&truth).await.unwrap();
    let all = "SELECT count(*) FROM public.system_events";
    let all: i64 = sqlx::query_scalar(all).fetch_one(&truth).await.unwrap();
    assert_eq!(adopted, 60_450);
    assert!(shown > 60_450 && shown <= all, "{shown} shown, {all} there");
    window.look_twice("15-audit", ["light", "dark"]).await;

    // A facet and the language are two ways to say one thing.
    window.press("facet-type-login_failed").await;
    window.becomes("audit-query", "value", "type:login_failed").await;
    window.find("audit-row").await;
    window.look("16-audit-facet").await;
    window.press("filter-clear").await;
    window.fill("audit-query", "type:login_failed ip:203.0.113.77").await;
    window.keys("Return");
    window.becomes("audit-count", "data-count", "400").await;
    window.press("audit-row").await;
    window.find("payload").await;
    window.look_twice("17-audit-detail", ["light", "dark"]).await;
    window.press("detail-close").await;
}
