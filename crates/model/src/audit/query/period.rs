//! Stretches of the calendar in words, and where they begin and end for a reader whose clock shows a moment.

use super::calendar::{
    back, beginning, earlier, latest_date, latest_weekday, midnight, months_later, next_date,
    next_weekday, step,
};
use super::date::{self, Partial, number, unit};
use crate::Instant;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Weekday};
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
    /// Three calendar months; as a calendar's one from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

impl Unit {
    /// Whether a calendar says where one begins.
    pub(super) const fn in_calendar(self) -> bool {
        !matches!(self, Self::Minute | Self::Hour)
    }
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

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Since midnight.
    Today,
    /// The day before.
    Yesterday,
    /// The day before that.
    DayBeforeYesterday,
    /// The calendar unit that now lies in.
    This(Unit),
    /// The calendar unit before that.
    Previous(Unit),
    /// The calendar unit so many before that of now. Minutes and hours have no calendar: one of them, which began so many ago.
    Ago(u32, Unit),
    /// The latest such day, today included.
    Weekday(Weekday),
    /// That day of the week that now lies in, which may be to come.
    ThisWeekday(Weekday),
    /// The latest such day before today.
    LastWeekday(Weekday),
    /// The latest Saturday and Sunday that have begun.
    Weekend,
    /// Saturday and Sunday of the week before this one.
    LastWeekend,
    /// A calendar year.
    Year(i32),
    /// Half of a calendar year, 1 or 2; without a year the latest one that has begun.
    Half(Option<i32>, u32),
    /// A quarter of a calendar year, 1 to 4; without a year the latest one that has begun.
    Quarter(Option<i32>, u32),
    /// A calendar month; without a year the latest one that has begun.
    Month(Option<i32>, u32),
    /// One day.
    Day(Day),
}

/// The largest count of units: nobody looks back further than some ten thousand years.
pub(super) const MOST: u32 = 100_000;

impl Period {
    pub(super) fn parse(words: &[&str]) -> Option<Self> {
        named(words)
            .or_else(|| in_calendar(words))
            .or_else(|| ago(words))
            .or_else(|| weekday(words))
            .or_else(|| part_of_year(words))
            .or_else(|| dated(date::partial(words)?))
    }

    /// Whether it is one day, so that a time of the day says when.
    pub(super) const fn is_day(self) -> bool {
        matches!(
            self,
            Self::Today
                | Self::Yesterday
                | Self::DayBeforeYesterday
                | Self::This(Unit::Day)
                | Self::Previous(Unit::Day)
                | Self::Ago(_, Unit::Day)
                | Self::Weekday(_)
                | Self::ThisWeekday(_)
                | Self::LastWeekday(_)
                | Self::Day(_)
        )
    }

    /// The year that it names.
    pub(super) const fn year(self) -> Option<i32> {
        match self {
            Self::Half(year, _) | Self::Quarter(year, _) | Self::Month(year, _) => year,
            Self::Day(day) => day.year,
            _ => None,
        }
    }

    /// Month and day with which it begins in its year, where it could name one.
    pub(super) const fn in_year(self) -> Option<(u32, u32)> {
        match self {
            Self::Half(_, n) => Some(((n - 1) * 6 + 1, 1)),
            Self::Quarter(_, n) => Some(((n - 1) * 3 + 1, 1)),
            Self::Month(_, month) => Some((month, 1)),
            Self::Day(day) => Some((day.month, day.day)),
            _ => None,
        }
    }

    /// Names a year, where it can.
    pub(super) const fn set_year(&mut self, named: i32) {
        match self {
            Self::Half(year, _) | Self::Quarter(year, _) | Self::Month(year, _) => {
                *year = Some(named);
            }
            Self::Day(day) => day.year = Some(named),
            _ => {}
        }
    }

    /// Its first day, and the day after its last. What names no year, and a day of the week, is the first one from `since` on
    /// where that is given, else the latest that is not in the future. `None` beyond the calendar, and for minutes and hours.
    pub(super) fn days(
        self,
        today: NaiveDate,
        since: Option<NaiveDate>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let day = |first: NaiveDate| Some((first, first.succ_opt()?));
        let whole = |first: NaiveDate, unit| Some((first, step(first, unit)?));
        let dated = |year: Option<i32>, month, day| match (year, since) {
            (Some(year), _) => NaiveDate::from_ymd_opt(year, month, day),
            (None, Some(since)) => next_date(since, month, day),
            (None, None) => latest_date(today, month, day),
        };
        // One of several months goes on when `since` is not its first day.
        let months = |year: Option<i32>, first: u32, length: u32| {
            let since = since
                .and_then(|d| d.with_day(1)?.checked_sub_months(chrono::Months::new(length - 1)));
            let first = match (year, since) {
                (None, Some(since)) => next_date(since, first, 1)?,
                _ => dated(year, first, 1)?,
            };
            Some((first, months_later(first, length)?))
        };
        match self {
            Self::Today => day(today),
            Self::Yesterday => day(today.pred_opt()?),
            Self::DayBeforeYesterday => day(today.pred_opt()?.pred_opt()?),
            Self::This(unit) => whole(beginning(today, unit)?, unit),
            Self::Previous(unit) => whole(earlier(today, 1, unit)?, unit),
            Self::Ago(n, unit) if unit.in_calendar() => whole(earlier(today, n, unit)?, unit),
            Self::Ago(..) => None,
            Self::Weekday(weekday) => day(match since {
                Some(since) => next_weekday(since, weekday)?,
                None => latest_weekday(today, weekday)?,
            }),
            Self::ThisWeekday(weekday) => {
                day(next_weekday(beginning(today, Unit::Week)?, weekday)?)
            }
            Self::LastWeekday(weekday) => day(latest_weekday(today.pred_opt()?, weekday)?),
            Self::Weekend => weekend(latest_weekday(today, Weekday::Sat)?),
            Self::LastWeekend => {
                weekend(beginning(today, Unit::Week)?.checked_sub_days(Days::new(2))?)
            }
            Self::Year(year) => whole(NaiveDate::from_ymd_opt(year, 1, 1)?, Unit::Year),
            Self::Half(year, n) => months(year, (n - 1) * 6 + 1, 6),
            Self::Quarter(year, n) => months(year, (n - 1) * 3 + 1, 3),
            Self::Month(year, month) => months(year, month, 1),
            Self::Day(date) => day(dated(date.year, date.month, date.day)?),
        }
    }

    /// Where it begins and ends. The end is not part of it.
    pub(super) fn resolve<Z: TimeZone>(
        self,
        now: &DateTime<Z>,
        since: Option<NaiveDate>,
    ) -> Option<(Instant, Instant)> {
        if let Self::Ago(n, unit) = self
            && !unit.in_calendar()
        {
            let end = if n == 1 { now.clone().to_utc().into() } else { back(now, n - 1, unit)? };
            return Some((back(now, n, unit)?, end));
        }
        let (first, beyond) = self.days(now.date_naive(), since)?;
        let zone = now.timezone();
        Some((midnight(&zone, first)?, midnight(&zone, beyond)?))
    }
}

fn named(words: &[&str]) -> Option<Period> {
    Some(match words {
        ["today" | "hoy"] => Period::Today,
        ["yesterday" | "ayer"] => Period::Yesterday,
        ["day", "before", "yesterday"] | ["anteayer" | "antier"] | ["antes", "ayer"] => {
            Period::DayBeforeYesterday
        }
        ["weekend" | "finde"] | ["fin", "semana"] => Period::Weekend,
        ["this" | "este", "weekend" | "finde"] | ["este", "fin", "semana"] => Period::Weekend,
        ["last" | "previous" | "pasado", "weekend" | "finde"]
        | ["pasado", "fin", "semana"]
        | ["finde", "pasado" | "anterior"]
        | ["fin", "semana", "pasado" | "anterior"] => Period::LastWeekend,
        _ => return None,
    })
}

fn in_calendar(words: &[&str]) -> Option<Period> {
    // "Last months" does not say how many.
    let of = |word| unit(word).filter(|u| u.in_calendar() && !date::is_plural(word));
    match words {
        ["this" | "current" | "este" | "esta", u] | [u, "actual" | "corriente" | "curso"] => {
            of(u).map(Period::This)
        }
        ["last" | "previous" | "pasado" | "pasada", u]
        | [u, "pasado" | "pasada" | "anterior" | "previo" | "previa"] => {
            of(u).map(Period::Previous)
        }
        _ => None,
    }
}

/// `3 days ago`, `hace 3 días`.
fn ago(words: &[&str]) -> Option<Period> {
    let ([n, u, "ago" | "atras"] | ["hace", n, u]) = words else { return None };
    Some(Period::Ago(number(n)?, unit(u)?))
}

fn weekday(words: &[&str]) -> Option<Period> {
    match words {
        [w] => date::weekday(w).map(Period::Weekday),
        ["this" | "este", w] => date::weekday(w).map(Period::ThisWeekday),
        ["last" | "previous" | "pasado", w] | [w, "pasado" | "anterior"] => {
            date::weekday(w).map(Period::LastWeekday)
        }
        _ => None,
    }
}

/// `q1 2026`, `first quarter of 2026`, `2.º trimestre`, `second half of 2025`, `primer semestre`.
fn part_of_year(words: &[&str]) -> Option<Period> {
    let (words, year) = match words {
        [words @ .., last] if date::year(last).is_some() => (words, date::year(last)),
        [first, words @ ..] if date::year(first).is_some() => (words, date::year(first)),
        words => (words, None),
    };
    let quarter = |n| (1..=4).contains(&n).then_some(Period::Quarter(year, n));
    let half = |n| (1..=2).contains(&n).then_some(Period::Half(year, n));
    match words {
        [short] => match short.split_at_checked(1)? {
            ("q" | "t", n) | (n, "t") => quarter(n.parse().ok()?),
            ("h", n) => half(n.parse().ok()?),
            _ => None,
        },
        [nth, "quarter" | "trimestre"] => quarter(date::ordinal(nth)?),
        [nth, "half" | "semestre"] => half(date::ordinal(nth)?),
        _ => None,
    }
}

fn dated(date: Partial) -> Option<Period> {
    match date {
        Partial { year: Some(y), month: None, day: None } => Some(Period::Year(y)),
        Partial { year, month: Some(m), day: None } => Some(Period::Month(year, m)),
        _ => date.whole_day().map(Period::Day),
    }
}

fn weekend(saturday: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    Some((saturday, saturday.checked_add_days(Days::new(2))?))
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
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

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::DayBeforeYesterday => f.write_str("day before yesterday"),
            Self::This(unit) => write!(f, "this {unit}"),
            Self::Previous(unit) => write!(f, "last {unit}"),
            Self::Ago(1, unit) => write!(f, "1 {unit} ago"),
            Self::Ago(n, unit) => write!(f, "{n} {unit}s ago"),
            Self::Weekday(weekday) => f.write_str(date::weekday_name(*weekday)),
            Self::ThisWeekday(weekday) => write!(f, "this {}", date::weekday_name(*weekday)),
            Self::LastWeekday(weekday) => write!(f, "last {}", date::weekday_name(*weekday)),
            Self::Weekend => f.write_str("this weekend"),
            Self::LastWeekend => f.write_str("last weekend"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Half(Some(year), n) => write!(f, "{year:04}-H{n}"),
            Self::Half(None, n) => write!(f, "H{n}"),
            Self::Quarter(Some(year), n) => write!(f, "{year:04}-Q{n}"),
            Self::Quarter(None, n) => write!(f, "Q{n}"),
            Self::Month(Some(year), month) => write!(f, "{year:04}-{month:02}"),
            Self::Month(None, month) => f.write_str(date::month_name(*month)),
            Self::Day(day) => day.fmt(f),
        }
    }
}
