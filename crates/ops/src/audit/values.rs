//! The values of facets in events that are at hand.

use atalaya_model::audit::{AuditEvent, AuditRow, FacetField, Network};
use atalaya_store::audit::Counted;
use std::collections::HashMap;
use std::net::IpAddr;

/// The values of `fields` in these events, most frequent first, as the statements of `store::audit::facets_within` count them.
pub(super) fn values_of(events: &[AuditEvent], fields: &[FacetField]) -> Vec<Counted> {
    let mut values = Vec::new();
    for field in fields {
        let mut counts: HashMap<String, i64> = HashMap::new();
        for value in events.iter().filter_map(|event| value_of(&event.row, *field)) {
            *counts.entry(value).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        values.extend(counts.into_iter().map(|(value, count)| Counted {
            field: *field,
            value,
            count,
        }));
    }
    values
}

fn value_of(row: &AuditRow, field: FacetField) -> Option<String> {
    match field {
        FacetField::Type => Some(row.event_type.clone()),
        FacetField::Severity => row.severity.clone(),
        FacetField::Outcome => row.outcome.clone(),
        FacetField::Actor => row.actor_label.clone().or_else(|| row.actor_id.clone()),
        FacetField::Tenant => {
            Some(row.tenant_id.map_or_else(|| "system".to_owned(), |id| id.to_string()))
        }
        FacetField::Resource => row.resource_type.clone(),
        FacetField::Ip => row.ip.clone(),
        FacetField::Network => {
            let address: IpAddr = row.ip.as_deref()?.parse().ok()?;
            Some(Network::around(address).to_string())
        }
        FacetField::Origin => row.origin.clone(),
    }
}
