//! `audit stats`: how many events of which kind, and over time.

use crate::App;
use crate::args::Connection;
use crate::connection;
use crate::failure::Result;
use crate::language::Language;
use crate::output::{plain, table};
use atalaya_model::audit::query::AuditQuery;
use atalaya_model::audit::{AuditFacets, AuditHistogram, FacetField};
use atalaya_ops::audit;

/// What a query shows, counted.
pub async fn run(app: &App, how: &Connection, query: &str, buckets: u32) -> Result<()> {
    let asked = AuditQuery::parse(query).map_err(atalaya_model::Error::from)?;
    let session = connection::open(app, how).await?;
    let (cx, caller) = (&session.context, &session.caller);
    let counted = async {
        let facets = audit::facets(cx, caller, query, app.cancel.clone()).await?;
        let histogram = audit::histogram(cx, caller, query, buckets, app.cancel.clone()).await?;
        let count = audit::count(cx, caller, query, app.cancel.clone()).await?;
        Ok::<_, atalaya_model::Error>((facets, histogram, count))
    }
    .await;
    session.close().await;
    let (facets, histogram, count) = counted?;
    let json = serde_json::json!({
        "count": count.count, "capped": count.capped, "facets": facets, "histogram": histogram,
    });
    app.output.answer(&json, || {
        let more = if count.capped { app.output.say(" or more", " o más") } else { "" };
        let say = |english, spanish| app.output.say(english, spanish).to_owned();
        let total = format!("{}: {}{more}\n", say("Events", "Eventos"), count.count);
        [total, values(app, &facets, |field| asked.chooses(field)), over_time(app, &histogram)]
            .join("\n")
    })?;
    Ok(())
}

/// A table a field. One that the query chooses among shows what there would be without that choice, and says so.
fn values(app: &App, facets: &AuditFacets, chosen: impl Fn(FacetField) -> bool) -> String {
    let shown = [
        (FacetField::Type, "TYPE", "TIPO"),
        (FacetField::Severity, "SEVERITY", "SEVERIDAD"),
        (FacetField::Outcome, "OUTCOME", "RESULTADO"),
        (FacetField::Tenant, "TENANT", "EMPRESA"),
    ];
    let parts = shown.map(|(field, english, spanish)| {
        let mark = if chosen(field) { "*" } else { "" };
        let head = vec![format!("{}{mark}", app.output.say(english, spanish)), "N".to_owned()];
        let found: Vec<_> = facets.facets.iter().filter(|f| f.field == field).collect();
        let more = found.iter().any(|f| f.more).then(|| vec!["...".to_owned(), String::new()]);
        let lines = found.iter().flat_map(|f| &f.values).map(|v| {
            let name = match &v.label {
                Some(label) => format!("{} {}", plain(&v.value), plain(label)),
                None => plain(&v.value),
            };
            vec![name, v.count.to_string()]
        });
        table(&std::iter::once(head).chain(lines).chain(more).collect::<Vec<_>>())
    });
    let note = facets.newest.map_or_else(String::new, |n| match app.output.language {
        Language::En => format!("Counted over the newest {n} of them.\n"),
        Language::Es => format!("Contado sobre los {n} más recientes.\n"),
    });
    let starred = if shown.iter().any(|(field, ..)| chosen(*field)) {
        app.output.say(
            "* Counted without what the query chooses in this column.\n",
            "* Contado sin lo que la consulta elige en esta columna.\n",
        )
    } else {
        ""
    };
    format!("{}{starred}{note}", parts.join("\n"))
}

fn over_time(app: &App, histogram: &AuditHistogram) -> String {
    let head = vec![
        app.output.say("FROM (UTC)", "DESDE (UTC)").to_owned(),
        "info".to_owned(),
        "warning".to_owned(),
        "critical".to_owned(),
        "-".to_owned(),
    ];
    let lines = histogram.buckets.iter().map(|b| {
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
