//! Free text: by the index, behind the gate, which checks the caller's reach itself; and how far a search without it may look.

use super::sought::{Parameters, escaped, pattern, sought};
use super::{After, Row};
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{AuditEvent, EventId};
use atalaya_model::{Code, Error, Result};
use std::time::Duration;

/// Whether the caller may search by the index of message and payload, and whether it is there: not so where the server has no
/// trigrams. It is for those who see the whole log, because it touches rows before their tenant is known.
///
/// # Errors
/// What the database says.
pub async fn has_index(read: &mut Read) -> Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT atalaya.sees_whole_log() AND EXISTS (
             SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'system_events_text_idx' AND x.indisvalid) AS "there!""#
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)
}

/// As [`super::page`] for a query with free text, by the index. `None` when it took longer than `limit`: what is looked for is
/// nearly everywhere, and is found sooner by looking.
///
/// # Errors
/// What the database says.
pub async fn searched(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    rows: i64,
    limit: Duration,
) -> Result<Option<Vec<AuditEvent>>> {
    let p = Parameters::of(sought);
    let Some(writings) = writings(&sought.text) else { return Ok(None) };
    let filters = writings.into_iter().map(|texts| {
        let one = Parameters { texts: Some(texts), ..Parameters::of(sought) };
        serde_json::to_value(one)
    });
    let filters: Vec<_> = filters.collect::<std::result::Result<_, _>>().map_err(|e| {
        Error::new(Code::Internal, "A query could not be written as JSON.").because(e)
    })?;
    let most = i32::try_from(rows).unwrap_or(i32::MAX);
    let search = async |read: &mut Read| {
        sqlx::query_as!(
        Row,
        r#"SELECT e.id AS "id!", e.occurred_at AS "occurred_at!: PgInstant", e.event_type AS "event_type!", e.severity,
             CASE WHEN octet_length(e.message) > 4096 THEN left(e.message, 1024) || '…' ELSE e.message END AS message,
             e.tenant_id, e.actor_id, e.actor_label, e.actor_kind, e.resource_type, e.resource_id, host(e.ip) AS ip, e.origin,
             e.outcome, NULL AS payload, e.db_user::text AS db_user, e.request_id::text AS request_id,
             e.recorded_at AS "recorded_at: PgInstant"
           FROM (SELECT DISTINCT k.occurred_at, k.id
                 FROM unnest($1::jsonb[]) AS f (filter), atalaya.search_log(f.filter, $2, $3, $4, $5, $6) AS k) AS k
           JOIN public.system_events e ON e.occurred_at = k.occurred_at AND e.id = k.id
           ORDER BY e.occurred_at DESC, e.id DESC LIMIT $6"#,
        &filters,
        p.after as _,
        p.before as _,
        cursor.map(|c| PgInstant(c.0)) as _,
        cursor.map(|c| c.1.0),
        most,
    )
        .fetch_all(read.connection())
        .await
        .map_err(run)
    };
    let found = read.within(limit, search).await?;
    Ok(found.map(|rows| rows.into_iter().map(Into::into).collect()))
}

/// Texts with a quote or a backslash that one search by the index may have: each doubles what is asked.
const QUOTED: usize = 3;

/// The ways in which the texts may stand together in message and payload, as patterns of `LIKE`, the longest first. `None` where
/// they are too many.
fn writings(texts: &[String]) -> Option<Vec<Vec<String>>> {
    if texts.iter().filter(|t| escaped(t).is_some()).count() > QUOTED {
        return None;
    }
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for text in texts {
        let others = escaped(text).into_iter().flat_map(|other| with(&ways, &other));
        let others: Vec<_> = others.collect();
        ways = with(&ways, text);
        ways.extend(others);
    }
    for way in &mut ways {
        way.sort_by_key(|t| std::cmp::Reverse(t.chars().count()));
    }
    Some(ways.iter().map(|way| way.iter().map(|t| pattern(t)).collect()).collect())
}

fn with(ways: &[Vec<String>], text: &str) -> Vec<Vec<String>> {
    ways.iter().map(|way| [way.as_slice(), &[text.to_owned()]].concat()).collect()
}

struct Depth {
    at: PgInstant,
    id: i64,
}

/// The last of the `rows` events behind the cursor that fit without their text; `None` where there are fewer.
///
/// # Errors
/// What the database says.
pub async fn depth(
    read: &mut Read,
    sought: &Sought,
    cursor: Option<After>,
    rows: i64,
) -> Result<Option<After>> {
    let p = Parameters { texts: None, not_texts: None, ..Parameters::of(sought) };
    let found = sought!(
        Depth,
        r#"SELECT occurred_at AS "at!: PgInstant", id AS "id!" FROM public.system_events"#,
        r#"AND ($51::timestamptz IS NULL OR (occurred_at, id) < ($51, $52))
           ORDER BY occurred_at DESC, id DESC OFFSET $53 LIMIT 1"#,
        p,
        cursor.map(|c| PgInstant(c.0)) as _,
        cursor.map(|c| c.1.0),
        rows - 1,
    )
    .fetch_optional(read.connection())
    .await
    .map_err(run)?;
    Ok(found.map(|d| (d.at.0, EventId(d.id))))
}

#[cfg(test)]
mod tests {
    use super::writings;

    #[test]
    fn ways_to_write() {
        let of =
            |texts: &[&str]| writings(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["ab", "longer"]).unwrap(), [["%longer%", "%ab%"]]);
        let quoted = [[r#"%a"b%"#, "%c%"], [r#"%a\\"b%"#, "%c%"]];
        assert_eq!(of(&[r#"a"b"#, "c"]).unwrap(), quoted);
        assert_eq!(of(&[r#"a""#, r"b\"]).unwrap().len(), 4);
        assert_eq!(of(&["\"", "\"a", "\"b", "\"c"]), None);
    }
}
