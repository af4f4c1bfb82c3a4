//! What looks wrong in the log. Each rule is one statement under the reader's row security: a tenant's people find in their
//! own log only. Times that are no times (`infinity`) lie outside every period.

mod notes;

pub use notes::{Noted, note, notes, rules, update_rule};

use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::FindingRule;
use atalaya_model::{Instant, Result};

/// The most that one rule reports: more of them is one message, not many. Those that weigh most are kept, so that nobody
/// hides a large one behind many small ones.
pub const MOST: usize = 200;

/// One more than is reported: whether there are more.
const ASKED: i64 = MOST as i64 + 1;

/// The most ids of one actor that are told apart; where there are more, [`Found::actor_ids`] is not all of them.
pub const MOST_IDS: i32 = 1_000;

/// Where a rule looks.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// From here on.
    pub since: Instant,
    /// Up to here.
    pub until: Instant,
}

/// What a rule found.
#[derive(Debug, Clone)]
pub struct Heap {
    /// At most [`MOST`], those that weigh most.
    pub found: Vec<Found>,
    /// Whether there are more.
    pub more: bool,
}

/// One thing that a rule found.
#[derive(Debug, Clone)]
pub struct Found {
    /// An actor or an address; empty where the rule has neither.
    pub subject: String,
    /// Whether the subject is the id of an actor for whom the log has no name.
    pub by_id: bool,
    /// A second one, where the rule is about a pair.
    pub address: Option<String>,
    /// The ids under which the actor did it or such things in the period, where the subject is one: a label may have changed since.
    /// At most [`MOST_IDS`] and two more, each at most 400 characters long.
    pub actor_ids: Vec<String>,
    /// Whether some of it was done under no id.
    pub some_without_id: bool,
    /// First event.
    pub at: Instant,
    /// Last event.
    pub until: Instant,
    /// Until when they were recorded, by the database's clock: a writer may claim an earlier time. A second after the last
    /// event where none was recorded later than that; `None` where it is not known.
    pub recorded: Option<Instant>,
    /// Events in between.
    pub count: i64,
}

/// As the statements answer it; among the ids is an empty one where some of it was done under none.
struct Row {
    subject: String,
    by_id: bool,
    address: Option<String>,
    actor_ids: Vec<String>,
    at: PgInstant,
    until: PgInstant,
    recorded: Option<PgInstant>,
    count: i64,
}

impl From<Row> for Found {
    fn from(r: Row) -> Self {
        Self {
            subject: r.subject,
            by_id: r.by_id,
            address: r.address,
            some_without_id: r.actor_ids.iter().any(String::is_empty),
            actor_ids: r.actor_ids.into_iter().filter(|id| !id.is_empty()).collect(),
            at: r.at.0,
            until: r.until.0,
            recorded: r.recorded.map(|t| t.0),
            count: r.count,
        }
    }
}

impl From<Vec<Row>> for Heap {
    fn from(rows: Vec<Row>) -> Self {
        let more = rows.len() > MOST;
        Self { found: rows.into_iter().take(MOST).map(Into::into).collect(), more }
    }
}

/// What is counted together.
#[derive(Debug, Clone, Copy)]
pub struct Burst<'a> {
    /// Event types.
    pub types: &'a [&'a str],
    /// By address; otherwise by actor.
    pub by_address: bool,
    /// Only what was done.
    pub done: bool,
}

/// Windows in which one address or actor reached the threshold, wherever they begin; those less than an hour apart are one
/// finding. What the same did up to a window before and behind them belongs to it.
///
/// # Errors
/// What the database says.
pub async fn bursts(
    read: &mut Read,
    what: Burst<'_>,
    rule: FindingRule,
    period: Period,
) -> Result<Heap> {
    let types: Vec<String> = what.types.iter().map(|t| (*t).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"WITH fitting AS (
             -- A name and an id that read alike are two actors.
             SELECT CASE WHEN $2 THEN 'a' || host(ip) ELSE coalesce('l' || actor_label, 'i' || actor_id) END AS subject,
                    CASE WHEN $2 THEN '' ELSE coalesce(left(actor_id, 400), '') END COLLATE "C" AS actor_id, occurred_at, recorded_at
             FROM public.system_events
             WHERE event_type = ANY($1) AND occurred_at >= $3 AND occurred_at < $4 AND (NOT $5 OR outcome = 'ok')),
           -- How many of the subject there are before each, and up to it; what happened at the same moment has the same numbers.
           numbered AS (
             SELECT subject, occurred_at, rank() OVER w - 1 AS n_before, count(*) OVER w AS n_with
             FROM fitting WHERE subject IS NOT NULL WINDOW w AS (PARTITION BY subject ORDER BY occurred_at)),
           -- And what the same did up to a window before and behind it.
           around AS (
             SELECT subject, occurred_at,
                    first_value(n_before) OVER back AS from_n, first_value(occurred_at) OVER back AS from_at,
                    last_value(n_with) OVER ahead AS to_n, last_value(occurred_at) OVER ahead AS to_at
             FROM numbered
             WINDOW back AS (PARTITION BY subject ORDER BY occurred_at
                             RANGE BETWEEN make_interval(mins => $6) - interval '1 microsecond' PRECEDING AND CURRENT ROW),
                    ahead AS (PARTITION BY subject ORDER BY occurred_at
                              RANGE BETWEEN CURRENT ROW AND make_interval(mins => $6) - interval '1 microsecond' FOLLOWING)),
           full_windows AS (
             SELECT subject, occurred_at AS last, to_n, to_at, lag(occurred_at, ($7::bigint - 1)::int) OVER w AS first,
                    lag(from_n, ($7::bigint - 1)::int) OVER w AS from_n, lag(from_at, ($7::bigint - 1)::int) OVER w AS from_at
             FROM around WINDOW w AS (PARTITION BY subject ORDER BY occurred_at)),
           windows AS (SELECT * FROM full_windows WHERE last - first < make_interval(mins => $6)),
           begun AS (
             SELECT *, coalesce(first - lag(last) OVER w > interval '1 hour', TRUE) AS begins
             FROM windows WINDOW w AS (PARTITION BY subject ORDER BY last)),
           bursts AS (
             SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY subject ORDER BY last) AS burst FROM begun),
           found AS (
             SELECT subject, min(from_at) AS at, max(to_at) AS until, max(to_n) - min(from_n) AS n, max(last) AS last
             FROM bursts GROUP BY subject, burst ORDER BY n DESC, last DESC, subject LIMIT $8),
           -- What was recorded well after it is said to have happened, by the minute: many bursts of one subject meet few rows.
           belated AS (
             SELECT subject, min(occurred_at) AS first, max(occurred_at) AS final, max(recorded_at) AS recorded
             FROM fitting
             WHERE recorded_at > occurred_at + interval '1 second' AND subject IN (SELECT subject FROM found)
             GROUP BY subject, date_trunc('minute', occurred_at)),
           recorded AS (
             SELECT f.subject, f.last, max(b.recorded) AS recorded
             FROM found f JOIN belated b ON b.subject = f.subject AND b.first <= f.until AND b.final >= f.at
             GROUP BY f.subject, f.last),
           actors AS (SELECT DISTINCT subject, actor_id FROM fitting WHERE subject IN (SELECT subject FROM found)),
           counted AS (SELECT subject, actor_id, row_number() OVER (PARTITION BY subject ORDER BY actor_id) AS n FROM actors),
           ids AS (SELECT subject, array_agg(actor_id) AS ids FROM counted WHERE n <= $9::int + 2 GROUP BY subject)
           SELECT substr(subject, 2) AS "subject!", left(subject, 1) = 'i' AS "by_id!", NULL::text AS address,
                  ids AS "actor_ids!", at AS "at!: PgInstant", until AS "until!: PgInstant",
                  greatest(recorded, until + interval '1 second') AS "recorded: PgInstant", n AS "count!"
           FROM found JOIN ids USING (subject) LEFT JOIN recorded USING (subject, last) ORDER BY n DESC, last DESC, subject"#,
        &types,
        what.by_address,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        what.done,
        rule.window_minutes,
        i64::from(rule.threshold),
        ASKED,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into())
}

/// Sign-ins of an actor from an address that was not theirs in the window before.
///
/// # Errors
/// What the database says.
pub async fn new_addresses(
    read: &mut Read,
    types: &[&str],
    rule: FindingRule,
    period: Period,
) -> Result<Heap> {
    let types: Vec<String> = types.iter().map(|t| (*t).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"WITH entries AS (
             SELECT coalesce('l' || actor_label, 'i' || actor_id) AS actor,
                    coalesce(left(actor_id, 400), '') COLLATE "C" AS actor_id, ip, occurred_at, recorded_at,
                    row_number() OVER (PARTITION BY coalesce('l' || actor_label, 'i' || actor_id) ORDER BY occurred_at, id) - 1 AS earlier
             FROM public.system_events
             WHERE event_type = ANY($1) AND outcome = 'ok' AND ip IS NOT NULL AND coalesce(actor_label, actor_id) IS NOT NULL
               AND occurred_at >= $2::timestamptz - make_interval(mins => $4) AND occurred_at < $3),
           found AS (
             SELECT actor, ip, min(occurred_at) AS at, max(occurred_at) AS until, max(recorded_at) AS recorded, count(*) AS n,
                    min(actor_id) AS id, min(actor_id) <> max(actor_id) AS several
             FROM entries GROUP BY actor, ip
             HAVING min(occurred_at) >= $2::timestamptz AND min(earlier) >= $5
             ORDER BY n DESC, at DESC, actor, ip LIMIT $6),
           -- Mostly there is one id; of several not more than are told apart ever stand in one array. One key instead of two: an
           -- actor with many addresses is not compared with each of them.
           actors AS (
             SELECT DISTINCT actor || ' ' || host(ip) AS pair, actor_id FROM entries
             WHERE actor || ' ' || host(ip) IN (SELECT actor || ' ' || host(ip) FROM found WHERE several)),
           counted AS (SELECT pair, actor_id, row_number() OVER (PARTITION BY pair ORDER BY actor_id) AS n FROM actors),
           ids AS (SELECT pair, array_agg(actor_id) AS ids FROM counted WHERE n <= $7::int + 2 GROUP BY pair)
           SELECT substr(actor, 2) AS "subject!", left(actor, 1) = 'i' AS "by_id!", host(ip) AS address,
                  coalesce(ids, ARRAY[id]) AS "actor_ids!", at AS "at!: PgInstant",
                  until AS "until!: PgInstant", recorded AS "recorded: PgInstant", n AS "count!"
           FROM found LEFT JOIN ids ON pair = actor || ' ' || host(ip) ORDER BY n DESC, at DESC, actor, ip"#,
        &types,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        i64::from(rule.threshold),
        ASKED,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into())
}

/// What an actor did, with nothing usual in between and from one noon to the next, at hours of the day at which, or beside which,
/// they were never active in the window before. `offset` is the reader's distance from UTC in minutes.
///
/// # Errors
/// What the database says.
pub async fn unusual_hours(
    read: &mut Read,
    rule: FindingRule,
    period: Period,
    offset: i32,
) -> Result<Heap> {
    let rows = sqlx::query_as!(
        Row,
        r#"WITH acts AS (
             SELECT coalesce('l' || actor_label, 'i' || actor_id) AS actor,
                    coalesce(left(actor_id, 400), '') COLLATE "C" AS actor_id, occurred_at, recorded_at, id,
                    (occurred_at + make_interval(mins => $5)) AT TIME ZONE 'UTC' AS wall
             FROM public.system_events
             WHERE actor_kind IN ('user', 'operator', 'legacy') AND coalesce(actor_label, actor_id) IS NOT NULL
               AND occurred_at >= $1::timestamptz - make_interval(mins => $3) AND occurred_at < $2),
           usual AS (
             SELECT actor, array_agg(DISTINCT extract(hour FROM wall)::integer) AS hours
             FROM acts WHERE occurred_at < $1::timestamptz GROUP BY actor HAVING count(*) >= $4),
           judged AS (
             SELECT a.*, NOT u.hours && ARRAY[h.hour, (h.hour + 1) % 24, (h.hour + 23) % 24] AS unusual
             FROM acts a JOIN usual u USING (actor) CROSS JOIN LATERAL (SELECT extract(hour FROM a.wall)::integer AS hour) h
             WHERE a.occurred_at >= $1::timestamptz),
           runs AS (
             SELECT *, count(*) FILTER (WHERE NOT unusual) OVER (PARTITION BY actor ORDER BY occurred_at, id) AS run FROM judged),
           unusual AS (
             SELECT actor, run, date_trunc('day', wall - interval '12 hours') AS night, actor_id, occurred_at, recorded_at
             FROM runs WHERE unusual),
           found AS (
             SELECT actor, run, night, min(occurred_at) AS at, max(occurred_at) AS until, max(recorded_at) AS recorded, count(*) AS n,
                    min(actor_id) AS id, min(actor_id) <> max(actor_id) AS several
             FROM unusual GROUP BY actor, run, night ORDER BY n DESC, until DESC, actor LIMIT $6),
           actors AS (
             SELECT DISTINCT run || ' ' || night || ' ' || actor AS part, actor_id FROM unusual
             WHERE run || ' ' || night || ' ' || actor IN (SELECT run || ' ' || night || ' ' || actor FROM found WHERE several)),
           counted AS (SELECT part, actor_id, row_number() OVER (PARTITION BY part ORDER BY actor_id) AS n FROM actors),
           ids AS (SELECT part, array_agg(actor_id) AS ids FROM counted WHERE n <= $7::int + 2 GROUP BY part)
           SELECT substr(actor, 2) AS "subject!", left(actor, 1) = 'i' AS "by_id!", NULL::text AS address,
                  coalesce(ids, ARRAY[id]) AS "actor_ids!",
                  at AS "at!: PgInstant", until AS "until!: PgInstant", recorded AS "recorded: PgInstant", n AS "count!"
           FROM found LEFT JOIN ids ON part = run || ' ' || night || ' ' || actor ORDER BY n DESC, until DESC, actor"#,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        i64::from(rule.threshold),
        offset,
        ASKED,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into())
}

/// Times of silence: longer than the window, and than so many times what 99 of 100 gaps between events are, or 9 of 10 where they
/// are fewer than a thousand, of which the longest would stand for all. One that began before the period counts, and so does the
/// time since the last event; `count` is 0.
///
/// # Errors
/// What the database says.
pub async fn silent_gaps(read: &mut Read, rule: FindingRule, period: Period) -> Result<Heap> {
    let rows = sqlx::query_as!(
        Row,
        r#"WITH times AS (
             SELECT occurred_at FROM public.system_events WHERE occurred_at >= $1 AND occurred_at < $2
             UNION ALL (SELECT occurred_at FROM public.system_events
                        WHERE occurred_at < $1 AND isfinite(occurred_at) ORDER BY occurred_at DESC LIMIT 1)
             UNION ALL SELECT $2::timestamptz),
           gaps AS (
             SELECT lag(occurred_at) OVER (ORDER BY occurred_at) AS at, occurred_at AS until FROM times),
           usual AS (
             SELECT (percentile_disc(ARRAY[0.9, 0.99]) WITHIN GROUP (ORDER BY until - at))[CASE WHEN count(*) < 1000 THEN 1 ELSE 2 END] AS gap
             FROM gaps WHERE at IS NOT NULL)
           SELECT '' AS "subject!", FALSE AS "by_id!", NULL::text AS address, '{}'::text[] AS "actor_ids!",
                  g.at AS "at!: PgInstant", g.until AS "until!: PgInstant", NULL::timestamptz AS "recorded: PgInstant", 0::bigint AS "count!"
           FROM gaps g CROSS JOIN usual u
           WHERE g.at IS NOT NULL AND g.until - g.at >= make_interval(mins => $3)
             AND g.until - g.at >= u.gap * $4::integer
           ORDER BY g.until - g.at DESC, g.until DESC LIMIT $5"#,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        rule.threshold,
        ASKED,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into())
}
