//! The recovery kit: one 32-byte seed as 24 words, as a QR code, or as a file under a passphrase.
//!
//! The words are BIP-39 (English list, 8 bits of checksum). BIP-39's own seed derivation is not
//! used: the keys come from the 32 bytes by HKDF-SHA256 with salt `atalaya recovery kit v1` and
//! info `age x25519 identity` or `ed25519 signing key`. A changed derivation takes a new salt.
//!
//! The seed exists while the kit is shown, and is never kept by Atalaya. The words are the same in
//! every language of the console: a second word list would only be one more thing to get wrong at
//! a bad moment.

use std::fmt;

use bip39::{Language, Mnemonic};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::entropy::{Entropy, NoEntropy};
use crate::lockbox::{self, LockboxError, WorkFactor};
use crate::mac::hkdf_sha256;
use crate::secret::SecretText;
use crate::signed::SigningKey;
use crate::wrap::Identity;

/// How many words a kit has.
pub const WORDS: usize = 24;
/// How many of them are asked back.
pub const ASKED: usize = 3;

const SALT: &[u8] = b"atalaya recovery kit v1";

const NOTE: &str = "\
ATALAYA: KIT DE RECUPERACIÓN / RECOVERY KIT

Este archivo guarda las 24 palabras del kit de recuperación, cifradas con la frase de
contraseña que usted eligió al guardarlo. Sin esa frase nadie puede abrirlo, tampoco Atalaya.
Para usarlo: en Atalaya, elija «Recuperar con el kit» y abra este archivo. También lo abre
el programa libre age (age -d), con el bloque que sigue.

This file holds the 24 words of the recovery kit, encrypted with the passphrase you chose
when you saved it. Nobody can open it without that passphrase, Atalaya included.
To use it: in Atalaya choose \"Restore with the kit\" and open this file. The free program
age (age -d) opens the block below as well.";

/// Why words or a file are no kit. Positions count from 1; no word is ever repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KitError {
    /// Not 24 words.
    #[error("a recovery kit has {WORDS} words, not {0}")]
    WordCount(usize),
    /// The words at these positions are not in the list.
    #[error("the words at these positions are not in the list: {0:?}")]
    UnknownWords(Vec<usize>),
    /// Every word is in the list, but they do not belong together: one is wrong or out of place.
    #[error("the words do not belong together: one is wrong or two are exchanged")]
    Checksum,
    /// The saved file does not open.
    #[error(transparent)]
    File(#[from] LockboxError),
}

/// The seed of a recovery kit.
#[derive(Clone)]
pub struct Kit(Zeroizing<[u8; 32]>);

impl Kit {
    /// A new kit.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives no random bytes.
    pub fn draw(entropy: &mut Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(entropy.bytes()?))
    }

    /// The kit over a seed.
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*seed))
    }

    #[expect(clippy::expect_used, reason = "BIP-39 takes every 32 bytes")]
    fn mnemonic(&self) -> Mnemonic {
        Mnemonic::from_entropy(&self.0[..]).expect("32 bytes give 24 words")
    }

    /// The 24 words, separated by single blanks.
    pub fn words(&self) -> SecretText {
        let mut out = Zeroizing::new(String::with_capacity(WORDS * 9));
        for (index, word) in self.mnemonic().words().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
        out.into()
    }

    /// Reads words as people type and paste them: any case, any white space, commas, and the
    /// numbers of a printed list ("1. abandon").
    ///
    /// # Errors
    /// See [`KitError`].
    pub fn parse(text: &str) -> Result<Self, KitError> {
        let mut indices = Zeroizing::new(Vec::with_capacity(WORDS));
        let (mut count, mut unknown) = (0, Vec::new());
        for token in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
            let token = token.trim_start_matches(|c: char| c.is_ascii_digit() || ".):".contains(c));
            if token.is_empty() {
                continue;
            }
            count += 1;
            let word = Zeroizing::new(token.to_lowercase());
            match Language::English.find_word(&word) {
                Some(index) => indices.push(index),
                None => unknown.push(count),
            }
        }
        if count != WORDS {
            return Err(KitError::WordCount(count));
        }
        if !unknown.is_empty() {
            return Err(KitError::UnknownWords(unknown));
        }
        let list = Language::English.word_list();
        let mut spelled = Zeroizing::new(String::with_capacity(WORDS * 9));
        for index in indices.iter() {
            spelled.push_str(list[usize::from(*index)]);
            spelled.push(' ');
        }
        let mnemonic = Mnemonic::parse_in_normalized(Language::English, spelled.trim_end())
            .map_err(|_| KitError::Checksum)?;
        let entropy = Zeroizing::new(mnemonic.to_entropy_array().0);
        let mut seed = Zeroizing::new([0; 32]);
        seed.copy_from_slice(&entropy[..32]);
        Ok(Self(seed))
    }

    /// The words as a QR code, an SVG document. Capitals, because QR codes keep those in fewer
    /// dots; [`Kit::parse`] does not mind.
    #[expect(clippy::expect_used, reason = "24 words are far below a QR code's capacity")]
    pub fn qr_svg(&self) -> SecretText {
        let words = Zeroizing::new(self.words().expose().to_ascii_uppercase());
        let code = QrCode::with_error_correction_level(words.as_bytes(), EcLevel::M)
            .expect("24 words fit into a QR code");
        code.render::<svg::Color<'_>>().min_dimensions(256, 256).build().into()
    }

    /// Opens what is encrypted to the kit.
    pub fn identity(&self) -> Identity {
        Identity::from_bytes(&hkdf_sha256(SALT, &self.0[..], b"age x25519 identity"))
    }

    /// Signs in the kit's name.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&hkdf_sha256(SALT, &self.0[..], b"ed25519 signing key"))
    }

    /// The kit as a text file under a passphrase, with a note in Spanish and English.
    ///
    /// # Errors
    /// [`KitError::File`].
    pub fn save(&self, passphrase: &str, work: WorkFactor) -> Result<String, KitError> {
        let file = lockbox::close(passphrase, work, self.words().expose().as_bytes())?;
        lockbox::letter(NOTE, &file).map_err(|_| KitError::File(LockboxError::Damaged))
    }

    /// Opens a saved kit.
    ///
    /// # Errors
    /// See [`KitError`].
    pub fn load(passphrase: &str, file: &str) -> Result<Self, KitError> {
        let opened = lockbox::open(passphrase, &lockbox::unletter(file)?)?;
        Self::parse(opened.into_text().ok_or(LockboxError::Damaged)?.expose())
    }
}

impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kit(***)")
    }
}

/// Three words that the wizard asks back, so that a kit which nobody wrote down is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    positions: [u8; ASKED],
}

impl Challenge {
    /// Draws three different positions.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives no random bytes.
    pub fn draw(entropy: &mut Entropy) -> Result<Self, NoEntropy> {
        let mut positions: Vec<u8> = Vec::with_capacity(ASKED);
        while positions.len() < ASKED {
            let position = 1 + entropy.below(WORDS as u16)?;
            if !positions.contains(&position) {
                positions.push(position);
            }
        }
        positions.sort_unstable();
        Ok(Self { positions: [positions[0], positions[1], positions[2]] })
    }

    /// The positions asked for, from 1 to 24, ascending.
    pub fn positions(&self) -> [u8; ASKED] {
        self.positions
    }

    /// Whether the answers are the kit's words there; takes as long for every answer.
    pub fn passed(&self, kit: &Kit, answers: [&str; ASKED]) -> bool {
        let mnemonic = kit.mnemonic();
        let mut right = Choice::from(1);
        for (position, answer) in self.positions.into_iter().zip(answers) {
            let word = mnemonic.words().nth(usize::from(position) - 1).unwrap_or_default();
            right &= padded(word)[..].ct_eq(&padded(answer)[..]);
        }
        right.into()
    }
}

/// A word without case and blanks, in a fixed length (the longest of the list has 8 letters).
fn padded(word: &str) -> Zeroizing<[u8; 16]> {
    let word = Zeroizing::new(word.trim().to_lowercase());
    let mut out = Zeroizing::new([0xff; 16]);
    if word.len() <= 15 {
        out[..word.len()].copy_from_slice(word.as_bytes());
        out[15] = word.len() as u8;
    }
    out
}

#[cfg(test)]
#[path = "kit_tests.rs"]
mod tests;
