//! The operator's passphrase: one spelling, and how strong it is.
//!
//! A passphrase is normalised to Unicode NFKC before it is measured or used, so that the same
//! keys typed on a Mac (decomposed accents) and on Linux (composed ones) open the same item.
//! Nothing is trimmed and nothing is cut off: bcrypt's silent end at 72 bytes must not come back,
//! and what is too long is refused instead. Composition rules ("one digit, one symbol") are
//! deliberately absent; the judgement is zxcvbn's.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::feedback::Warning as Zxcvbn;

use crate::secret::SecretText;

/// Fewest characters, after normalisation.
pub const MIN_CHARACTERS: usize = 12;
/// Most bytes, after normalisation: a bound against mistaken pastes, far above any passphrase.
pub const MAX_BYTES: usize = 1024;
/// Lowest zxcvbn score that is accepted: about 10^8 guesses or more, each costing a scrypt.
pub const MIN_SCORE: u8 = 3;

/// What is wrong with a passphrase; the screen owns the words for each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Under [`MIN_CHARACTERS`].
    TooShort,
    /// Over [`MAX_BYTES`].
    TooLong,
    /// Among the most used passwords, or close to one.
    CommonPassword,
    /// A single word.
    SingleWord,
    /// Names and surnames.
    Name,
    /// Neighbouring keys.
    KeyboardPattern,
    /// A repeated part.
    Repeat,
    /// A sequence such as abc or 6543.
    Sequence,
    /// A date or a recent year.
    Date,
    /// Guessable for a reason without a name of its own.
    Guessable,
}

/// The judgement over a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// zxcvbn's score, 0 (guessed at once) to 4.
    pub score: u8,
    /// Whether the passphrase may be used.
    pub accepted: bool,
    /// What to say about it; always present when it is not accepted.
    pub warning: Option<Warning>,
}

/// The one spelling (NFKC) of a passphrase under which things are encrypted.
pub fn normalise(passphrase: &str) -> SecretText {
    // Room for the longest NFKC expansion, so that no half-grown copy stays behind unwiped.
    let mut out = Zeroizing::new(String::with_capacity(passphrase.len() * 18));
    out.extend(passphrase.nfkc());
    out.into()
}

/// Judges a passphrase. `known` are words the attacker knows too: name, e-mail, product, host.
pub fn strength(passphrase: &str, known: &[&str]) -> Strength {
    if passphrase.len() > MAX_BYTES * 4 {
        return Strength { score: 0, accepted: false, warning: Some(Warning::TooLong) };
    }
    let text = normalise(passphrase);
    let text = text.expose();
    if text.len() > MAX_BYTES {
        return Strength { score: 0, accepted: false, warning: Some(Warning::TooLong) };
    }
    let mut known: Vec<&str> = known.to_vec();
    known.push("atalaya");
    let judged = zxcvbn::zxcvbn(text, &known);
    let score = u8::from(judged.score());
    if text.chars().count() < MIN_CHARACTERS {
        return Strength { score, accepted: false, warning: Some(Warning::TooShort) };
    }
    let accepted = score >= MIN_SCORE;
    let reason = judged.feedback().and_then(|feedback| feedback.warning()).map(code);
    let warning = reason.or((!accepted).then_some(Warning::Guessable));
    Strength { score, accepted, warning }
}

fn code(warning: Zxcvbn) -> Warning {
    match warning {
        Zxcvbn::StraightRowsOfKeysAreEasyToGuess | Zxcvbn::ShortKeyboardPatternsAreEasyToGuess => {
            Warning::KeyboardPattern
        }
        Zxcvbn::RepeatsLikeAaaAreEasyToGuess
        | Zxcvbn::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Warning::Repeat,
        Zxcvbn::ThisIsATop10Password
        | Zxcvbn::ThisIsATop100Password
        | Zxcvbn::ThisIsACommonPassword
        | Zxcvbn::ThisIsSimilarToACommonlyUsedPassword => Warning::CommonPassword,
        Zxcvbn::SequencesLikeAbcAreEasyToGuess => Warning::Sequence,
        Zxcvbn::RecentYearsAreEasyToGuess | Zxcvbn::DatesAreOftenEasyToGuess => Warning::Date,
        Zxcvbn::AWordByItselfIsEasyToGuess => Warning::SingleWord,
        Zxcvbn::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Zxcvbn::CommonNamesAndSurnamesAreEasyToGuess => Warning::Name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_accents_are_one_passphrase() {
        assert_eq!(normalise("contrase\u{f1}a"), normalise("contrasen\u{303}a"));
        assert_eq!(normalise("\u{fb01}n"), normalise("fin"));
        assert_ne!(normalise(" a"), normalise("a"), "nothing is trimmed");
    }

    #[test]
    fn short_common_and_patterned_ones_are_refused() {
        let cases = [
            ("Xk9#qL2vPz!", Some(Warning::TooShort)),
            ("aaaaaaaaaaaaaaaa", Some(Warning::Repeat)),
            ("password12345", None),
            ("qwertyuiopasdf", None),
            ("abcdefghijklmnop", None),
        ];
        for (text, warning) in cases {
            let strength = strength(text, &[]);
            assert!(!strength.accepted, "{text}: {strength:?}");
            assert!(strength.warning.is_some());
            if warning.is_some() {
                assert_eq!(strength.warning, warning, "{text}");
            }
        }
    }

    #[test]
    fn a_few_unrelated_words_are_accepted() {
        for text in ["tejado violeta camina despacio", "correct-horse-battery-staple-93"] {
            let strength = strength(text, &[]);
            assert!(strength.accepted, "{strength:?}");
        }
    }

    #[test]
    fn what_everybody_knows_adds_nothing() {
        let known = ["marcela.quintanilla@empresa1.example.com"];
        let with = strength("marcela.quintanilla@empresa1.example.com", &known);
        assert!(!with.accepted, "{with:?}");
    }

    #[test]
    fn every_character_counts_and_too_much_is_refused() {
        let long = "tejado violeta camina despacio ".repeat(4);
        assert_ne!(normalise(&format!("{long}a")), normalise(&format!("{long}b")));
        let huge = strength(&"x".repeat(2000), &[]);
        assert_eq!((huge.accepted, huge.warning), (false, Some(Warning::TooLong)));
    }
}
