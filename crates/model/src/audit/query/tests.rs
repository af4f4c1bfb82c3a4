use super::*;
use crate::TenantId;
use crate::audit::{Outcome, Severity};
use parse::ErrorKind;
use period_tests::{clock, when};
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
    assert_eq!(parse("pan y vino").text, ["pan", "y", "vino"], "words of a text");
    assert_eq!(parse("a=b !x").text, ["a=b", "!x"]);
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
        ("x when:march 2025 y", ErrorKind::QuotesMissing, 7, 17),
        ("cuando:últimos 7 días", ErrorKind::QuotesMissing, 7, 21),
        ("desde:2026-03-01 10:00", ErrorKind::QuotesMissing, 6, 22),
        ("when:ayer de 10:00 a 12:00 x", ErrorKind::QuotesMissing, 5, 26),
        ("type:a OR type:b", ErrorKind::NoOperator, 7, 9),
        ("NOT type:a", ErrorKind::NoOperator, 0, 3),
        ("tipo:a y ip:10.0.0.1", ErrorKind::NoOperator, 7, 8),
        ("type:a or type:b", ErrorKind::NoOperator, 7, 9),
        ("no tipo:a", ErrorKind::NoOperator, 0, 2),
        ("type:a && ip:10.0.0.1", ErrorKind::NoOperator, 7, 9),
        ("!type:a", ErrorKind::NoOperator, 0, 7),
        ("tipo=login_failed", ErrorKind::NoOperator, 0, 17),
        ("when:today when:hoy", ErrorKind::OnlyOnce, 16, 19),
        ("-when:today", ErrorKind::OnlyOnce, 6, 11),
        ("😀 tipo:\u{1}", ErrorKind::ValueUnusable, 8, 9),
        ("-", ErrorKind::ValueMissing, 0, 1),
    ];
    for (text, kind, from, to) in cases {
        let e = AuditQuery::parse(text).expect_err(text);
        assert_eq!((e.kind, e.from, e.to), (kind, from, to), "{text}");
    }
    for (text, meant) in [
        ("!type:a", Some("-type:a")),
        ("type!=a", Some("-type:a")),
        ("tipo<>a", Some("-tipo:a")),
        ("+type:a", Some("type:a")),
        ("type==a", Some("type:a")),
        ("(type:a)", Some("type:a")),
        ("(-type:a)", Some("-type:a")),
        ("-type=a", Some("type:a")),
        ("-type!=a", None),
        ("tenant>3", None),
        ("type~log", None),
        ("!when:yesterday", None),
        ("tenant=acme", None),
        ("(type:a,", None),
    ] {
        let e = AuditQuery::parse(text).expect_err(text);
        assert_eq!((e.kind, e.suggestion.as_deref()), (ErrorKind::NoOperator, meant), "{text}");
    }
    for text in ["severity:!info", "severity:>=warning"] {
        let e = AuditQuery::parse(text).unwrap_err();
        assert_eq!(e.suggestion.as_deref(), Some("info, warning, critical"), "{text}");
    }
    assert_eq!(parse("\"type!=a\" a!=b (x) x>3").text, ["type!=a", "a!=b", "(x)", "x>3"]);
    assert_eq!(AuditQuery::parse("tipe:x").unwrap_err().suggestion.as_deref(), Some("type"));
    for text in ["Re:factura", "has:actor", "nope:x"] {
        let e = AuditQuery::parse(text).unwrap_err();
        assert_eq!((e.kind, e.suggestion), (ErrorKind::FieldUnknown, None), "{text}");
    }
    for (text, meant) in [
        ("severity:critcal", "critical"),
        ("gravedad:CRITCO", "critical"),
        ("severidad:avsio", "warning"),
        ("severity:grave", "info, warning, critical"),
        ("outcome:dened", "denied"),
        ("resultado:denagada", "denied"),
        ("outcome:no", "ok, denied, failed"),
        ("origin:consle", "console"),
        ("origen:\"linea de comando\"", "cli"),
        ("origin:web", "console, api, cli, legacy, direct, upkeep"),
    ] {
        let e = AuditQuery::parse(text).expect_err(text);
        assert_eq!((e.kind, e.suggestion.as_deref()), (ErrorKind::ValueUnknown, Some(meant)));
    }
    let types = ["login", "login_failed", "lead.saved"];
    for (written, meant) in [
        ("logni", Some("login")),
        ("LOGIN_FAILD", Some("login_failed")),
        ("lead-saved", Some("lead.saved")),
        ("lo", None),
        ("", None),
        ("logout", None),
        ("logi", Some("login")),
        ("lgi", None),
    ] {
        assert_eq!(nearest(written, types.into_iter()), meant, "{written}");
    }
    assert_eq!(nearest(&"a".repeat(10_000_000), types.into_iter()), None);
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
    let (long, half) = ("x".repeat(400), "y".repeat(200));
    let whole = format!("{long} -{long} {half}");
    assert_eq!(parse(&format!("{whole} {long}")).text, [long, half], "1,000 bytes, and one twice");
    let e = AuditQuery::parse(&format!("{whole} ñ")).unwrap_err();
    assert_eq!((e.kind, e.from, e.to), (ErrorKind::TextTooLong, 1_004, 1_005));
    // Three bytes in lower case, and two in upper; a quote is two characters in JSON.
    let (grows, quoted) = ("Ⱥ".repeat(180), format!("\"{}\\\"\"", "x".repeat(250)));
    assert_eq!(parse(&format!("{grows} {}", "z".repeat(400))).text.len(), 2);
    for text in [format!("{grows} x{grows}"), format!("{quoted} -{quoted}")] {
        let kind = AuditQuery::parse(&text).unwrap_err().kind;
        assert_eq!(kind, ErrorKind::TextTooLong, "{text}");
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

#[test]
fn a_beginning_of_any_name_of_a_field_offers_it() {
    assert_eq!(Field::beginning("emp"), [Field::Tenant]);
    assert_eq!(Field::beginning("Tip"), [Field::Type]);
    assert_eq!(Field::beginning("quié"), [Field::Actor]);
    assert_eq!(Field::beginning("perí"), [Field::When]);
    // The printed names first: `address` and `antes` are others of `ip` and `before`.
    assert_eq!(Field::beginning("a"), [Field::Actor, Field::After, Field::Ip, Field::Before]);
    assert_eq!(Field::beginning(""), Field::all().collect::<Vec<_>>());
    assert!(Field::beginning("x").is_empty());
}

#[test]
fn known_values_are_found_in_both_languages_and_understood() {
    for field in Field::all() {
        for known in known_values(field) {
            let text = format!("{}:{}", field.name(), word(known.value));
            assert_eq!(parse(&text).to_string(), text, "it is printed as it is offered");
        }
    }
    let found = |field, written: &str| {
        let fitting = known_values(field).filter(|v| v.fits(written));
        fitting.map(|v| v.value).collect::<Vec<_>>()
    };
    assert_eq!(found(Field::When, "Últimos 9"), ["last 90 days"]);
    assert_eq!(found(Field::When, "trim"), ["this quarter", "last quarter"]);
    assert_eq!(found(Field::Severity, "crítica"), ["critical"]);
    assert_eq!(found(Field::Origin, "CLI"), ["cli"]);
    assert_eq!(found(Field::Origin, "").len(), Origin::ALL.len());
    assert!(found(Field::Type, "").is_empty());
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

fn query() -> impl Strategy<Value = AuditQuery> {
    let moment = prop_oneof![
        any::<i64>().prop_map(|m| Moment::At(crate::Instant::from_postgres(m))),
        when().prop_map(Moment::Start),
        // A time of a day with its year is read as one without words.
        clock().prop_map(|c| Moment::parse(&c.to_string()).unwrap()),
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
