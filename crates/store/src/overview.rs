//! Numbers for the overview. Each is read under row security: they never tell of another tenant.

use crate::error::run;
use crate::view::Read;
use atalaya_model::Result;
use atalaya_model::adoption::{LegacyAccess, LegacyLogin, LegacyRight};
use atalaya_model::overview::Totals;

/// Events of the last hour and day by what the documents alarm about. Bursts are the busiest minute of the last hour.
#[derive(Debug, Clone, Copy)]
pub struct Signals {
    /// Failed logins in the busiest minute of the last hour.
    pub failed_logins: i64,
    /// Invalid tokens, likewise.
    pub tokens_invalid: i64,
    /// Denials, likewise.
    pub denials: i64,
    /// Critical events of the last day.
    pub critical: i64,
    /// `db.direct_change` of the last week.
    pub direct_changes: i64,
    /// Live recipients of secrets.
    pub recipients: i64,
    /// Versions that the kit in use lacks, because they did not open when it was made.
    pub kit_lacks: i64,
    /// Whether the CRM's own login may still write.
    pub legacy_login: bool,
    /// Whether the caller could import the CRM's secrets, which nobody did.
    pub secrets_missing: bool,
    /// Whether the partition of the coming month is there.
    pub next_month: bool,
}

/// What needs attention.
///
/// # Errors
/// What the database says.
pub async fn signals(read: &mut Read) -> Result<Signals> {
    sqlx::query_as!(
        Signals,
        r#"WITH minutes AS (
             SELECT event_type, outcome, count(*) AS n FROM public.system_events
             WHERE occurred_at > now() - interval '1 hour' AND occurred_at <= now() + interval '5 minutes'
             GROUP BY event_type, outcome, date_trunc('minute', occurred_at))
           SELECT
             (SELECT coalesce(max(n), 0) FROM minutes WHERE event_type = 'login_failed')::bigint AS "failed_logins!",
             (SELECT coalesce(max(n), 0) FROM minutes WHERE event_type = 'token_invalid')::bigint AS "tokens_invalid!",
             (SELECT coalesce(max(n), 0) FROM minutes WHERE event_type = 'access_denied' OR outcome = 'denied')::bigint
               AS "denials!",
             (SELECT count(*) FROM public.system_events
              WHERE severity = 'critical' AND occurred_at > now() - interval '1 day') AS "critical!",
             (SELECT count(*) FROM public.system_events
              WHERE event_type = 'db.direct_change' AND occurred_at > now() - interval '7 days') AS "direct_changes!",
             (SELECT count(*) FROM atalaya.recipients WHERE removed_at IS NULL) AS "recipients!",
             coalesce((SELECT CASE jsonb_typeof(payload #> '{details,skipped}') WHEN 'array'
                                THEN jsonb_array_length(payload #> '{details,skipped}') END FROM public.system_events
                       WHERE event_type = 'kit.created' AND outcome = 'ok' AND actor_kind = 'operator'
                       ORDER BY occurred_at DESC, id DESC LIMIT 1), 0)::bigint AS "kit_lacks!",
             coalesce((SELECT legacy_login IS NOT NULL FROM atalaya.installation), false) AS "legacy_login!",
             atalaya.holds_all('secrets.create')
               AND NOT EXISTS (SELECT FROM atalaya.secrets WHERE name = 'JWT_SECRET_KEY') AS "secrets_missing!",
             EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition
                     AND c.relname = to_char(now() + interval '1 month', '"system_events_y"YYYY"m"MM')) AS "next_month!""#
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)
}

/// Numbers of what the caller may see.
///
/// # Errors
/// What the database says.
pub async fn totals(read: &mut Read) -> Result<Totals> {
    sqlx::query_as!(
        Totals,
        r#"SELECT
             (SELECT count(*) FROM public.system_events WHERE occurred_at > now() - interval '1 day') AS "events_24h!",
             (SELECT count(*) FROM public.tenants) AS "tenants!",
             (SELECT count(*) FROM public.users) AS "users!",
             (SELECT count(*) FROM public.leads) AS "leads!",
             (SELECT count(*) FROM public.credentials) AS "credentials!""#
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)
}

/// What the logins of the CRM may still do, as the catalogue says it: whoever is in its group and may connect here.
///
/// # Errors
/// What the database says.
pub async fn legacy(read: &mut Read) -> Result<LegacyAccess> {
    let rows = sqlx::query!(
        r#"SELECT r.rolname::text AS "name!",
             (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid AND a.datid = d.oid) AS "connections!",
             d.datdba = r.oid AS "owns_database!",
             t.name AS "table?",
             ARRAY(SELECT p.name FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) WITH ORDINALITY AS p (name, place)
                   WHERE CASE p.name WHEN 'DELETE' THEN has_table_privilege(r.oid, c.oid, p.name)
                         ELSE has_any_column_privilege(r.oid, c.oid, p.name) END ORDER BY p.place) AS "rights!"
           FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member AND r.rolcanlogin
           JOIN pg_database d ON d.datname = current_database() AND has_database_privilege(r.oid, d.oid, 'CONNECT')
           LEFT JOIN unnest('{tenants,users,leads,credentials,system_events}'::text[]) WITH ORDINALITY AS t (name, place) ON TRUE
           LEFT JOIN pg_class c ON c.relnamespace = 'public'::regnamespace AND c.relname = t.name
           WHERE m.roleid = to_regrole('atalaya_legacy') AND pg_has_role(r.oid, m.roleid, 'USAGE')
           ORDER BY r.rolname, t.place"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    let mut logins: Vec<LegacyLogin> = Vec::new();
    for row in rows {
        if logins.last().is_none_or(|l| l.name != row.name) {
            logins.push(LegacyLogin {
                name: row.name,
                connections: row.connections,
                owns_database: row.owns_database,
                tables: Vec::new(),
            });
        }
        let right = row.table.map(|table| LegacyRight { table, rights: row.rights });
        if let (Some(login), Some(right)) = (logins.last_mut(), right) {
            login.tables.push(right);
        }
    }
    let events_24h = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM public.system_events
           WHERE origin = 'legacy' AND occurred_at > now() - interval '1 day' AND recorded_at > now() - interval '1 day'"#
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)?;
    Ok(LegacyAccess { logins, events_24h })
}
