//! The stores behind [`super::Keychain`]. Every call connects anew, see there.

use keyring_core::{Entry, Error};

use super::memory::InMemory;
use super::{KeychainError, MAX_ITEM};
use crate::secret::SecretBytes;

#[derive(Clone)]
pub(super) enum Store {
    System,
    Memory(InMemory),
}

impl Store {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Memory(_) => "Memory",
            Self::System => NAME,
        }
    }

    /// Whether the store answers and is open, without a prompt.
    pub(super) fn reach(&self) -> Result<(), KeychainError> {
        match self {
            Self::Memory(memory) => memory.reach(),
            Self::System => system_reach(),
        }
    }

    pub(super) fn unlock(&self) -> Result<(), KeychainError> {
        match self {
            Self::Memory(memory) => memory.reach(),
            Self::System => system_unlock(),
        }
    }

    pub(super) fn read(&self, service: &str, account: &str) -> Result<SecretBytes, KeychainError> {
        match self {
            Self::Memory(memory) => memory.read(account),
            Self::System => Ok(SecretBytes::new(entry(service, account)?.get_secret()?)),
        }
    }

    pub(super) fn write(
        &self,
        service: &str,
        account: &str,
        item: &[u8],
    ) -> Result<(), KeychainError> {
        match self {
            Self::Memory(memory) => memory.write(account, item),
            Self::System => Ok(entry(service, account)?.set_secret(item)?),
        }
    }

    pub(super) fn delete(&self, service: &str, account: &str) -> Result<(), KeychainError> {
        match self {
            Self::Memory(memory) => memory.delete(account),
            Self::System => Ok(entry(service, account)?.delete_credential()?),
        }
    }
}

fn entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
    system_reach()?;
    system_entry(service, account)
}

impl From<Error> for KeychainError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoEntry => Self::ItemMissing,
            Error::NoStorageAccess(_) => Self::Locked,
            Error::TooLong(..) => Self::DoesNotFit(MAX_ITEM),
            // These carry the item itself or other items: fixed words instead of theirs.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => {
                Self::Other("the stored item is malformed".into())
            }
            Error::Ambiguous(_) => Self::Other("there are several items of this name".into()),
            other => Self::Other(other.to_string()),
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
mod secret_service_store {
    use std::collections::HashMap;

    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;
    use secret_service::blocking::SecretService;
    use secret_service::{EncryptionType, Error};

    use super::KeychainError;

    pub(super) const NAME: &str = "Secret Service";

    pub(super) fn system_entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
        // The name that Seahorse and KWallet Manager show.
        let label = format!("Atalaya: {account}");
        let modifiers = HashMap::from([("label", label.as_str())]);
        let store = zbus_secret_service_keyring_store::Store::new()?;
        Ok(store.build(service, account, Some(&modifiers))?)
    }

    /// Looks at the default keyring without a session key: no secret crosses this connection.
    fn connect() -> Result<SecretService<'static>, KeychainError> {
        SecretService::connect(EncryptionType::Plain)
            .map_err(|error| KeychainError::Missing(error.to_string()))
    }

    fn failed(error: Error) -> KeychainError {
        match error {
            Error::NoResult => KeychainError::NoKeyring,
            Error::Locked | Error::Prompt => KeychainError::Locked,
            Error::Unavailable => KeychainError::Missing(error.to_string()),
            other => KeychainError::Other(other.to_string()),
        }
    }

    pub(super) fn system_reach() -> Result<(), KeychainError> {
        let service = connect()?;
        let keyring = service.get_default_collection().map_err(failed)?;
        if keyring.is_locked().map_err(failed)? { Err(KeychainError::Locked) } else { Ok(()) }
    }

    pub(super) fn system_unlock() -> Result<(), KeychainError> {
        let service = connect()?;
        match service.get_default_collection() {
            Ok(keyring) => keyring.unlock().map_err(failed)?,
            // The service asks for the new keyring's password itself.
            Err(Error::NoResult) => {
                service.create_collection("Default keyring", "default").map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        system_reach()
    }
}
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
use secret_service_store::{NAME, system_entry, system_reach, system_unlock};

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
mod native_store {
    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;

    use super::KeychainError;

    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(target_os = "windows")]
    use windows_native_keyring_store::Store;

    #[cfg(target_os = "macos")]
    pub(super) const NAME: &str = "Keychain";
    #[cfg(target_os = "windows")]
    pub(super) const NAME: &str = "Credential Manager";

    pub(super) fn system_entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
        Ok(Store::new()?.build(service, account, None)?)
    }

    /// Both systems unlock with the user's session and say so at the first real call.
    pub(super) fn system_reach() -> Result<(), KeychainError> {
        Store::new().map(|_| ()).map_err(KeychainError::from)
    }

    pub(super) fn system_unlock() -> Result<(), KeychainError> {
        system_reach()
    }
}
#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
use native_store::{NAME, system_entry, system_reach, system_unlock};
