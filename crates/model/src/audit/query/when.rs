//! Periods and moments in words. They are kept as they were said and resolved when they are used: a saved view for
//! "yesterday" shows another day tomorrow.

use super::date::{self, Partial};
use crate::Instant;
use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A unit that periods are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// As counted back from now 24 hours, else from midnight to midnight.
    Day,
    /// As counted back from now 7 days, else from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// A day; without a year the latest one that is not in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Calendar year.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub enum When {
    /// Since midnight.
    Today,
    /// The day before.
    Yesterday,
    /// The day before that.
    DayBeforeYesterday,
    /// From 18:00 of yesterday to 06:00 of today, whatever time it is now.
    LastNight,
    /// Counted back from now. It has no end: events that claim to be of the future stay in sight.
    Last(u32, Unit),
    /// The calendar unit that now lies in.
    This(Unit),
    /// The calendar unit before that.
    Previous(Unit),
    /// A calendar year.
    Year(i32),
    /// A calendar month.
    Month(Option<i32>, u32),
    /// From the first to the last of these days, both included.
    Days(Day, Day),
}

/// A moment: a time, or the beginning of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "types.ts", type = "string"))]
pub enum Moment {
    /// With its zone.
    At(Instant),
    /// In the reader's zone.
    Local(NaiveDateTime),
    /// Where the period begins, in the reader's zone.
    Start(When),
}

/// The largest count of units: nobody looks back further than some ten thousand years.
const MOST: u32 = 100_000;

impl When {
    /// Reads a period in Spanish or English.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = date::words(text);
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["today" | "hoy"] => Some(Self::Today),
            ["yesterday" | "ayer"] => Some(Self::Yesterday),
            ["day", "before", "yesterday"] | ["anteayer" | "antier"] | ["antes", "ayer"] => {
                Some(Self::DayBeforeYesterday)
            }
            ["last", "night"] | ["anoche"] => Some(Self::LastNight),
            ["this" | "este" | "esta", u] => calendar(u).map(Self::This),
            // No calendar says when the last hour began: it is the one until now.
            ["last", u] | [u, "pasado" | "pasada"] => {
                calendar(u).map(Self::Previous).or_else(|| date::unit(u).map(|u| Self::Last(1, u)))
            }
            ["previous", u] | [u, "anterior"] => calendar(u).map(Self::Previous),
            ["past" | "ultimo" | "ultima" | "one" | "un" | "una", u] => {
                date::unit(u).map(|u| Self::Last(1, u))
            }
            ["last" | "past" | "ultimo" | "ultima" | "ultimos" | "ultimas", n, u] => counted(n, u),
            [n, u] if date::unit(u).is_some() => counted(n, u),
            // `90d`, `24h`, `2w`, `15min`.
            [short]
                if short.starts_with(|c: char| c.is_ascii_digit())
                    && short.ends_with(['h', 'd', 'w', 'n']) =>
            {
                let (n, u) = short.split_at(short.find(|c: char| !c.is_ascii_digit())?);
                counted(n, u)
            }
            _ => range(&words).or_else(|| single(date::partial(&words)?)),
        }
    }

    /// Where it begins and ends, for a reader whose clock shows `now`. The end is not part of it.
    #[must_use]
    pub fn resolve<Z: TimeZone>(&self, now: &DateTime<Z>) -> (Option<Instant>, Option<Instant>) {
        let zone = now.timezone();
        let today = now.date_naive();
        let days = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
            (from.and_then(|d| midnight(&zone, d)), to.and_then(|d| midnight(&zone, d)))
        };
        match *self {
            Self::Today => days(Some(today), today.succ_opt()),
            Self::Yesterday => days(today.pred_opt(), Some(today)),
            Self::DayBeforeYesterday => {
                days(today.pred_opt().and_then(|d| d.pred_opt()), today.pred_opt())
            }
            Self::LastNight => {
                let at = |day: Option<NaiveDate>, hour| {
                    local(&zone, day?.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?))
                };
                (at(today.pred_opt(), 18), at(Some(today), 6))
            }
            Self::Last(n, unit) => (back(now, n, unit), None),
            Self::This(unit) => {
                let from = beginning(today, unit);
                days(from, from.and_then(|f| step(f, unit)))
            }
            Self::Previous(unit) => {
                let to = beginning(today, unit);
                days(to.and_then(|t| t.pred_opt()).and_then(|d| beginning(d, unit)), to)
            }
            Self::Year(y) => {
                days(NaiveDate::from_ymd_opt(y, 1, 1), NaiveDate::from_ymd_opt(y + 1, 1, 1))
            }
            Self::Month(year, month) => {
                let from = latest(Day { year, month, day: 1 }, today);
                days(from, from.and_then(|f| step(f, Unit::Month)))
            }
            Self::Days(first, last) => {
                let from = latest(first, today);
                let to = from.and_then(|f| match last.year {
                    Some(_) => clipped(last, last.year?),
                    None => clipped(last, f.year())
                        .filter(|t| *t >= f)
                        .or_else(|| clipped(last, f.year() + 1)),
                });
                days(from, to.and_then(|t| t.succ_opt()))
            }
        }
    }
}

impl Moment {
    /// Reads a moment: RFC 3339, a local time like `2026-03-01T10:00`, or whatever [`When`] understands.
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
    }

    /// The time it is, for a reader whose clock shows `now`.
    #[must_use]
    pub fn resolve<Z: TimeZone>(&self, now: &DateTime<Z>) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::Local(time) => local(&now.timezone(), *time),
            Self::Start(when) => when.resolve(now).0,
        }
    }
}

/// Units whose beginning is a calendar's.
fn calendar(word: &str) -> Option<Unit> {
    date::unit(word).filter(|u| !matches!(u, Unit::Minute | Unit::Hour))
}

fn counted(count: &str, unit: &str) -> Option<When> {
    let count = count.parse().ok().filter(|n| (1..=MOST).contains(n))?;
    Some(When::Last(count, date::unit(unit)?))
}

fn single(date: Partial) -> Option<When> {
    match date {
        Partial { year: Some(y), month: None, day: None } => Some(When::Year(y)),
        Partial { year, month: Some(m), day: None } => Some(When::Month(year, m)),
        _ => date.whole_day().map(|d| When::Days(d, d)),
    }
}

/// `between A and B`, `from A to B`, `entre A y B`, `desde A hasta B`, `A al B`, `A..B`.
fn range(words: &[String]) -> Option<When> {
    let opened =
        words.first().is_some_and(|w| ["between", "entre", "from", "desde"].contains(&w.as_str()));
    let words = if opened { &words[1..] } else { words };
    let between = words.iter().position(|w| {
        ["..", "and", "y", "to", "until", "hasta", "al", "a"].contains(&w.as_str())
    })?;
    let (mut from, to) = (date::partial(&words[..between])?, date::partial(&words[between + 1..])?);
    // "between 2 and 6 march 2026": what the first leaves out is the second's.
    if from.month.is_none() {
        from.month = to.month;
    }
    let (mut first, last) = (from.whole_day()?, to.whole_day()?);
    if first.year.is_none() {
        // "from 28 december to 3 january 2026" begins in the year before.
        let later = (first.month, first.day) > (last.month, last.day);
        first.year = last.year.map(|y| y - i32::from(later));
    }
    let last = Day {
        year: last.year.or(first
            .year
            .map(|y| y + i32::from((first.month, first.day) > (last.month, last.day)))),
        ..last
    };
    let in_order = first.year.is_none()
        || (first.year, first.month, first.day) <= (last.year, last.month, last.day);
    // A day that the borrowed year does not have.
    let there = |d: Day| NaiveDate::from_ymd_opt(d.year.unwrap_or(2024), d.month, d.day).is_some();
    (in_order && there(first) && there(last)).then_some(When::Days(first, last))
}

/// The day in its year, or in the latest one in which it is not in the future.
fn latest(day: Day, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = day.year {
        return clipped(day, year);
    }
    clipped(day, today.year()).filter(|d| *d <= today).or_else(|| clipped(day, today.year() - 1))
}

/// The day in that year; the last of the month where that is shorter.
fn clipped(day: Day, year: i32) -> Option<NaiveDate> {
    (0..4).find_map(|less| NaiveDate::from_ymd_opt(year, day.month, day.day.checked_sub(less)?))
}

fn beginning(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => {
            day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))
        }
        Unit::Month => day.with_day(1),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        Unit::Minute | Unit::Hour | Unit::Day => Some(day),
    }
}

fn step(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => day.checked_add_days(Days::new(7)),
        Unit::Month => day.checked_add_months(Months::new(1)),
        Unit::Year => day.checked_add_months(Months::new(12)),
        Unit::Minute | Unit::Hour | Unit::Day => day.succ_opt(),
    }
}

fn back<Z: TimeZone>(now: &DateTime<Z>, n: u32, unit: Unit) -> Option<Instant> {
    let then = match unit {
        Unit::Minute => now.clone().checked_sub_signed(TimeDelta::minutes(n.into())),
        Unit::Hour => now.clone().checked_sub_signed(TimeDelta::hours(n.into())),
        Unit::Day => now.clone().checked_sub_signed(TimeDelta::days(n.into())),
        Unit::Week => now.clone().checked_sub_signed(TimeDelta::weeks(n.into())),
        Unit::Month => now.clone().checked_sub_months(Months::new(n)),
        Unit::Year => {
            n.checked_mul(12).and_then(|m| now.clone().checked_sub_months(Months::new(m)))
        }
    };
    then.map(|t| t.to_utc().into())
}

fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Option<Instant> {
    local(zone, day.and_time(NaiveTime::MIN))
}

/// The instant of a local time. One that the clocks skip is the first after the gap, which no zone makes longer than a day.
fn local<Z: TimeZone>(zone: &Z, time: NaiveDateTime) -> Option<Instant> {
    (0..=48)
        .find_map(|halves| {
            let tried = time.checked_add_signed(TimeDelta::minutes(30 * halves))?;
            zone.from_local_datetime(&tried).earliest()
        })
        .map(|t| t.to_utc().into())
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "{} {}", self.day, date::month_name(self.month)),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::DayBeforeYesterday => f.write_str("day before yesterday"),
            Self::LastNight => f.write_str("last night"),
            Self::Last(1, unit) => write!(f, "last 1 {unit}"),
            Self::Last(n, unit) => write!(f, "last {n} {unit}s"),
            Self::This(unit) => write!(f, "this {unit}"),
            Self::Previous(unit) => write!(f, "last {unit}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(Some(year), month) => write!(f, "{year:04}-{month:02}"),
            Self::Month(None, month) => f.write_str(date::month_name(*month)),
            Self::Days(first, last) if first == last => first.fmt(f),
            Self::Days(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(instant) => instant.fmt(f),
            Self::Local(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%S")),
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
