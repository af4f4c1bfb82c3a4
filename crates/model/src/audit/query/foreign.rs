//! What other languages of queries write, and what this one writes in its place: taken as text it would be found nowhere. Text that
//! merely looks like it stands in quotes.

use super::field::{self, Field};
use super::lexer::{Span, Term, Value};
use super::parse::{self, ErrorKind, QueryProblem, Wrong};
use super::{AuditQuery, print};
use crate::audit::Severity;

/// `AND`, `OR`, `NOT`; in lower case, where they could be words of a text, beside a field or between brackets.
pub(super) fn is_operator(terms: &[Term], at: usize, structured: bool) -> bool {
    const WRITTEN: [&str; 6] = ["AND", "OR", "NOT", "Y", "O", "NO"];
    const BETWEEN: [&str; 5] = ["AND", "OR", "Y", "O", "E"];
    const SIGNS: [&str; 4] = ["&&", "||", "!", "+"];
    let Some(text) = terms.get(at).and_then(bare).map(|value| value.text.as_str()) else {
        return false;
    };
    let upper = text.to_uppercase();
    let inner = upper.trim_start_matches(OPENING);
    let spoken = structured && (WRITTEN.contains(&inner) || text == "e");
    let opens = |term| bare(term).is_some_and(|v| v.text.starts_with('('));
    let closes = |term| bare(term).is_some_and(|v| v.text.ends_with(')'));
    let bracketed = || {
        let (before, behind) = (&terms[..at], &terms[at + 1..]);
        before.iter().any(opens) && behind.iter().any(closes)
    };
    let grouped = BETWEEN.contains(&upper.as_str()) && bracketed();
    WRITTEN.contains(&text) || SIGNS.contains(&text) || spoken || grouped
}

/// The text of a term without field and quotes.
fn bare(term: &Term) -> Option<&Value> {
    term.values.first().filter(|value| term.field.is_none() && !value.quoted)
}

const OPENING: [char; 3] = ['(', '[', '{'];
const CLOSING: [char; 3] = [')', ']', '}'];
/// What stands between a field and its value elsewhere; the wide ones come from keyboards for Chinese and Japanese.
const SIGNS: [char; 11] = [':', '=', '!', '<', '>', '~', '≠', '≤', '≥', '：', '＝'];

/// `!type:x`, `+type:x`, `type=x`, `tenant_id=3`, `type!=x`, `[type:x]` and `NOT(type:x)`, with what this language writes instead;
/// `type~x`, for which it has nothing.
pub(super) fn misspelt(value: &Value, excluded: bool) -> Option<Wrong> {
    if value.quoted {
        return None;
    }
    let Opened { refused, rest, brackets } = Opened::of(&value.text);
    let (name, behind) = rest.split_at(rest.find(SIGNS)?);
    let given = closed(behind.trim_start_matches(SIGNS), brackets);
    let sign = &behind[..behind.len() - behind.trim_start_matches(SIGNS).len()];
    if given.is_empty() {
        return None;
    }
    let name = field::meant(name)?;
    let suggestion = Comparison { name, sign, given }.instead(refused, excluded);
    Some(Wrong { kind: ErrorKind::NoOperator, suggestion })
}

/// The most words of a list that are looked at.
const LISTED: usize = 200;

/// The same over several words: `type = x`, `type= x`, `type in (a, b)`.
pub(super) fn spread(text: &str, terms: &[Term]) -> Option<QueryProblem> {
    let (term, rest) = terms.split_first()?;
    let head = bare(term)?;
    let Opened { refused, rest: written, brackets } = Opened::of(&head.text);
    let (name, sign) = written.split_at(written.find(SIGNS).unwrap_or(written.len()));
    let name = field::meant(name)?;
    if !sign.trim_start_matches(SIGNS).is_empty() {
        return None;
    }
    let problem = |last: &Value, suggestion: Option<String>| {
        let span = Span { from: head.span.from, to: last.span.to };
        let problem = QueryProblem::new(text, span, ErrorKind::NoOperator);
        match suggestion {
            Some(suggestion) => problem.suggesting(suggestion),
            None => problem,
        }
    };
    let value = |at: usize| {
        let term = rest.get(at).filter(|t| t.field.is_none() && !t.excluded)?;
        term.values.first()
    };
    let (sign, behind) = match value(0).filter(|v| !v.quoted) {
        Some(first) if sign.is_empty() && first.text.starts_with(SIGNS) => {
            let behind = first.text.trim_start_matches(SIGNS);
            (&first.text[..first.text.len() - behind.len()], behind)
        }
        _ => (sign, ""),
    };
    if sign.is_empty() {
        let (refused, values, last) = listed(text, rest, refused)?;
        let given = values.filter(|_| brackets == 0);
        let suggestion = given.and_then(|given| {
            Comparison { name, sign: ":", given: &given }.instead(refused, term.excluded)
        });
        return Some(problem(last, suggestion));
    }
    // The sign may stand alone, or lead its value, or end the name.
    let alone = written.find(SIGNS).is_none() && behind.is_empty();
    let last = value(usize::from(alone))?;
    let given = match behind {
        "" if last.quoted => print::word(&last.text),
        "" => closed(&last.text, brackets).to_owned(),
        behind => closed(behind, brackets).to_owned(),
    };
    Some(problem(last, Comparison { name, sign, given: &given }.instead(refused, term.excluded)))
}

/// `in (a, b)` and `not in (a, b)` at the beginning of these: whether it is refused, the values with commas between them where that
/// is clear, and where it ends.
fn listed<'t>(
    text: &str,
    terms: &'t [Term],
    refused: bool,
) -> Option<(bool, Option<String>, &'t Value)> {
    let is = |term: Option<&Term>, words: [&str; 2]| {
        let value = term.and_then(bare);
        value.is_some_and(|v| words.contains(&v.text.to_lowercase().as_str()))
    };
    let (refused, terms) = match terms {
        [no, rest @ ..] if is(Some(no), ["not", "no"]) => (!refused, rest),
        terms => (refused, terms),
    };
    let word = terms.first().and_then(bare)?;
    // `IN (a,b)` is two words at least, `IN(a,b)` may be one.
    let (from, list) = match terms {
        [word, list @ ..] if is(Some(word), ["in", "en"]) => {
            let first = list.first().and_then(bare)?;
            (first.text.starts_with(OPENING).then_some(first.span.from)?, list)
        }
        list if word.text.get(..2).is_some_and(|w| matches!(w, "in" | "IN" | "en" | "EN")) => {
            (word.text[2..].starts_with(OPENING).then_some(word.span.from + 2)?, list)
        }
        _ => return None,
    };
    let last = list.iter().take(LISTED).map_while(bare).find(|v| v.text.ends_with(CLOSING))?;
    let inner = text.get(from..last.span.to)?;
    let inner = inner.trim_start_matches(OPENING).trim_end_matches(CLOSING);
    let values = inner.split(|c: char| c == ',' || c.is_whitespace()).filter(|v| !v.is_empty());
    let values: Vec<&str> = values.map(unquoted).collect();
    let clear = !inner.contains('"') && !values.is_empty();
    Some((refused, clear.then(|| values.join(",")), last))
}

/// What stands behind signs that exclude or demand, `NOT` and opening brackets.
struct Opened<'t> {
    refused: bool,
    rest: &'t str,
    brackets: usize,
}

impl<'t> Opened<'t> {
    fn of(text: &'t str) -> Self {
        const NOT: [&str; 6] = ["NOT(", "Not(", "not(", "NO(", "No(", "no("];
        let mut opened = Self { refused: false, rest: text, brackets: 0 };
        loop {
            let rest = opened.rest;
            opened.rest = if let Some(rest) = rest.strip_prefix(['!', '-', '–', '−']) {
                opened.refused = !opened.refused;
                rest
            } else if let Some(rest) = NOT.iter().find_map(|not| rest.strip_prefix(not)) {
                opened.refused = !opened.refused;
                opened.brackets += 1;
                rest
            } else if let Some(rest) = rest.strip_prefix(OPENING) {
                opened.brackets += 1;
                rest
            } else if let Some(rest) = rest.strip_prefix('+') {
                rest
            } else {
                return opened;
            };
        }
    }
}

/// A value without the brackets that close those before the name.
fn closed(text: &str, brackets: usize) -> &str {
    (0..brackets).fold(text, |text, _| text.strip_suffix(CLOSING).unwrap_or(text))
}

/// A value without the quotation marks of SQL.
fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).unwrap_or(text)
}

/// A field of this language, a sign of another one, and a value.
struct Comparison<'t> {
    name: &'t str,
    sign: &'t str,
    given: &'t str,
}

impl Comparison<'_> {
    /// What this language writes for it, where it can be read; behind the `-` of a term that is `excluded`.
    fn instead(&self, refused: bool, excluded: bool) -> Option<String> {
        let given = unquoted(self.given);
        let (differs, term) = match self.sign {
            "<" | ">" | "<=" | ">=" | "=<" | "=>" | "≤" | "≥" => (false, self.ordered(given)?),
            "<>" | "≠" => (true, format!("{}:{given}", self.name)),
            sign if sign.contains(['<', '>', '~', '≤', '≥']) => return None,
            sign => (sign.contains(['!', '≠']), format!("{}:{given}", self.name)),
        };
        // What is excluded already would be excluded twice.
        let suggestion = match refused != differs {
            false => term,
            true if excluded => return None,
            true => format!("-{term}"),
        };
        let whole = format!("{}{suggestion}", if excluded { "-" } else { "" });
        // A comma and a blank would separate several suggestions.
        (!whole.contains(", ") && AuditQuery::parse(&whole).is_ok()).then_some(suggestion)
    }

    /// Severities and times have an order.
    fn ordered(&self, given: &str) -> Option<String> {
        let up = self.sign.contains(['>', '≥']);
        let too = self.sign.contains(['=', '≤', '≥']);
        match Field::named(self.name)? {
            Field::Severity => {
                const ORDER: [Severity; 3] =
                    [Severity::Info, Severity::Warning, Severity::Critical];
                let bound = parse::severity(given)?;
                let at = ORDER.iter().position(|each| *each == bound)?;
                let fits = |n: usize| n == at && too || if up { n > at } else { n < at };
                let fitting = ORDER.iter().enumerate().filter(|(n, _)| fits(*n));
                let names: Vec<_> = fitting.map(|(_, each)| each.as_str()).collect();
                Some(format!("{}:{}", self.name, names.join(",")))
            }
            Field::When if up => Some(format!("after:{given}")),
            Field::When => Some(format!("before:{given}")),
            Field::After if up => Some(format!("{}:{given}", self.name)),
            Field::Before if !up => Some(format!("{}:{given}", self.name)),
            _ => None,
        }
    }
}
