//! Stretches of the calendar in words, and where they begin and end for a reader whose clock shows a moment.

use super::date::{self, Partial, number, unit};
use crate::Instant;
use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Weekday,
};
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
    /// The latest such day before today.
    LastWeekday(Weekday),
    /// The latest Saturday and Sunday that have begun.
    Weekend,
    /// Saturday and Sunday of the week before this one.
    LastWeekend,
    /// A calendar year.
    Year(i32),
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
                | Self::LastWeekday(_)
                | Self::Day(_)
        )
    }

    /// Its first day, and the day after its last. A date or a day of the week without a year is the first one from `since` on
    /// where that is given, else the latest that is not in the future. `None` beyond the calendar, and for minutes and hours.
    pub(super) fn days(
        self,
        today: NaiveDate,
        since: Option<NaiveDate>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let day = |first: NaiveDate| Some((first, first.succ_opt()?));
        let whole = |first: NaiveDate, unit| Some((first, step(first, unit)?));
        match self {
            Self::Today => day(today),
            Self::Yesterday => day(today.pred_opt()?),
            Self::DayBeforeYesterday => day(today.pred_opt()?.pred_opt()?),
            Self::This(unit) => whole(beginning(today, unit)?, unit),
            Self::Previous(unit) => whole(earlier(today, 1, unit)?, unit),
            Self::Ago(n, unit) if unit.in_calendar() => whole(earlier(today, n, unit)?, unit),
            Self::Ago(..) => None,
            Self::Weekday(weekday) => day(match since {
                Some(since) => following(since, weekday)?,
                None => latest_weekday(today, weekday)?,
            }),
            Self::LastWeekday(weekday) => day(latest_weekday(today.pred_opt()?, weekday)?),
            Self::Weekend => weekend(latest_weekday(today, Weekday::Sat)?),
            Self::LastWeekend => {
                weekend(beginning(today, Unit::Week)?.checked_sub_days(Days::new(2))?)
            }
            Self::Year(year) => whole(NaiveDate::from_ymd_opt(year, 1, 1)?, Unit::Year),
            Self::Month(year, month) => {
                // The month of `since` goes on when that is not its first day.
                let since = since.and_then(|d| d.with_day(1));
                whole(dated_from(Day { year, month, day: 1 }, today, since)?, Unit::Month)
            }
            Self::Day(date) => day(dated_from(date, today, since)?),
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
            let end = if n == 1 { Some(instant(now.clone())) } else { back(now, n - 1, unit) };
            return Some((back(now, n, unit)?, end?));
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
    let of = |word| unit(word).filter(|u| u.in_calendar());
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
    let ([n, u, "ago"] | ["hace", n, u]) = words else { return None };
    Some(Period::Ago(number(n)?, unit(u)?))
}

fn weekday(words: &[&str]) -> Option<Period> {
    match words {
        [w] | ["this" | "este", w] => date::weekday(w).map(Period::Weekday),
        ["last" | "previous" | "pasado", w] | [w, "pasado" | "anterior"] => {
            date::weekday(w).map(Period::LastWeekday)
        }
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

/// The day in its year, or in the first one from `since` on, or in the latest one in which it is not in the future.
fn dated_from(day: Day, today: NaiveDate, since: Option<NaiveDate>) -> Option<NaiveDate> {
    if let Some(year) = day.year {
        return clipped(day, year);
    }
    match since {
        Some(since) => clipped(day, since.year())
            .filter(|d| *d >= since)
            .or_else(|| clipped(day, since.year() + 1)),
        None => clipped(day, today.year())
            .filter(|d| *d <= today)
            .or_else(|| clipped(day, today.year() - 1)),
    }
}

/// The day in that year; the last of the month where that is shorter.
fn clipped(day: Day, year: i32) -> Option<NaiveDate> {
    (0..4).find_map(|less| NaiveDate::from_ymd_opt(year, day.month, day.day.checked_sub(less)?))
}

fn latest_weekday(until: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    until.checked_sub_days(Days::new(until.weekday().days_since(weekday).into()))
}

fn following(since: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    since.checked_add_days(Days::new(weekday.days_since(since.weekday()).into()))
}

fn weekend(saturday: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    Some((saturday, saturday.checked_add_days(Days::new(2))?))
}

/// The first day of the calendar unit that `day` lies in.
fn beginning(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => latest_weekday(day, Weekday::Mon),
        Unit::Month => day.with_day(1),
        Unit::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        Unit::Minute | Unit::Hour | Unit::Day => Some(day),
    }
}

/// The first day of the calendar unit `n` units before that of `day`.
fn earlier(day: NaiveDate, n: u32, unit: Unit) -> Option<NaiveDate> {
    let first = beginning(day, unit)?;
    match months(n, unit) {
        Some(months) => first.checked_sub_months(months?),
        None => {
            let days = if unit == Unit::Week { 7 } else { 1 };
            first.checked_sub_days(Days::new(u64::from(n) * days))
        }
    }
}

/// The first day of the calendar unit after the one that begins on `day`.
fn step(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match months(1, unit) {
        Some(months) => day.checked_add_months(months?),
        None => day.checked_add_days(Days::new(if unit == Unit::Week { 7 } else { 1 })),
    }
}

/// Units that are counted in months, as months; the inner `None` where they are too many for any calendar.
fn months(n: u32, unit: Unit) -> Option<Option<Months>> {
    let each = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        Unit::Minute | Unit::Hour | Unit::Day | Unit::Week => return None,
    };
    Some(n.checked_mul(each).map(Months::new))
}

/// So many units before now.
pub(super) fn back<Z: TimeZone>(now: &DateTime<Z>, n: u32, unit: Unit) -> Option<Instant> {
    let then = match months(n, unit) {
        Some(months) => now.clone().checked_sub_months(months?),
        None => now.clone().checked_sub_signed(match unit {
            Unit::Minute => TimeDelta::minutes(n.into()),
            Unit::Hour => TimeDelta::hours(n.into()),
            Unit::Week => TimeDelta::weeks(n.into()),
            _ => TimeDelta::days(n.into()),
        }),
    };
    then.map(instant)
}

fn instant<Z: TimeZone>(time: DateTime<Z>) -> Instant {
    time.to_utc().into()
}

fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Option<Instant> {
    local(zone, day.and_time(NaiveTime::MIN))
}

/// The instant of a local time. One that the clocks skip is the first after the gap, which no zone makes longer than a day.
pub(super) fn local<Z: TimeZone>(zone: &Z, time: NaiveDateTime) -> Option<Instant> {
    (0..=48)
        .find_map(|halves| {
            let tried = time.checked_add_signed(TimeDelta::minutes(30 * halves))?;
            zone.from_local_datetime(&tried).earliest()
        })
        .map(instant)
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
            Self::LastWeekday(weekday) => write!(f, "last {}", date::weekday_name(*weekday)),
            Self::Weekend => f.write_str("this weekend"),
            Self::LastWeekend => f.write_str("last weekend"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(Some(year), month) => write!(f, "{year:04}-{month:02}"),
            Self::Month(None, month) => f.write_str(date::month_name(*month)),
            Self::Day(day) => day.fmt(f),
        }
    }
}
