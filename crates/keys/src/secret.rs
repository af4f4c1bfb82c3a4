//! Text and bytes that are wiped from memory when dropped and that no formatting prints.
//!
//! `Zeroizing<String>` alone is not enough: its `Debug` shows the value. Deliberately absent:
//! `Display`, `Serialize`, `Deref` and every other way by which a value leaves without the word
//! `expose` standing in the source.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret text, UTF-8.
#[derive(Clone, Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. The name is there to be searched for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<Zeroizing<String>> for SecretText {
    fn from(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(***)")
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

/// Secret bytes.
#[derive(Clone, Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over; the caller keeps no copy.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves. The name is there to be searched for.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, when they are UTF-8.
    pub fn into_text(self) -> Option<SecretText> {
        std::str::from_utf8(&self.0).ok().map(SecretText::from)
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(***)")
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretBytes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_shows_nothing() {
        assert_eq!(format!("{:?}", SecretText::from("hunter2")), "SecretText(***)");
        assert_eq!(format!("{:?}", SecretBytes::new(vec![1, 2])), "SecretBytes(***)");
        assert_eq!(format!("{:#?}", Some(SecretText::from("x"))), "Some(\n    SecretText(***),\n)");
    }

    #[test]
    fn comparing_compares_the_whole_value() {
        assert_eq!(SecretText::from("abc"), SecretText::from("abc"));
        assert_ne!(SecretText::from("abc"), SecretText::from("abcd"));
        assert_ne!(SecretBytes::new(vec![1]), SecretBytes::new(vec![2]));
    }

    #[test]
    fn only_utf8_becomes_text() {
        assert_eq!(SecretBytes::new(b"ok".to_vec()).into_text(), Some("ok".into()));
        assert_eq!(SecretBytes::new(vec![0xff]).into_text(), None);
    }
}
