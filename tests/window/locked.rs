//! What a locked console still does: each command is called as an injected script would, past the screens.

use crate::crm::Crm;
use crate::steps::PASSPHRASE;
use crate::window::Window;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Where the commands are listed.
const LISTED: &str = include_str!("../../src-tauri/src/lib.rs");

/// What a command does while the console is locked.
enum Locked {
    /// It answers; the sign-in screen, a restore or the assistant need it.
    Works,
    /// It answers with this code.
    Says(&'static str),
    /// It opens a dialog or reloads the page; journeys show it.
    Elsewhere,
}

/// Every command, with arguments that would do something.
fn table(connection: &str) -> Vec<(&'static str, Value, Locked)> {
    use Locked::{Elsewhere, Says, Works};
    const NO: Locked = Says("NOT_SIGNED_IN");
    let nowhere = json!({ "dsn": null, "host": "127.0.0.1", "port": 1, "database": "crm", "user": "a",
        "password": "b", "tls": "disable", "ca_file": null });
    let both = json!({ "administrator": nowhere, "owner": null });
    let undo = json!({ "administrator": nowhere, "owner": nowhere, "confirm": "crm" });
    let person = json!({ "link_user_id": null, "name": "Eva", "email": "eva@example.com", "passphrase": PASSPHRASE,
        "crm_password": null, "connection_name": "x", "colour": "slate", "production": false });
    let looks = json!({ "language": "es", "theme": "light", "density": "comfortable", "auto_lock_minutes": 10 });
    let longer = json!({ "language": "es", "theme": "light", "density": "comfortable", "auto_lock_minutes": 120,
        "passphrase": PASSPHRASE });
    let export = json!({ "query": "", "format": "csv", "compress": false });
    let event = json!({ "id": "1", "occurred_at": "2026-01-01T00:00:00Z" });
    let view = json!({ "id": null, "name": "x", "query": "", "shared": false, "pinned": false });
    let rule = json!({ "rule": "new_ip", "enabled": false, "threshold": 1, "window_minutes": 1 });
    let words = vec!["abandon"; 24];
    let restore = json!({ "words": words, "file": null, "file_passphrase": null, "connection": null,
        "recovery_file": null, "passphrase": PASSPHRASE });
    let moved = json!({ "id": connection, "host": "/elsewhere", "port": 5432, "database": "x", "tls": "disable",
        "ca_file": null, "passphrase": "x" });
    let rename = json!({ "id": connection, "name": "x", "colour": "slate", "production": false });
    vec![
        ("app_status", json!(null), Works),
        ("postgres_found", json!(null), Works),
        ("preferences_save", looks, Works),
        ("preferences_save", longer, NO),
        ("activity", json!(null), Works),
        ("lock", json!(null), Elsewhere),
        ("passphrase_strength", json!({ "passphrase": "x" }), Works),
        ("choose_file", json!({ "purpose": "kit" }), Elsewhere),
        ("keychain_check", json!(null), Works),
        ("keychain_doctor", json!(null), NO),
        ("keychain_unlock", json!(null), Works),
        ("connection_test", nowhere.clone(), Says("DB_UNREACHABLE")),
        ("connection_update", rename, NO),
        ("connection_redirect", moved, Says("VALIDATION_FAILED")),
        ("connection_remove", json!({ "id": connection, "passphrase": PASSPHRASE }), NO),
        ("adoption_inspect", both.clone(), Says("DB_UNREACHABLE")),
        ("adoption_apply", both, Says("DB_UNREACHABLE")),
        ("adoption_plan_save", undo.clone(), Says("DB_UNREACHABLE")),
        ("adoption_preview", undo.clone(), NO),
        ("adoption_revert", undo.clone(), NO),
        ("adoption_finish", undo, NO),
        ("workspace_create", json!({ "sample_data": false }), Says("CONFLICT")),
        ("setup_candidates", json!(null), Says("CONFLICT")),
        ("setup_administrator", person, Says("CONFLICT")),
        ("setup_abandon", json!(null), Works),
        ("kit_begin", json!({ "passphrase": PASSPHRASE }), NO),
        ("kit_abandon", json!(null), NO),
        ("setup_save_kit", json!({ "passphrase": PASSPHRASE }), NO),
        ("setup_confirm_kit", json!({ "words": ["a", "b", "c"] }), NO),
        ("kit_restore", restore, Says("KIT_WORDS_WRONG")),
        (
            "sign_in",
            json!({ "connection_id": connection, "passphrase": "x" }),
            Says("WRONG_PASSPHRASE"),
        ),
        ("session_refresh", json!(null), NO),
        ("profile_update", json!({ "first_name": "x", "last_name": "y" }), NO),
        ("passphrase_change", json!({ "current": PASSPHRASE, "next": PASSPHRASE }), NO),
        ("overview", json!(null), NO),
        ("env_import", json!({ "file": "/etc/hostname" }), NO),
        ("audit_options", json!(null), NO),
        // The language alone, without the log.
        ("audit_parse", json!({ "text": "type:login_failed" }), Works),
        ("audit_print", json!({ "query": {} }), Works),
        ("audit_complete", json!({ "text": "actor:a", "cursor": 7 }), NO),
        ("audit_list", json!({ "query": "", "cursor": null, "limit": 10 }), NO),
        ("audit_count", json!({ "query": "" }), NO),
        ("audit_count_cancel", json!(null), Works),
        ("audit_facets", json!({ "query": "" }), NO),
        ("audit_facets_cancel", json!(null), Works),
        ("audit_histogram", json!({ "query": "", "buckets": 60 }), NO),
        ("audit_histogram_cancel", json!(null), Works),
        ("audit_tail", json!({ "query": "", "mark": null }), NO),
        ("audit_read", event.clone(), NO),
        ("audit_changes", event, NO),
        ("audit_export", export, NO),
        ("audit_export_cancel", json!(null), Works),
        ("audit_export_pause", json!(null), Works),
        ("audit_export_resume", json!(null), Works),
        ("audit_views", json!(null), NO),
        ("audit_view_save", view, NO),
        ("audit_view_remove", json!({ "id": "00000000-0000-4000-8000-000000000000" }), NO),
        ("audit_findings", json!({ "days": 7 }), NO),
        ("audit_findings_cancel", json!(null), Works),
        ("audit_finding_rules", json!(null), NO),
        ("audit_finding_rule_save", rule, NO),
        ("audit_finding_note_save", json!({ "rule": "new_ip", "subject": "x", "note": "x" }), NO),
    ]
}

/// Calls them all at the lock. A command that is not in the table fails the journey.
pub async fn commands(window: &Window<'_>) {
    let status = window.command("app_status", json!({})).await.unwrap();
    let connection = status["connections"][0]["id"].as_str().unwrap().to_owned();
    let table = table(&connection);
    let listed = LISTED.split("generate_handler![").nth(1).unwrap().split(']').next().unwrap();
    for name in listed.split(',').filter_map(|line| line.trim().rsplit("::").next()) {
        assert!(
            name.is_empty() || table.iter().any(|row| row.0 == name),
            "{name}: what may it while locked?"
        );
    }
    for (name, request, expected) in table {
        // A channel that nobody listens to, for the commands that report on their way.
        let arguments = json!({ "req": request, "progress": "__CHANNEL__:0" });
        match expected {
            Locked::Elsewhere => {}
            Locked::Works => {
                let answer = window.command(name, arguments).await;
                assert!(answer.is_ok(), "{name} while locked: {answer:?}");
            }
            Locked::Says(code) => {
                let answer = window.command(name, arguments).await;
                let said = answer.as_ref().err().map(|e| e["code"].clone());
                assert_eq!(said, Some(json!(code)), "{name} while locked: {answer:?}");
            }
        }
    }
    let after = window.command("app_status", json!({})).await.unwrap();
    assert_eq!(after["stage"], "locked");
    assert_eq!(after["connections"], status["connections"]);
}

/// A sign-in that is under way when the console is locked opens nothing afterwards, and its session is ended.
pub async fn in_flight(window: &Window<'_>, crm: &Crm) {
    const CODE: &str = "const [request] = arguments
        window.notReloaded = true
        window.__TAURI_INTERNALS__.invoke('sign_in', request).catch(() => undefined)
        setTimeout(() => window.__TAURI_INTERNALS__.invoke('lock'), 100)";
    window.locked().await;
    let others = others(crm).await;
    let status = window.command("app_status", json!({})).await.unwrap();
    let request =
        json!({ "req": { "connection_id": status["selected"], "passphrase": PASSPHRASE } });
    window.js(CODE, vec![request]).await;
    window.reloaded().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    let ended = "SELECT count(*) FROM atalaya.sessions WHERE end_reason = 'locked'";
    while crm.number(ended).await == 0 {
        let status = window.command("app_status", json!({})).await;
        assert!(
            status.is_err() || status.unwrap()["stage"] == "locked",
            "it opened behind the lock"
        );
        assert!(Instant::now() < deadline, "the sign-in that came too late was not ended");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let status = window.command("app_status", json!({})).await.unwrap();
    assert_eq!(status["stage"], "locked");
    assert_eq!(crm.number(OPEN).await, others);
    window.sign_in(PASSPHRASE).await;
    window.find("connection").await;
}

/// A second sign-in ends the session that was open, with its event.
pub async fn replaced(window: &Window<'_>, crm: &Crm) {
    let before = crm.number(OPEN).await;
    let status = window.command("app_status", json!({})).await.unwrap();
    let request =
        json!({ "req": { "connection_id": status["selected"], "passphrase": PASSPHRASE } });
    window.command("sign_in", request).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    let ended = "SELECT count(*) FROM atalaya.sessions WHERE end_reason = 'replaced'";
    while crm.number(ended).await == 0 {
        assert!(Instant::now() < deadline, "the session that was open goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(crm.number(OPEN).await, before);
}

const OPEN: &str = "SELECT count(*) FROM atalaya.sessions WHERE ended_at IS NULL";

/// How many sessions stay open at the lock: those whose end met a server that hung. The end of the last one is waited for.
async fn others(crm: &Crm) -> i64 {
    const LOCKED: &str = "SELECT count(*) FROM atalaya.sessions s WHERE ended_at IS NULL
        AND started_at = (SELECT max(started_at) FROM atalaya.sessions)";
    let deadline = Instant::now() + Duration::from_secs(10);
    while crm.number(LOCKED).await > 0 {
        assert!(Instant::now() < deadline, "the session was not ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    crm.number(OPEN).await
}
