//! Writing a query: reading it back, printing it, what could stand at the cursor.

use super::ask::SCREEN;
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::{
    AuditOffers, AuditQuery, CompletionKind, Field, Offer, QueryAnswer, complete as completion,
    known_values, nearest, word,
};
use atalaya_model::{Error, Result};
use atalaya_store::{Read, audit, tenants};

/// What is offered at once.
const OFFERS: usize = 20;

/// The query that a text says, or what is wrong with it and where.
#[must_use]
pub fn parse(text: &str) -> QueryAnswer {
    QueryAnswer::of(text)
}

/// The text that says a query.
///
/// # Errors
/// `VALIDATION_FAILED` where no text does: too many values, one too long, or one with control characters.
pub fn print(query: &AuditQuery) -> Result<String> {
    let text = query.to_string();
    match AuditQuery::parse(&text) {
        Ok(read) if read == *query => Ok(text),
        Ok(_) => Err(Error::invalid("query", "A value of this query cannot be written.")),
        Err(problem) => Err(problem.into()),
    }
}

/// What could stand at the cursor, which is counted in UTF-16 units: fields, and values that occur in what the caller sees.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn complete(
    cx: &Context,
    caller: &Caller,
    text: &str,
    cursor: usize,
) -> Result<AuditOffers> {
    let completion = completion(text, cursor);
    let offers = match &completion.kind {
        CompletionKind::Field => fields(&completion.written),
        CompletionKind::Value(name) => match Field::named(name) {
            Some(field) => values(cx, caller, field, &completion.written).await?,
            None => Vec::new(),
        },
    };
    Ok(AuditOffers { completion, offers })
}

fn fields(written: &str) -> Vec<Offer> {
    let found = Field::beginning(written).into_iter();
    found.map(|f| Offer { insert: format!("{}:", f.name()), label: None }).collect()
}

async fn values(cx: &Context, caller: &Caller, field: Field, written: &str) -> Result<Vec<Offer>> {
    let lower = written.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&lower);
    let known = known_values(field).filter(|v| v.fits(written));
    let mut offers: Vec<Offer> =
        known.map(|v| Offer { insert: word(v.value), label: None }).collect();
    if !matches!(field, Field::Type | Field::Tenant | Field::Actor | Field::Resource) {
        return Ok(offers);
    }
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let written = written.to_owned();
    let found = cx
        .store
        .view_within(permit, SCREEN, async move |read| match field {
            Field::Tenant => {
                let tenants = tenants::list(read).await?.into_iter();
                Ok(tenants.map(|t| (t.id.0.to_string(), Some(t.name))).collect::<Vec<_>>())
            }
            Field::Actor => {
                let labels = audit::actors(read, &written, OFFERS as i64).await?;
                Ok(labels.into_iter().map(|l| (l, None)).collect())
            }
            Field::Resource => {
                let kinds = audit::resources(read).await?;
                Ok(kinds.into_iter().map(|k| (k, None)).collect())
            }
            _ => Ok(types(read, &written).await?.into_iter().map(|t| (t, None)).collect()),
        })
        .await?;
    let meant = nearest(&lower, found.iter().map(|(value, _)| value.as_str())).map(str::to_owned);
    let found = found.into_iter().filter(|(value, label)| {
        field == Field::Actor || fits(value) || label.as_deref().is_some_and(fits)
    });
    offers.extend(found.map(|(value, label)| Offer { insert: word(&value), label }));
    // A slip of the pen.
    if offers.is_empty() {
        offers.extend(meant.map(|value| Offer { insert: word(&value), label: None }));
    }
    // What begins so comes before what only contains it.
    offers.sort_by_key(|o| !o.insert.trim_start_matches('"').to_lowercase().starts_with(&lower));
    offers.truncate(OFFERS);
    Ok(offers)
}

/// The first types, and where there are more than these, those from what is written on.
async fn types(read: &mut Read, written: &str) -> Result<Vec<String>> {
    let mut types = audit::types(read, "").await?;
    if types.len() >= audit::TYPES {
        types.extend(audit::types(read, written).await?);
        types.sort();
        types.dedup();
    }
    Ok(types)
}
