//! `audit stats`: how many events of which kind, and over time.

use crate::args::Connection;
use crate::failure::{Failure, Result};
use crate::language::Language;
use crate::output::{CELL, cut, plain, table};
use crate::{App, connection, hints};
use atalaya_model::audit::query::AuditQuery;
use atalaya_model::audit::{
    AuditBucket, AuditFacets, AuditHistogram, CountSource, FacetCounts, FacetField,
};
use atalaya_model::{Code, Error};
use atalaya_ops::audit;

/// What a query shows, counted.
pub async fn run(app: &App, how: &Connection, query: &str, buckets: u32) -> Result<()> {
    let asked = AuditQuery::parse(query).map_err(Error::from)?;
    let session = connection::open(app, how).await?;
    let (cx, caller) = (&session.context, &session.caller);
    let counted = async {
        let facets = match audit::facets(cx, caller, query, app.cancel.clone()).await {
            Ok(facets) => Some(facets),
            // How many there are, and when, is counted with more patience.
            Err(e) if e.code == Code::QueryTooBroad => None,
            Err(e) => return Err(e),
        };
        let histogram = audit::histogram(cx, caller, query, buckets, app.cancel.clone()).await?;
        let count = audit::count(cx, caller, query, app.cancel.clone()).await?;
        Ok::<_, Error>((facets, histogram, count))
    }
    .await;
    let printed = counted.map_err(Failure::from).and_then(|(facets, histogram, count)| {
        let json = serde_json::json!({
            "count": count.count, "capped": count.capped, "facets": facets, "histogram": histogram,
        });
        app.output.answer(&json, || {
            let more = if count.capped { app.output.say(" or more", " o más") } else { "" };
            let say = |english, spanish| app.output.say(english, spanish).to_owned();
            let total = format!("{}: {}{more}\n", say("Events", "Eventos"), count.count);
            let chosen = |field| asked.chooses(field);
            let values = match &facets {
                Some(facets) => values(app, facets, chosen),
                None => say(
                    "Not counted by values: there is too much to look through. A period or a type narrows it.\n",
                    "Sin recuento por valores: hay demasiado que recorrer. Un periodo o un tipo lo acota.\n",
                ),
            };
            let parts = [total, values, over_time(app, &histogram)];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
        })?;
        Ok(count.count == 0)
    });
    hints::finish(app, session, query, printed).await
}

/// The most values of a field that is not one of [`WHOLE`]: a glance, not a list.
const FEW: usize = 10;

/// Fields whose values are few and all of interest.
const WHOLE: [FacetField; 4] =
    [FacetField::Type, FacetField::Severity, FacetField::Outcome, FacetField::Tenant];

/// A table a field, where it has values. One that the query chooses among shows what there would be without that choice, and
/// says so.
fn values(app: &App, facets: &AuditFacets, chosen: impl Fn(FacetField) -> bool) -> String {
    let shown = facets.facets.iter().filter(|facet| !facet.values.is_empty());
    let mut parts = Vec::new();
    let mut starred = false;
    for FacetCounts { field, values, more } in shown {
        let most = if WHOLE.contains(field) { values.len() } else { FEW };
        let mark = if chosen(*field) { "*" } else { "" };
        starred |= chosen(*field);
        let mut rows = vec![vec![format!("{}{mark}", heading(app, *field)), "N".to_owned()]];
        rows.extend(values.iter().take(most).map(|v| {
            let name = match &v.label {
                Some(label) => format!("{} {}", plain(&v.value), plain(label)),
                None => plain(&v.value),
            };
            vec![cut(&name, CELL), v.count.to_string()]
        }));
        if *more || values.len() > most {
            rows.push(vec!["...".to_owned()]);
        }
        parts.push(table(&rows));
    }
    let note = facets.newest.map_or_else(String::new, |n| newest(app, n, facets.source));
    let starred = if starred {
        app.output.say(
            "* Counted without what the query chooses in this column.\n",
            "* Contado sin lo que la consulta elige en esta columna.\n",
        )
    } else {
        ""
    };
    format!("{}{starred}{note}", parts.join("\n"))
}

/// What was not counted to its end. Sums know the values of [`WHOLE`] exactly, whatever the others are.
fn newest(app: &App, n: i64, source: CountSource) -> String {
    match (app.output.language, source) {
        (Language::En, CountSource::Counted) => format!("Counted over the newest {n}.\n"),
        (Language::Es, CountSource::Counted) => format!("Contado sobre los {n} más recientes.\n"),
        (Language::En, CountSource::Rollup) => {
            format!("Actors, resources, addresses, networks and origins: over the newest {n}.\n")
        }
        (Language::Es, CountSource::Rollup) => {
            format!(
                "Actores, recursos, direcciones, redes y orígenes: sobre los {n} más recientes.\n"
            )
        }
    }
}

fn heading(app: &App, field: FacetField) -> &'static str {
    let language = app.output.language;
    match field {
        FacetField::Type => language.of("TYPE", "TIPO"),
        FacetField::Severity => language.of("SEVERITY", "SEVERIDAD"),
        FacetField::Outcome => language.of("OUTCOME", "RESULTADO"),
        FacetField::Actor => "ACTOR",
        FacetField::Tenant => language.of("TENANT", "EMPRESA"),
        FacetField::Resource => language.of("RESOURCE", "RECURSO"),
        FacetField::Ip => "IP",
        FacetField::Network => language.of("NETWORK", "RED"),
        FacetField::Origin => language.of("ORIGIN", "ORIGEN"),
    }
}

/// A line a stretch of time, from the first with events to the last; nothing where none has any.
fn over_time(app: &App, histogram: &AuditHistogram) -> String {
    let some = |b: &&AuditBucket| b.info + b.warning + b.critical + b.none > 0;
    let buckets: Vec<&AuditBucket> = histogram.buckets.iter().collect();
    let (first, last) = (buckets.iter().position(some), buckets.iter().rposition(some));
    let (Some(first), Some(last)) = (first, last) else { return String::new() };
    let from = app.output.say("FROM (UTC)", "DESDE (UTC)");
    let head = vec![
        format!("{from}, {}", each(app.output.language, histogram.step_seconds)),
        "info".to_owned(),
        "warning".to_owned(),
        "critical".to_owned(),
        "-".to_owned(),
    ];
    let lines = buckets[first..=last].iter().map(|b| {
        let start = b.start.to_string();
        let minute = start.get(..16).unwrap_or(&start).replace('T', " ");
        vec![
            minute,
            b.info.to_string(),
            b.warning.to_string(),
            b.critical.to_string(),
            b.none.to_string(),
        ]
    });
    table(&std::iter::once(head).chain(lines).collect::<Vec<_>>())
}

/// How wide a stretch is, in the largest unit that it is whole in.
fn each(language: Language, seconds: i64) -> String {
    const UNITS: [(i64, &str, &str); 4] = [
        (7 * 24 * 3_600, "WEEK", "SEMANA"),
        (24 * 3_600, "DAY", "DÍA"),
        (3_600, "HOUR", "HORA"),
        (60, "MINUTE", "MINUTO"),
    ];
    let whole = UNITS.into_iter().find(|(length, ..)| seconds % length == 0);
    let (length, english, spanish) = whole.unwrap_or((1, "SECOND", "SEGUNDO"));
    match (seconds / length, language) {
        (1, Language::En) => format!("PER {english}"),
        (1, Language::Es) => format!("POR {spanish}"),
        (n, Language::En) => format!("PER {n} {english}S"),
        (n, Language::Es) => format!("CADA {n} {spanish}S"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_says_how_wide_it_is() {
        for (seconds, english, spanish) in [
            (86_400, "PER DAY", "POR DÍA"),
            (172_800, "PER 2 DAYS", "CADA 2 DÍAS"),
            (604_800, "PER WEEK", "POR SEMANA"),
            (52 * 604_800, "PER 52 WEEKS", "CADA 52 SEMANAS"),
            (3_600, "PER HOUR", "POR HORA"),
            (900, "PER 15 MINUTES", "CADA 15 MINUTOS"),
        ] {
            assert_eq!(each(Language::En, seconds), english);
            assert_eq!(each(Language::Es, seconds), spanish);
        }
    }
}
