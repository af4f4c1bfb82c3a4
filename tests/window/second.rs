//! A second CRM beside the first, in Spanish: its administrator is a person that it does not know yet.

use crate::crm::{self, Crm};
use crate::window::Window;
use serde_json::json;

/// From the settings of the open console to the overview of the other CRM.
pub async fn with_a_new_administrator(window: &Window<'_>, crm: &Crm) {
    window.language("es").await;
    window.press("nav-settings").await;
    window.press("settings-connections").await;
    window.press("connection-add").await;
    window.press("first-run-connect").await;
    crm::connect(window, crm, crm::SECOND).await;
    window.press("connect-admin-test").await;
    window.find("connect-admin-report").await;
    window.look("30-connect").await;
    window.press("connect-inspect").await;
    window.find("inspection").await;
    window.look("31-inspection").await;
    window.press("inspect-apply").await;
    window.administrator(Some(("Luis Herrera", "luis@example.com"))).await;
    window.fill("connection-name", "Acme Norte").await;
    window.look_twice("32-administrator", ["light", "dark"]).await;
    window.administrator_sent().await;
    let words = window.kit_words().await;
    window.kit_stored().await;
    window.look("33-kit-asked").await;
    window.kit_answered(&words).await;
    window.find("env-done").await;
    window.look("34-env").await;
    window.press("env-done").await;
    window.find("overview").await;
    window.look_twice("35-overview", ["light", "dark"]).await;
    let status = window.command("app_status", json!({})).await.unwrap();
    assert_eq!(status["session"]["email"], "luis@example.com");
    assert_eq!(status["connections"].as_array().map(Vec::len), Some(2));
    // At the lock there are two to choose from now.
    window.locked_by_button().await;
    window.look_twice("36-two-connections", ["light", "dark"]).await;
    window.sign_in(crate::steps::PASSPHRASE).await;
    window.find("connection").await;
    window.language("en").await;
}
