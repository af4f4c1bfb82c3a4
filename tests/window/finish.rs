//! A CRM whose take-over is finished, in the window: from what Overview says of it to the state afterwards, which has no way back.
//! It was taken over by the command line, which also shows that the console opens what that has set up.

use crate::crm::{self, Crm};
use crate::desk::{Desk, Keyring, variable};
use crate::steps::PASSPHRASE;
use crate::window::Window;
use atalaya_postgres::scratch::Scratch;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

const THEMES: [&str; 2] = ["light", "dark"];

#[tokio::test]
#[ignore = "needs the window lane"]
async fn a_taken_over_crm_is_finished() {
    let crm = Crm::start().await;
    let desk = Desk::new(Keyring::Unlocked);
    taken_over(&desk, &crm);
    // The CRM works on, and is connected.
    let own = crm.pool(crm::LOGIN, crm::PASSWORD, crm::SECOND);
    let event = "INSERT INTO system_events (event_type, severity, message) SELECT 'x', 'info', 'since' FROM generate_series(1, 12)";
    sqlx::query(event).execute(&own).await.unwrap();

    let window = Window::open(&desk, "finish").await;
    window.sign_in(PASSPHRASE).await;
    let named = window.text("attention-legacy_login_active").await;
    assert!(named.contains(crm::LOGIN), "{named}");
    window.look("01-overview-en").await;
    window.press_css("[data-testid=\"attention-legacy_login_active\"] button").await;
    window.find("crm-revert-begin").await;
    window.press("crm-finish-begin").await;
    window.fill("undo-admin-user", Scratch::ADMINISTRATOR).await;
    window.fill("undo-admin-password", Scratch::PASSWORD).await;
    window.fill("undo-owner-user", crm::LOGIN).await;
    window.fill("undo-owner-password", crm::PASSWORD).await;
    window.look_twice("02-logins-en", THEMES).await;
    window.press("undo-preview").await;
    let effect = window.text("undo-effect").await;
    for said in [crm::LOGIN, "1 connection is open", "can no longer be undone"] {
        assert!(effect.contains(said), "{said}: {effect}");
    }
    window.look_twice("03-effect-en", THEMES).await;
    window.language("es").await;
    window.look_twice("04-effect-es", THEMES).await;
    window.fill("undo-name", "crm").await;
    assert!(!window.find("undo-submit").await.is_enabled().await.unwrap());
    window.fill("undo-name", crm::SECOND).await;
    window.press("undo-submit").await;
    window.find("undo-done").await;
    window.look_twice("05-done-es", THEMES).await;
    window.language("en").await;
    window.look("06-done-en").await;
    window.press("undo-leave").await;
    // Nothing is offered any more, here or on Overview.
    window.find("crm-none").await;
    assert!(!window.has("crm-finish-begin").await && !window.has("crm-revert-begin").await);
    window.look_twice("07-afterwards-en", THEMES).await;
    window.language("es").await;
    window.look_twice("08-afterwards-es", THEMES).await;
    // When, and by whom: the log says so.
    window.press("crm-history").await;
    window.find_css("[data-event-type=\"adoption.applied\"]").await;
    window.look("09-history-es").await;
    window.press("nav-overview").await;
    window.find("attention").await;
    window.gone("attention-legacy_login_active").await;
    window.look("09-overview-es").await;
    inspected(&window, &crm).await;
    window.close().await;

    let refused = sqlx::query("SELECT FROM leads").execute(&own).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"));
    let kept = "SELECT count(*) FROM system_events WHERE message = 'since'";
    let ours = crm.pool(Scratch::SUPERUSER, Scratch::PASSWORD, crm::SECOND);
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(&ours).await.unwrap();
    assert_eq!(kept, 12);
}

/// Whoever inspects it from now on is told how it stands.
async fn inspected(window: &Window<'_>, crm: &Crm) {
    window.press("nav-settings").await;
    window.press("settings-connections").await;
    window.press("connection-add").await;
    window.press("first-run-connect").await;
    crm::connect(window, crm, crm::SECOND).await;
    window.press("connect-inspect").await;
    let standing = window.text("standing").await;
    assert!(
        standing.contains(Scratch::ADMINISTRATOR) && standing.contains("no hay vuelta atrás"),
        "{standing}"
    );
    assert!(!window.has("inspect-apply").await, "there is nothing left to do");
    window.look_twice("10-inspected-es", THEMES).await;
    window.language("en").await;
    window.look("11-inspected-en").await;
}

/// By `atalayactl`, with its first administrator and a kit that lies encrypted in a file.
fn taken_over(desk: &Desk, crm: &Crm) {
    let file = |name: &str, text: &str| -> PathBuf {
        let path = desk.files().join(name);
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path
    };
    let way = |user, password| crm.server.url(user, password, crm::SECOND);
    let mut ctl = desk.command(variable("ATALAYA_TEST_CTL"));
    ctl.args([
        "--json",
        "adopt",
        "apply",
        "--yes",
        "--first-name",
        "Luis",
        "--last-name",
        "Herrera",
    ]);
    ctl.args(["--email", "luis@example.com", "--connection-name", "Acme Norte", "--dsn-file"]);
    ctl.arg(file("administrator", &way(Scratch::ADMINISTRATOR, Scratch::PASSWORD)));
    ctl.arg("--owner-dsn-file").arg(file("owner", &way(crm::LOGIN, crm::PASSWORD)));
    ctl.arg("--passphrase-file").arg(file("passphrase", PASSPHRASE));
    ctl.arg("--kit-file").arg(desk.files().join("kit.txt"));
    ctl.arg("--kit-passphrase-file").arg(file("kit-passphrase", "sombra farol quinto almendra"));
    let out = ctl.output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}
