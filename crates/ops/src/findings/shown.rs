//! The query that shows what was found. A query has to be read again, and there are names that none can say: one that is empty or
//! too long, or that holds a line's end. It never shows fewer events than were found; where it shows others too, that is said.

use atalaya_model::Instant;
use atalaya_model::audit::query::{ActorMatch, AuditQuery, Facets, Moment};
use atalaya_model::audit::{FindingRuleName, FindingShows, Outcome};
use atalaya_store::findings::Found;

/// Failed sign-ins.
pub(super) const FAILED_LOGINS: &[&str] = &["login_failed"];
/// Sign-ins.
pub(super) const SIGN_INS: &[&str] = &["login_success", "console.opened"];
/// What raises or gives rights.
pub(super) const RIGHTS: &[&str] = &[
    "role_changed",
    "grant.created",
    "role.created",
    "role.updated",
    "operator.created",
    "operator.recovered",
];
/// Single reads of personal data, and of events.
pub(super) const READS: &[&str] = &["read_lead", "pii_read", "event.viewed"];
/// Exports.
pub(super) const EXPORTS: &[&str] = &["export_leads", "log.exported"];
/// Silence is shown with what stood around it, in seconds.
const AROUND: i64 = 3_600;
/// The characters of an id that are known at most: one as long may go on.
const ID_LENGTH: usize = 400;

/// The text of the query, and which events it shows.
pub(super) fn of(rule: FindingRuleName, found: &Found) -> (String, FindingShows) {
    let around = if rule == FindingRuleName::SilentGap { AROUND * 1_000_000 } else { 0 };
    let moved = |t: Instant, by: i64| {
        Some(Moment::At(Instant::from_postgres(t.to_postgres().saturating_add(by))))
    };
    let by_address = match rule {
        FindingRuleName::FailedLogins => Some(found.subject.as_str()),
        _ => found.address.as_deref(),
    };
    let query = AuditQuery {
        only: Facets {
            // An address comes from the database's own type, so it is one.
            networks: by_address.and_then(|a| a.parse().ok()).into_iter().collect(),
            ..looked_at(rule)
        },
        after: moved(found.at, -around),
        // The end of a period is not part of it.
        before: moved(found.until, around + 1),
        ..AuditQuery::default()
    };
    if matches!(rule, FindingRuleName::FailedLogins | FindingRuleName::SilentGap) {
        return (query.to_string(), FindingShows::Found);
    }
    let of_actors = |(actors, shows)| {
        let only = Facets { actors, ..query.only.clone() };
        Some((crate::audit::print(&AuditQuery { only, ..query.clone() }).ok()?, shows))
    };
    ways(found)
        .into_iter()
        .find_map(of_actors)
        .unwrap_or_else(|| (query.to_string(), FindingShows::Others))
}

/// The text of the query that shows all that a rule looks at, from the beginning of the period on.
pub(super) fn of_all(rule: FindingRuleName, since: Instant) -> String {
    let after = Some(Moment::At(since));
    AuditQuery { only: looked_at(rule), after, ..AuditQuery::default() }.to_string()
}

/// What a rule looks at, whoever did it.
fn looked_at(rule: FindingRuleName) -> Facets {
    let done = |types: &[&str]| Facets { outcomes: vec![Outcome::Ok], ..typed(types) };
    match rule {
        FindingRuleName::FailedLogins => typed(FAILED_LOGINS),
        FindingRuleName::NewIp => done(SIGN_INS),
        FindingRuleName::RightsRaised => done(RIGHTS),
        FindingRuleName::MassReads => done(READS),
        FindingRuleName::MassExports => done(EXPORTS),
        FindingRuleName::UnusualHours | FindingRuleName::SilentGap => Facets::default(),
    }
}

fn typed(types: &[&str]) -> Facets {
    Facets { types: types.iter().map(|t| (*t).to_owned()).collect(), ..Facets::default() }
}

/// How the actor can be named, the best way first; each of them shows all that was found.
fn ways(found: &Found) -> Vec<(Vec<String>, FindingShows)> {
    let name = vec![found.subject.clone()];
    let means = ActorMatch::of(&found.subject);
    let no = ActorMatch::default;
    let alone = if found.by_id {
        means == ActorMatch { ids: name.clone(), ..no() }
    } else {
        means == ActorMatch { labels: name.clone(), ..no() }
    };
    let among = if found.by_id { &means.ids } else { &means.labels }.contains(&found.subject);
    // A number or a UUID; what else stands in that column may be the beginning of somebody's e-mail.
    let whole = |id: &String| {
        id.chars().count() < ID_LENGTH
            && ActorMatch::of(id) == ActorMatch { ids: vec![id.clone()], ..no() }
    };
    let ids = &found.actor_ids;
    let mut ways = Vec::new();
    if alone {
        // Others of their events have this id and a name.
        let shows = if found.by_id { FindingShows::Actor } else { FindingShows::Found };
        ways.push((name.clone(), shows));
    }
    if !ids.is_empty() && !found.some_without_id && ids.iter().all(whole) {
        ways.push((ids.clone(), FindingShows::Actor));
    }
    if among {
        ways.push((name, FindingShows::Others));
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(subject: &str, by_id: bool, ids: &[&str], some_without_id: bool) -> Found {
        let at = Instant::from_postgres(0);
        Found {
            subject: subject.to_owned(),
            by_id,
            address: None,
            actor_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            some_without_id,
            at,
            until: at,
            recorded: None,
            count: 1,
        }
    }

    /// The query as it is read again.
    fn read(found: &Found) -> (Vec<String>, FindingShows) {
        let (text, shows) = of(FindingRuleName::MassReads, found);
        let query = AuditQuery::parse(&text).unwrap();
        assert_eq!(query.only.types, READS);
        (query.only.actors, shows)
    }

    const ID: &str = "00000000-0000-4000-8000-000000000001";

    #[test]
    fn every_name_leads_to_a_query_that_is_read_again() {
        let (long, longest) = ("x".repeat(600), "\"".repeat(400));
        let names = [
            "",
            " ",
            "\u{a0}",
            &long,
            &longest,
            "a\nb",
            "\u{7}",
            "\u{85}",
            "\"",
            "\\",
            "a,b",
            ",",
            "\u{202e}x",
            "*",
            "-a",
            "–",
            "“",
            "»",
            "a:b",
            "42",
            "AND",
            "\u{10FFFF}",
            "ñ@é.es",
        ];
        for rule in FindingRuleName::ALL {
            for name in names {
                for by_id in [false, true] {
                    for one in [
                        found(name, by_id, &[], true),
                        found(name, by_id, &[ID], false),
                        found(name, by_id, &[name], false),
                        Found {
                            address: Some("192.0.2.1".into()),
                            ..found(name, by_id, &[name, ID], false)
                        },
                    ] {
                        let (text, _) = of(rule, &one);
                        AuditQuery::parse(&text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
                    }
                }
            }
            AuditQuery::parse(&of_all(rule, Instant::from_postgres(0))).unwrap();
        }
    }

    #[test]
    fn names_that_mean_others_too() {
        use FindingShows::{Actor, Found, Others};
        let of = |subject: &str, by_id: bool, ids: &[&str], some: bool| {
            let (actors, shows) = read(&found(subject, by_id, ids, some));
            (actors.join(" "), shows)
        };
        let is = |text: &str, shows| (text.to_owned(), shows);
        assert_eq!(of("a@x.com", false, &[ID], false), is("a@x.com", Found));
        assert_eq!(of("a", false, &[ID], false), is(ID, Actor));
        // Under an id that is not known, or may be somebody's name.
        assert_eq!(of("a", false, &[ID], true), is("a", Others));
        assert_eq!(of("a", false, &[ID, "b"], false), is("a", Others));
        let long = "7".repeat(ID_LENGTH);
        assert_eq!(of("a", false, &[&long], false), is("a", Others));
        assert_eq!(of("", false, &[ID, "2"], false), is(&format!("{ID} 2"), Actor));
        assert_eq!(of("", false, &[], true), is("", Others));
        // A number is an id, and an e-mail is a name.
        assert_eq!(of("42", false, &[], true), is("", Others));
        assert_eq!(of("42", true, &["42"], false), is("42", Actor));
        assert_eq!(of("a@x.com", true, &["a@x.com"], false), is("", Others));
        assert_eq!(of("svc", true, &["svc"], false), is("svc", Others));
        // As many ids as a query holds.
        let many: Vec<_> = (0..201).map(|n| n.to_string()).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert_eq!(of("", false, &many[..200], false).1, Actor);
        assert_eq!(of("", false, &many, false), is("", Others));
    }
}
