//! Reading a `.env` file, as an import of what a CRM already uses.
//!
//! The dialect is the common part of python-dotenv and docker compose: `KEY=VALUE`, an optional
//! `export`, comments, single quotes (literal), double quotes (`\n \r \t \" \\ \$`), values over
//! several lines inside quotes, CRLF and a byte order mark. References such as `${OTHER}` are not
//! resolved: guessing what another program would have put there makes a wrong secret look right,
//! so the entry says that it has one. A key that stands there twice is an error, because programs
//! disagree about which one counts.
//!
//! Errors carry line numbers and key names, never a value.

use std::collections::HashMap;

use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::SecretText;

/// Largest file, in bytes.
pub const MAX_FILE: usize = 1024 * 1024;

/// One entry, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name before `=`.
    pub key: String,
    /// The value, without its quotes.
    pub value: SecretText,
    /// Where the key stands, from 1.
    pub line: usize,
    /// Whether the value has a `${...}` that another program would replace.
    pub has_reference: bool,
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvFileError {
    /// Over [`MAX_FILE`].
    #[error("the file is larger than 1 MiB")]
    TooLarge,
    /// Bytes that are no UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// From 1.
        line: usize,
    },
    /// A NUL character.
    #[error("line {line} has a NUL character")]
    Nul {
        /// From 1.
        line: usize,
    },
    /// No `=`.
    #[error("line {line} has no \"=\"")]
    NoEquals {
        /// From 1.
        line: usize,
    },
    /// The name is not letters, digits and `_`, or begins with a digit.
    #[error("line {line} has a name that is none")]
    BadKey {
        /// From 1.
        line: usize,
    },
    /// A quote that does not end.
    #[error("the quote that begins on line {line} does not end")]
    OpenQuote {
        /// From 1.
        line: usize,
    },
    /// Something other than a comment after the closing quote.
    #[error("line {line} goes on after the closing quote")]
    AfterQuote {
        /// From 1.
        line: usize,
    },
    /// The same key again.
    #[error("{key} stands on line {first} and again on line {line}")]
    Twice {
        /// The key.
        key: String,
        /// Its first line.
        first: usize,
        /// Its second line.
        line: usize,
    },
}

/// Reads a file's bytes.
///
/// # Errors
/// The first fault, see [`EnvFileError`].
pub fn parse(bytes: &[u8]) -> Result<Vec<Entry>, EnvFileError> {
    if bytes.len() > MAX_FILE {
        return Err(EnvFileError::TooLarge);
    }
    let line_of = |at: usize| 1 + bytes[..at].iter().filter(|b| **b == b'\n').count();
    let text = std::str::from_utf8(bytes)
        .map_err(|error| EnvFileError::NotUtf8 { line: line_of(error.valid_up_to()) })?;
    if let Some(at) = text.find('\0') {
        return Err(EnvFileError::Nul { line: line_of(at) });
    }
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut line, mut entries, mut seen) = (1, Vec::new(), HashMap::new());
    while !rest.is_empty() {
        let (head, tail) = rest.split_once('\n').unwrap_or((rest, ""));
        let trimmed = head.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            rest = tail;
            line += 1;
            continue;
        }
        let equals = head.find('=').ok_or(EnvFileError::NoEquals { line })?;
        let key = key(&head[..equals]).ok_or(EnvFileError::BadKey { line })?;
        let (value, has_reference, left) = value(&rest[equals + 1..], line)?;
        if let Some(first) = seen.insert(key.to_owned(), line) {
            return Err(EnvFileError::Twice { key: key.to_owned(), first, line });
        }
        entries.push(Entry { key: key.to_owned(), value, line, has_reference });
        let used = rest.len() - left.len();
        line += rest[..used].matches('\n').count();
        rest = left;
    }
    Ok(entries)
}

fn key(text: &str) -> Option<&str> {
    let text = text.trim();
    let key = match text.split_once(char::is_whitespace) {
        Some(("export", key)) => key.trim_start(),
        Some(_) => return None,
        None => text,
    };
    let first = key.chars().next()?;
    let valid =
        !first.is_ascii_digit() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then_some(key)
}

/// The value at the start of `text`, whether it has a reference, and what follows its last line.
fn value(text: &str, line: usize) -> Result<(SecretText, bool, &str), EnvFileError> {
    let start = text.trim_start_matches([' ', '\t']);
    let quote = match start.chars().next() {
        Some(quote @ ('"' | '\'')) => quote,
        _ => {
            let (head, tail) = text.split_once('\n').unwrap_or((text, ""));
            let value = bare(head);
            return Ok((value.into(), has_reference(value), tail));
        }
    };
    let mut out = Zeroizing::new(String::with_capacity(start.len()));
    let mut reference = false;
    let mut chars = start.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            let after = &start[at + 1..];
            let (head, tail) = after.split_once('\n').unwrap_or((after, ""));
            let head = head.trim();
            if !head.is_empty() && !head.starts_with('#') {
                let line = line + start[..at].matches('\n').count();
                return Err(EnvFileError::AfterQuote { line });
            }
            return Ok((out.into(), reference, tail));
        }
        match (quote, c) {
            ('"', '\\') => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, 't')) => out.push('\t'),
                Some((_, same @ ('"' | '\\' | '$'))) => out.push(same),
                // Unknown escapes stay as they are, as in python-dotenv.
                Some((_, other)) => out.extend(['\\', other]),
                None => break,
            },
            // A file from Windows: the line break inside quotes is one character for the program.
            (_, '\r') if start[at..].starts_with("\r\n") => {}
            _ => {
                reference |= quote == '"' && start[at..].starts_with("${");
                out.push(c);
            }
        }
    }
    Err(EnvFileError::OpenQuote { line })
}

/// An unquoted value: without surrounding blanks and without a comment after a blank.
fn bare(head: &str) -> &str {
    let comment = head
        .char_indices()
        .find(|(at, c)| *c == '#' && head[..*at].ends_with([' ', '\t']))
        .map_or(head.len(), |(at, _)| at);
    head[..comment].trim()
}

fn has_reference(value: &str) -> bool {
    value.contains("${")
}

#[cfg(test)]
#[path = "env_file_tests.rs"]
mod tests;
