//! A CRM that is taken over and given back, in the window: the plan saved as a script, what the CRM may still do, the effect of
//! undoing it, the name typed, and a CRM that works alone again.

use crate::crm::{self, Crm};
use crate::desk::{Desk, Keyring};
use crate::window::Window;
use atalaya_postgres::scratch::Scratch;
use std::time::Duration;

#[tokio::test]
#[ignore = "needs the window lane"]
async fn a_taken_over_crm_is_given_back() {
    let crm = Crm::start().await;
    let desk = Desk::new(Keyring::Unlocked);
    let window = Window::open(&desk, "undo").await;
    window.press("first-run-connect").await;
    crm::connect(&window, &crm, crm::SECOND).await;
    window.press("connect-inspect").await;
    plan(&window).await;
    window.press("inspect-apply").await;
    window.administrator(Some(("Luis Herrera", "luis@example.com"))).await;
    window.fill("connection-name", "Acme Norte").await;
    window.administrator_sent().await;
    let words = window.kit_words().await;
    window.kit_stored().await;
    window.kit_answered(&words).await;
    window.press("env-done").await;

    // The CRM goes on: what it adds stays.
    let own = crm.pool(crm::LOGIN, crm::PASSWORD, crm::SECOND);
    let event = "INSERT INTO system_events (event_type, severity, message) SELECT 'x', 'info', 'since' FROM generate_series(1, 12)";
    sqlx::query(event).execute(&own).await.unwrap();
    sqlx::query("INSERT INTO leads (tenant_id, phone_number) VALUES (1, 'since')")
        .execute(&own)
        .await
        .unwrap();
    standing(&window).await;
    undo(&window, &crm).await;
    // It owns its tables again and may do what it likes.
    sqlx::query("ALTER TABLE leads ADD COLUMN again INT").execute(&own).await.unwrap();
    let kept = "SELECT (SELECT count(*) FROM system_events WHERE message = 'since') + (SELECT count(*) FROM leads WHERE phone_number = 'since')";
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(&own).await.unwrap();
    assert_eq!(kept, 13);
    window.close().await;
}

/// The steps with their locks and times, and the same as a script through the native dialog.
async fn plan(window: &Window<'_>) {
    let shown = window.text("plan-ownership").await;
    assert!(shown.contains("ACCESS EXCLUSIVE") && shown.contains("system_events"), "{shown}");
    for (language, step) in [("en", "01-plan-en"), ("es", "02-plan-es")] {
        window.language(language).await;
        // The menu gives the focus back to where it was.
        window.settle().await;
        window
            .js("document.querySelector('[data-testid=\"plan\"]').scrollIntoView()", Vec::new())
            .await;
        window.look_twice(step, ["light", "dark"]).await;
    }
    window.language("en").await;
    let path = window.desk.files().join("plan.sql");
    window.press("plan-save").await;
    let dialog = window.dialog().await;
    window.answer(&dialog, &path).await;
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while !window.text("plan-saved").await.contains("plan.sql") {
        assert!(std::time::Instant::now() < deadline, "it was not said to be saved");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let script = std::fs::read_to_string(&path).unwrap();
    assert!(script.contains("ATTACH PARTITION") && script.contains("\\set ON_ERROR_STOP on"));
    assert!(!script.contains(crm::PASSWORD) && !script.contains(Scratch::PASSWORD));
}

/// Overview names the login; the settings say what it may do.
async fn standing(window: &Window<'_>) {
    let named = window.text("attention-legacy_login_active").await;
    assert!(named.contains(crm::LOGIN), "{named}");
    window.look_twice("03-overview", ["light", "dark"]).await;
    window.press_css("[data-testid=\"attention-legacy_login_active\"] button").await;
    let rights = window.text(&format!("crm-login-{}", crm::LOGIN)).await;
    assert!(rights.contains("system_events"), "{rights}");
    window.look_twice("04-crm-en", ["light", "dark"]).await;
    window.language("es").await;
    window.look_twice("05-crm-es", ["light", "dark"]).await;
}

async fn undo(window: &Window<'_>, crm: &Crm) {
    window.press("crm-revert-begin").await;
    window.fill("undo-admin-user", Scratch::ADMINISTRATOR).await;
    window.fill("undo-admin-password", "wrong").await;
    window.fill("undo-owner-user", crm::LOGIN).await;
    window.fill("undo-owner-password", crm::PASSWORD).await;
    window.look_twice("06-logins-es", ["light", "dark"]).await;
    window.press("undo-preview").await;
    window.becomes("undo-error", "data-code", "DB_AUTH_FAILED").await;
    window.look("07-refused-es").await;
    window.fill("undo-admin-password", Scratch::PASSWORD).await;
    window.press("undo-preview").await;
    let leads = window.text("undo-table-leads").await;
    let digits: String = leads.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, "20002001", "{leads}");
    window.look_twice("08-effect-es", ["light", "dark"]).await;
    window.language("en").await;
    window.look_twice("09-effect-en", ["light", "dark"]).await;
    window.fill("undo-name", "crm").await;
    assert!(!window.find("undo-submit").await.is_enabled().await.unwrap());
    window.fill("undo-name", crm::SECOND).await;
    window.press("undo-submit").await;
    window.find("undo-done").await;
    window.look_twice("10-done-en", ["light", "dark"]).await;
    window.language("es").await;
    window.look("11-done-es").await;
    window.press("undo-leave").await;
    // Nothing is left of the connection on this machine.
    window.find("first-run").await;
    let ours = crm.pool(Scratch::SUPERUSER, Scratch::PASSWORD, crm::SECOND);
    let left: bool = sqlx::query_scalar("SELECT to_regnamespace('atalaya') IS NOT NULL")
        .fetch_one(&ours)
        .await
        .unwrap();
    assert!(!left);
}
