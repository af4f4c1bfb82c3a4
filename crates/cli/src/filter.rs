//! From options to the query that the operations take.

use crate::args::{Filter, Format, OutcomeName, SeverityName};
use crate::failure::{Failure, Result};
use crate::output::{cut, plain};
use crate::{phrases, place};
use atalaya_model::audit::query::{
    AuditQuery, ErrorKind, Moment, QueryProblem, TenantMatch, placed,
};
use atalaya_model::audit::{AuditCursor, EventId, Network, Outcome, Severity};
use atalaya_model::export::ExportFormat;
use atalaya_model::{Error, Instant, TenantId};
use chrono::{DateTime, Utc};

impl Filter {
    /// The text of the query that they say together, checked.
    pub fn query(self, now: DateTime<Utc>) -> Result<String> {
        let given = self.query.unwrap_or_default();
        let mut query = AuditQuery::parse(&given).map_err(|p| wrong(&given, &p))?;
        let only = &mut query.only;
        add("type", &mut only.types, self.types)?;
        add("severity", &mut only.severities, self.severity.into_iter().map(Severity::from))?;
        add("outcome", &mut only.outcomes, self.outcome.into_iter().map(Outcome::from))?;
        add("actor", &mut only.actors, self.actor)?;
        let tenants = self.tenant.into_iter().map(|t| TenantMatch::Tenant(TenantId(t)));
        let system = self.system.then_some(TenantMatch::System);
        add("tenant", &mut only.tenants, tenants.chain(system))?;
        let network = self.ip.map(|ip| network(&ip)).transpose()?;
        add("ip", &mut only.networks, network)?;
        let by_option = self.after.is_some() || self.before.is_some();
        for (field, slot, given) in
            [("after", &mut query.after, self.after), ("before", &mut query.before, self.before)]
        {
            let Some(given) = given else { continue };
            if slot.is_some() {
                return Err(said(field));
            }
            *slot = Some(Moment::At(time(&given)?));
        }
        // What the language cannot say (an empty value, control characters) is refused like anything else that is wrong.
        let text = query.to_string();
        match AuditQuery::parse(&text) {
            Ok(query) => {
                // Whether its period ends after it begins depends on the clock, and need not wait for a connection.
                let asked = query.at(&now.with_timezone(&chrono::Local));
                // An option has no place in what was typed as a query.
                asked.map_err(|e| timeless(e, (!by_option).then_some(given.as_str())))?;
                Ok(text)
            }
            Err(problem) => Err(wrong(&text, &problem)),
        }
    }
}

/// Adds the values of an option. The query's own values of the same field would be alternatives to them, where an option is to narrow.
fn add<T>(field: &str, list: &mut Vec<T>, given: impl IntoIterator<Item = T>) -> Result<()> {
    let before = list.len();
    list.extend(given);
    if before > 0 && list.len() > before { Err(said(field)) } else { Ok(()) }
}

fn said(field: &str) -> Failure {
    Failure::usage(
        format!("The query says `{field}:` already, and so does an option. Leave one of them out."),
        format!("La consulta ya dice `{field}:`, y una opción también. Omita una de las dos."),
    )
}

/// What is wrong with a query, where in it, and what was probably meant.
fn wrong(text: &str, problem: &QueryProblem) -> Failure {
    let at = problem.from + 1;
    let part = cut(&plain(&place::part(text, problem.from, problem.to)), NAMED);
    let meant = |word: &str| {
        let suggestion = problem.suggestion.as_deref().map(plain);
        suggestion.map_or_else(String::new, |s| format!(" {word}: {s}."))
    };
    let error = Error::from(problem.clone());
    let kind = phrases::query_problem(problem.kind);
    let english = format!("{} (character {at}: {part}){}", error.message, meant("Expected"));
    let spanish = format!("{kind} (carácter {at}: {part}){}", meant("Se esperaba"));
    let place = place::shown(text, problem.from, problem.to);
    Failure { place, ..Failure::of(error, english, spanish) }
}

/// The widest part of a query that an error names within its sentence.
const NAMED: usize = 60;

/// A query that no moment answers, in words that say so; with its place where the query alone, as it was `typed`, says the period.
fn timeless(error: Error, typed: Option<&str>) -> Failure {
    let (english, spanish) = match error.detail.get("kind").map(String::as_str) {
        Some("period_empty") => (
            "The period ends before it begins. Compare after:, before: and when:, or --after and --before.",
            "El período termina antes de empezar. Compare desde:, hasta: y cuando:, o --after y --before.",
        ),
        Some("not_a_time") => {
            ("There is no such time in the calendar.", "Esa fecha no existe en el calendario.")
        }
        _ => return error.into(),
    };
    let error = match typed {
        Some(typed) => placed(error, typed),
        None => error,
    };
    let unit = |key| error.detail.get(key).and_then(|at| at.parse().ok());
    let place = typed.zip(unit("from")).zip(unit("to"));
    let place = place.and_then(|((typed, from), to)| place::shown(typed, from, to));
    Failure { place, ..Failure::of(error, english, spanish) }
}

fn network(text: &str) -> Result<Network> {
    text.parse().map_err(|_| {
        let kind = ErrorKind::NotAnAddress;
        Failure::usage(kind.sentence(), phrases::query_problem(kind)).with("ip", text)
    })
}

/// RFC 3339, or a day, which begins at midnight UTC.
pub fn time(text: &str) -> Result<Instant> {
    let day = text.parse::<chrono::NaiveDate>().ok();
    let full = day.map(|d| format!("{d}T00:00:00Z"));
    full.as_deref().unwrap_or(text).parse().map_err(|_| {
        Failure::usage(
            "This is no time. Write it like 2026-01-31 or 2026-01-31T10:00:00Z.",
            "Esto no es una fecha. Escríbala como 2026-01-31 o 2026-01-31T10:00:00Z.",
        )
        .with("time", text)
    })
}

/// A cursor as `audit list` prints it: `<occurred_at>,<id>,<time of the first page>`.
pub fn cursor(text: &str) -> Result<AuditCursor> {
    let parsed = match text.split(',').collect::<Vec<_>>().as_slice() {
        [occurred_at, id, now] => (|| {
            Some(AuditCursor {
                occurred_at: occurred_at.parse().ok()?,
                id: EventId(id.parse().ok()?),
                now: now.parse().ok()?,
            })
        })(),
        _ => None,
    };
    parsed.ok_or_else(|| {
        Failure::usage(
            "This is no cursor. Take the value of `next` from an earlier list.",
            "Esto no es un cursor. Tome el valor de `next` de una lista anterior.",
        )
    })
}

/// The text that [`cursor`] reads.
pub fn cursor_text(cursor: AuditCursor) -> String {
    format!("{},{},{}", cursor.occurred_at, cursor.id, cursor.now)
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Info => Self::Info,
            SeverityName::Warning => Self::Warning,
            SeverityName::Critical => Self::Critical,
        }
    }
}

impl From<OutcomeName> for Outcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::Ok => Self::Ok,
            OutcomeName::Denied => Self::Denied,
            OutcomeName::Failed => Self::Failed,
        }
    }
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Excel => Self::Excel,
            Format::Jsonl => Self::Jsonl,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Arguments, Audit, Command};
    use atalaya_model::audit::query::Field;
    use clap::Parser;

    fn texts(options: &[&str]) -> (String, String) {
        let given = ["atalayactl", "audit", "count"].iter().chain(options);
        let arguments = Arguments::try_parse_from(given).unwrap();
        let Command::Audit(Audit::Count { filter, .. }) = arguments.command else { panic!() };
        let failure = filter.query("2026-03-04T13:30:00Z".parse().unwrap()).unwrap_err();
        *failure.text.expect("a text of its own")
    }

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        let cases = [
            (&["--query", "desde:hoy hasta:ayer"][..], "ends before it begins", "termina antes de"),
            (&["--after", "2026-02-01", "--before", "2026-01-01"], "ends before", "termina antes"),
            (&["--ip", "pepe"], "Neither an address", "No es una dirección ni una red"),
            (&["--query", "ip:pepe"], "Neither an address", "No es una dirección ni una red"),
            (&["--query", "tipe:x"], "no such field", "No existe ese campo"),
            (&["--query", "tipo:a", "--type", "b"], "says `type:` already", "ya dice `type:`"),
            (&["--query", "desde:hoy", "--after", "2026-01-01"], "says `after:`", "dice `after:`"),
        ];
        for (options, english, spanish) in cases {
            let (en, es) = texts(options);
            assert!(en.contains(english) && es.contains(spanish), "{options:?}: {en} / {es}");
        }
    }

    /// What stands in backticks in a cell of a table.
    fn quoted(cell: &str) -> Vec<&str> {
        cell.split('`').skip(1).step_by(2).collect()
    }

    #[test]
    fn the_reference_says_what_the_parser_does() {
        let readme = include_str!("../README.md");
        let section = readme.split("## Filter\n").nth(1).unwrap().split("\n## ").next().unwrap();
        let rows = section.lines().filter(|l| l.starts_with("| `"));
        let rows: Vec<Vec<&str>> = rows.map(|l| l.split('|').map(str::trim).collect()).collect();
        let (fields, periods): (Vec<_>, Vec<_>) = rows.iter().partition(|cells| cells.len() > 5);
        let read = |text: &str| AuditQuery::parse(text).unwrap_or_else(|p| panic!("{text}: {p:?}"));
        for cells in &fields {
            let name = quoted(cells[1])[0];
            for example in quoted(cells[4]) {
                let (sign, rest) = example.strip_prefix('-').map_or(("", example), |r| ("-", r));
                let (written, values) = rest.split_once(':').unwrap();
                assert!(written == name || quoted(cells[2]).contains(&written), "{example}");
                assert_eq!(read(example), read(&format!("{sign}{name}:{values}")));
                for other in quoted(cells[2]) {
                    assert_eq!(read(&format!("{sign}{other}:{values}")), read(example), "{other}");
                }
            }
        }
        let all: Vec<_> =
            fields.iter().map(|c| quoted(c[1])[0]).filter(|n| *n != "session").collect();
        assert_eq!(all, Field::all().map(Field::name).collect::<Vec<_>>());
        for field in [Field::Severity, Field::Outcome, Field::Origin] {
            let row = fields.iter().find(|c| quoted(c[1])[0] == field.name()).unwrap();
            for value in quoted(row[3]) {
                read(&format!("{}:{value}", field.name()));
            }
        }
        assert_eq!(periods.len(), 15);
        for value in periods.iter().flat_map(|cells| quoted(cells[1])) {
            read(&format!("when:{value}"));
            read(&format!("after:{value}"));
        }
    }

    #[test]
    fn days_and_times() {
        assert_eq!(time("2026-01-31").unwrap().to_string(), "2026-01-31T00:00:00.000000Z");
        assert_eq!(
            time("2026-01-31T10:00:00-03:00").unwrap().to_string(),
            "2026-01-31T13:00:00.000000Z"
        );
        for text in ["", "yesterday", "2026-02-30", "31/01/2026"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_cursor_prints_and_parses_back() {
        for text in [
            "2026-01-31T10:00:00.000001Z,9223372036854775807,2026-02-01T10:00:00.000000Z",
            "infinity,1,2026-02-01T10:00:00.000000Z",
        ] {
            assert_eq!(cursor_text(cursor(text).unwrap()), text);
        }
        for text in ["", ",", "2026-01-31T10:00:00Z", "x,1"] {
            assert!(cursor(text).is_err(), "{text}");
        }
    }
}
