//! What needs attention first, then health, numbers and activity.

use crate::Context;
use crate::secrets::{sift, unsigned};
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope, decide};
use atalaya_model::audit::Severity;
use atalaya_model::audit::query::Sought;
use atalaya_model::console::KeychainState;
use atalaya_model::overview::{AttentionItem, Health, HealthLine, Overview};
use atalaya_store::{Read, audit, overview, recipients, secrets};

/// Failed logins in one minute, above which it is an alarm (UX, Overview).
const FAILED_LOGINS_PER_MINUTE: i64 = 10;
/// Invalid tokens, likewise.
const INVALID_TOKENS_PER_MINUTE: i64 = 20;
/// Denials, likewise.
const DENIALS_PER_MINUTE: i64 = 5;
/// Below this many recipients losing one loses the secrets.
const RECIPIENTS: i64 = 2;
/// Last events on the screen.
const ACTIVITY: i64 = 12;

/// The overview of what the caller may see.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn view(cx: &Context, caller: &Caller) -> Result<Overview> {
    let permit = cx.store.permit(caller, Action::OverviewView, Scope::All).await?;
    let version = cx.store.server_version().to_owned();
    let keychain = crate::connections::keychain_status(&cx.workplace).await;
    // Only who holds the pinned key and sees the rows can judge them.
    let facts = cx.store.facts().await?;
    let may = |action| decide(&facts, action, &Scope::All).is_ok();
    let pinned = cx
        .signer
        .as_ref()
        .map(|s| s.first_key)
        .filter(|_| may(Action::RecipientList) && may(Action::SecretList));
    cx.store
        .view(permit, async move |read| {
            let mut signals = overview::signals(read).await?;
            let untrusted = match &pinned {
                Some(first_key) => {
                    let untrusted = untrusted(read, first_key).await?;
                    signals.recipients = untrusted.trusted;
                    untrusted
                }
                None => Untrusted::default(),
            };
            let totals = overview::totals(read).await?;
            let activity = audit::page(read, &Sought::default(), None, ACTIVITY, false).await?;
            Ok(Overview {
                attention: attention(&signals, untrusted),
                health: vec![
                    HealthLine { code: "database", state: Health::Ok, detail: version },
                    HealthLine {
                        code: "keychain",
                        state: if keychain.state == KeychainState::Ready {
                            Health::Ok
                        } else {
                            Health::Warning
                        },
                        detail: keychain.store,
                    },
                    HealthLine {
                        code: "partitions",
                        state: if signals.next_month { Health::Ok } else { Health::Warning },
                        detail: String::new(),
                    },
                    HealthLine {
                        code: "kit",
                        state: if signals.recipients < RECIPIENTS {
                            Health::Warning
                        } else {
                            Health::Ok
                        },
                        detail: signals.recipients.to_string(),
                    },
                ],
                totals,
                activity: activity.into_iter().map(|e| e.row).collect(),
            })
        })
        .await
}

/// What is stored and signed by nobody trusted.
#[derive(Default)]
struct Untrusted {
    /// Live recipients that are trusted.
    trusted: i64,
    recipients: Vec<String>,
    versions: Vec<String>,
}

async fn untrusted(read: &mut Read, first_key: &[u8; 32]) -> Result<Untrusted> {
    let rows = recipients::list(read).await?;
    let versions = secrets::signed(read).await?;
    Ok(match sift(first_key, &rows) {
        Ok(sifted) => Untrusted {
            trusted: sifted.trusted.current().len() as i64,
            versions: unsigned(&sifted.trusted, &versions),
            recipients: sifted.distrusted,
        },
        // Not even the first administrator's row is genuine: nobody's is.
        Err(_) => Untrusted {
            trusted: 0,
            recipients: rows
                .iter()
                .filter(|r| !r.removed)
                .map(|r| format!("{} {}", r.kind, r.id))
                .collect(),
            versions: Vec::new(),
        },
    })
}

fn attention(s: &overview::Signals, untrusted: Untrusted) -> Vec<AttentionItem> {
    let of_type = |name: &str, last: &str| Some(format!("type:{name} when:\"last {last}\""));
    let mut items = Vec::new();
    let mut item = |show: bool, code, severity, count, query| {
        if show {
            items.push(AttentionItem { code, severity, count, detail: String::new(), query });
        }
    };
    item(
        s.direct_changes > 0,
        "direct_changes",
        Severity::Critical,
        s.direct_changes,
        of_type("db.direct_change", "7 days"),
    );
    item(
        s.critical > 0,
        "critical_events",
        Severity::Critical,
        s.critical,
        Some("severity:critical when:\"last 24 hours\"".to_owned()),
    );
    item(
        s.failed_logins > FAILED_LOGINS_PER_MINUTE,
        "failed_logins_burst",
        Severity::Critical,
        s.failed_logins,
        of_type("login_failed", "1 hour"),
    );
    item(
        s.tokens_invalid > INVALID_TOKENS_PER_MINUTE,
        "tokens_invalid_burst",
        Severity::Warning,
        s.tokens_invalid,
        of_type("token_invalid", "1 hour"),
    );
    item(
        s.denials > DENIALS_PER_MINUTE,
        "denials_burst",
        Severity::Warning,
        s.denials,
        of_type("access_denied", "1 hour"),
    );
    item(s.recipients < RECIPIENTS, "few_recipients", Severity::Warning, s.recipients, None);
    item(s.legacy_login, "legacy_login_active", Severity::Warning, 1, None);
    item(s.secrets_missing, "secrets_not_imported", Severity::Info, 1, None);
    let named =
        [("recipients_untrusted", untrusted.recipients), ("secrets_untrusted", untrusted.versions)];
    for (code, names) in named.into_iter().filter(|(_, names)| !names.is_empty()) {
        let (count, detail) = (names.len() as i64, names.join(", "));
        let query = of_type("db.direct_change", "7 days");
        items.insert(0, AttentionItem { code, severity: Severity::Critical, count, detail, query });
    }
    items
}
