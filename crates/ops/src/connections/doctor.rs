//! The keychain's doctor, in lines for a screen.

use crate::Workplace;
use atalaya_model::overview::{Health, HealthLine};

/// Writes, reads and deletes a probe item and says how each step went: `keychain_reach`, `keychain_write`,
/// `keychain_read`, `keychain_delete`.
pub async fn keychain_doctor(workplace: &Workplace) -> Vec<HealthLine> {
    use atalaya_keys::keychain::Check;
    let checked = workplace.keychain.doctor().await;
    checked
        .into_iter()
        .map(|c| HealthLine {
            code: match c.check {
                Check::Reach => "keychain_reach",
                Check::Write => "keychain_write",
                Check::Read => "keychain_read",
                Check::Delete => "keychain_delete",
            },
            state: if c.outcome.is_ok() { Health::Ok } else { Health::Failed },
            detail: c.outcome.err().map(|e| e.to_string()).unwrap_or_default(),
        })
        .collect()
}

/// Asks the system to unlock the keychain, which may show its own prompt.
///
/// # Errors
/// `KEYCHAIN_*`.
pub async fn keychain_unlock(workplace: &Workplace) -> atalaya_model::Result<()> {
    workplace
        .keychain
        .unlock(atalaya_keys::keychain::PROMPT_LIMIT)
        .await
        .map_err(super::keychain_error)
}
