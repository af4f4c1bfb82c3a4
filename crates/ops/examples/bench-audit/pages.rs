//! Pages of the log: the first, one far down, each facet, two together, free text; and as CRM Ventas 4.4 pages.

use crate::Outcome;
use crate::peer;
use crate::place::Place;
use crate::times::{beside, median, timed};
use atalaya_model::audit::{AuditCursor, EventId};
use atalaya_ops::audit;

/// A question, what a person calls it, and the values of the statement's parameters that it sets.
struct Case {
    name: &'static str,
    query: &'static str,
    values: &'static [(usize, &'static str)],
}

const CASES: [Case; 13] = [
    Case { name: "first page", query: "", values: &[] },
    Case { name: "type", query: "type:login_failed", values: &[(1, "'login_failed'")] },
    Case { name: "severity", query: "severity:critical", values: &[(3, "'critical'")] },
    Case { name: "outcome", query: "outcome:denied", values: &[(5, "'denied'")] },
    Case { name: "origin", query: "origin:console", values: &[(7, "'console'")] },
    Case { name: "tenant", query: "tenant:7", values: &[(9, "7")] },
    Case {
        name: "actor",
        query: "actor:user77@example.com",
        values: &[(14, "'user77@example.com'")],
    },
    Case { name: "actor's id", query: "actor:77", values: &[(13, "'77'")] },
    Case { name: "resource", query: "resource:leads/4", values: &[(21, "'leads'"), (22, "'4'")] },
    Case { name: "ip", query: "ip:10.2.0.2", values: &[(26, "'10.2.0.2'")] },
    Case {
        name: "network",
        query: "ip:10.7.0.0/16",
        values: &[(27, "'10.7.0.0'"), (28, "'10.7.255.255'")],
    },
    Case {
        name: "type and tenant",
        query: "type:login_failed tenant:8",
        values: &[(1, "'login_failed'"), (9, "8")],
    },
    Case {
        name: "severity and network",
        query: "severity:warning ip:10.20.0.0/16",
        values: &[(3, "'warning'"), (27, "'10.20.0.0'"), (28, "'10.20.255.255'")],
    },
];

/// Prints one line a case.
pub async fn measure(place: &Place, rows: i64) -> Outcome<()> {
    println!(
        "\n{:<28}{:>9}  {:>9}  {:>6}",
        "milliseconds, median", "operation", "pgbench", "ratio"
    );
    for case in &CASES {
        compare(place, case.name, case.query, None, case.values).await?;
    }
    let deep = place.sql(&format!(
        "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || ' ' || id
         FROM public.system_events ORDER BY occurred_at DESC, id DESC OFFSET {} LIMIT 1", rows / 2))?;
    let (at, id) = deep.split_once(' ').ok_or("no row half-way")?;
    let now = place.cx.workplace.clock.instant();
    let cursor = AuditCursor { occurred_at: at.parse()?, id: EventId(id.parse()?), now };
    let at = format!("'{at}'");
    let values: Vec<(usize, &str)> = vec![(52, at.as_str()), (53, id)];
    compare(place, "page half-way down", "", Some(cursor), &values).await?;
    text(place).await?;
    offset(place, rows)
}

async fn compare(
    place: &Place,
    name: &str,
    query: &str,
    cursor: Option<AuditCursor>,
    values: &[(usize, &str)],
) -> Outcome<()> {
    let ours = async || {
        let page = audit::list(&place.cx, &place.caller, query, cursor, 50).await?;
        if page.rows.is_empty() { Err(format!("{query} shows nothing").into()) } else { Ok(()) }
    };
    let theirs = || {
        peer::statement(place, "CASE WHEN $51 THEN payload::text END", &|n| match n {
            11 | 12 | 39 | 51 => "false".to_owned(),
            54 => "51".to_owned(),
            n => values.iter().find(|v| v.0 == n).map_or("NULL".to_owned(), |v| v.1.to_owned()),
        })
    };
    beside(name, ours, theirs).await
}

/// By the index, and where an index does not help.
async fn text(place: &Place) -> Outcome<()> {
    let rare = async || Ok(audit::list(&place.cx, &place.caller, "xylophone", None, 50).await?);
    let filter = r#"ARRAY['{"texts": ["%xylophone%"], "system": false, "system_only": false, "not_system": false}'::jsonb]"#;
    let theirs = || {
        peer::statement(place, "atalaya.search_log(f.filter, $2, $3, $4, $5, $6)", &|n| match n {
            1 => filter.to_owned(),
            6 => "51".to_owned(),
            _ => "NULL".to_owned(),
        })
    };
    beside("text, rare", rare, theirs).await?;
    let common = async || Ok(audit::list(&place.cx, &place.caller, "routine", None, 50).await?);
    println!("{:<28}{:>9.2}", "text, everywhere", timed(common).await?);
    Ok(())
}

/// As CRM Ventas 4.4 pages.
fn offset(place: &Place, rows: i64) -> Outcome<()> {
    let down = format!(
        "SELECT id, event_type, severity, message, payload, occurred_at FROM public.system_events
         ORDER BY occurred_at DESC LIMIT 50 OFFSET {};\n",
        rows / 2
    );
    for (name, text) in [
        ("OFFSET, half-way down", down.as_str()),
        ("COUNT(*)", "SELECT COUNT(*) FROM public.system_events;\n"),
    ] {
        println!("{name:<28}{:>9}  {:>9.2}", "", median(peer::script(place, text, 3)?));
    }
    Ok(())
}
