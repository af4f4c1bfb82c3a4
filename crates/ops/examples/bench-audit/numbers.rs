//! Histogram, count, facets and findings.

use crate::Outcome;
use crate::place::Place;
use crate::times::timed;
use atalaya_ops::{audit, findings};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const YEAR: &str = "when:\"last 365 days\"";

/// Prints one line each.
pub async fn measure(place: &Place) -> Outcome<()> {
    let none = CancellationToken::new;
    let (cx, caller) = (&place.cx, &place.caller);
    for (name, query, buckets) in [
        ("histogram of a year", YEAR.to_owned(), 365),
        ("the same of one type", format!("type:login_failed {YEAR}"), 60),
        ("histogram of a day", "when:\"last 24 hours\"".to_owned(), 48),
    ] {
        let ours = async || Ok(audit::histogram(cx, caller, &query, buckets, none()).await?);
        println!("{name:<28}{:>9.2}", timed(ours).await?);
    }
    let count = async || Ok(audit::count(cx, caller, "", none()).await?);
    println!("{:<28}{:>9.2}", "count of everything", timed(count).await?);
    for (name, query) in [
        ("facets of everything", ""),
        ("facets of one type", "type:login_failed"),
        ("facets of a network", "ip:10.7.0.0/16"),
        ("facets of a type in it", "type:login_failed ip:10.7.0.0/16"),
    ] {
        let ours = async || Ok(audit::facets(cx, caller, query, none()).await?);
        let took = timed(ours).await?;
        let over = ours().await?.newest.map_or_else(String::new, |n| format!("   the newest {n}"));
        println!("{name:<28}{took:>9.2}{over}");
    }
    let days = findings::Asked { days: 30, offset: 0, patience: Duration::from_secs(120) };
    let found = async || Ok(findings::list(cx, caller, days, none()).await?);
    println!("{:<28}{:>9.2}", "findings of 30 days", timed(found).await?);
    Ok(())
}
