//! What the documents have and a CRM's tables have not: constraints and indexes; and what they have that a log must not: keys that
//! take events along. By the catalogue.

use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{Finding, FindingSeverity};
use sqlx::PgConnection;

/// Asks, as the owner of the tables.
pub(super) async fn ask(connection: &mut PgConnection) -> Result<Vec<Finding>> {
    let row = sqlx::query!(
        r#"WITH t AS (
             SELECT c.oid, c.relname::text AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
               AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')),
           a AS (SELECT t.oid, t.name, a.attname::text AS column, a.attnum, a.attnotnull FROM t JOIN pg_attribute a ON a.attrelid = t.oid
                 WHERE a.attnum > 0 AND NOT a.attisdropped),
           missing AS (
             SELECT format('%s: PRIMARY KEY', t.name) AS what FROM t
             WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p')
             UNION ALL
             SELECT format('%s: UNIQUE (%s)', t.name, array_to_string(u.columns, ', ')) FROM t
             JOIN (VALUES ('credentials', '{tenant_id,name}'::text[]), ('users', '{email}')) AS u (name, columns) ON u.name = t.name
             WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
                     AND (SELECT array_agg(a.column ORDER BY a.column) FROM a WHERE a.oid = t.oid AND a.attnum = ANY (i.indkey::int2[]))
                         = (SELECT array_agg(c ORDER BY c) FROM unnest(u.columns) c))
             UNION ALL
             SELECT 'system_events: CHECK (severity)' FROM a WHERE a.name = 'system_events' AND a.column = 'severity'
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
             UNION ALL
             SELECT format('%s.tenant_id: NOT NULL', a.name) FROM a WHERE a.name IN ('leads', 'credentials') AND a.column = 'tenant_id' AND NOT a.attnotnull
             UNION ALL
             SELECT format('%s.tenant_id: REFERENCES tenants', a.name) FROM a WHERE a.name IN ('users', 'leads', 'credentials') AND a.column = 'tenant_id'
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
                               AND k.confrelid = to_regclass('public.tenants')))
           SELECT (SELECT coalesce(array_agg(m.what ORDER BY m.what), '{}') FROM missing m) AS "constraints!",
             (SELECT coalesce(array_agg(i.name), '{}') FROM (VALUES
                ('credentials', 'idx_credentials_tenant'), ('credentials', 'idx_credentials_name'), ('credentials', 'idx_credentials_category'),
                ('system_events', 'idx_system_events_type'), ('system_events', 'idx_system_events_severity'),
                ('system_events', 'idx_system_events_occurred'), ('system_events', 'idx_system_events_payload')) AS i (tbl, name)
              JOIN t ON t.name = i.tbl
              WHERE NOT EXISTS (SELECT FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indrelid = t.oid AND c.relname = i.name))
               AS "indexes!",
             (SELECT coalesce(array_agg(format('%s: %s', k.conname, pg_get_constraintdef(k.oid)) ORDER BY k.conname), '{}') FROM pg_constraint k JOIN t ON t.oid = k.conrelid
              WHERE t.name = 'system_events' AND k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd')) AS "taking!""#
    )
    .fetch_one(connection)
    .await
    .map_err(run)?;
    use FindingSeverity::{Info, Warning};
    let found = |code, severity, table, those: Vec<String>| {
        (!those.is_empty()).then(|| Finding {
            code,
            severity,
            table,
            count: i64::try_from(those.len()).ok(),
            examples: those.into_iter().take(10).collect(),
            choices: Vec::new(),
        })
    };
    Ok([
        found("constraint_missing", Info, None, row.constraints),
        found("index_missing", Info, None, row.indexes),
        found("events_taken_along", Warning, Some("system_events"), row.taking),
    ]
    .into_iter()
    .flatten()
    .collect())
}
