//! Periods and moments in both languages.

use super::*;
use crate::Instant;
use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn periods_resolve_in_the_readers_zone() {
    // A Wednesday.
    let now = at("2026-03-04T10:30:00-03:00");
    let cases = [
        ("today", "2026-03-04T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("ayer", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("anteayer", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("the day before yesterday", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("antes de ayer", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("anoche", "2026-03-03T21:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        ("last night", "2026-03-03T21:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        ("last day", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("el día pasado", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("28 sept", "2025-09-28T03:00:00.000000Z", "2025-09-29T03:00:00.000000Z"),
        ("28 sept.", "2025-09-28T03:00:00.000000Z", "2025-09-29T03:00:00.000000Z"),
        ("22 jun", "2025-06-22T03:00:00.000000Z", "2025-06-23T03:00:00.000000Z"),
        ("10 ago", "2025-08-10T03:00:00.000000Z", "2025-08-11T03:00:00.000000Z"),
        ("10 ago. 2024", "2024-08-10T03:00:00.000000Z", "2024-08-11T03:00:00.000000Z"),
        ("setiembre de 2025", "2025-09-01T03:00:00.000000Z", "2025-10-01T03:00:00.000000Z"),
        ("28 sept..3 oct", "2025-09-28T03:00:00.000000Z", "2025-10-04T03:00:00.000000Z"),
        ("this week", "2026-03-02T03:00:00.000000Z", "2026-03-09T03:00:00.000000Z"),
        ("last week", "2026-02-23T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("el mes pasado", "2026-02-01T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        ("este año", "2026-01-01T03:00:00.000000Z", "2027-01-01T03:00:00.000000Z"),
        ("2025", "2025-01-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("enero de 2026", "2026-01-01T03:00:00.000000Z", "2026-02-01T03:00:00.000000Z"),
        ("december", "2025-12-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("2026-02-28", "2026-02-28T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        ("March 1st, 2026", "2026-03-01T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("between 2 and 6 March", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("2 al 6 de marzo", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("from 28 Dec to 3 Jan 2026", "2025-12-28T03:00:00.000000Z", "2026-01-04T03:00:00.000000Z"),
        ("28 dic..3 ene", "2025-12-28T03:00:00.000000Z", "2026-01-04T03:00:00.000000Z"),
        ("29 february", "2024-02-29T03:00:00.000000Z", "2024-03-01T03:00:00.000000Z"),
        ("27 to 29 february", "2026-02-27T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        // Counted back by the calendar.
        ("3 days ago", "2026-03-01T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("hace 3 días", "2026-03-01T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("hace una semana", "2026-02-23T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("two months ago", "2026-01-01T03:00:00.000000Z", "2026-02-01T03:00:00.000000Z"),
        ("hace 2 trimestres", "2025-07-01T03:00:00.000000Z", "2025-10-01T03:00:00.000000Z"),
        ("a year ago", "2025-01-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("hace 2 horas", "2026-03-04T11:30:00.000000Z", "2026-03-04T12:30:00.000000Z"),
        ("a minute ago", "2026-03-04T13:29:00.000000Z", "2026-03-04T13:30:00.000000Z"),
        ("semana en curso", "2026-03-02T03:00:00.000000Z", "2026-03-09T03:00:00.000000Z"),
        ("la pasada semana", "2026-02-23T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        // Days of the week.
        ("monday", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("el miércoles", "2026-03-04T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("last Wednesday", "2026-02-25T03:00:00.000000Z", "2026-02-26T03:00:00.000000Z"),
        ("el miércoles pasado", "2026-02-25T03:00:00.000000Z", "2026-02-26T03:00:00.000000Z"),
        ("el pasado jueves", "2026-02-26T03:00:00.000000Z", "2026-02-27T03:00:00.000000Z"),
        (
            "between Monday and Tuesday",
            "2026-03-02T03:00:00.000000Z",
            "2026-03-04T03:00:00.000000Z",
        ),
        ("de viernes a lunes", "2026-02-27T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("weekend", "2026-02-28T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("el fin de semana", "2026-02-28T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("this friday", "2026-03-06T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("este lunes", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("de lun a mar", "2026-03-02T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("el fin de semana pasado", "2026-02-28T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        // Quarters and halves of years.
        ("this quarter", "2026-01-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("el trimestre pasado", "2025-10-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("Q1 2026", "2026-01-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("2025-Q3", "2025-07-01T03:00:00.000000Z", "2025-10-01T03:00:00.000000Z"),
        ("primer trimestre de 2026", "2026-01-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("2 trimestre", "2025-04-01T03:00:00.000000Z", "2025-07-01T03:00:00.000000Z"),
        ("1T 2026", "2026-01-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("Q2..Q4 2025", "2025-04-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("Q4 to Q1 2026", "2025-10-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("the fourth quarter", "2025-10-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("second half of 2025", "2025-07-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("2º semestre", "2025-07-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        // Spans of other things than days.
        ("ayer..hoy", "2026-03-03T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("from yesterday to today", "2026-03-03T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("between January and March", "2026-01-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        ("de noviembre a febrero", "2025-11-01T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        ("oct to dec 2024", "2024-10-01T03:00:00.000000Z", "2025-01-01T03:00:00.000000Z"),
        ("2024..2025", "2024-01-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("del 28 al 2 de marzo", "2026-02-28T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("from 30 to 2 January 2026", "2025-12-30T03:00:00.000000Z", "2026-01-03T03:00:00.000000Z"),
        ("March 2 to 4", "2026-03-02T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("March 2-4, 2025", "2025-03-02T03:00:00.000000Z", "2025-03-05T03:00:00.000000Z"),
        ("primero de enero", "2026-01-01T03:00:00.000000Z", "2026-01-02T03:00:00.000000Z"),
        ("1º de enero de 2025", "2025-01-01T03:00:00.000000Z", "2025-01-02T03:00:00.000000Z"),
        ("año 2025", "2025-01-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("mes de enero", "2026-01-01T03:00:00.000000Z", "2026-02-01T03:00:00.000000Z"),
        ("2 días atrás", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        (
            "from 2 hours ago to 1 hour ago",
            "2026-03-04T11:30:00.000000Z",
            "2026-03-04T12:30:00.000000Z",
        ),
        ("2–6 March", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("2-6 de marzo", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("2026-03-01 - 2026-03-02", "2026-03-01T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("del día 2 al 3 de marzo", "2026-03-02T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("3 days ago..yesterday", "2026-03-01T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("en marzo", "2026-03-01T03:00:00.000000Z", "2026-04-01T03:00:00.000000Z"),
        // Times of a day.
        ("between 10:00 and 12:00", "2026-03-04T13:00:00.000000Z", "2026-03-04T15:00:00.000000Z"),
        ("ayer de 10:00 a 12:30", "2026-03-03T13:00:00.000000Z", "2026-03-03T15:30:00.000000Z"),
        (
            "entre las 10:00 y las 12:00 de ayer",
            "2026-03-03T13:00:00.000000Z",
            "2026-03-03T15:00:00.000000Z",
        ),
        ("de las 10:00 a las 12:00", "2026-03-04T13:00:00.000000Z", "2026-03-04T15:00:00.000000Z"),
        (
            "yesterday from 3pm to 5:30 pm",
            "2026-03-03T18:00:00.000000Z",
            "2026-03-03T20:30:00.000000Z",
        ),
        ("ayer de 22:00 a 06:00", "2026-03-04T01:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        ("ayer de 3 p. m. a 5 p.m.", "2026-03-03T18:00:00.000000Z", "2026-03-03T20:00:00.000000Z"),
        ("yesterday 22:00-06:00", "2026-03-04T01:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        (
            "2026-03-02 22:00..2026-03-03 06:00",
            "2026-03-03T01:00:00.000000Z",
            "2026-03-03T09:00:00.000000Z",
        ),
        (
            "2026-03-02T22:00..2026-03-03T06:00:30",
            "2026-03-03T01:00:00.000000Z",
            "2026-03-03T09:00:30.000000Z",
        ),
        (
            "from yesterday at 10 a.m. until today at noon",
            "2026-03-03T13:00:00.000000Z",
            "2026-03-04T15:00:00.000000Z",
        ),
        (
            "desde ayer a las 10:00 hasta hoy",
            "2026-03-03T13:00:00.000000Z",
            "2026-03-05T03:00:00.000000Z",
        ),
        (
            "el lunes entre las 9:00 y las 10:00",
            "2026-03-02T12:00:00.000000Z",
            "2026-03-02T13:00:00.000000Z",
        ),
        // Numbers that can be read in one way only.
        ("25/2/2026", "2026-02-25T03:00:00.000000Z", "2026-02-26T03:00:00.000000Z"),
        ("02/25/2026", "2026-02-25T03:00:00.000000Z", "2026-02-26T03:00:00.000000Z"),
        ("2026/02/25", "2026-02-25T03:00:00.000000Z", "2026-02-26T03:00:00.000000Z"),
        ("2-2-2026", "2026-02-02T03:00:00.000000Z", "2026-02-03T03:00:00.000000Z"),
        ("02/2026", "2026-02-01T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
    ];
    for (text, from, to) in cases {
        let when = When::parse(text).unwrap_or_else(|| panic!("{text}"));
        let (after, before) = when.resolve(&now);
        assert_eq!(after.unwrap().to_string(), from, "{text}");
        assert_eq!(before.unwrap().to_string(), to, "{text}");
        assert_eq!(When::parse(&when.to_string()), Some(when), "{text}");
    }
    let counted = [
        ("last 90 days", "2025-12-04T13:30:00.000000Z"),
        ("24h", "2026-03-03T13:30:00.000000Z"),
        ("últimas 2 semanas", "2026-02-18T13:30:00.000000Z"),
        ("15 min", "2026-03-04T13:15:00.000000Z"),
        ("past 1 month", "2026-02-04T13:30:00.000000Z"),
        ("last minute", "2026-03-04T13:29:00.000000Z"),
        ("último minuto", "2026-03-04T13:29:00.000000Z"),
        ("last hour", "2026-03-04T12:30:00.000000Z"),
        ("the past hour", "2026-03-04T12:30:00.000000Z"),
        ("última hora", "2026-03-04T12:30:00.000000Z"),
        ("la hora pasada", "2026-03-04T12:30:00.000000Z"),
        ("una hora", "2026-03-04T12:30:00.000000Z"),
        ("última 1 hora", "2026-03-04T12:30:00.000000Z"),
        ("past day", "2026-03-03T13:30:00.000000Z"),
        ("último día", "2026-03-03T13:30:00.000000Z"),
        ("past week", "2026-02-25T13:30:00.000000Z"),
        ("última semana", "2026-02-25T13:30:00.000000Z"),
        ("past month", "2026-02-04T13:30:00.000000Z"),
        ("último mes", "2026-02-04T13:30:00.000000Z"),
        ("past year", "2025-03-04T13:30:00.000000Z"),
        ("último año", "2025-03-04T13:30:00.000000Z"),
        ("las dos últimas semanas", "2026-02-18T13:30:00.000000Z"),
        ("last three months", "2025-12-04T13:30:00.000000Z"),
        ("past 24h", "2026-03-03T13:30:00.000000Z"),
        ("últimos 2 trimestres", "2025-09-04T13:30:00.000000Z"),
        ("la última quincena", "2026-02-17T13:30:00.000000Z"),
        ("past fortnight", "2026-02-18T13:30:00.000000Z"),
        ("since Monday", "2026-03-02T03:00:00.000000Z"),
        ("desde ayer a las 10:00", "2026-03-03T13:00:00.000000Z"),
        ("desde hace 2 horas", "2026-03-04T11:30:00.000000Z"),
        ("from 1 March onwards", "2026-03-01T03:00:00.000000Z"),
        ("desde enero en adelante", "2026-01-01T03:00:00.000000Z"),
        ("desde enero hasta ahora", "2026-01-01T03:00:00.000000Z"),
        ("ayer..ahora", "2026-03-03T03:00:00.000000Z"),
        ("entre ayer y ahora", "2026-03-03T03:00:00.000000Z"),
        ("since Q1", "2026-01-01T03:00:00.000000Z"),
        ("last 100000 years", "-infinity"),
    ];
    for (text, from) in counted {
        let (after, before) = When::parse(text).unwrap_or_else(|| panic!("{text}")).resolve(&now);
        assert_eq!((after.unwrap().to_string().as_str(), before), (from, None), "{text}");
        let when = When::parse(text).unwrap();
        assert_eq!(When::parse(&when.to_string()), Some(when), "{text}");
    }
    for text in [
        "",
        "31 february",
        "0 days",
        "13/13/2026",
        "6 to",
        "between march",
        "999999999 years",
        "2026-13",
        "2 ma",
        "2 sepx",
        "previous hour",
        "this minute",
        // In March or in January?
        "1/3/2026",
        "25:00..26:00",
        "yesterday 10:00",
        "last week 10:00..11:00",
        "0 days ago",
        "q5 2026",
        "fifth quarter",
        "hace mucho",
        "desde",
        "ayer a",
        "..",
        // How many?
        "últimos meses",
        "last days",
        // Two days, or three?
        "monday and wednesday",
        "2 y 6 de marzo",
        "de lunes a lunes",
        "del 30 al 1 de marzo",
        "28 dec to 3 jan 0000",
        "between yesterday",
        // A year, or a day?
        "enero de 26",
        "february of 25",
        "1s",
    ] {
        assert_eq!(When::parse(text), None, "{text}");
    }
}

#[test]
fn moments() {
    let now = at("2026-03-04T10:30:00-03:00");
    let cases = [
        ("2026-03-01", "2026-03-01T03:00:00.000000Z"),
        ("2026-03-01T10:00", "2026-03-01T13:00:00.000000Z"),
        ("2026-03-01 10:00:05", "2026-03-01T13:00:05.000000Z"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000000Z"),
        ("ayer", "2026-03-03T03:00:00.000000Z"),
        ("yesterday 10:00", "2026-03-03T13:00:00.000000Z"),
        ("ayer a las 10:00", "2026-03-03T13:00:00.000000Z"),
        ("el lunes a las 3pm", "2026-03-02T18:00:00.000000Z"),
        ("09:15", "2026-03-04T12:15:00.000000Z"),
        ("2 hours ago", "2026-03-04T11:30:00.000000Z"),
        ("hace 3 días", "2026-03-01T03:00:00.000000Z"),
        ("lunes", "2026-03-02T03:00:00.000000Z"),
        ("2026-03-01T10:00Z", "2026-03-01T10:00:00.000000Z"),
        ("2026-03-01T10:00+01:00", "2026-03-01T09:00:00.000000Z"),
        ("25/2/2026 10:00", "2026-02-25T13:00:00.000000Z"),
        ("10:00 2026-03-02", "2026-03-02T13:00:00.000000Z"),
    ];
    for (text, expected) in cases {
        let moment = Moment::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(moment.resolve(&now).unwrap().to_string(), expected, "{text}");
        assert_eq!(Moment::parse(&moment.to_string()), Some(moment), "{text}");
    }
}

#[test]
fn a_slip_is_no_time_of_antiquity() {
    for text in ["25-3-26 10:00", "1-3-26 09:30", "-5-03-01 10:00", "26-03-01T10:00Z"] {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
}

/// Central European time of 2026, answering as chrono's `Local` does: the later instant first, and the end of a gap as if it were
/// repeated.
#[derive(Debug, Clone, Copy)]
struct Madrid;

/// 2026-03-29 and 2026-10-25 at 01:00 UTC.
const CHANGES: [i64; 2] = [1_774_746_000, 1_792_890_000];

impl Madrid {
    fn hours(utc: i64) -> i32 {
        if (CHANGES[0]..CHANGES[1]).contains(&utc) { 2 } else { 1 }
    }

    fn zone(hours: i32) -> FixedOffset {
        FixedOffset::east_opt(hours * 3_600).unwrap()
    }
}

impl TimeZone for Madrid {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        Self
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> LocalResult<FixedOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<FixedOffset> {
        let at = |hours: i32| local.and_utc().timestamp() - i64::from(hours) * 3_600;
        let shown = |hours: i32| Self::hours(at(hours)) == hours;
        let (winter, summer) = (Self::zone(1), Self::zone(2));
        match (shown(1), shown(2)) {
            (true, true) => LocalResult::Ambiguous(winter, summer),
            _ if at(2) == CHANGES[0] => LocalResult::Ambiguous(winter, summer),
            (true, false) => LocalResult::Single(winter),
            (false, true) => LocalResult::Single(summer),
            (false, false) => LocalResult::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        Self::zone(Self::hours(utc.and_utc().timestamp()))
    }
}

#[test]
fn an_hour_that_the_clocks_show_twice_or_not_at_all() {
    let at = |text: &str| Madrid.from_utc_datetime(&text.parse::<NaiveDateTime>().unwrap());
    let now = at("2026-11-02T10:00:00");
    let bounds = |text: &str| {
        let (from, to) = When::parse(text).unwrap().resolve(&now);
        let shown = |t: Option<crate::Instant>| t.unwrap().to_string()[..16].to_owned();
        (shown(from), shown(to))
    };
    let both = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    // All of what was shown twice.
    let twice = bounds("2026-10-25 02:00..2026-10-25 02:59");
    assert_eq!(twice, both("2026-10-25T00:00", "2026-10-25T01:59"));
    assert_eq!(bounds("2026-10-25"), both("2026-10-24T22:00", "2026-10-25T23:00"));
    assert_eq!(bounds("2026-03-29"), both("2026-03-28T23:00", "2026-03-29T22:00"));
    // What was skipped begins where the clocks go on.
    let skipped = bounds("2026-03-29 02:15..2026-03-29 03:10");
    assert_eq!(skipped, both("2026-03-29T01:00", "2026-03-29T01:10"));
    let moment = Moment::parse("2026-10-25 02:30").unwrap();
    assert_eq!(moment.resolve(&now).unwrap().to_string(), "2026-10-25T00:30:00.000000Z");
    assert_eq!(moment.resolve_end(&now).unwrap().to_string(), "2026-10-25T01:30:00.000000Z");
    // A month before 29 April, 02:30, the clocks skipped that time; a month before 25 November they showed it twice.
    for (now, month_ago) in [
        ("2026-04-29T00:30:00", "2026-03-29T01:00:00.000000Z"),
        ("2026-11-25T01:15:00", "2026-10-25T00:15:00.000000Z"),
    ] {
        let from = When::parse("último mes").unwrap().resolve(&at(now)).0;
        assert_eq!(from.unwrap().to_string(), month_ago);
    }
}

/// Stretches of the calendar as the parser makes them.
fn period() -> BoxedStrategy<Period> {
    let calendar = vec![Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
    prop_oneof![
        day(),
        select(calendar.clone()).prop_map(Period::This),
        select(calendar).prop_map(Period::Previous),
        (1..100_000_u32, unit()).prop_map(|(n, u)| Period::Ago(n, u)),
        select(vec![Period::Weekend, Period::LastWeekend]),
        (1000..9999_i32).prop_map(Period::Year),
        (option::of(1000..9999_i32), 1..=2_u32).prop_map(|(y, n)| Period::Half(y, n)),
        (option::of(1000..9999_i32), 1..=4_u32).prop_map(|(y, n)| Period::Quarter(y, n)),
        (option::of(1000..9999_i32), 1..=12_u32).prop_map(|(y, m)| Period::Month(y, m)),
    ]
    .boxed()
}

/// One day.
fn day() -> impl Strategy<Value = Period> {
    let weekdays = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];
    prop_oneof![
        select(vec![Period::Today, Period::Yesterday, Period::DayBeforeYesterday]),
        select(weekdays.to_vec()).prop_map(Period::Weekday),
        select(weekdays.to_vec()).prop_map(Period::ThisWeekday),
        select(weekdays.to_vec()).prop_map(Period::LastWeekday),
        (1..100_000_u32).prop_map(|n| Period::Ago(n, Unit::Day)),
        (option::of(1000..9999_i32), 1..=12_u32, 1..=28_u32)
            .prop_map(|(year, month, day)| Period::Day(Day { year, month, day })),
    ]
}

fn unit() -> impl Strategy<Value = Unit> {
    select(vec![
        Unit::Minute,
        Unit::Hour,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ])
}

/// A time of a day.
pub(super) fn clock() -> impl Strategy<Value = Edge> {
    (day(), 0..86_400_u32).prop_map(|(period, second)| Edge {
        period,
        time: NaiveTime::from_num_seconds_from_midnight_opt(second, 0),
    })
}

fn edge() -> impl Strategy<Value = Edge> {
    prop_oneof![period().prop_map(|period| Edge { period, time: None }), clock()]
}

/// Any period. Spans are read from what was printed once: then both of their ends have the years that they borrow.
pub(super) fn when() -> BoxedStrategy<When> {
    prop_oneof![
        Just(When::LastNight),
        (1..100_000_u32, unit()).prop_map(|(n, u)| When::Last(n, u)),
        period().prop_map(When::In),
        edge().prop_map(When::Since),
        (clock(), 0..86_400_u32).prop_map(|(edge, second)| When::Hours(
            edge.period,
            edge.time.unwrap(),
            NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap(),
        )),
        (0..250_000_000_000_000_000_i64, 0..250_000_000_000_000_000_i64).prop_map(|(a, b)| {
            When::Between(Instant::from_postgres(a), Instant::from_postgres(b))
        }),
        (edge(), edge()).prop_filter_map("there is no such day in the other's year", |(a, b)| {
            When::parse(&When::Span(a, b).to_string())
        }),
    ]
    .boxed()
}

proptest! {
    #[test]
    fn a_period_begins_before_it_ends(period in period(), seconds in 0..4_000_000_000_i64) {
        let now = DateTime::from_timestamp(seconds, 0).unwrap();
        if let (Some(from), to) = When::In(period).resolve(&now) {
            prop_assert!(to.is_some_and(|to| from < to), "{period}");
        }
    }

    #[test]
    fn any_words_are_read_or_not(words in proptest::collection::vec(word(), 0..7)) {
        let text = words.join(" ");
        if let Some(when) = When::parse(&text) {
            prop_assert_eq!(When::parse(&when.to_string()), Some(when), "{}", text);
        }
        if let Some(moment) = Moment::parse(&text) {
            prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment), "{}", text);
        }
    }
}

/// Words that periods are made of.
fn word() -> impl Strategy<Value = String> {
    const WORDS: &str = "last ultimas pasado this este 2 2026 31 march ene 10:00 3pm from to a y .. - desde hasta between entre \
        lunes friday today ayer ago hace three weeks dias quarter primer q1 1/3/2026 2026-03-02 2-6 since now half weekend";
    prop_oneof![
        20 => select(WORDS.split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
        1 => "\\PC{1,5}",
    ]
}
