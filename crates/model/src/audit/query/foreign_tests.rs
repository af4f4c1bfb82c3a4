//! What other languages of queries write.

use super::*;
use proptest::prelude::*;

/// Text, the place of what is refused, and what is offered there.
type Case = (&'static str, usize, usize, Option<&'static str>);

/// Each is refused at its place, and what is offered there can be read.
fn refused(cases: &[Case]) {
    for (text, from, to, meant) in cases {
        let e = AuditQuery::parse(text).expect_err(text);
        let kind = ErrorKind::NoOperator;
        let found = (e.kind, e.from, e.to, e.suggestion.as_deref());
        assert_eq!(found, (kind, *from, *to, *meant), "{text}");
        let units: Vec<u16> = text.encode_utf16().collect();
        let part = |from: usize, to: usize| String::from_utf16(&units[from..to]).unwrap();
        if let Some(meant) = meant {
            let mended = format!("{}{meant}{}", part(0, *from), part(*to, units.len()));
            let read = AuditQuery::parse(&mended).unwrap_or_else(|e| panic!("{mended}: {e:?}"));
            assert_eq!(AuditQuery::parse(&read.to_string()), Ok(read), "{mended}");
        }
    }
}

fn texts(query: &str) -> Vec<String> {
    AuditQuery::parse(query).unwrap_or_else(|e| panic!("{query}: {e:?}")).text
}

#[test]
fn names_of_columns_say_which_field_is_meant() {
    refused(&[
        ("tenant_id=3", 0, 11, Some("tenant:3")),
        ("event_type=x", 0, 12, Some("type:x")),
        ("EVENT_TYPE!=x", 0, 13, Some("-type:x")),
        ("user=ana", 0, 8, Some("user:ana")),
        ("user_id=42", 0, 10, Some("actor:42")),
        ("level=critical", 0, 14, Some("severity:critical")),
        ("level=debug", 0, 11, None),
        ("ip_address=10.0.0.1", 0, 19, Some("ip:10.0.0.1")),
        ("session_id=7", 0, 12, Some("session:7")),
        ("session=7", 0, 9, Some("session:7")),
        ("x occurred_at=2026-01-01", 2, 24, Some("when:2026-01-01")),
        ("tenant_id>3", 0, 11, None),
        ("type='x'", 0, 8, Some("type:x")),
    ]);
    for (text, meant) in
        [("event_type:x", "type"), ("Tenant_ID:3", "tenant"), ("level:info", "severity")]
    {
        let e = AuditQuery::parse(text).unwrap_err();
        assert_eq!((e.kind, e.suggestion.as_deref()), (ErrorKind::FieldUnknown, Some(meant)));
    }
    // No field has these names, in any language.
    for text in ["level", "status=200", "timeout=3", "user_agent=curl", "a=b"] {
        assert_eq!(texts(text), [text]);
    }
}

#[test]
fn brackets_and_other_signs() {
    refused(&[
        ("((type:x))", 0, 10, Some("type:x")),
        ("([-type:x])", 0, 11, Some("-type:x")),
        ("NOT(type:x)", 0, 11, Some("-type:x")),
        ("not((type:x))", 0, 13, Some("-type:x")),
        ("NO(tipo=x)", 0, 10, Some("-tipo:x")),
        ("-(type:x)", 1, 9, Some("type:x")),
        ("[type:x]", 0, 8, Some("type:x")),
        ("{type:x}", 0, 8, Some("type:x")),
        ("(type:x", 0, 7, Some("type:x")),
        ("(type:f(x))", 0, 11, Some("type:f(x)")),
        ("type≠x", 0, 6, Some("-type:x")),
        ("type：x", 0, 6, Some("type:x")),
        ("tenant＝3", 0, 8, Some("tenant:3")),
        ("😀 tipo：x", 3, 9, Some("tipo:x")),
        ("(a or b)", 3, 5, None),
        ("(leads o ventas)", 7, 8, None),
        ("((a) and (b))", 5, 8, None),
        ("(not type:x)", 0, 4, None),
    ]);
    for text in ["(hello)", "[x]", "in", "not", "NOT(x)", "(a:", "f(x)", "{x", "x：y", "a≠b"] {
        assert_eq!(texts(text), [text]);
    }
    assert_eq!(texts("pan o vino"), ["pan", "o", "vino"]);
    assert_eq!(texts("(hello world) o no"), ["(hello", "world)", "o", "no"]);
    let quoted = r#""((type:x))" "type in (a,b)" "tenant_id=3" "(a" or "b)""#;
    assert_eq!(texts(quoted).len(), 6, "what stands in quotes is text");
}

#[test]
fn a_field_and_its_value_apart() {
    refused(&[
        ("type = x", 0, 8, Some("type:x")),
        ("type : x", 0, 8, Some("type:x")),
        ("type =x", 0, 7, Some("type:x")),
        ("type= x z", 0, 7, Some("type:x")),
        ("type == x ip:10.0.0.1", 0, 9, Some("type:x")),
        ("z type != x", 2, 11, Some("-type:x")),
        ("-type = x", 1, 9, Some("type:x")),
        ("(type = x)", 0, 10, Some("type:x")),
        ("user = \"ana maria\"", 0, 18, Some("user:\"ana maria\"")),
        ("user = \"maria, ana\"", 0, 19, None),
        ("tenant_id = 3", 0, 13, Some("tenant:3")),
        ("tenant > 3", 0, 10, None),
        ("severity >= warning", 0, 19, Some("severity:warning,critical")),
        ("type in (a,b)", 0, 13, Some("type:a,b")),
        ("x type IN ('a', 'b') z", 2, 20, Some("type:a,b")),
        ("tipo en ( a b )", 0, 15, Some("tipo:a,b")),
        ("tenant_id not in (1,2)", 0, 22, Some("-tenant:1,2")),
        ("-type in (a)", 1, 12, Some("type:a")),
        ("type in(a,b)", 0, 12, Some("type:a,b")),
        ("tenant in (x)", 0, 13, None),
    ]);
    assert_eq!(texts("a = b"), ["a", "=", "b"]);
    assert_eq!(texts("type in use"), ["type", "in", "use"]);
    assert_eq!(texts("type ="), ["type", "="]);
    assert_eq!(texts("type= -x"), ["type="]);
    assert_eq!(texts("type in"), ["type", "in"]);
    assert_eq!(texts("type in (a"), ["type", "in", "(a"]);
    assert_eq!(texts("the user came"), ["the", "user", "came"]);
    assert_eq!(texts("\"type\" = x"), ["type", "=", "x"]);
}

#[test]
fn what_has_an_order_is_written_out() {
    refused(&[
        ("severity>=warning", 0, 17, Some("severity:warning,critical")),
        ("severity>warning", 0, 16, Some("severity:critical")),
        ("gravedad<=aviso", 0, 15, Some("gravedad:info,warning")),
        ("level<critical", 0, 14, Some("severity:info,warning")),
        ("!severity>=warning", 0, 18, Some("-severity:warning,critical")),
        ("severity>critical", 0, 17, None),
        ("severity>=loud", 0, 14, None),
        ("when>=2026-01-01", 0, 16, Some("after:2026-01-01")),
        ("date>2026-01-01", 0, 15, Some("after:2026-01-01")),
        ("occurred_at<=2026-01-01T10:00:00Z", 0, 33, Some("before:2026-01-01T10:00:00Z")),
        ("fecha<ayer", 0, 10, Some("before:ayer")),
        ("desde>=hoy", 0, 10, Some("desde:hoy")),
        ("after<today", 0, 11, None),
        ("-when>=2026-01-01", 1, 17, None),
        ("when>=tomato", 0, 12, None),
        ("when≥2026-01-01", 0, 15, Some("after:2026-01-01")),
    ]);
}

#[test]
fn an_address_of_the_web_is_text() {
    for text in ["https://example.com/x", "http://x?type=3", "postgres://h/d", "HTTPS://x:80"] {
        assert_eq!(texts(text), [text]);
    }
    let excluded = AuditQuery::parse("-https://x type://y").unwrap();
    assert_eq!((&*excluded.not_text[0], &*excluded.only.types[0]), ("https://x", "//y"));
}

#[test]
fn a_period_among_the_text_is_noticed() {
    let period = |text: &str| AuditQuery::parse(text).unwrap().period_in_text();
    for (text, words) in [
        ("last week", Some("\"last week\"")),
        ("yesterday", Some("yesterday")),
        ("login ayer", Some("ayer")),
        ("la semana pasada", Some("\"la semana pasada\"")),
        ("fallos la semana pasada actor:ana", Some("\"la semana pasada\"")),
        ("login failed", None),
        ("yesterday when:today", None),
        ("", None),
    ] {
        assert_eq!(period(text).as_deref(), words, "{text}");
        if let Some(words) = words {
            AuditQuery::parse(&format!("when:{words}")).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn what_is_offered_can_be_read(
        text in "(-|!|NOT)?[(\\[]{0,2}(type|tenant_id|severity|date|before|user)( |( not)? in)?(=|:|!=|>=|<|≠|：)? ?[(]?(x|3|warning|ayer|'a')[, ]?b?\\){0,2}"
    ) {
        match AuditQuery::parse(&text) {
            Ok(query) => prop_assert_eq!(AuditQuery::parse(&query.to_string()), Ok(query)),
            Err(QueryProblem { kind: ErrorKind::NoOperator, suggestion: Some(meant), .. }) => {
                prop_assert!(AuditQuery::parse(&meant).is_ok(), "{}: {}", text, meant);
            }
            Err(_) => {}
        }
    }
}
