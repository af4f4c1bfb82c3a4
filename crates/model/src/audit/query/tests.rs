use super::*;
use crate::TenantId;
use crate::audit::{Outcome, Severity};
use chrono::{DateTime, FixedOffset};
use parse::ErrorKind;
use proptest::prelude::*;

fn parse(text: &str) -> AuditQuery {
    AuditQuery::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

#[test]
fn the_example_of_the_screen() {
    let q = parse(
        "actor:ana severity:critical -type:read_lead ip:10.0.0.0/8 \"texto libre\" after:2026-03-01",
    );
    assert_eq!(q.only.actors, ["ana"]);
    assert_eq!(q.only.severities, [Severity::Critical]);
    assert_eq!(q.except.types, ["read_lead"]);
    assert_eq!(q.only.networks, ["10.0.0.0/8".parse().unwrap()]);
    assert_eq!(q.text, ["texto libre"]);
    assert_eq!(
        q.to_string(),
        "actor:ana severity:critical ip:10.0.0.0/8 -type:read_lead \"texto libre\" after:2026-03-01"
            .replace("actor:ana severity:critical", "severity:critical actor:ana")
    );
}

#[test]
fn spanish_names_are_the_same_query() {
    let pairs = [
        ("tipo:login_failed gravedad:crítica", "type:login_failed severity:critical"),
        ("resultado:denegado empresa:3,sistema", "outcome:denied tenant:3,system"),
        ("cuando:ayer", "when:yesterday"),
        ("desde:\"1 de marzo de 2026\"", "after:2026-03-01"),
        ("cuándo:\"entre el 2 y el 6 de marzo\"", "when:\"between 2 and 6 March\""),
        ("cuando:\"últimos 90 días\"", "when:\"last 90 days\""),
        ("cuando:\"la semana pasada\"", "when:\"last week\""),
        ("cuando:\"este mes\" -origen:legacy", "when:\"this month\" -origin:legacy"),
        ("fecha:anoche resultado:fallida,Denegada", "when:\"last night\" outcome:failed,denied"),
        ("resultado:correcto severidad:aviso,información", "outcome:ok severity:warning,info"),
        ("origen:consola,mantenimiento,directo", "origin:console,upkeep,direct"),
        ("origen:\"línea de comandos\",\"CRM actual\"", "origin:cli,legacy"),
        (
            "solicitud:00000000-0000-4000-8000-000000000001",
            "request:00000000-0000-4000-8000-000000000001",
        ),
        ("quién:ana red:10.0.0.0/8", "actor:ana ip:10.0.0.0/8"),
        ("sesión:7,8 -session:9", "resource:sessions/7,sessions/8 -resource:sessions/9"),
    ];
    for (spanish, english) in pairs {
        assert_eq!(parse(spanish), parse(english), "{spanish}");
    }
}

#[test]
fn values_and_signs() {
    let q = parse("tenant:1,2,system -outcome:ok resource:leads/42,users -spam type:a type:b,a");
    assert_eq!(q.only.tenants.len(), 3);
    assert_eq!(q.only.tenants[2], TenantMatch::System);
    assert_eq!(q.except.outcomes, [Outcome::Ok]);
    assert_eq!(q.only.resources[0].id.as_deref(), Some("42"));
    assert_eq!(q.only.resources[1].id, None);
    assert_eq!(q.not_text, ["spam"]);
    assert_eq!(q.only.types, ["a", "b"]);
    assert_eq!(parse("").to_string(), "");
    assert_eq!(parse("a,b").text, ["a,b"]);
    assert_eq!(parse(r#""dijo \"no\" \\ fin""#).text, [r#"dijo "no" \ fin"#]);
}

#[test]
fn every_origin_is_named_by_its_column() {
    for origin in Origin::ALL {
        assert_eq!(parse(&format!("origin:{}", origin.as_str())).only.origins, [origin]);
    }
}

#[test]
fn errors_have_a_kind_and_a_place() {
    let cases = [
        ("severity:grave", ErrorKind::ValueUnknown, 9, 14),
        ("ip:10.0.0.0/33", ErrorKind::NotAnAddress, 3, 14),
        ("ñandú tipe:x", ErrorKind::FieldUnknown, 6, 10),
        ("type:", ErrorKind::ValueMissing, 0, 5),
        ("type:a,", ErrorKind::ValueMissing, 0, 7),
        ("actor:\" \"", ErrorKind::ValueMissing, 6, 9),
        ("session:\" \"", ErrorKind::ValueMissing, 8, 11),
        ("\"abierto", ErrorKind::QuoteOpen, 0, 8),
        ("type:\"a\"b", ErrorKind::SpaceMissing, 8, 9),
        ("tenant:0", ErrorKind::NotATenant, 7, 8),
        ("request:7", ErrorKind::NotARequest, 8, 9),
        ("when:whenever", ErrorKind::NotATime, 5, 13),
        ("when:today when:hoy", ErrorKind::OnlyOnce, 16, 19),
        ("-when:today", ErrorKind::OnlyOnce, 6, 11),
        ("😀 tipo:\u{1}", ErrorKind::ValueUnusable, 8, 9),
        ("-", ErrorKind::ValueMissing, 0, 1),
    ];
    for (text, kind, from, to) in cases {
        let e = AuditQuery::parse(text).expect_err(text);
        assert_eq!((e.kind, e.from, e.to), (kind, from, to), "{text}");
    }
    assert_eq!(AuditQuery::parse("tipe:x").unwrap_err().suggestion.as_deref(), Some("type"));
    assert_eq!(AuditQuery::parse("http://x").unwrap_err().suggestion, None);
}

#[test]
fn hostile_sizes_are_refused() {
    let many = |n: usize, of: fn(usize) -> String| (0..n).map(of).collect::<Vec<_>>().join(" ");
    for text in [
        "a ".repeat(10_000),
        many(11, |n| format!("w{n}")),
        many(201, |n| format!("type:t{n}")),
        format!("type:{}", "x".repeat(401)),
        format!("session:{}", "x".repeat(392)),
        format!("ip:{}", (1..=201).map(|n| format!("10.0.0.{n}/32")).collect::<Vec<_>>().join(",")),
    ] {
        assert!(AuditQuery::parse(&text).is_err(), "{}", &text[..20]);
    }
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn periods_resolve_in_the_readers_zone() {
    // A Wednesday.
    let now = at("2026-03-04T10:30:00-03:00");
    let cases = [
        ("today", "2026-03-04T03:00:00.000000Z", "2026-03-05T03:00:00.000000Z"),
        ("ayer", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("anteayer", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("the day before yesterday", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("antes de ayer", "2026-03-02T03:00:00.000000Z", "2026-03-03T03:00:00.000000Z"),
        ("anoche", "2026-03-03T21:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        ("last night", "2026-03-03T21:00:00.000000Z", "2026-03-04T09:00:00.000000Z"),
        ("last day", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("el día pasado", "2026-03-03T03:00:00.000000Z", "2026-03-04T03:00:00.000000Z"),
        ("28 sept", "2025-09-28T03:00:00.000000Z", "2025-09-29T03:00:00.000000Z"),
        ("28 sept.", "2025-09-28T03:00:00.000000Z", "2025-09-29T03:00:00.000000Z"),
        ("22 jun", "2025-06-22T03:00:00.000000Z", "2025-06-23T03:00:00.000000Z"),
        ("10 ago", "2025-08-10T03:00:00.000000Z", "2025-08-11T03:00:00.000000Z"),
        ("10 ago. 2024", "2024-08-10T03:00:00.000000Z", "2024-08-11T03:00:00.000000Z"),
        ("setiembre de 2025", "2025-09-01T03:00:00.000000Z", "2025-10-01T03:00:00.000000Z"),
        ("28 sept..3 oct", "2025-09-28T03:00:00.000000Z", "2025-10-04T03:00:00.000000Z"),
        ("this week", "2026-03-02T03:00:00.000000Z", "2026-03-09T03:00:00.000000Z"),
        ("last week", "2026-02-23T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("el mes pasado", "2026-02-01T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        ("este año", "2026-01-01T03:00:00.000000Z", "2027-01-01T03:00:00.000000Z"),
        ("2025", "2025-01-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("enero de 2026", "2026-01-01T03:00:00.000000Z", "2026-02-01T03:00:00.000000Z"),
        ("december", "2025-12-01T03:00:00.000000Z", "2026-01-01T03:00:00.000000Z"),
        ("2026-02-28", "2026-02-28T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
        ("March 1st, 2026", "2026-03-01T03:00:00.000000Z", "2026-03-02T03:00:00.000000Z"),
        ("between 2 and 6 March", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("2 al 6 de marzo", "2026-03-02T03:00:00.000000Z", "2026-03-07T03:00:00.000000Z"),
        ("from 28 Dec to 3 Jan 2026", "2025-12-28T03:00:00.000000Z", "2026-01-04T03:00:00.000000Z"),
        ("28 dic..3 ene", "2025-12-28T03:00:00.000000Z", "2026-01-04T03:00:00.000000Z"),
        ("29 february", "2026-02-28T03:00:00.000000Z", "2026-03-01T03:00:00.000000Z"),
    ];
    for (text, from, to) in cases {
        let when = When::parse(text).unwrap_or_else(|| panic!("{text}"));
        let (after, before) = when.resolve(&now);
        assert_eq!(after.unwrap().to_string(), from, "{text}");
        assert_eq!(before.unwrap().to_string(), to, "{text}");
        assert_eq!(When::parse(&when.to_string()), Some(when), "{text}");
    }
    let counted = [
        ("last 90 days", "2025-12-04T13:30:00.000000Z"),
        ("24h", "2026-03-03T13:30:00.000000Z"),
        ("últimas 2 semanas", "2026-02-18T13:30:00.000000Z"),
        ("15 min", "2026-03-04T13:15:00.000000Z"),
        ("past 1 month", "2026-02-04T13:30:00.000000Z"),
        ("last minute", "2026-03-04T13:29:00.000000Z"),
        ("último minuto", "2026-03-04T13:29:00.000000Z"),
        ("last hour", "2026-03-04T12:30:00.000000Z"),
        ("the past hour", "2026-03-04T12:30:00.000000Z"),
        ("última hora", "2026-03-04T12:30:00.000000Z"),
        ("la hora pasada", "2026-03-04T12:30:00.000000Z"),
        ("una hora", "2026-03-04T12:30:00.000000Z"),
        ("última 1 hora", "2026-03-04T12:30:00.000000Z"),
        ("past day", "2026-03-03T13:30:00.000000Z"),
        ("último día", "2026-03-03T13:30:00.000000Z"),
        ("past week", "2026-02-25T13:30:00.000000Z"),
        ("última semana", "2026-02-25T13:30:00.000000Z"),
        ("past month", "2026-02-04T13:30:00.000000Z"),
        ("último mes", "2026-02-04T13:30:00.000000Z"),
        ("past year", "2025-03-04T13:30:00.000000Z"),
        ("último año", "2025-03-04T13:30:00.000000Z"),
    ];
    for (text, from) in counted {
        let (after, before) = When::parse(text).unwrap_or_else(|| panic!("{text}")).resolve(&now);
        assert_eq!((after.unwrap().to_string().as_str(), before), (from, None), "{text}");
    }
    for text in [
        "",
        "31 february",
        "0 days",
        "13/13/2026",
        "6 to",
        "between march",
        "999999999 years",
        "2026-13",
        "2 ma",
        "2 sepx",
        "previous hour",
        "this minute",
    ] {
        assert_eq!(When::parse(text), None, "{text}");
    }
}

#[test]
fn moments() {
    let now = at("2026-03-04T10:30:00-03:00");
    let cases = [
        ("2026-03-01", "2026-03-01T03:00:00.000000Z"),
        ("2026-03-01T10:00", "2026-03-01T13:00:00.000000Z"),
        ("2026-03-01 10:00:05", "2026-03-01T13:00:05.000000Z"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000000Z"),
        ("ayer", "2026-03-03T03:00:00.000000Z"),
    ];
    for (text, expected) in cases {
        let moment = Moment::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(moment.resolve(&now).unwrap().to_string(), expected, "{text}");
        assert_eq!(Moment::parse(&moment.to_string()), Some(moment), "{text}");
    }
}

#[test]
fn completion_knows_where_it_is() {
    let value = |name: &str| CompletionKind::Value(name.to_owned());
    let cases = [
        ("", 0, CompletionKind::Field, 0, ""),
        ("sev", 3, CompletionKind::Field, 0, "sev"),
        ("-ty", 3, CompletionKind::Field, 1, "ty"),
        ("tipo:log", 8, value("type"), 5, "log"),
        ("type:a,b x", 8, value("type"), 7, "b"),
        ("😀 actor:\"ana m", 15, value("actor"), 9, "ana m"),
        ("\"free te", 8, CompletionKind::Field, 0, "free te"),
        ("http://x", 8, CompletionKind::Field, 0, "http://x"),
    ];
    for (text, cursor, kind, from, written) in cases {
        let c = complete(text, cursor);
        assert_eq!((c.kind, c.from, c.written.as_str()), (kind, from, written), "{text}");
    }
}

/// Values as the parser makes them: trimmed, not empty, without control characters.
fn value() -> impl Strategy<Value = String> {
    "\\PC{1,12}".prop_map(|s| s.trim().to_owned()).prop_filter("empty", |s| !s.is_empty())
}

fn facets() -> impl Strategy<Value = Facets> {
    let severity =
        prop_oneof![Just(Severity::Info), Just(Severity::Warning), Just(Severity::Critical)];
    let outcome = prop_oneof![Just(Outcome::Ok), Just(Outcome::Denied), Just(Outcome::Failed)];
    let tenant = prop_oneof![
        Just(TenantMatch::System),
        (1..i32::MAX).prop_map(|n| TenantMatch::Tenant(TenantId(n)))
    ];
    let resource =
        (value().prop_filter("slash", |k| !k.contains('/')), proptest::option::of(value()))
            .prop_map(|(kind, id)| ResourceMatch { kind, id });
    let network = (any::<[u8; 4]>(), 0..=32_u8).prop_map(|(ip, bits)| {
        let [a, b, c, d] = ip;
        let net: crate::audit::Network = format!("{a}.{b}.{c}.{d}/{bits}").parse().unwrap();
        net.to_string().parse().unwrap()
    });
    let origin = proptest::sample::select(Origin::ALL.to_vec());
    (
        proptest::collection::vec(value(), 0..4),
        proptest::collection::vec(severity, 0..3),
        proptest::collection::vec(outcome, 0..3),
        proptest::collection::vec(value(), 0..3),
        proptest::collection::vec(tenant, 0..4),
        proptest::collection::vec(resource, 0..3),
        proptest::collection::vec(network, 0..3),
        proptest::collection::vec(origin, 0..3),
    )
        .prop_map(
            |(types, severities, outcomes, actors, tenants, resources, networks, origins)| Facets {
                types: unique(types),
                severities: unique(severities),
                outcomes: unique(outcomes),
                actors: unique(actors),
                tenants: unique(tenants),
                resources: unique(resources),
                networks: unique(networks),
                origins: unique(origins),
            },
        )
}

fn unique<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut out = Vec::new();
    for v in values {
        if !out.contains(&v) {
            out.push(v);
        }
    }
    out
}

fn when() -> impl Strategy<Value = When> {
    let unit = proptest::sample::select(vec![
        Unit::Minute,
        Unit::Hour,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Year,
    ]);
    let calendar = proptest::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]);
    let dates = (1000..9999_i32, 1..=12_u32, 1..=28_u32, 0..5_000_i32);
    let days = dates.prop_map(|(y, m, d, more)| {
        let from = chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let to = from + chrono::Days::new(u64::from(more.unsigned_abs()));
        use chrono::Datelike;
        let day =
            |d: chrono::NaiveDate| Day { year: Some(d.year()), month: d.month(), day: d.day() };
        When::Days(day(from), if to.year() > 9999 { day(from) } else { day(to) })
    });
    prop_oneof![
        Just(When::Today),
        Just(When::Yesterday),
        Just(When::DayBeforeYesterday),
        Just(When::LastNight),
        (1..100_000_u32, unit).prop_map(|(n, u)| When::Last(n, u)),
        calendar.clone().prop_map(When::This),
        calendar.prop_map(When::Previous),
        (1000..9999_i32).prop_map(When::Year),
        (proptest::option::of(1000..9999_i32), 1..=12_u32).prop_map(|(y, m)| When::Month(y, m)),
        days,
        (1..=12_u32, 1..=28_u32, 1..=12_u32, 1..=28_u32).prop_map(|(m, d, n, e)| When::Days(
            Day { year: None, month: m, day: d },
            Day { year: None, month: n, day: e },
        )),
    ]
}

fn query() -> impl Strategy<Value = AuditQuery> {
    let moment = prop_oneof![
        any::<i64>().prop_map(|m| Moment::At(crate::Instant::from_postgres(m))),
        when().prop_map(Moment::Start),
    ];
    (
        facets(),
        facets(),
        proptest::collection::vec(any::<u128>().prop_map(Uuid::from_u128), 0..3),
        proptest::collection::vec("\\PC{1,20}", 0..5),
        proptest::collection::vec("\\PC{1,20}", 0..5),
        proptest::option::of(when()),
        proptest::option::of(moment.clone()),
        proptest::option::of(moment),
    )
        .prop_map(|(only, except, requests, text, not_text, when, after, before)| AuditQuery {
            only,
            except,
            requests: unique(requests),
            text: unique(text),
            not_text: unique(not_text),
            when,
            after,
            before,
        })
}

proptest! {
    #[test]
    fn print_and_parse_are_the_same_query(q in query()) {
        prop_assert_eq!(AuditQuery::parse(&q.to_string()), Ok(q));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", cursor in 0..300_usize) {
        if let Ok(q) = AuditQuery::parse(&text) {
            prop_assert_eq!(AuditQuery::parse(&q.to_string()), Ok(q));
        }
        let c = complete(&text, cursor);
        prop_assert!(c.from <= c.to);
    }

    #[test]
    fn anything_like_the_language_is_read_or_refused(text in "(-?(type|when|ip|after|tenant):)?[a-z0-9\", .:\\\\-]{0,40}") {
        if let Ok(q) = AuditQuery::parse(&text) {
            prop_assert_eq!(AuditQuery::parse(&q.to_string()), Ok(q));
        }
    }
}
