//! A keychain in memory, with the faults of a real one. For tests of this and other crates.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::KeychainError;
use crate::secret::SecretBytes;

/// How the keychain in memory fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// As without a service.
    Missing,
    /// As a locked keyring.
    Locked,
    /// Does not answer for so long.
    Stuck(Duration),
}

/// Items and the fault of the moment; clones share them.
#[derive(Debug, Clone, Default)]
pub struct InMemory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    items: HashMap<String, SecretBytes>,
    fault: Option<Fault>,
}

impl InMemory {
    /// Sets or ends a fault.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.contents().fault = fault;
    }

    /// The names of the items, sorted.
    pub fn accounts(&self) -> Vec<String> {
        let mut names: Vec<_> = self.contents().items.keys().cloned().collect();
        names.sort();
        names
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reach(&self) -> Result<(), KeychainError> {
        let fault = self.contents().fault;
        match fault {
            None => Ok(()),
            Some(Fault::Missing) => Err(KeychainError::Missing("set by a test".into())),
            Some(Fault::Locked) => Err(KeychainError::Locked),
            Some(Fault::Stuck(time)) => {
                std::thread::sleep(time);
                Ok(())
            }
        }
    }

    pub(super) fn read(&self, account: &str) -> Result<SecretBytes, KeychainError> {
        self.reach()?;
        self.contents().items.get(account).cloned().ok_or(KeychainError::ItemMissing)
    }

    pub(super) fn write(&self, account: &str, item: &[u8]) -> Result<(), KeychainError> {
        self.reach()?;
        self.contents().items.insert(account.to_owned(), SecretBytes::new(item.to_vec()));
        Ok(())
    }

    pub(super) fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.reach()?;
        self.contents().items.remove(account).map(|_| ()).ok_or(KeychainError::ItemMissing)
    }
}
