//! Values of the facets, counted row by row over what a query shows.

use super::sought::{Parameters, sought};
use crate::error::run;
use crate::view::Read;
use atalaya_model::Result;
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{COUNT_CEILING, FACET_VALUES, FacetField};
use std::time::Duration;

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Which field.
    pub field: FacetField,
    /// As the language writes it.
    pub value: String,
    /// Rows that have it.
    pub count: i64,
}

/// Values of the fields that were asked for, most frequent first, one more of each than a facet shows.
#[derive(Debug, Default)]
pub struct Capped {
    /// The values.
    pub values: Vec<Counted>,
    /// Whether only the newest fitting rows were counted.
    pub capped: bool,
}

pub(super) const NAMES: [(FacetField, &str); 9] = [
    (FacetField::Type, "type"),
    (FacetField::Severity, "severity"),
    (FacetField::Outcome, "outcome"),
    (FacetField::Actor, "actor"),
    (FacetField::Tenant, "tenant"),
    (FacetField::Resource, "resource"),
    (FacetField::Ip, "ip"),
    (FacetField::Network, "network"),
    (FacetField::Origin, "origin"),
];

/// The fields by the names of the statements.
pub(super) fn names(fields: &[FacetField]) -> Vec<String> {
    let wanted = NAMES.iter().filter(|(field, _)| fields.contains(field));
    wanted.map(|(_, name)| (*name).to_owned()).collect()
}

pub(super) fn named(name: &str, value: String, count: i64) -> Option<Counted> {
    let (field, _) = NAMES.iter().find(|(_, known)| *known == name)?;
    Some(Counted { field: *field, value, count })
}

/// A value, or none at all: whether all was counted is told nevertheless.
struct Row {
    field: Option<String>,
    value: Option<String>,
    n: Option<i64>,
    capped: bool,
}

/// Counts the values of `fields` in what is sought, over [`COUNT_CEILING`] rows at most. `None` when that took longer than `time`;
/// the snapshot goes on as it was.
///
/// # Errors
/// What the database says.
pub async fn facets_within(
    read: &mut Read,
    sought: &Sought,
    fields: &[FacetField],
    time: Duration,
) -> Result<Option<Capped>> {
    read.within(time, async |read| facets(read, sought, fields, COUNT_CEILING).await).await
}

/// The same over the newest rows, `most` of them, walking back in time until so many are found.
///
/// # Errors
/// What the database says.
pub async fn facets_of_newest(
    read: &mut Read,
    sought: &Sought,
    fields: &[FacetField],
    most: i64,
    time: Duration,
) -> Result<Option<Capped>> {
    // To gather all that fits is what took too long.
    const WALK: &str = "SET LOCAL enable_bitmapscan = off;";
    read.within_as(WALK, time, async |read| facets(read, sought, fields, most).await).await
}

async fn facets(
    read: &mut Read,
    sought: &Sought,
    fields: &[FacetField],
    most: i64,
) -> Result<Capped> {
    let p = Parameters::of(sought);
    let fields = names(fields);
    let rows = sought!(
        Row,
        r#"WITH fitting AS MATERIALIZED (
             SELECT event_type, severity, outcome, coalesce(actor_label, actor_id) AS actor, tenant_id, resource_type, ip, origin
             FROM public.system_events"#,
        r#"ORDER BY occurred_at DESC, id DESC LIMIT $51::bigint + 1
           ), taken AS (SELECT * FROM fitting LIMIT $51
           ), counted (field, value, n) AS (
             SELECT 'type', event_type, count(*) FROM taken WHERE 'type' = ANY($52::text[]) GROUP BY event_type
             UNION ALL SELECT 'severity', severity, count(*) FROM taken WHERE 'severity' = ANY($52) GROUP BY severity
             UNION ALL SELECT 'outcome', outcome, count(*) FROM taken WHERE 'outcome' = ANY($52) GROUP BY outcome
             UNION ALL SELECT 'actor', actor, count(*) FROM taken WHERE 'actor' = ANY($52) GROUP BY actor
             UNION ALL SELECT 'tenant', coalesce(tenant_id::text, 'system'), count(*) FROM taken
               WHERE 'tenant' = ANY($52) GROUP BY tenant_id
             UNION ALL SELECT 'resource', resource_type, count(*) FROM taken WHERE 'resource' = ANY($52) GROUP BY resource_type
             UNION ALL SELECT 'ip', host(ip), sum(k)::bigint FROM (
               SELECT ip, count(*) AS k FROM taken WHERE 'ip' = ANY($52) GROUP BY ip) a GROUP BY host(ip)
             UNION ALL SELECT 'network', text(network(set_masklen(ip, CASE family(ip) WHEN 4 THEN 16 ELSE 48 END))), sum(k)::bigint
               FROM (SELECT ip, count(*) AS k FROM taken WHERE 'network' = ANY($52) GROUP BY ip) a GROUP BY 2
             UNION ALL SELECT 'origin', origin, count(*) FROM taken WHERE 'origin' = ANY($52) GROUP BY origin
           ), ranked AS (
             SELECT *, row_number() OVER (PARTITION BY field ORDER BY n DESC, value) AS place FROM counted WHERE value IS NOT NULL)
           SELECT field AS "field?", value AS "value?", n AS "n?", capped AS "capped!"
           FROM (SELECT count(*) > $51 AS capped FROM fitting) AS whole LEFT JOIN ranked ON place <= $53 ORDER BY field, place"#,
        p,
        most,
        fields.as_slice(),
        FACET_VALUES as i64 + 1,
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(Capped {
        capped: rows.iter().any(|r| r.capped),
        values: rows.into_iter().filter_map(|r| named(&r.field?, r.value?, r.n?)).collect(),
    })
}
