//! An error on its way to the terminal: the product's error, and where the general text of its code would say too little,
//! a text of its own.

use crate::language::Language;
use atalaya_keys::keychain::KeychainError;
use atalaya_model::{Code, Error};

/// Result of a command.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// What a command failed with.
#[derive(Debug)]
pub struct Failure {
    /// The error.
    pub error: Error,
    /// English and Spanish text instead of that of the code.
    pub text: Option<Box<(String, String)>>,
    /// Lines that show where in what was typed; for people only.
    pub place: Option<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let cause = error.source.as_ref().and_then(|e| e.downcast_ref::<KeychainError>());
        // Its code is that of a locked keyring, which one cannot unlock before there is one.
        let text = (cause == Some(&KeychainError::NoKeyring)).then(|| {
            let english = "The keychain service runs, but has no keyring yet. Make one in the desktop session, or in the console: the system asks for a password for it.";
            let spanish = "El servicio de llavero funciona, pero todavía no tiene ningún llavero. Cree uno en la sesión de escritorio o en la consola: el sistema le pedirá una contraseña para él.";
            Box::new((english.to_owned(), spanish.to_owned()))
        });
        Self { error, text, place: None }
    }
}

impl Failure {
    /// With a text of its own.
    pub fn saying(code: Code, english: impl Into<String>, spanish: impl Into<String>) -> Self {
        let english = english.into();
        Self::of(Error::new(code, english.clone()), english, spanish)
    }

    /// An error with a text of its own.
    pub fn of(error: Error, english: impl Into<String>, spanish: impl Into<String>) -> Self {
        Self { error, text: Some(Box::new((english.into(), spanish.into()))), place: None }
    }

    /// A wrong value of an option.
    pub fn usage(english: impl Into<String>, spanish: impl Into<String>) -> Self {
        Self::saying(Code::ValidationFailed, english, spanish)
    }

    /// Who read the answer has closed the pipe, as `head` does when it has its lines.
    pub fn reader_left() -> Self {
        Self::saying(
            Code::Cancelled,
            "Whoever was reading has had enough; the answer ended there.",
            "Quien leía dejó de leer; la respuesta terminó ahí.",
        )
    }

    /// Somebody pressed Ctrl-C.
    pub fn cancelled() -> Self {
        Error::new(Code::Cancelled, "Cancelled.").into()
    }

    /// Adds a safe fact.
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.error = self.error.with(key, value);
        self
    }

    /// Its own text in a language.
    pub fn own_text(&self, language: Language) -> Option<&str> {
        self.text.as_deref().map(|(english, spanish)| language.of(english, spanish))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_is_not_there_is_not_called_locked() {
        let of = |cause| Failure::from(Error::new(Code::KeychainLocked, "").because(cause));
        let text = of(KeychainError::NoKeyring);
        assert!(text.own_text(Language::En).is_some_and(|t| t.contains("no keyring yet")));
        assert!(text.own_text(Language::Es).is_some_and(|t| t.contains("ningún llavero")));
        assert!(of(KeychainError::Locked).text.is_none());
    }
}
