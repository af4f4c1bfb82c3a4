//! `audit stats`: how many events of which kind, and over time.

use crate::App;
use crate::args::Connection;
use crate::connection;
use crate::failure::Result;
use crate::language::Language;
use crate::output::{plain, table};
use atalaya_model::audit::{AuditFacets, AuditHistogram, FacetField};
use atalaya_ops::audit;

/// What a query shows, counted.
pub async fn run(app: &App, how: &Connection, query: &str, buckets: u32) -> Result<()> {
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
        [total, values(app, &facets), over_time(app, &histogram)].join("\n")
    })?;
    Ok(())
}

fn values(app: &App, facets: &AuditFacets) -> String {
    let shown = [
        (FacetField::Type, "TYPE", "TIPO"),
        (FacetField::Severity, "SEVERITY", "SEVERIDAD"),
        (FacetField::Outcome, "OUTCOME", "RESULTADO"),
        (FacetField::Tenant, "TENANT", "EMPRESA"),
    ];
    let parts = shown.map(|(field, english, spanish)| {
        let head = vec![app.output.say(english, spanish).to_owned(), "N".to_owned()];
        let found = facets.facets.iter().filter(|f| f.field == field).flat_map(|f| &f.values);
        let lines = found.map(|v| {
            let name = match &v.label {
                Some(label) => format!("{} {}", plain(&v.value), plain(label)),
                None => plain(&v.value),
            };
            vec![name, v.count.to_string()]
        });
        table(&std::iter::once(head).chain(lines).collect::<Vec<_>>())
    });
    let note = facets.newest.map_or_else(String::new, |n| match app.output.language {
        Language::En => format!("Counted over the newest {n} of them.\n"),
        Language::Es => format!("Contado sobre los {n} más recientes.\n"),
    });
    format!("{}{note}", parts.join("\n"))
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
