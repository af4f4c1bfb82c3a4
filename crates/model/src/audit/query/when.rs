//! Periods and moments in words. They are kept as they were said and resolved when they are used: a saved view for
//! "yesterday" shows another day tomorrow.

use super::date::{self, number, unit};
use super::period::{Day, MOST, Period, Unit, back, local};
use crate::Instant;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike};
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
            .or_else(|| part_of_year(&words))
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

    fn begins<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        match self.time {
            Some(time) => local(&now.timezone(), self.day(now, None)?.and_time(time)),
            None => self.period.resolve(now, None).map(|bounds| bounds.0),
        }
    }

    /// Where a span that begins with `from` ends: dates without a year and days of the week are the next ones after that.
    fn ends<Z: TimeZone>(&self, now: &DateTime<Z>, from: &Self) -> Option<Instant> {
        let since = from.day(now, None);
        let Some(time) = self.time else {
            return self.period.resolve(now, since).map(|bounds| bounds.1);
        };
        let day = self.day(now, since)?;
        // "Yesterday from 22:00 to 06:00" ends on the day after.
        let over_midnight = self.period == from.period && from.time.is_some_and(|f| f >= time);
        let day = if over_midnight { day.succ_opt()? } else { day };
        local(&now.timezone(), day.and_time(time))
    }
}

impl Moment {
    /// Reads a moment: RFC 3339, a local time like `2026-03-01T10:00`, `yesterday 10:00`, or whatever [`When`] understands.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse() {
            return Some(Self::At(instant));
        }
        let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
        local
            .iter()
            .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
            .map(Self::Local)
            .or_else(|| When::parse(text).map(Self::Start))
            .or_else(|| {
                let words = date::words(text);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                Edge::parse(&words).filter(|e| e.time.is_some()).map(Self::Clock)
            })
    }

    /// The time it is, for a reader whose clock shows `now`.
    #[must_use]
    pub fn resolve<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::Local(time) => local(&now.timezone(), *time),
            Self::Clock(edge) => edge.begins(now),
            Self::Start(when) => when.resolve(now).0,
        }
    }
}

/// Counted back from now: `last 90 days`, `últimas 24 horas`, `las dos últimas semanas`, `24h`, `last hour`.
fn counted(words: &[&str]) -> Option<When> {
    const LATELY: [&str; 6] = ["last", "past", "ultimo", "ultima", "ultimos", "ultimas"];
    let (n, word) = match words {
        [lately, n, u] if LATELY.contains(lately) => (number(n)?, *u),
        [n, lately, u] if LATELY.contains(lately) => (number(n)?, *u),
        // No calendar says when the last hour began: it is the one until now.
        [lately, u] if LATELY.contains(lately) => (1, *u),
        [u, "pasado" | "pasada"] => (1, *u),
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

/// `q1 2026`, `first quarter of 2026`, `primer trimestre de 2026`, `second half of 2025`, `1er semestre`: from its first to its last month.
fn part_of_year(words: &[&str]) -> Option<When> {
    let (words, year) = match words {
        [words @ .., last] if date::year(last).is_some() => (words, date::year(last)),
        [first, words @ ..] if date::year(first).is_some() => (words, date::year(first)),
        words => (words, None),
    };
    let (part, length) = match words {
        [short] => match short.split_at_checked(1)? {
            ("q" | "t", n) => (n.parse().ok()?, 3),
            ("h" | "s", n) => (n.parse().ok()?, 6),
            (n, "t") => (n.parse().ok()?, 3),
            (n, "s") => (n.parse().ok()?, 6),
            _ => return None,
        },
        [nth, "quarter" | "trimestre"] => (date::ordinal(nth)?, 3),
        [nth, "half" | "semestre"] => (date::ordinal(nth)?, 6),
        _ => return None,
    };
    let whole = |month| Edge { period: Period::Month(year, month), time: None };
    (1..=12 / length)
        .contains(&part)
        .then(|| When::Span(whole((part - 1) * length + 1), whole(part * length)))
}

/// `since Monday`, `desde ayer a las 10:00`, `from March to now`.
fn since(words: &[&str]) -> Option<When> {
    let ["since" | "from" | "desde", rest @ ..] = words else { return None };
    let rest = match rest {
        [rest @ .., "to" | "until" | "hasta", "now" | "ahora"] => rest,
        [rest @ .., "onwards" | "on" | "adelante"] => rest,
        rest => rest,
    };
    Edge::parse(rest).map(When::Since)
}

/// `between A and B`, `from A to B`, `entre A y B`, `desde A hasta B`, `A al B`, `A..B`; `yesterday from 10:00 to 12:00`.
fn span(words: &[&str]) -> Option<When> {
    const OPENING: [&str; 4] = ["between", "entre", "from", "desde"];
    const BETWEEN: [&str; 8] = ["..", "and", "y", "to", "until", "hasta", "al", "a"];
    // "Yesterday between 10:00 and 12:00": the day comes first and is meant for both.
    let opening = words.iter().position(|w| OPENING.contains(w));
    let (day, words) = match opening {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (&words[..0], words),
    };
    let places = words.iter().enumerate().filter(|(_, w)| BETWEEN.contains(w));
    places.map(|(at, _)| at).find_map(|at| {
        let (from, to) = (&words[..at], &words[at + 1..]);
        if day.is_empty() { edges(from, to) } else { edges(&[day, from].concat(), to) }
    })
}

/// From what stands before and behind the word between them.
fn edges(first: &[&str], second: &[&str]) -> Option<When> {
    let mut to = Edge::parse(second)?;
    let mut from = Edge::parse(first).or_else(|| {
        // "between 2 and 6 March": the month is the second's.
        let [day] = first else { return None };
        let (month, year) = match to.period {
            Period::Day(d) => (d.month, d.year),
            _ => return None,
        };
        let partial = date::Partial { year, month: Some(month), day: date::day_of_month(day) };
        partial.day?;
        Some(Edge { period: Period::Day(partial.whole_day()?), time: None })
    })?;
    // "10:00 to 12:00 of yesterday", "yesterday 10:00 to 12:00": a time alone is one of the other's day.
    match (first, second) {
        ([_], [_, _, ..]) if from.time.is_some() && to.time.is_some() => from.period = to.period,
        (_, [_]) if from.time.is_some() && to.time.is_some() => to.period = from.period,
        _ => {}
    }
    borrow_years(&mut from.period, &mut to.period)?;
    let whole = from == to && from.time.is_none();
    Some(if whole { When::In(from.period) } else { When::Span(from, to) })
}

/// A date without a year has the other's, or the one beside it where that brings them in order: "from 28 December to 3 January
/// 2026" begins in the year before. `None` where there is no such day in the year.
fn borrow_years(from: &mut Period, to: &mut Period) -> Option<()> {
    let later = match (in_year(*from), in_year(*to)) {
        (Some(a), Some(b)) => i32::from(a > b),
        _ => 0,
    };
    match (year_of(*from), year_of(*to)) {
        (None, Some(year)) => set_year(from, year - later),
        (Some(year), None) => set_year(to, year + later),
        _ => {}
    }
    let there = |period: &Period| match *period {
        Period::Day(Day { year: Some(y), month, day }) => {
            NaiveDate::from_ymd_opt(y, month, day).is_some()
        }
        _ => true,
    };
    (there(from) && there(to)).then_some(())
}

/// Month and day of a date in a year.
fn in_year(period: Period) -> Option<(u32, u32)> {
    match period {
        Period::Month(_, month) => Some((month, 1)),
        Period::Day(d) => Some((d.month, d.day)),
        _ => None,
    }
}

fn year_of(period: Period) -> Option<i32> {
    match period {
        Period::Month(year, _) => year,
        Period::Day(d) => d.year,
        _ => None,
    }
}

fn set_year(period: &mut Period, of: i32) {
    match period {
        Period::Month(year, _) => *year = Some(of),
        Period::Day(d) => d.year = Some(of),
        _ => {}
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => self.period.fmt(f),
            Some(time) if time.second() == 0 => {
                write!(f, "{} {}", self.period, time.format("%H:%M"))
            }
            Some(time) => write!(f, "{} {}", self.period, time.format("%H:%M:%S")),
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
