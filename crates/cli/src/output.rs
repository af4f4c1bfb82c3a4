//! Standard output and standard error: answers and everything else.

use crate::failure::{Failure, Result};
use crate::language::Language;
use crate::{exit, words};
use atalaya_model::{Code, Error};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::Path;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Where a command's answer goes, and how.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Whether answers and errors are JSON.
    pub json: bool,
    /// Language of text.
    pub language: Language,
}

impl Output {
    /// As asked for.
    pub const fn new(json: bool, language: Language) -> Self {
        Self { json, language }
    }

    /// A text in the language asked for.
    pub const fn say<'t>(&self, english: &'t str, spanish: &'t str) -> &'t str {
        self.language.of(english, spanish)
    }

    /// The answer: a JSON document on one line, or the text.
    pub fn answer(&self, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        let mut line = if self.json { to_json(json)? } else { text() };
        if !line.ends_with('\n') {
            line.push('\n');
        }
        let mut out = std::io::stdout().lock();
        out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(|e| {
            if e.kind() == std::io::ErrorKind::BrokenPipe {
                return Failure::reader_left();
            }
            Error::new(Code::FileUnwritable, "Nobody reads the answer.")
                .with("path", "-")
                .because(e)
                .into()
        })
    }

    /// Something beside the answer; silent with JSON.
    pub fn note(&self, text: &str) {
        if !self.json {
            complain(text);
        }
    }

    /// A line that the next one replaces; only on a terminal.
    pub fn progress(&self, text: &str) {
        if !self.json && std::io::stderr().is_terminal() {
            let mut err = std::io::stderr().lock();
            // A lost progress line is no failure of the command.
            let _ = write!(err, "\r\x1b[K{text}").and_then(|()| err.flush());
        }
    }

    /// Ends the line of [`Output::progress`].
    pub fn progress_done(&self) {
        self.progress("");
    }

    /// An error, on standard error.
    pub fn failure(&self, failure: &Failure) {
        let error = &failure.error;
        let words = words::of(error.code, self.language);
        // What names no action was refused by the database before any could be asked for, and left no event.
        let unasked = error.code == Code::AccessDenied && !error.detail.contains_key("action");
        let (what, hint) = if unasked {
            self.language.both(
                (
                    "The database lets this login do nothing here: it is no operator's, or was shut.",
                    "Give the connection string of an operator's login, or a connection of the keychain.",
                ),
                (
                    "La base de datos no deja hacer nada aquí a este usuario: no es de un operador, o fue cerrado.",
                    "Indique la cadena de conexión de un operador, o una conexión del llavero.",
                ),
            )
        } else {
            (words.what, words.hint)
        };
        let what = failure.own_text(self.language).unwrap_or(what);
        if self.json {
            let shape = serde_json::json!({ "error": {
                "code": error.code,
                "exit": exit::of(error.code),
                "message": what,
                "hint": hint,
                "detail": error.detail,
                "request_id": error.request_id,
            }});
            complain(&shape.to_string());
            return;
        }
        self.progress_done();
        complain(&format!("atalayactl: {what}"));
        if let Some(place) = &failure.place {
            complain(place);
        }
        if failure.text.is_none() {
            // Safe facts only; the product's own sentence helps where a value was wrong.
            if error.code == Code::ValidationFailed && self.language == Language::En {
                complain(&format!("  {}", plain(&error.message)));
            }
            complain(&format!("  {hint}"));
        }
        // A text of its own has said the reason, and the place in a query; the same in codes and numbers is for programs.
        let own = failure.text.is_some();
        let of_query = own && error.detail.get("field").is_some_and(|f| f == "query");
        let told = |key: &str| of_query || own && key == "reason";
        for (key, value) in error.detail.iter().filter(|(key, _)| !told(key)) {
            complain(&format!("  {key}: {}", plain(value)));
        }
        if let Some(id) = error.request_id {
            complain(&format!("  {}: {id}", self.say("request", "solicitud")));
        }
    }
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| {
        Error::new(Code::Internal, "The answer cannot be written as JSON.").because(e).into()
    })
}

fn complain(text: &str) {
    // Without standard error there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A path for JSON and text.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Text of others without what a terminal would obey, turn around or hide: control characters, marks of direction and the usual
/// blanks without width. The same ones as on the screens (`ui/src/look/visible.ts`).
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hides = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}');
        if c.is_control() || hides {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// How many columns the terminal has that the answer goes to; `None` where it goes to none.
#[cfg(unix)]
pub fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// Elsewhere nobody asks.
#[cfg(not(unix))]
pub const fn columns() -> Option<usize> {
    None
}

/// The widest cell of a list: a value that is longer than any honest one takes no more room than this from all the others.
pub const CELL: usize = 60;

/// A text that takes no more columns of a terminal than this; what is cut off is a `…`.
pub fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |c: &char| {
        let width = c.width().unwrap_or_default();
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    let mut out: String = text.chars().take_while(fits).collect();
    out.push('…');
    out
}

/// Lines of equal columns, two blanks apart; the last column is not padded. Columns are a terminal's: an ideograph takes two, a
/// combining mark none (UAX 11).
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |n: usize| {
        rows.iter().filter_map(|r| r.get(n)).map(|c| c.width()).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_moved_by_text() {
        assert_eq!(plain("a\u{200b}b\u{feff}\u{61c}"), "a\\u{200b}b\\u{feff}\\u{61c}");
        assert_eq!(plain("Zoë\u{1b}[2J\r\n\u{202e}x"), "Zoë\\u{1b}[2J\\u{d}\\u{a}\\u{202e}x");
    }

    #[test]
    fn what_is_cut_fits() {
        assert_eq!((cut("abc", 3), cut("abcd", 3)), ("abc".into(), "ab…".into()));
        assert_eq!((cut("山田山", 6), cut("山田山", 5)), ("山田山".into(), "山田…".into()));
        assert_eq!((cut("山田山", 4), cut("ab", 1)), ("山…".into(), "…".into()));
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".into(), "b".into()], vec!["ñandú".into(), String::new()]];
        assert_eq!(table(&rows), "a      b\nñandú\n");
        let rows = ["abcdef", "山田", "Ana", "Jose\u{301}"].map(|c| vec![c.into(), "|".into()]);
        assert_eq!(table(&rows), "abcdef  |\n山田    |\nAna     |\nJose\u{301}    |\n");
    }
}
