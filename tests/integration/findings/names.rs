//! Actors whose names no query can say, or which are those of others too: what is found of them can be looked at nevertheless.

use super::{found, shown};
use crate::bed::bed;
use crate::psql::Psql;
use atalaya_model::audit::query::AuditQuery;
use atalaya_model::audit::{FindingRuleName as Rule, FindingShows as Shows};

fn text(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |v| format!("'{}'", v.replace('\'', "''")))
}

/// So many reads of one actor, `hours` ago.
async fn reads(su: &mut Psql, id: Option<&str>, label: Option<&str>, count: u32, hours: usize) {
    su.must(format!(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_id, actor_label, actor_kind, outcome, origin, occurred_at)
         SELECT 'pii_read', 1, {}, {}, 'user', 'ok', 'api', now() - interval '1 hour' * {hours} - n * interval '1 s'
         FROM generate_series(1, {count}) n",
        text(id),
        text(label),
    ))
    .await;
}

#[tokio::test]
async fn hostile_names_can_be_looked_at() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let long = "x".repeat(600);
    let names = [
        "",
        " ",
        &long,
        "ana\nand eva",
        "bell\u{7}",
        "say \"hi\"",
        "back\\slash\\",
        "a,b",
        "\u{202e}moc.elpmaxe",
        "*",
        "-ana",
        " ana ",
        "“quoted”",
        "»",
        "tenant:1",
        "42",
        "ana",
        "Ana@Example.com",
        "ana@example.com",
    ];
    for (at, name) in names.iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-{at:012}");
        reads(&mut su, Some(&id), Some(name), 200 + at as u32, 3 * at + 1).await;
        // And by somebody who has no id.
        let other = format!("{name}?");
        reads(&mut su, None, Some(&other), 300 + at as u32, 3 * at + 2).await;
    }
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::MassReads).await;
    for (at, name) in names.iter().enumerate() {
        let of = |name: &str| list.iter().find(|f| f.subject == name).unwrap();
        let (with, without) = (of(name), of(&format!("{name}?")));
        assert_eq!((with.count, without.count), (200 + at as i64, 300 + at as i64), "{name:?}");
        for finding in [with, without] {
            AuditQuery::parse(&finding.query).unwrap();
            assert!(shown(&copy, admin, finding).await >= finding.count, "{}", finding.query);
        }
        let shows = if *name == "ana@example.com" { Shows::Found } else { Shows::Actor };
        assert_eq!(with.shows, shows, "{name:?}: {}", with.query);
        assert_eq!(shown(&copy, admin, with).await, with.count, "{name:?}: {}", with.query);
        assert_eq!(without.shows, Shows::Others, "{name:?}: {}", without.query);
    }
}

#[tokio::test]
async fn an_id_that_reads_like_a_name_is_another_actor() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let id = "00000000-0000-4000-8000-000000000007";
    reads(&mut su, Some("eva@example.com"), None, 250, 1).await;
    reads(&mut su, Some(id), Some("eva@example.com"), 240, 1).await;
    reads(&mut su, Some("4711"), None, 230, 1).await;
    reads(&mut su, Some(id), Some("4711"), 220, 1).await;
    // Neither is enough, and together they are nobody.
    reads(&mut su, Some("bob"), None, 150, 1).await;
    reads(&mut su, None, Some("bob"), 150, 1).await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::MassReads).await;
    let of = |count| list.iter().find(|f| f.count == count).unwrap();
    assert_eq!(list.len(), 4, "{list:?}");
    for (subject, count, shows, seen) in [
        // No query says an id that is an e-mail: all reads of that time.
        ("eva@example.com", 250, Shows::Others, 250 + 240 + 230 + 220 + 300),
        ("eva@example.com", 240, Shows::Found, 240),
        ("4711", 230, Shows::Actor, 230),
        // Their id is that of another name of theirs.
        ("4711", 220, Shows::Actor, 240 + 220),
    ] {
        let finding = of(count);
        assert_eq!((finding.subject.as_str(), finding.shows), (subject, shows), "{finding:?}");
        let all = shown(&copy, admin, finding).await;
        assert!((finding.count..=seen).contains(&all), "{all}: {}", finding.query);
        assert!(shows != Shows::Found || all == finding.count);
    }
}
