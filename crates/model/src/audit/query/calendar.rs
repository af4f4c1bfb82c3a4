//! Days of the calendar and instants of a reader's zone.

use super::period::Unit;
use crate::Instant;
use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Weekday,
};

/// Which of two instants a local time means that the clocks show twice, as they do for an hour in autumn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeated {
    /// What begins at that time begins with the first.
    First,
    /// What ends at that time ends with the last.
    Last,
}

/// The instant of a local time. One that the clocks skip is the first after the gap, which no zone makes longer than a day.
pub(super) fn local<Z: TimeZone>(
    zone: &Z,
    time: NaiveDateTime,
    which: Repeated,
) -> Option<Instant> {
    (0..=24 * 60).find_map(|minutes| {
        let tried = time.checked_add_signed(TimeDelta::minutes(minutes))?;
        let found = zone.from_local_datetime(&tried);
        let both = [found.clone().earliest(), found.latest()].into_iter().flatten();
        // The system's zone calls the end of a gap repeated, and names an instant at which its clocks show another time.
        let shown = both
            .map(|t| t.naive_utc())
            .filter(|utc| zone.from_utc_datetime(utc).naive_local() == tried);
        let utc = match which {
            Repeated::First => shown.min(),
            Repeated::Last => shown.max(),
        };
        utc.map(|utc| utc.and_utc().into())
    })
}

/// Where a day begins.
pub(super) fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> Option<Instant> {
    local(zone, day.and_time(NaiveTime::MIN), Repeated::First)
}

/// The earliest time that Postgres knows is in the year 4714 BC.
const FIRST_YEAR: i32 = -4_712;

/// So many units before now.
pub(super) fn back<Z: TimeZone>(now: &DateTime<Z>, n: u32, unit: Unit) -> Option<Instant> {
    let then: Instant = match months(n, unit) {
        Some(months) => {
            let then = now.naive_local().checked_sub_months(months?)?;
            local(&now.timezone(), then, Repeated::First)?
        }
        None => {
            let length = match unit {
                Unit::Minute => TimeDelta::minutes(n.into()),
                Unit::Hour => TimeDelta::hours(n.into()),
                Unit::Week => TimeDelta::weeks(n.into()),
                _ => TimeDelta::days(n.into()),
            };
            now.clone().checked_sub_signed(length)?.to_utc().into()
        }
    };
    let known = then.to_chrono().is_some_and(|t| t.year() >= FIRST_YEAR);
    Some(if known { then } else { Instant::NEG_INFINITY })
}

/// The latest such day that is not after `until`.
pub(super) fn latest_weekday(until: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    until.checked_sub_days(Days::new(until.weekday().days_since(weekday).into()))
}

/// The first such day that is not before `since`.
pub(super) fn next_weekday(since: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    since.checked_add_days(Days::new(weekday.days_since(since.weekday()).into()))
}

/// The first day of the calendar unit that `day` lies in.
pub(super) fn beginning(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Week => latest_weekday(day, Weekday::Mon),
        Unit::Month => day.with_day(1),
        Unit::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        Unit::Minute | Unit::Hour | Unit::Day => Some(day),
    }
}

/// The first day of the calendar unit `n` units before that of `day`.
pub(super) fn earlier(day: NaiveDate, n: u32, unit: Unit) -> Option<NaiveDate> {
    let first = beginning(day, unit)?;
    match months(n, unit) {
        Some(months) => first.checked_sub_months(months?),
        None => first.checked_sub_days(Days::new(u64::from(n) * days(unit))),
    }
}

/// The first day of the calendar unit after the one that begins on `day`.
pub(super) fn step(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match months(1, unit) {
        Some(months) => day.checked_add_months(months?),
        None => day.checked_add_days(Days::new(days(unit))),
    }
}

/// The first day so many months later.
pub(super) fn months_later(day: NaiveDate, n: u32) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(n))
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

fn days(unit: Unit) -> u64 {
    if unit == Unit::Week { 7 } else { 1 }
}

/// The latest such day that is not after `until`, in a year that has it.
pub(super) fn latest_date(until: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    // Eight years may lie between two 29ths of February.
    let years = (until.year() - 8..=until.year()).rev();
    years.filter_map(|y| NaiveDate::from_ymd_opt(y, month, day)).find(|d| *d <= until)
}

/// The first such day that is not before `since`; the last day of the month where that year's is shorter.
pub(super) fn next_date(since: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    let clipped =
        |year| (0..4).find_map(|less| NaiveDate::from_ymd_opt(year, month, day.checked_sub(less)?));
    clipped(since.year()).filter(|d| *d >= since).or_else(|| clipped(since.year() + 1))
}
