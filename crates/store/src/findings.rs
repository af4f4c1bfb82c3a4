//! What looks wrong in the log. Each rule is one statement under the reader's row security: a tenant's people find in their
//! own log only. Times that are no times (`infinity`) lie outside every period.

use crate::change::Tx;
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::{FindingNote, FindingRule, FindingRuleName};
use atalaya_model::{Code, Error, Instant, Result, TenantId};
use uuid::Uuid;

/// The most that one rule reports: more of them is one message, not many.
const MOST: i64 = 200;

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
pub struct Found {
    /// An actor or an address; empty where the rule has neither.
    pub subject: String,
    /// A second one, where the rule is about a pair.
    pub address: Option<String>,
    /// The ids under which the actor did it or such things in the period, where the subject is one: a label may have changed since.
    /// At most [`MOST_IDS`] and one more, each at most 400 characters long.
    pub actor_ids: Vec<String>,
    /// First event.
    pub at: Instant,
    /// Last event.
    pub until: Instant,
    /// Events in between, as many as the query of the finding shows.
    pub count: i64,
}

struct Row {
    subject: String,
    address: Option<String>,
    actor_ids: Vec<String>,
    at: PgInstant,
    until: PgInstant,
    count: i64,
}

impl From<Row> for Found {
    fn from(r: Row) -> Self {
        Self {
            subject: r.subject,
            address: r.address,
            actor_ids: r.actor_ids,
            at: r.at.0,
            until: r.until.0,
            count: r.count,
        }
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
) -> Result<Vec<Found>> {
    let types: Vec<String> = what.types.iter().map(|t| (*t).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"WITH fitting AS (
             SELECT CASE WHEN $2 THEN host(ip) ELSE coalesce(actor_label, actor_id) END AS subject,
                    CASE WHEN NOT $2 THEN actor_id END AS actor_id, occurred_at
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
             FROM bursts GROUP BY subject, burst ORDER BY max(last) DESC LIMIT $8),
           actors AS (
             SELECT DISTINCT subject, left(actor_id, 400) AS actor_id
             FROM fitting WHERE actor_id IS NOT NULL AND subject IN (SELECT subject FROM found)),
           counted AS (SELECT subject, actor_id, row_number() OVER (PARTITION BY subject) AS n FROM actors),
           ids AS (SELECT subject, array_agg(actor_id) AS ids FROM counted WHERE n <= $9::int + 1 GROUP BY subject)
           SELECT subject AS "subject!", NULL::text AS address, coalesce(ids, '{}') AS "actor_ids!",
                  at AS "at!: PgInstant", until AS "until!: PgInstant", n AS "count!"
           FROM found LEFT JOIN ids USING (subject) ORDER BY last DESC, subject"#,
        &types,
        what.by_address,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        what.done,
        rule.window_minutes,
        i64::from(rule.threshold),
        MOST,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().map(Into::into).collect())
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
) -> Result<Vec<Found>> {
    let types: Vec<String> = types.iter().map(|t| (*t).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"WITH entries AS (
             SELECT coalesce(actor_label, actor_id) AS actor, actor_id, ip, occurred_at,
                    row_number() OVER (PARTITION BY coalesce(actor_label, actor_id) ORDER BY occurred_at, id) - 1 AS earlier
             FROM public.system_events
             WHERE event_type = ANY($1) AND outcome = 'ok' AND ip IS NOT NULL AND coalesce(actor_label, actor_id) IS NOT NULL
               AND occurred_at >= $2::timestamptz - make_interval(mins => $4) AND occurred_at < $3)
           SELECT actor AS "subject!", host(ip) AS address,
                  coalesce((array_agg(DISTINCT left(actor_id, 400)) FILTER (WHERE actor_id IS NOT NULL))[:$7::int + 1], '{}') AS "actor_ids!", min(occurred_at) AS "at!: PgInstant",
                  max(occurred_at) AS "until!: PgInstant", count(*) AS "count!"
           FROM entries GROUP BY actor, ip
           HAVING min(occurred_at) >= $2::timestamptz AND min(earlier) >= $5
           ORDER BY min(occurred_at) DESC, 1, 2 LIMIT $6"#,
        &types,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        i64::from(rule.threshold),
        MOST,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().map(Into::into).collect())
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
) -> Result<Vec<Found>> {
    let rows = sqlx::query_as!(
        Row,
        r#"WITH acts AS (
             SELECT coalesce(actor_label, actor_id) AS actor, actor_id, occurred_at, id,
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
             SELECT *, count(*) FILTER (WHERE NOT unusual) OVER (PARTITION BY actor ORDER BY occurred_at, id) AS run FROM judged)
           SELECT actor AS "subject!", NULL::text AS address,
                  coalesce((array_agg(DISTINCT left(actor_id, 400)) FILTER (WHERE actor_id IS NOT NULL))[:$7::int + 1], '{}') AS "actor_ids!",
                  min(occurred_at) AS "at!: PgInstant", max(occurred_at) AS "until!: PgInstant", count(*) AS "count!"
           FROM runs WHERE unusual GROUP BY actor, run, date_trunc('day', wall - interval '12 hours')
           ORDER BY max(occurred_at) DESC, actor LIMIT $6"#,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        i64::from(rule.threshold),
        offset,
        MOST,
        MOST_IDS,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Times of silence: longer than the window, and than so many times what 99 of 100 gaps between events are, or 9 of 10 where they
/// are fewer than a thousand, of which the longest would stand for all. One that began before the period counts, and so does the
/// time since the last event; `count` is 0.
///
/// # Errors
/// What the database says.
pub async fn silent_gaps(read: &mut Read, rule: FindingRule, period: Period) -> Result<Vec<Found>> {
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
           SELECT '' AS "subject!", NULL::text AS address, '{}'::text[] AS "actor_ids!", g.at AS "at!: PgInstant", g.until AS "until!: PgInstant",
                  0::bigint AS "count!"
           FROM gaps g CROSS JOIN usual u
           WHERE g.at IS NOT NULL AND g.until - g.at >= make_interval(mins => $3)
             AND g.until - g.at >= u.gap * $4::integer
           ORDER BY g.until DESC LIMIT $5"#,
        PgInstant(period.since) as _,
        PgInstant(period.until) as _,
        rule.window_minutes,
        rule.threshold,
        MOST,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How the rules are tuned; one that this program does not know is left out.
///
/// # Errors
/// What the database says.
pub async fn rules(read: &mut Read) -> Result<Vec<FindingRule>> {
    let rows = sqlx::query!(
        "SELECT rule, enabled, threshold, window_minutes FROM atalaya.finding_rules ORDER BY rule"
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    let known = rows.into_iter().filter_map(|r| {
        Some(FindingRule {
            rule: FindingRuleName::from_column(&r.rule)?,
            enabled: r.enabled,
            threshold: r.threshold,
            window_minutes: r.window_minutes,
        })
    });
    let mut rules: Vec<_> = known.collect();
    rules.sort_by_key(|r| FindingRuleName::ALL.iter().position(|n| *n == r.rule));
    Ok(rules)
}

/// Tunes a rule.
///
/// # Errors
/// `ACCESS_DENIED` without `settings.update` over all tenants, or what the database says.
pub async fn update_rule(tx: &mut Tx, rule: FindingRule) -> Result<()> {
    let changed = sqlx::query!(
        "UPDATE atalaya.finding_rules SET enabled = $2, threshold = $3, window_minutes = $4 WHERE rule = $1",
        rule.rule.as_str(),
        rule.enabled,
        rule.threshold,
        rule.window_minutes,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    if changed.rows_affected() == 0 {
        return Err(Error::new(
            Code::AccessDenied,
            "The rules are the same for all tenants; changing them asks for that.",
        ));
    }
    Ok(())
}

/// A note, with what tells which findings it explains.
#[derive(Debug, Clone)]
pub struct Noted {
    /// For whose log it was written; `None`: for all tenants.
    pub tenant: Option<TenantId>,
    /// Who wrote it.
    pub author_id: Uuid,
    /// What was written.
    pub note: FindingNote,
}

/// What was noted about findings that are none, newest first.
///
/// # Errors
/// What the database says.
pub async fn notes(read: &mut Read) -> Result<Vec<Noted>> {
    let rows = sqlx::query!(
        r#"SELECT n.tenant_id, n.author_id, n.rule, n.subject, n.note, coalesce(u.email, '') AS "author!", n.noted_at AS "at: PgInstant"
           FROM atalaya.finding_notes n LEFT JOIN public.users u ON u.id = n.author_id
           ORDER BY n.noted_at DESC LIMIT 10000"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            let note = FindingNote {
                rule: FindingRuleName::from_column(&r.rule)?,
                subject: r.subject,
                note: r.note,
                author: r.author,
                at: r.at.0,
            };
            Some(Noted { tenant: r.tenant_id.map(TenantId), author_id: r.author_id, note })
        })
        .collect())
}

/// Replaces the note about a subject; `None` takes it back.
///
/// # Errors
/// `ACCESS_DENIED` without `audit.review` there, or what the database says.
pub async fn note(
    tx: &mut Tx,
    tenant: Option<TenantId>,
    rule: FindingRuleName,
    subject: &str,
    note: Option<&str>,
) -> Result<()> {
    let tenant = tenant.map(|t| t.0);
    sqlx::query_scalar!(
        "SELECT atalaya.forget_finding_note($1, $2, $3)",
        tenant,
        rule.as_str(),
        subject
    )
    .fetch_one(tx.connection())
    .await
    .map_err(run)?;
    if let Some(note) = note {
        sqlx::query!(
            "INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note) VALUES ($1, $2, $3, $4)",
            tenant,
            rule.as_str(),
            subject,
            note,
        )
        .execute(tx.connection())
        .await
        .map_err(run)?;
    }
    Ok(())
}
