//! What a query shows, by the values of its columns.

use super::ask::{self, Budget, SCREEN, broad};
use super::cancel::unless_cancelled;
use super::list::has_trigram;
use super::values::values_of;
use crate::Context;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{
    AuditFacets, COUNT_CEILING, CountSource, FACET_VALUES, FacetCounts, FacetField, FacetValue,
};
use atalaya_model::tenant::TenantRef;
use atalaya_store::audit::{self, Capped, Counted};
use atalaya_store::{Read, tenants};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What sums know.
const SUMMED: [FacetField; 4] =
    [FacetField::Type, FacetField::Severity, FacetField::Outcome, FacetField::Tenant];

/// Where counting a round over all that fits takes too long, it is done over this many, the newest; where that does, over fewer.
const FEW: [i64; 2] = [2_000, 200];
/// Time that is kept for counting so few, each round.
const RESERVE: Duration = Duration::from_millis(350);
/// What the index of texts may take for a round: it finds what is rare in less, and counting would look through the whole log for it.
const BY_INDEX: Duration = Duration::from_millis(120);
/// The most events that it is asked for.
const INDEXED: i64 = 1_000;

/// Counts the values of every facet under row security; where that takes longer than a screen waits, over the newest rows. When
/// `cancel` is triggered the query is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, `VALIDATION_FAILED`, `QUERY_TOO_BROAD`, `ACCESS_DENIED`, or what the database says.
pub async fn facets(
    cx: &Context,
    caller: &Caller,
    query: &str,
    cancel: CancellationToken,
) -> Result<AuditFacets> {
    let sought = ask::sought(query, ask::now(cx))?;
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let store = cx.store.clone();
    cx.store
        .view_within(permit, SCREEN, async move |read| {
            let backend = read.backend();
            let counting = counted(read, &sought);
            unless_cancelled(&store, backend, &cancel, "Counting was cancelled.", counting)
                .await
                .map_err(broad)
        })
        .await
}

async fn counted(read: &mut Read, sought: &Sought) -> Result<AuditFacets> {
    let budget = Budget::begin(SCREEN);
    let tenants = tenants::list(read).await?;
    let mut values = Vec::new();
    let mut left: Vec<FacetField> = FacetField::ALL.to_vec();
    let mut source = CountSource::Counted;
    if sought.is_summed()
        && let Some(sums) = audit::sums(read, sought, true).await?
    {
        // Where there are very many types, rows are counted instead.
        let time = budget.left()? / 2;
        if let Some(summed) = audit::sum_facets(read, sought, &sums, time).await? {
            values = summed;
            left.retain(|field| !SUMMED.contains(field));
            source = CountSource::Rollup;
        }
    }
    let mut newest = None;
    let mut few = false;
    // Fields that the query chooses among are counted each over its own rows: those that the rest of the query shows.
    let (own, shared): (Vec<_>, Vec<_>) = left.into_iter().partition(|f| sought.chooses(*f));
    let mut rounds: Vec<(Sought, Vec<FacetField>)> = vec![(sought.clone(), shared)];
    for field in own {
        let other = sought.without(field);
        match rounds.iter_mut().skip(1).find(|(sought, _)| *sought == other) {
            Some((_, fields)) => fields.push(field),
            None => rounds.push((other, vec![field])),
        }
    }
    rounds.retain(|(_, fields)| !fields.is_empty());
    let mut missed = Vec::new();
    let indexed = has_trigram(&sought.text) && audit::has_index(read).await?;
    let mut reserve = RESERVE * rounds.len() as u32;
    for (sought, fields) in &rounds {
        let time = budget.rest().saturating_sub(reserve).min(BY_INDEX);
        let mut found = match indexed && !time.is_zero() {
            true => by_index(read, sought, fields, time).await?,
            false => None,
        };
        let time = budget.rest().saturating_sub(reserve);
        reserve -= RESERVE;
        let mut round = found.take_if(|all| !all.capped).map(|all| (all, INDEXED));
        if round.is_none() && !few && !time.is_zero() {
            round =
                audit::facets_within(read, sought, fields, time).await?.map(|r| (r, COUNT_CEILING));
        }
        few |= round.is_none();
        for most in FEW.into_iter().filter(|_| few) {
            let time = budget.rest().saturating_sub(reserve) / 2;
            if round.is_none() && !time.is_zero() {
                round = audit::facets_of_newest(read, sought, fields, most, time)
                    .await?
                    .map(|r| (r, most));
            }
        }
        let round = round.or(found.map(|newest| (newest, INDEXED)));
        // Not even so few: that these have values is all that is known, and no reason to withhold the others.
        let Some((round, most)) = round else {
            missed.extend(fields.iter().copied());
            continue;
        };
        if round.capped {
            newest = Some(newest.unwrap_or(most).min(most));
        }
        values.extend(round.values);
    }
    if missed.len() == FacetField::ALL.len() {
        return Err(ask::too_broad());
    }
    let facet = |field: &FacetField| {
        let mut counts = facet(*field, &values, &tenants);
        counts.more |= missed.contains(field);
        counts
    };
    Ok(AuditFacets { facets: FacetField::ALL.iter().map(facet).collect(), source, newest })
}

/// The values in what the index of texts finds, the newest [`INDEXED`] at most; `None` where that takes longer than `time`.
async fn by_index(
    read: &mut Read,
    sought: &Sought,
    fields: &[FacetField],
    time: Duration,
) -> Result<Option<Capped>> {
    let events = audit::searched(read, sought, None, INDEXED, time).await?;
    Ok(events.map(|events| Capped {
        values: values_of(&events, fields),
        capped: events.len() as i64 == INDEXED,
    }))
}

fn facet(field: FacetField, values: &[Counted], tenants: &[TenantRef]) -> FacetCounts {
    let mut found: Vec<_> = values.iter().filter(|v| v.field == field).collect();
    let more = found.len() > FACET_VALUES;
    found.truncate(FACET_VALUES);
    let label = |value: &str| {
        let tenant = tenants.iter().find(|t| t.id.0.to_string() == value)?;
        (field == FacetField::Tenant).then(|| tenant.name.clone())
    };
    let values = found
        .into_iter()
        .map(|v| FacetValue { value: v.value.clone(), label: label(&v.value), count: v.count })
        .collect();
    FacetCounts { field, values, more }
}
