//! Periods and moments in words. They are kept as they were said and resolved when they are used: a saved view for
//! "yesterday" shows another day tomorrow.

use super::calendar::{Repeated, back, local};
use super::date::{self, number, unit};
use super::period::{Day, MOST, Period, Unit};
use crate::Instant;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub enum When {
    /// From 18:00 of yesterday to 06:00 of today, whatever time it is now.
    LastNight,
    /// Counted back from now. It has no end: events that claim to be of the future stay in sight.
    Last(u32, Unit),
    /// A stretch of the calendar.
    In(Period),
    /// From the beginning of this on, without an end.
    Since(Edge),
    /// From the beginning of the one to the end of the other.
    Span(Edge, Edge),
    /// Between two times of one day; over midnight where the second is no later than the first.
    Hours(Period, NaiveTime, NaiveTime),
    /// Between two times with their zones, as they are printed.
    Between(Instant, Instant),
}

/// Where a span begins or ends: a stretch of the calendar as a whole, or a time of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// What is meant as a whole, or the day of the time.
    pub period: Period,
    /// A time of that day.
    pub time: Option<NaiveTime>,
}

/// A moment: a time, or the beginning of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub enum Moment {
    /// With its zone.
    At(Instant),
    /// In the reader's zone.
    Local(NaiveDateTime),
    /// A time of a day in words, in the reader's zone.
    Clock(Edge),
    /// Where the period begins, in the reader's zone.
    Start(When),
}

impl When {
    /// Reads a period in Spanish or English.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(between) = between(text) {
            return Some(between);
        }
        let words = date::words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if matches!(
            words.as_slice(),
            ["last" | "yesterday", "night"] | ["anoche"] | ["ayer", "noche"]
        ) {
            return Some(Self::LastNight);
        }
        Period::parse(&words)
            .map(Self::In)
            .or_else(|| counted(&words))
            .or_else(|| since(&words))
            .or_else(|| span(&words))
    }

    /// Where it begins and ends, for a reader whose clock shows `now`. The end is not part of it. A span whose end is said to
    /// be before its beginning has it there.
    #[must_use]
    pub fn resolve<Z: TimeZone>(&self, now: &DateTime<Z>) -> (Option<Instant>, Option<Instant>) {
        let both = |bounds: Option<(Instant, Instant)>| bounds.unzip();
        match *self {
            Self::LastNight => {
                let at = |period, hour| {
                    let time = NaiveTime::from_hms_opt(hour, 0, 0);
                    Edge { period, time }.begins(now)
                };
                (at(Period::Yesterday, 18), at(Period::Today, 6))
            }
            Self::Last(n, unit) => (back(now, n, unit), None),
            Self::In(period) => both(period.resolve(now, None)),
            Self::Since(edge) => (edge.begins(now), None),
            Self::Span(from, to) => (from.begins(now), to.ends(now, &from)),
            Self::Hours(period, from, to) => {
                let Some((day, next)) = period.days(now.date_naive(), None) else {
                    return (None, None);
                };
                let last = if to > from { day } else { next };
                let at =
                    |day: NaiveDate, time, which| local(&now.timezone(), day.and_time(time), which);
                (at(day, from, Repeated::First), at(last, to, Repeated::Last))
            }
            Self::Between(from, to) => (Some(from), Some(to)),
        }
    }
}

impl Edge {
    fn parse(words: &[&str]) -> Option<Self> {
        let timed = |time: &str, day: &[&str]| {
            let time = date::time_of_day(time)?;
            let period = if day.is_empty() { Period::Today } else { Period::parse(day)? };
            period.is_day().then_some(Self { period, time: Some(time) })
        };
        match words {
            [day @ .., time] if date::time_of_day(time).is_some() => timed(time, day),
            [time, day @ ..] if date::time_of_day(time).is_some() => timed(time, day),
            _ => Some(Self { period: Period::parse(words)?, time: None }),
        }
    }

    fn day<Z: TimeZone>(&self, now: &DateTime<Z>, since: Option<NaiveDate>) -> Option<NaiveDate> {
        self.period.days(now.date_naive(), since).map(|days| days.0)
    }

    /// Its time, or else where its period begins.
    fn at<Z: TimeZone>(
        &self,
        now: &DateTime<Z>,
        since: Option<NaiveDate>,
        which: Repeated,
    ) -> Option<Instant> {
        match self.time {
            Some(time) => local(&now.timezone(), self.day(now, since)?.and_time(time), which),
            None => self.period.resolve(now, since).map(|bounds| bounds.0),
        }
    }

    fn begins<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        self.at(now, None, Repeated::First)
    }

    /// Where a span that begins with `from` ends: dates without a year and days of the week are the next ones after that.
    fn ends<Z: TimeZone>(&self, now: &DateTime<Z>, from: &Self) -> Option<Instant> {
        let since = from.day(now, None);
        match self.period {
            // "From two hours ago to an hour ago" ends when that hour began.
            Period::Ago(_, Unit::Minute | Unit::Hour) => self.begins(now),
            period if self.time.is_none() => period.resolve(now, since).map(|bounds| bounds.1),
            _ => self.at(now, since, Repeated::Last),
        }
    }
}

impl Moment {
    /// Reads a moment: RFC 3339, a local time like `2026-03-01T10:00`, `yesterday 10:00`, or whatever [`When`] understands.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(instant) = text.parse().ok().or_else(|| zoned(text)) {
            return Some(Self::At(instant));
        }
        if let Some(when) = When::parse(text) {
            return Some(Self::Start(when));
        }
        let words = date::words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let edge = Edge::parse(&words)?;
        let time = edge.time?;
        // A date with its year needs no words.
        Some(match edge.period {
            Period::Day(Day { year: Some(year), month, day }) => {
                Self::Local(NaiveDate::from_ymd_opt(year, month, day)?.and_time(time))
            }
            _ => Self::Clock(edge),
        })
    }

    /// The time it is, for a reader whose clock shows `now`; the first of two where the clocks show it twice.
    #[must_use]
    pub fn resolve<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        self.at(now, Repeated::First)
    }

    /// As [`Self::resolve`], for what ends then: the last of two.
    #[must_use]
    pub fn resolve_end<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        self.at(now, Repeated::Last)
    }

    fn at<Z: TimeZone>(&self, now: &DateTime<Z>, which: Repeated) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::Local(time) => local(&now.timezone(), *time, which),
            Self::Clock(edge) => edge.at(now, None, which),
            Self::Start(when) => when.resolve(now).0,
        }
    }
}

/// A time with its zone: RFC 3339, also without seconds, which is no less clear.
fn zoned(text: &str) -> Option<Instant> {
    let read = DateTime::parse_from_rfc3339(text);
    let read = read.or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"));
    read.ok().filter(|_| date::has_year(text)).map(|time| time.to_utc().into())
}

/// `2026-01-26T09:00:00Z..2026-01-26T10:00:00Z`, and with the dash that periods are printed with.
fn between(text: &str) -> Option<When> {
    let (from, to) = text.split_once("..").or_else(|| text.split_once(['–', '—']))?;
    let (from, to) = (zoned(from.trim())?, zoned(to.trim())?);
    // A zone may lead out of the years that are printed so.
    let printed = |at: &Instant| zoned(&at.to_string()) == Some(*at);
    [from, to].iter().all(printed).then_some(When::Between(from, to))
}

/// Counted back from now: `last 90 days`, `últimas 24 horas`, `las dos últimas semanas`, `24h`, `last hour`.
fn counted(words: &[&str]) -> Option<When> {
    const LATELY: [&str; 6] = ["last", "past", "ultimo", "ultima", "ultimos", "ultimas"];
    // Without a number it is one: "last days" does not say how many.
    let one = |word| (!date::is_plural(word)).then_some((1, word));
    let (n, word) = match words {
        [lately, n, u] | [n, lately, u] if LATELY.contains(lately) => (number(n)?, *u),
        // No calendar says when the last hour began: it is the one until now.
        [lately, u] if LATELY.contains(lately) => one(*u)?,
        [u, "pasado" | "pasada"] => one(*u)?,
        [n, u] => (number(n)?, *u),
        _ => return None,
    };
    let (each, unit) = match word {
        "fortnight" | "fortnights" => (14, Unit::Day),
        "quincena" | "quincenas" => (15, Unit::Day),
        word => (1, unit(word)?),
    };
    n.checked_mul(each).filter(|n| *n <= MOST).map(|n| When::Last(n, unit))
}

const NOW: [&str; 2] = ["now", "ahora"];

/// `since Monday`, `desde ayer a las 10:00`, `from March to now`, `ayer..ahora`.
fn since(words: &[&str]) -> Option<When> {
    let (opened, rest) = match words {
        ["since" | "from" | "desde" | "between" | "entre", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (ended, rest) = match rest {
        [rest @ .., "to" | "until" | "hasta" | "a" | "and" | "y" | "..", now]
            if NOW.contains(now) =>
        {
            (true, rest)
        }
        [rest @ .., "onwards" | "on" | "adelante"] => (true, rest),
        rest => (opened && !matches!(words, ["between" | "entre", ..]), rest),
    };
    if ended { Edge::parse(rest).map(When::Since) } else { None }
}

/// `between A and B`, `from A to B`, `entre A y B`, `desde A hasta B`, `A al B`, `A..B`; `yesterday from 10:00 to 12:00`,
/// `March 2 to 6`.
fn span(words: &[&str]) -> Option<When> {
    const OPENING: [&str; 4] = ["between", "entre", "from", "desde"];
    // "Monday and Wednesday" are two days, "between Monday and Wednesday" are three.
    let opening = words.iter().position(|w| OPENING.contains(w));
    let between = |word: &&str| match *word {
        ".." | "to" | "until" | "hasta" | "al" | "a" => true,
        "and" | "y" => opening.is_some(),
        _ => false,
    };
    // "Yesterday between 10:00 and 12:00": the day comes first and is meant for both.
    let (day, words) = match opening {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (&words[..0], words),
    };
    let places = words.iter().enumerate().filter(|(_, w)| between(w));
    places.map(|(at, _)| at).find_map(|at| {
        let (from, to) = (&words[..at], &words[at + 1..]);
        if day.is_empty() { edges(from, to) } else { edges(&[day, from].concat(), to) }
    })
}

/// From what stands before and behind the word between them.
fn edges(first: &[&str], second: &[&str]) -> Option<When> {
    let ends = (days_of_month(first, second))
        .or_else(|| Some((Edge::parse(first)?, Edge::parse(second)?)));
    let (mut from, mut to) = ends?;
    // "10:00 to 12:00 of yesterday", "yesterday 10:00 to 12:00": a time alone is one of the other's day.
    if let (Some(a), Some(b)) = (from.time, to.time) {
        match (first, second) {
            ([_], _) => return Some(When::Hours(to.period, a, b)),
            (_, [_]) => return Some(When::Hours(from.period, a, b)),
            _ => {}
        }
    }
    // "De lun a mar": behind a day of the week "mar" is no month.
    const TUESDAY: Period = Period::Weekday(Weekday::Tue);
    match (first, second) {
        (["mar"], _) if matches!(to.period, Period::Weekday(_)) => from.period = TUESDAY,
        (_, ["mar"]) if matches!(from.period, Period::Weekday(_)) => to.period = TUESDAY,
        _ => {}
    }
    borrow_years(&mut from.period, &mut to.period)?;
    match from == to && from.time.is_none() {
        // From one Monday to which other?
        true if matches!(from.period, Period::Weekday(_)) => None,
        true => Some(When::In(from.period)),
        false => Some(When::Span(from, to)),
    }
}

/// "2 to 6 March", "March 2 to 6", "28 to 2 March": the month is said once. Where the first day is the larger one it is of the month
/// before.
fn days_of_month(first: &[&str], second: &[&str]) -> Option<(Edge, Edge)> {
    let (mut from, mut to) = (date::partial(first)?, date::partial(second)?);
    let in_order = from.day? <= to.day?;
    match (from.month, to.month) {
        (None, Some(month)) if in_order => from.month = Some(month),
        (None, Some(month)) => from.month = Some(if month == 1 { 12 } else { month - 1 }),
        (Some(month), None) if in_order => to.month = Some(month),
        _ => return None,
    }
    let edge =
        |date: date::Partial| Some(Edge { period: Period::Day(date.whole_day()?), time: None });
    Some((edge(from)?, edge(to)?))
}

/// What names no year has the other's, or the one beside it where that brings them in order: "from 28 December to 3 January
/// 2026" begins in the year before. `None` where there is no such day in the year.
fn borrow_years(from: &mut Period, to: &mut Period) -> Option<()> {
    let later = match (from.in_year(), to.in_year()) {
        (Some(a), Some(b)) => i32::from(a > b),
        _ => 0,
    };
    match (from.year(), to.year()) {
        (None, Some(year)) => from.set_year(year - later),
        (Some(year), None) => to.set_year(year + later),
        _ => {}
    }
    let there = |period: &Period| match *period {
        Period::Day(Day { year: Some(y), month, day }) => {
            NaiveDate::from_ymd_opt(y, month, day).is_some()
        }
        _ => true,
    };
    let written = |period: &Period| period.year().is_none_or(|y| (0..=9999).contains(&y));
    [from, to].into_iter().all(|p| there(p) && written(p)).then_some(())
}

fn time_in_words(time: NaiveTime) -> impl fmt::Display {
    time.format(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" })
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => self.period.fmt(f),
            Some(time) => write!(f, "{} {}", self.period, time_in_words(time)),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LastNight => f.write_str("last night"),
            Self::Last(1, unit) => write!(f, "last 1 {unit}"),
            Self::Last(n, unit) => write!(f, "last {n} {unit}s"),
            Self::In(period) => period.fmt(f),
            Self::Since(edge) => write!(f, "since {edge}"),
            Self::Span(from, to) => write!(f, "{from}..{to}"),
            Self::Hours(day, from, to) => {
                write!(f, "{day} {}..{}", time_in_words(*from), time_in_words(*to))
            }
            Self::Between(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(instant) => instant.fmt(f),
            Self::Local(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%S")),
            Self::Clock(edge) => edge.fmt(f),
            Self::Start(when) => when.fmt(f),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a period"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a moment"))
    }
}
