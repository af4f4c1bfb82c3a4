//! Rows over time, counted row by row.

use super::sought::{Parameters, sought};
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::query::Sought;
use atalaya_model::{Instant, Result};

/// Rows of one severity in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// The stretch begins so many steps after `offset` seconds of Unix time; `None` is outside of the bounds.
    pub number: Option<i64>,
    /// `severity`.
    pub severity: Option<String>,
    /// Rows.
    pub n: i64,
}

/// Counts what is sought in stretches of `step` seconds, counted from `offset` seconds of Unix time. Rows outside of
/// `within` share one bin.
///
/// # Errors
/// What the database says.
pub async fn histogram(
    read: &mut Read,
    sought: &Sought,
    step: i64,
    offset: i64,
    within: (Instant, Instant),
) -> Result<Vec<Bin>> {
    let p = Parameters::of(sought);
    sought!(
        Bin,
        r#"SELECT CASE WHEN occurred_at >= $53::timestamptz AND occurred_at < $54::timestamptz
             THEN floor((date_part('epoch', occurred_at) - $52::bigint) / $51::bigint)::bigint END AS number,
             severity, count(*) AS "n!" FROM public.system_events"#,
        r#"GROUP BY 1, 2"#,
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
