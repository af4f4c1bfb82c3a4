//! An error on its way to the terminal: the product's error, and where the general text of its code would say too little,
//! a text of its own.

use crate::language::Language;
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
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, text: None }
    }
}

impl Failure {
    /// With a text of its own.
    pub fn saying(code: Code, english: impl Into<String>, spanish: impl Into<String>) -> Self {
        let english = english.into();
        Self {
            error: Error::new(code, english.clone()),
            text: Some(Box::new((english, spanish.into()))),
        }
    }

    /// A wrong value of an option.
    pub fn usage(english: impl Into<String>, spanish: impl Into<String>) -> Self {
        Self::saying(Code::ValidationFailed, english, spanish)
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
