//! From text to terms with places: no meaning yet.

use super::field;
use super::parse::{ErrorKind, QueryProblem};

/// What excludes: the hyphen, and what texts and telephones make of it.
const SIGNS: [char; 3] = ['-', '–', '−'];
/// Quotation marks: how they open and how they close.
const MARKS: [(char, char); 3] = [('"', '"'), ('“', '”'), ('«', '»')];

/// Whether a value that begins so is read up to the mark that closes it.
pub(super) fn opens_quotation(c: char) -> bool {
    MARKS.iter().any(|(opening, _)| *opening == c)
}

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Span {
    /// The same in UTF-16 units, as JavaScript counts.
    pub(super) fn units(self, text: &str) -> (usize, usize) {
        let units = |bytes: usize| text.get(..bytes).map_or(0, |t| t.encode_utf16().count());
        (units(self.from), units(self.to))
    }
}

/// A value with its quotes and escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) span: Span,
    /// Whether it stood in quotation marks.
    pub(super) quoted: bool,
}

/// `[-][field:]value{,value}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) span: Span,
    pub(super) excluded: bool,
    pub(super) field: Option<Value>,
    pub(super) values: Vec<Value>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Splits a text into terms.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, QueryProblem> {
    let mut reader = Reader { text, at: 0 };
    let mut out = Vec::new();
    loop {
        reader.skip(char::is_whitespace);
        if reader.peek().is_none() {
            return Ok(out);
        }
        out.push(reader.term()?);
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.take_any(&[wanted]).is_some()
    }

    fn take_any(&mut self, wanted: &[char]) -> Option<char> {
        let found = self.peek().filter(|c| wanted.contains(c));
        self.at += found.map_or(0, char::len_utf8);
        found
    }

    fn skip(&mut self, of: impl Fn(char) -> bool) -> &str {
        let from = self.at;
        let rest = &self.text[from..];
        self.at += rest.find(|c| !of(c)).unwrap_or(rest.len());
        &self.text[from..self.at]
    }

    fn term(&mut self) -> Result<Term, QueryProblem> {
        let from = self.at;
        let excluded = self.take_any(&SIGNS).is_some();
        let field = self.field();
        // A comma separates the values of a field; in free text it is a character like others.
        let listed = field.is_some();
        let mut values = vec![self.value(from, listed)?];
        while listed && self.take(',') {
            values.push(self.value(from, listed)?);
        }
        if let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
            let span = Span { from: self.at, to: self.at + c.len_utf8() };
            return Err(QueryProblem::new(self.text, span, ErrorKind::SpaceMissing));
        }
        let span = Span { from, to: self.at };
        Ok(Term { span, excluded, field, values })
    }

    /// The letters before a colon, if that is what stands here. Those before `://` that name no field are the scheme of an address.
    fn field(&mut self) -> Option<Value> {
        let from = self.at;
        let name = self.skip(|c| c.is_alphabetic() || c == '_').to_owned();
        let span = Span { from, to: self.at };
        let scheme = self.text[self.at..].starts_with("://") && field::meant(&name).is_none();
        if !name.is_empty() && !scheme && self.take(':') {
            return Some(Value { text: name, span, quoted: false });
        }
        self.at = from;
        None
    }

    fn value(&mut self, term: usize, listed: bool) -> Result<Value, QueryProblem> {
        let from = self.at;
        let opened = self.take_any(&MARKS.map(|(opening, _)| opening));
        let closing = opened.and_then(|c| MARKS.iter().find(|m| m.0 == c)).map(|m| m.1);
        let text = match closing {
            Some(closing) => self.quoted(from, closing)?,
            None => {
                self.skip(|c| !c.is_whitespace() && c != '"' && !(listed && c == ',')).to_owned()
            }
        };
        let span = Span { from, to: self.at };
        if text.is_empty() {
            let span = Span { from: term, to: self.at };
            return Err(QueryProblem::new(self.text, span, ErrorKind::ValueMissing));
        }
        Ok(Value { text, span, quoted: closing.is_some() })
    }

    fn quoted(&mut self, from: usize, closing: char) -> Result<String, QueryProblem> {
        let mut out = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                c if c == closing => return Ok(out),
                '\\' if self.take(closing) => out.push(closing),
                '\\' if self.take('\\') => out.push('\\'),
                _ => out.push(c),
            }
        }
        let span = Span { from, to: self.text.len() };
        Err(QueryProblem::new(self.text, span, ErrorKind::QuoteOpen))
    }
}
