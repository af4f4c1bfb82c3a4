//! The keychain's doctor, in lines for a screen.

use super::keychain_state;
use crate::Workplace;
use atalaya_keys::keychain::{Check, Checked, KeychainError, State};
use atalaya_model::console::{KeychainCheck, KeychainState};

/// Writes, reads and deletes a probe item and says how each step went. It ends at the first that fails.
pub async fn keychain_doctor(workplace: &Workplace) -> Vec<KeychainCheck> {
    workplace.keychain.doctor().await.into_iter().map(line).collect()
}

fn line(checked: Checked) -> KeychainCheck {
    let code = match checked.check {
        Check::Reach => "keychain_reach",
        Check::Write => "keychain_write",
        Check::Read => "keychain_read",
        Check::Delete => "keychain_delete",
    };
    match checked.outcome {
        Ok(()) => KeychainCheck { code, state: KeychainState::Ready, detail: String::new() },
        Err(e) => KeychainCheck { code, state: failed(&e), detail: e.to_string() },
    }
}

/// A keychain that is there and loses what it was given does not work either.
fn failed(e: &KeychainError) -> KeychainState {
    match e.state() {
        State::Ready => KeychainState::Failed,
        state => keychain_state(state),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_never_said_to_be_ready() {
        let errors = [
            (KeychainError::Missing("org.freedesktop".into()), KeychainState::Missing),
            (KeychainError::Locked, KeychainState::Locked),
            (KeychainError::ItemMissing, KeychainState::Failed),
            (KeychainError::DoesNotFit(9), KeychainState::Failed),
        ];
        for (error, state) in errors {
            let words = error.to_string();
            let line = line(Checked { check: Check::Read, outcome: Err(error) });
            assert_eq!((line.state, line.detail), (state, words));
        }
        let fine = line(Checked { check: Check::Write, outcome: Ok(()) });
        assert_eq!((fine.state, fine.detail.as_str()), (KeychainState::Ready, ""));
    }
}
