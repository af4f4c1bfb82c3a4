//! Encryption under a passphrase: an age file with the scrypt recipient.
//!
//! The format is public, so that the `age` program opens it when Atalaya is no longer there. The
//! passphrase is normalised first ([`crate::passphrase::normalise`]).

use std::io::{Read, Write};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::passphrase::normalise;
use crate::secret::SecretBytes;

/// How much work one guess costs: scrypt with N = 2^n, r = 8, p = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// N = 2^17: 128 MiB and about 0.35 s in an optimised build on a two-core machine of 2026; the
    /// first choice for scrypt in OWASP's password storage sheet.
    pub const STANDARD: Self = Self(17);
    /// N = 2^15, the floor: a quarter of the standard's work, for test suites that sign in
    /// hundreds of times. Nothing weaker can be made.
    pub const FLOOR: Self = Self(15);

    /// A factor of one's own, from the floor up to 2^20.
    pub fn new(log_n: u8) -> Option<Self> {
        (Self::FLOOR.0..=MAX_LOG_N).contains(&log_n).then_some(Self(log_n))
    }
}

/// Above this a file is not opened: 2^20 takes a GiB, and a planted file could ask for terabytes.
const MAX_LOG_N: u8 = 20;

/// Why something encrypted under a passphrase does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LockboxError {
    /// Another passphrase than the one it was closed with.
    #[error("the passphrase is not the right one")]
    WrongPassphrase,
    /// Cut short, changed, or no such file at all.
    #[error("the encrypted content is damaged")]
    Damaged,
    /// It asks for more work than this program is willing to do.
    #[error("opening would need more memory than is allowed")]
    TooCostly,
}

fn secret(passphrase: &str) -> SecretString {
    SecretString::from(normalise(passphrase).expose().to_owned())
}

/// Encrypts to binary age.
///
/// # Errors
/// [`LockboxError::Damaged`] when the library fails, which writing to memory does not.
pub fn close(passphrase: &str, work: WorkFactor, plain: &[u8]) -> Result<Vec<u8>, LockboxError> {
    let mut recipient = age::scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(work.0);
    age::encrypt(&recipient, plain).map_err(|_| LockboxError::Damaged)
}

/// Opens binary age.
///
/// A changed scrypt stanza and a wrong passphrase are the same to age; callers that store a
/// checksum beside it ([`crate::sealed`]) tell the two apart.
///
/// # Errors
/// See [`LockboxError`].
pub fn open(passphrase: &str, file: &[u8]) -> Result<SecretBytes, LockboxError> {
    let decryptor = age::Decryptor::new(file).map_err(|_| LockboxError::Damaged)?;
    if !decryptor.is_scrypt() {
        return Err(LockboxError::Damaged);
    }
    let mut identity = age::scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(MAX_LOG_N);
    let opened = decryptor.decrypt(std::iter::once(&identity as _));
    let mut reader = opened.map_err(|error| match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => LockboxError::WrongPassphrase,
        age::DecryptError::ExcessiveWork { .. } => LockboxError::TooCostly,
        _ => LockboxError::Damaged,
    })?;
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    reader.read_to_end(&mut plain).map_err(|_| LockboxError::Damaged)?;
    Ok(plain.into())
}

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";

/// A text file: a note for people, then the age file as ASCII armour.
pub(crate) fn letter(note: &str, file: &[u8]) -> std::io::Result<String> {
    let mut armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    armor.write_all(file)?;
    let armor = armor.finish()?;
    Ok(format!("{}\n\n{}", note.trim_end(), String::from_utf8_lossy(&armor)))
}

/// The age file in such a text, whatever stands before and after it.
pub(crate) fn unletter(text: &str) -> Result<Vec<u8>, LockboxError> {
    let start = text.find(BEGIN).ok_or(LockboxError::Damaged)?;
    let end = text[start..].find(END).ok_or(LockboxError::Damaged)? + start + END.len();
    // Editors and mail change line ends and add blanks; the armour itself is strict about them.
    let lines: Vec<&str> = text[start..end].lines().map(str::trim).collect();
    let block = format!("{}\n", lines.join("\n"));
    let mut file = Vec::with_capacity(block.len());
    let mut reader = ArmoredReader::new(block.as_bytes());
    reader.read_to_end(&mut file).map_err(|_| LockboxError::Damaged)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_the_passphrase_in_any_spelling_only() {
        let file = close("contrase\u{f1}a larga", WorkFactor::FLOOR, b"seed").unwrap();
        assert_eq!(open("contrasen\u{303}a larga", &file).unwrap().expose(), b"seed");
        assert_eq!(open("contrasena larga", &file), Err(LockboxError::WrongPassphrase));
        assert_eq!(open("", &file), Err(LockboxError::WrongPassphrase));
    }

    #[test]
    fn damage_is_not_a_wrong_passphrase() {
        let file = close("p", WorkFactor::FLOOR, b"seed").unwrap();
        assert_eq!(open("p", b""), Err(LockboxError::Damaged));
        assert_eq!(open("p", &file[..file.len() - 1]), Err(LockboxError::Damaged));
        let mut changed = file.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(open("p", &changed), Err(LockboxError::Damaged));
    }

    #[test]
    fn a_planted_work_factor_is_not_followed() {
        let file = close("p", WorkFactor::FLOOR, b"seed").unwrap();
        let at = file.windows(4).position(|w| w == b" 15\n").unwrap();
        let mut planted = file.clone();
        planted[at + 1..at + 3].copy_from_slice(b"30");
        assert_eq!(open("p", &planted), Err(LockboxError::TooCostly));
    }

    #[test]
    fn work_has_a_floor_and_a_ceiling() {
        assert_eq!(WorkFactor::new(14), None);
        assert_eq!(WorkFactor::new(17), Some(WorkFactor::STANDARD));
        assert_eq!(WorkFactor::new(21), None);
    }

    #[test]
    fn a_letter_survives_mail_and_editors() {
        let file = close("p", WorkFactor::FLOOR, &[9; 200]).unwrap();
        let text = letter("Nota", &file).unwrap();
        assert!(text.starts_with("Nota\n\n-----BEGIN"));
        assert_eq!(unletter(&text).unwrap(), file);
        let mangled = format!("> fwd\r\n{}\r\n-- \r\n", text.replace('\n', " \r\n"));
        assert_eq!(unletter(&mangled).unwrap(), file);
        assert_eq!(unletter("Nota"), Err(LockboxError::Damaged));
    }
}
