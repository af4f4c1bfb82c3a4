//! What the database recorded of changes.

use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::{AuditChange, ChangedRow, EventId};
use atalaya_model::{Instant, Result};

/// What changed in the transaction of an event, by statement. JSON leaves as the text that Postgres prints.
///
/// # Errors
/// What the database says.
pub async fn of_event(
    read: &mut Read,
    id: EventId,
    occurred_at: Instant,
) -> Result<Vec<AuditChange>> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.table_name, c.operation, coalesce(c.row_count, 0) AS "count!",
                  p.before::text AS before, p.after::text AS after, p.there AS "there!"
           FROM public.system_events e
           JOIN atalaya.change_records c ON c.tx = e.tx AND c.cluster = e.cluster
           CROSS JOIN LATERAL (
             SELECT n, c.before -> n AS before, c.after -> n AS after, TRUE AS there
             FROM generate_series(0, greatest(jsonb_array_length(c.before), jsonb_array_length(c.after)) - 1) n
             UNION ALL
             SELECT NULL, NULL, NULL, FALSE WHERE c.before IS NULL AND c.after IS NULL) p
           WHERE e.occurred_at = $1 AND e.id = $2
           ORDER BY c.id, p.n LIMIT 2000"#,
        PgInstant(occurred_at) as _,
        id.0,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    let mut changes: Vec<(i64, AuditChange)> = Vec::new();
    for row in rows {
        if changes.last().is_none_or(|(last, _)| *last != row.id) {
            changes.push((
                row.id,
                AuditChange {
                    table: row.table_name,
                    operation: row.operation,
                    count: row.count,
                    rows: Vec::new(),
                },
            ));
        }
        if let Some((_, change)) = changes.last_mut()
            && row.there
        {
            change.rows.push(ChangedRow { before: row.before, after: row.after });
        }
    }
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}
