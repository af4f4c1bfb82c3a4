//! Numbers from the sums that upkeep keeps by hour and by day (UTC), exact at any time: what came since the sums were made is
//! added, and so are the rows of hours that a period cuts.

use super::facets::{Counted, named};
use super::histogram::Bin;
use super::sought::tenants;
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::FACET_VALUES;
use atalaya_model::audit::query::Sought;
use atalaya_model::{Instant, Result};
use std::time::Duration;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// How far the sums reach, and the parts of a period that each of their kinds covers.
#[derive(Debug, Clone)]
pub struct Sums {
    /// Rows that this snapshot sees are in the sums.
    last: String,
    /// Whole days; `None` without end on that side.
    days: Option<Part>,
    /// Whole hours beside them.
    hours: [Option<Part>; 2],
    /// What is left over and has to be counted.
    rows: [Option<Part>; 2],
    /// Days and hours together.
    summed: Option<Part>,
}

type Part = (Option<Instant>, Option<Instant>);

/// The first multiple of `unit` microseconds at or after a time. Midnight UTC of 2000-01-01 is one.
fn up(t: Instant, unit: i64) -> Instant {
    if t == Instant::INFINITY || t == Instant::NEG_INFINITY {
        return t;
    }
    let down = t.to_postgres().div_euclid(unit).saturating_mul(unit);
    Instant::from_postgres(if down == t.to_postgres() { down } else { down.saturating_add(unit) })
}

/// The last multiple at or before a time.
fn down(t: Instant, unit: i64) -> Instant {
    if t == Instant::INFINITY || t == Instant::NEG_INFINITY {
        return t;
    }
    Instant::from_postgres(t.to_postgres().div_euclid(unit).saturating_mul(unit))
}

/// A part that holds something.
fn part(from: Option<Instant>, to: Option<Instant>) -> Option<Part> {
    match (from, to) {
        (Some(from), Some(to)) if from >= to => None,
        _ => Some((from, to)),
    }
}

impl Sums {
    /// Cuts a period: days in the middle, hours around them, rows at its ends.
    fn cut(last: String, after: Option<Instant>, before: Option<Instant>, days: bool) -> Self {
        let none = Self { last, days: None, hours: [None, None], rows: [None, None], summed: None };
        let hours = part(after.map(|t| up(t, HOUR)), before.map(|t| down(t, HOUR)));
        let Some((first, final_)) = hours else {
            return Self { rows: [part(after, before), None], ..none };
        };
        let rows =
            [after.and_then(|a| part(Some(a), first)), before.and_then(|b| part(final_, Some(b)))];
        let whole =
            if days { part(first.map(|t| up(t, DAY)), final_.map(|t| down(t, DAY))) } else { None };
        let hours = match whole {
            Some((from, to)) => {
                [first.and_then(|f| part(Some(f), from)), final_.and_then(|f| part(to, Some(f)))]
            }
            None => [Some((first, final_)), None],
        };
        Self { days: whole, hours, rows, summed: Some((first, final_)), ..none }
    }
}

/// The sums for a period, in whole days where they may be; `None` while there are none.
///
/// # Errors
/// What the database says.
pub async fn sums(read: &mut Read, sought: &Sought, days: bool) -> Result<Option<Sums>> {
    let last = sqlx::query_scalar!(
        r#"SELECT last::text AS "last!" FROM atalaya.event_roll_up
           WHERE last IS NOT NULL AND cluster = (pg_control_system()).system_identifier"#
    )
    .fetch_optional(read.connection())
    .await
    .map_err(run)?;
    Ok(last.map(|last| Sums::cut(last, sought.after, sought.before, days)))
}

/// What the sums are narrowed to; `NULL` does not narrow.
struct Narrowed {
    types: Option<Vec<String>>,
    severities: Option<Vec<String>>,
    outcomes: Option<Vec<String>>,
    tenants: Option<Vec<i32>>,
    system: bool,
    not_types: Option<Vec<String>>,
    not_severities: Option<Vec<String>>,
    not_outcomes: Option<Vec<String>>,
    not_tenants: Option<Vec<i32>>,
    not_system: bool,
}

impl Narrowed {
    fn to(s: &Sought) -> Self {
        fn some<T, U>(values: &[T], to: impl Fn(&T) -> U) -> Option<Vec<U>> {
            (!values.is_empty()).then(|| values.iter().map(to).collect())
        }
        let (ids, system) = tenants(&s.only);
        let (not_ids, not_system) = tenants(&s.except);
        Self {
            types: some(&s.only.types, Clone::clone),
            severities: some(&s.only.severities, |v| v.as_str().to_owned()),
            outcomes: some(&s.only.outcomes, |v| v.as_str().to_owned()),
            tenants: (system || !ids.is_empty()).then_some(ids),
            system,
            not_types: some(&s.except.types, Clone::clone),
            not_severities: some(&s.except.severities, |v| v.as_str().to_owned()),
            not_outcomes: some(&s.except.outcomes, |v| v.as_str().to_owned()),
            not_tenants: some(&not_ids, |t| *t),
            not_system,
        }
    }
}

/// A statement over `sums (at, tenant_id, event_type, severity, outcome, n)`: each sum of the period and each row beside them. `$1`
/// to `$18` are the parts, `$19` to `$28` what it is narrowed to, for the statement to use: facets leave out their own.
macro_rules! summed {
    ($row:ident, $tail:tt, $s:ident, $p:ident $(, $($more:tt)*)?) => {{
        let from = |p: Option<Part>| p.and_then(|p| p.0).map(PgInstant);
        let to = |p: Option<Part>| p.and_then(|p| p.1).map(PgInstant);
        sqlx::query_as!(
            $row,
            r#"WITH sums (at, tenant_id, event_type, severity, outcome, n) AS (
    SELECT d.day, d.tenant_id, d.event_type, d.severity, d.outcome, d.n FROM atalaya.event_days d
    WHERE $1::boolean AND ($2::timestamptz IS NULL OR d.day >= $2) AND ($3::timestamptz IS NULL OR d.day < $3)
    UNION ALL
    SELECT h.hour, h.tenant_id, h.event_type, h.severity, h.outcome, h.n FROM atalaya.event_hours h
    WHERE $4::boolean AND ($5::timestamptz IS NULL OR h.hour >= $5) AND ($6::timestamptz IS NULL OR h.hour < $6)
    UNION ALL
    SELECT h.hour, h.tenant_id, h.event_type, h.severity, h.outcome, h.n FROM atalaya.event_hours h
    WHERE $7::boolean AND ($8::timestamptz IS NULL OR h.hour >= $8) AND ($9::timestamptz IS NULL OR h.hour < $9)
    UNION ALL
    SELECT e.occurred_at, e.tenant_id, e.event_type, e.severity, e.outcome, 1::bigint FROM public.system_events e
    WHERE $10::boolean AND ($11::timestamptz IS NULL OR e.occurred_at >= $11) AND ($12::timestamptz IS NULL OR e.occurred_at < $12)
    UNION ALL
    SELECT e.occurred_at, e.tenant_id, e.event_type, e.severity, e.outcome, 1::bigint FROM public.system_events e
    WHERE $13::boolean AND ($14::timestamptz IS NULL OR e.occurred_at >= $14) AND ($15::timestamptz IS NULL OR e.occurred_at < $15)
    UNION ALL
    SELECT e.occurred_at, e.tenant_id, e.event_type, e.severity, e.outcome, 1::bigint FROM public.system_events e
    WHERE $16::boolean AND ($17::timestamptz IS NULL OR e.occurred_at >= $17) AND ($18::timestamptz IS NULL OR e.occurred_at < $18)
      AND e.tx >= pg_snapshot_xmin($29::text::pg_snapshot) AND NOT pg_visible_in_snapshot(e.tx, $29::text::pg_snapshot)
      AND e.cluster = (SELECT (pg_control_system()).system_identifier)
), narrowed AS (
    SELECT s.*,
           ($19::text[] IS NULL OR event_type = ANY($19)) AND ($20::text[] IS NULL OR (event_type = ANY($20)) IS NOT TRUE) AS of_type,
           ($21::text[] IS NULL OR severity = ANY($21)) AND ($22::text[] IS NULL OR (severity = ANY($22)) IS NOT TRUE) AS of_severity,
           ($23::text[] IS NULL OR outcome = ANY($23)) AND ($24::text[] IS NULL OR (outcome = ANY($24)) IS NOT TRUE) AS of_outcome,
           ($25::int[] IS NULL OR tenant_id = ANY($25) OR $26::boolean AND tenant_id IS NULL)
             AND ($27::int[] IS NULL OR (tenant_id = ANY($27)) IS NOT TRUE) AND (NOT $28::boolean OR tenant_id IS NOT NULL) AS of_tenant
    FROM sums s
)
"# + $tail,
            $s.days.is_some(),
            from($s.days) as _,
            to($s.days) as _,
            $s.hours[0].is_some(),
            from($s.hours[0]) as _,
            to($s.hours[0]) as _,
            $s.hours[1].is_some(),
            from($s.hours[1]) as _,
            to($s.hours[1]) as _,
            $s.rows[0].is_some(),
            from($s.rows[0]) as _,
            to($s.rows[0]) as _,
            $s.rows[1].is_some(),
            from($s.rows[1]) as _,
            to($s.rows[1]) as _,
            $s.summed.is_some(),
            from($s.summed) as _,
            to($s.summed) as _,
            $p.types.as_deref(),
            $p.not_types.as_deref(),
            $p.severities.as_deref(),
            $p.not_severities.as_deref(),
            $p.outcomes.as_deref(),
            $p.not_outcomes.as_deref(),
            $p.tenants.as_deref(),
            $p.system,
            $p.not_tenants.as_deref(),
            $p.not_system,
            $s.last.as_str(),
            $($($more)*)?
        )
    }};
}

struct Total {
    n: i64,
}

/// How many rows are sought.
///
/// # Errors
/// What the database says.
pub async fn sum_total(read: &mut Read, sought: &Sought, sums: &Sums) -> Result<i64> {
    let p = Narrowed::to(sought);
    let total = summed!(
        Total,
        r#"SELECT coalesce(sum(n), 0)::bigint AS "n!" FROM narrowed WHERE of_type AND of_severity AND of_outcome AND of_tenant"#,
        sums,
        p,
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)?;
    Ok(total.n)
}

struct Value {
    field: String,
    value: String,
    n: i64,
}

/// Values of type, severity, outcome and tenant, each without its own choice, most frequent first, one more of each than a facet
/// shows. `None` when that took longer than `time`; the snapshot goes on as it was.
///
/// # Errors
/// What the database says.
pub async fn sum_facets(
    read: &mut Read,
    sought: &Sought,
    sums: &Sums,
    time: Duration,
) -> Result<Option<Vec<Counted>>> {
    read.within(time, async |read| values(read, sought, sums).await).await
}

async fn values(read: &mut Read, sought: &Sought, sums: &Sums) -> Result<Vec<Counted>> {
    let p = Narrowed::to(sought);
    let rows = summed!(
        Value,
        r#", kept AS MATERIALIZED (
    SELECT tenant_id, event_type, severity, outcome, of_type, of_severity, of_outcome, of_tenant, sum(n)::bigint AS n FROM narrowed
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), counted (field, value, n) AS (
    SELECT 'type', event_type, sum(n) FROM kept WHERE of_severity AND of_outcome AND of_tenant GROUP BY event_type
    UNION ALL SELECT 'severity', severity, sum(n) FROM kept WHERE of_type AND of_outcome AND of_tenant GROUP BY severity
    UNION ALL SELECT 'outcome', outcome, sum(n) FROM kept WHERE of_type AND of_severity AND of_tenant GROUP BY outcome
    UNION ALL SELECT 'tenant', coalesce(tenant_id::text, 'system'), sum(n) FROM kept
      WHERE of_type AND of_severity AND of_outcome GROUP BY tenant_id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY field ORDER BY n DESC, value) AS place FROM counted WHERE value IS NOT NULL
)
SELECT field AS "field!", value AS "value!", n::bigint AS "n!" FROM ranked WHERE place <= $30 ORDER BY field, place"#,
        sums,
        p,
        FACET_VALUES as i64 + 1,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().filter_map(|r| named(&r.field, r.value, r.n)).collect())
}

/// As [`super::histogram`]; `step` is a multiple of the sums' own.
///
/// # Errors
/// What the database says.
pub async fn sum_bins(
    read: &mut Read,
    sought: &Sought,
    sums: &Sums,
    step: i64,
    offset: i64,
    within: (Instant, Instant),
) -> Result<Vec<Bin>> {
    let p = Narrowed::to(sought);
    summed!(
        Bin,
        r#"SELECT CASE WHEN at >= $32::timestamptz AND at < $33::timestamptz
    THEN floor((date_part('epoch', at) - $31::bigint) / $30::bigint)::bigint END AS number, severity, sum(n)::bigint AS "n!"
FROM narrowed WHERE of_type AND of_severity AND of_outcome AND of_tenant GROUP BY 1, 2"#,
        sums,
        p,
        step,
        offset,
        PgInstant(within.0) as _,
        PgInstant(within.1) as _,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(after: Option<&str>, before: Option<&str>, days: bool) -> String {
        let t = |t: Option<&str>| t.map(|t| t.parse().unwrap());
        let s = Sums::cut(String::new(), t(after), t(before), days);
        let shown = |p: Option<Part>| match p {
            None => "-".to_owned(),
            Some((from, to)) => {
                let time = |t: Option<Instant>| {
                    t.map_or("".to_owned(), |t| t.to_string()[5..16].to_owned())
                };
                format!("{}..{}", time(from), time(to))
            }
        };
        [s.days, s.hours[0], s.hours[1], s.rows[0], s.rows[1], s.summed].map(shown).join(" ")
    }

    #[test]
    fn a_period_is_cut_into_days_hours_and_rows() {
        let (a, b) = (Some("2026-03-01T22:30:00Z"), Some("2026-03-04T01:15:00Z"));
        assert_eq!(cut(None, None, true), ".. - - - - ..");
        assert_eq!(
            cut(a, b, true),
            "03-02T00:00..03-04T00:00 03-01T23:00..03-02T00:00 03-04T00:00..03-04T01:00 \
             03-01T22:30..03-01T23:00 03-04T01:00..03-04T01:15 03-01T23:00..03-04T01:00"
        );
        assert_eq!(
            cut(a, b, false),
            "- 03-01T23:00..03-04T01:00 - 03-01T22:30..03-01T23:00 03-04T01:00..03-04T01:15 03-01T23:00..03-04T01:00"
        );
        assert_eq!(
            cut(Some("2026-03-01T22:30:00Z"), Some("2026-03-01T22:45:00Z"), true),
            "- - - 03-01T22:30..03-01T22:45 - -"
        );
        // An hour and a bit within one day.
        assert_eq!(
            cut(Some("2026-03-01T10:30:00Z"), Some("2026-03-01T12:10:00Z"), true),
            "- 03-01T11:00..03-01T12:00 - 03-01T10:30..03-01T11:00 03-01T12:00..03-01T12:10 03-01T11:00..03-01T12:00"
        );
        assert_eq!(
            cut(a, None, true),
            "03-02T00:00.. 03-01T23:00..03-02T00:00 - 03-01T22:30..03-01T23:00 - 03-01T23:00.."
        );
    }

    #[test]
    fn the_ends_of_time_are_cut_too() {
        for t in [Instant::INFINITY, Instant::NEG_INFINITY, Instant::from_postgres(i64::MAX - 1)] {
            let s = Sums::cut(String::new(), Some(t), None, true);
            assert!(s.summed.is_some());
            let s = Sums::cut(String::new(), None, Some(t), true);
            assert!(s.summed.is_some());
        }
    }
}
