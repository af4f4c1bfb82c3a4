//! What is said beside an empty answer, or one that may not be what was meant.

use crate::audit::said;
use crate::stage::{code, stage};

#[test]
fn an_empty_answer_says_what_was_probably_meant() {
    let said = |language: &str, command: &str| {
        let mut ctl = stage().ctl(&["--lang", language, "audit", command]);
        ctl.args(["--query", "type:login_faield,login_failed tenant:99"]);
        let out = ctl.arg("--dsn-file").arg(&stage().adopted().operator).output().unwrap();
        assert_eq!(code(&out), 0);
        String::from_utf8(out.stderr).unwrap()
    };
    for command in ["list", "count", "stats"] {
        let english = said("en", command);
        assert!(english.contains("login_faield – did you mean login_failed?"), "{english}");
        assert_eq!(english.matches("has this type").count(), 1, "{english}");
        assert!(
            english.contains("no tenant that you see") && english.contains(": 99"),
            "{english}"
        );
        let spanish = said("es", command);
        assert!(spanish.contains("login_faield – ¿quiso decir login_failed?"), "{spanish}");
    }
    // A file without a row looks like evidence that nothing happened.
    let mut ctl = stage().ctl(&["--lang", "en", "audit", "export", "--format", "csv"]);
    ctl.args(["--type", "login_faield", "--output", "-"]);
    let out = ctl.arg("--dsn-file").arg(&stage().adopted().operator).output().unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("login_faield – did you mean login_failed?"), "{said}");
}

#[test]
fn an_empty_answer_says_which_time_was_asked_for() {
    let (none, hint) = said(&["count", "--query", "cuando:1999"]);
    assert_eq!(none, "0\n");
    assert!(hint.contains("Fechas consultadas") && hint.contains("1999-"), "{hint}");
    let (_, hint) = said(&["list", "--query", "cuando:2026-02"]);
    assert!(!hint.contains("Fechas"), "there are events: {hint}");
}

#[test]
fn a_type_that_no_event_has_is_named() {
    let export = ["export", "--format", "csv", "--output", "-"];
    for what in [&["list"][..], &["count"], &["stats"], &export] {
        // That there are events of the other hides the slip of the pen only better.
        let (_, hint) = said(&[what, &["--query", "type:installation.created,logni"]].concat());
        assert!(hint.contains("este tipo") && hint.contains(": logni"), "{what:?}: {hint}");
        assert!(!hint.contains(": installation.created"), "{what:?}: {hint}");
        let (_, hint) = said(&[what, &["--type", "login_faild"]].concat());
        assert!(hint.contains("este tipo") && hint.contains(": login_faild"), "{hint}");
        let (_, hint) = said(&[what, &["--type", "installation.created"]].concat());
        assert!(!hint.contains("este tipo"), "{what:?}: {hint}");
    }
}

#[test]
fn a_tenant_that_is_not_there_is_named_where_nothing_is_found() {
    for what in ["list", "count", "stats"] {
        let (_, hint) = said(&[what, "--tenant", "1,99"]);
        assert!(!hint.contains("empresa"), "there are events of the other: {hint}");
        let (_, hint) = said(&[what, "--query", "tenant:1,99,system when:1999"]);
        let named: Vec<_> = hint.lines().filter(|line| line.contains("ninguna empresa")).collect();
        assert!(named.len() == 1 && named[0].ends_with(": 99"), "{what}: {hint}");
    }
}

#[test]
fn an_actor_that_no_event_has_is_named() {
    for what in ["list", "count"] {
        let (_, hint) =
            said(&[what, "--query", "actor:nadie@example.com,ceo", "--type", "login_faild"]);
        assert!(hint.contains("este actor") && hint.contains(": nadie@example.com"), "{hint}");
        assert!(hint.contains(": login_faild") && !hint.contains(": ceo"), "{hint}");
        let (_, hint) = said(&[what, "--actor", "operator", "--type", "console.opened"]);
        assert!(!hint.contains("este actor"), "{hint}");
    }
}

#[test]
fn what_was_looked_for_as_text_is_told_where_nothing_was_found() {
    for what in ["list", "count", "stats"] {
        let (_, hint) = said(&[what, "--query", "leads or \"no such words\" (x)"]);
        assert!(hint.contains(": leads or \"no such words\" (x)"), "{hint}");
        assert!(!hint.contains("período"), "{hint}");
        let (_, hint) = said(&[what, "--query", "nadie la semana pasada"]);
        assert!(hint.contains("se escribe cuando:\"la semana pasada\"\n"), "{hint}");
    }
    let (_, hint) = said(&["count", "--query", "burst_of_nothing type:login_failed"]);
    assert!(hint.contains("burst_of_nothing"), "{hint}");
    let (_, hint) = said(&["count", "--query", "type:login_failed when:1999"]);
    assert!(!hint.contains("texto"), "{hint}");
}
