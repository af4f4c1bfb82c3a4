//! How many events a query shows, over time.

use super::ask::{self, BACKGROUND, broad};
use super::cancel::unless_cancelled;
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{AuditBucket, AuditHistogram, BUCKETS, CountSource};
use atalaya_model::{Error, Instant, Result};
use atalaya_store::Read;
use atalaya_store::audit::{self, Bin};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Lengths of a bucket that people read easily, in seconds. Longer ones are multiples of the last.
const STEPS: [i64; 17] = [
    60,
    5 * 60,
    10 * 60,
    15 * 60,
    30 * 60,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    WEEK,
    2 * WEEK,
    4 * WEEK,
    12 * WEEK,
    52 * WEEK,
];

/// Weeks begin on Mondays; Unix time began on a Thursday.
const MONDAY: i64 = 4 * DAY;

/// Where a period without an end ends: nothing that claims to be older or later than these is drawn.
fn sane(now: Instant) -> Result<(Instant, Instant)> {
    let now = now.to_chrono().and_then(|n| n.checked_add_signed(TimeDelta::days(366)));
    let end = now.ok_or_else(|| Error::invalid("now", "The clock shows a time of no calendar."))?;
    // 2000-01-01.
    Ok((Instant::from_postgres(0), end.into()))
}

/// At most `buckets` stretches of equal length (10..=400), which begin at multiples of it in UTC; weeks on Mondays. When `cancel`
/// is triggered the query is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, `VALIDATION_FAILED`, `QUERY_TOO_BROAD`, `ACCESS_DENIED`, or what the database says.
pub async fn histogram(
    cx: &Context,
    caller: &Caller,
    query: &str,
    buckets: u32,
    cancel: CancellationToken,
) -> Result<AuditHistogram> {
    if !BUCKETS.contains(&buckets) {
        return Err(Error::invalid("buckets", "A histogram has 10 to 400 buckets."));
    }
    let now = ask::now(cx);
    let sought = ask::sought(query, now)?;
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let store = cx.store.clone();
    cx.store
        .view_within(permit, BACKGROUND, async move |read| {
            let backend = read.backend();
            let counting = counted(read, &sought, now, i64::from(buckets));
            unless_cancelled(&store, backend, &cancel, "Counting was cancelled.", counting)
                .await
                .map_err(broad)
        })
        .await
}

async fn counted(
    read: &mut Read,
    sought: &Sought,
    now: Instant,
    buckets: i64,
) -> Result<AuditHistogram> {
    let bounds = sane(now)?;
    let within = (
        sought.after.map_or(bounds.0, |a| a.max(bounds.0)),
        sought.before.map_or(bounds.1, |b| b.min(bounds.1)),
    );
    // A period that is known is drawn as a whole; without a beginning it is drawn from the first row on, which the rows tell.
    let known = sought.after.is_some();
    let end = if sought.before.is_some() { within.1 } else { now.max(within.0) };
    let step = if known { step(seconds(within.0), seconds(end), buckets) } else { DAY };
    let (mut source, mut fine, mut bins) = bins(read, sought, step, within).await?;
    // What lies beyond the bounds is missed by each finer look, which begins at the first row within them.
    let complete = bins.iter().all(|b| b.number.is_some());
    let rows = |bins: &[Bin]| bins.iter().filter_map(|b| b.number).fold(None, widened);
    let mut range =
        rows(&bins).map(|(a, b)| (a * fine + offset(fine), (b + 1) * fine + offset(fine)));
    // A short log: once more, finely; and again where all of it lies within hours.
    for _ in 0..2 {
        let Some((first, last)) = range.filter(|_| !known) else { break };
        let drawn = self::step(first, last.min(seconds(within.1)).max(seconds(end)), buckets);
        if drawn >= fine {
            break;
        }
        let short = Sought { after: Some(instant(first)), ..sought.clone() };
        (source, fine, bins) = self::bins(read, &short, drawn, within).await?;
        range = rows(&bins).map(|(a, b)| (a * fine + offset(fine), (b + 1) * fine + offset(fine)));
    }
    let from = if known { Some(seconds(within.0)) } else { range.map(|r| r.0) };
    let Some(from) = from else {
        return Ok(AuditHistogram { step_seconds: step, buckets: Vec::new(), source, complete });
    };
    let to = range.map_or(from, |r| r.1).max(seconds(end));
    Ok(AuditHistogram { source, complete, ..drawn(&bins, fine, from, to, buckets) })
}

/// The bins, where they come from and how long each is: a part of `step`.
async fn bins(
    read: &mut Read,
    sought: &Sought,
    step: i64,
    within: (Instant, Instant),
) -> Result<(CountSource, i64, Vec<Bin>)> {
    if sought.is_summed()
        && step % HOUR == 0
        && let Some(sums) = audit::sums(read, sought, step % DAY == 0).await?
    {
        let fine = if step % DAY == 0 { DAY } else { HOUR };
        let bins = audit::sum_bins(read, sought, &sums, fine, 0, within).await?;
        return Ok((CountSource::Rollup, fine, bins));
    }
    // Finer than needed where the range will widen: days can still become weeks.
    let fine = if step % DAY == 0 { DAY } else { step };
    let bins = audit::histogram(read, sought, fine, 0, within).await?;
    Ok((CountSource::Counted, fine, bins))
}

/// Bins as buckets of one length, from the bucket of `from` up to that of `to`.
fn drawn(bins: &[Bin], fine: i64, from: i64, to: i64, most: i64) -> AuditHistogram {
    let mut length = step(from, to, most);
    // Rows that claim to be of the future may widen what was asked for; bins cannot be split.
    if length % fine != 0 {
        length = fine * (length / fine + 1);
    }
    let begin = |t: i64| (t - offset(length)).div_euclid(length);
    let mut counts: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
    // An empty range has no bucket: the one around its beginning would show a time that nobody asked for.
    if from < to {
        for number in begin(from)..=begin(to - 1) {
            counts.insert(number, [0; 4]);
        }
    }
    for bin in bins {
        let Some(number) = bin.number else { continue };
        let place = match bin.severity.as_deref() {
            Some("info") => 0,
            Some("warning") => 1,
            Some("critical") => 2,
            _ => 3,
        };
        counts.entry(begin(number * fine)).or_default()[place] += bin.n;
    }
    let buckets = counts
        .into_iter()
        .map(|(number, [info, warning, critical, none])| AuditBucket {
            start: instant(number * length + offset(length)),
            info,
            warning,
            critical,
            none,
        })
        .collect();
    AuditHistogram { step_seconds: length, buckets, source: CountSource::Counted, complete: true }
}

/// The shortest readable length that needs no more than `most` buckets for a range of seconds.
fn step(from: i64, to: i64, most: i64) -> i64 {
    let fits = |length: i64| {
        let number = |t: i64| (t - offset(length)).div_euclid(length);
        number((to - 1).max(from)) - number(from) < most
    };
    let known = STEPS.into_iter().find(|length| fits(*length));
    known.unwrap_or_else(|| {
        (2..).map(|n| n * 52 * WEEK).find(|length| fits(*length)).unwrap_or(52 * WEEK)
    })
}

const fn offset(step: i64) -> i64 {
    if step % WEEK == 0 { MONDAY } else { 0 }
}

fn widened(range: Option<(i64, i64)>, n: i64) -> Option<(i64, i64)> {
    Some(range.map_or((n, n), |(a, b)| (a.min(n), b.max(n))))
}

/// Unix time.
fn seconds(t: Instant) -> i64 {
    t.to_postgres().div_euclid(1_000_000).saturating_add(EPOCH_2000)
}

fn instant(seconds: i64) -> Instant {
    Instant::from_postgres((seconds - EPOCH_2000).saturating_mul(1_000_000))
}

/// Seconds from 1970-01-01 to 2000-01-01.
const EPOCH_2000: i64 = 946_684_800;

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> i64 {
        seconds(text.parse().unwrap())
    }

    #[test]
    fn lengths_are_readable_and_fit() {
        let cases = [
            ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", 48, 30 * 60),
            ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", 24, HOUR),
            ("2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 400, DAY),
            ("2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 60, WEEK),
            ("2000-01-01T00:00:00Z", "2026-03-01T00:00:00Z", 10, 3 * 52 * WEEK),
        ];
        for (from, to, most, length) in cases {
            assert_eq!(step(t(from), t(to), most), length, "{from} {to} {most}");
        }
    }

    #[test]
    fn buckets_are_whole_and_none_is_missing() {
        let bin = |day: &str, severity: Option<&str>, n| Bin {
            number: Some(t(day) / DAY),
            severity: severity.map(str::to_owned),
            n,
        };
        let bins = [
            bin("2026-03-02T00:00:00Z", Some("info"), 3),
            bin("2026-03-08T00:00:00Z", Some("critical"), 1),
            bin("2026-03-09T00:00:00Z", None, 2),
        ];
        let h = drawn(&bins, DAY, t("2026-02-20T00:00:00Z"), t("2026-03-12T00:00:00Z"), 4);
        assert_eq!(h.step_seconds, WEEK);
        let starts: Vec<_> =
            h.buckets.iter().map(|b| b.start.to_string()[..10].to_owned()).collect();
        // Mondays.
        assert_eq!(starts, ["2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09"]);
        let week = h.buckets[2];
        assert_eq!((week.info, week.critical, week.none), (3, 1, 0));
        assert_eq!(h.buckets[3].none, 2);
    }

    /// As of `when:1999`, which ends where the first drawn time begins.
    #[test]
    fn an_empty_range_has_no_bucket() {
        let at = t("2000-01-01T00:00:00Z");
        assert!(drawn(&[], DAY, at, at, 31).buckets.is_empty());
        assert_eq!(drawn(&[], DAY, at, at + 1, 31).buckets.len(), 1);
    }
}
