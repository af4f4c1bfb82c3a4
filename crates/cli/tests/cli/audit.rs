//! The log as list and file.

use crate::export::truth;
use crate::stage::{answer, error, stage};
use serde_json::Value;
use std::process::{Command, Stdio};

pub const BURST: [&str; 4] = ["--type", "login_failed", "--ip", "203.0.113.77"];

fn listed(extra: &[&str]) -> Value {
    let stage = stage();
    let mut command = stage.ctl(&["--json", "audit", "list"]);
    command.args(extra).arg("--dsn-file").arg(&stage.adopted().operator);
    answer(&command.output().unwrap())
}

#[test]
fn the_burst_is_listed_page_by_page() {
    let whole = listed(&[&BURST[..], &["--limit", "1000"]].concat());
    let rows = whole["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 400);
    assert!(whole["next"].is_null());
    assert!(rows.iter().all(|r| r["ip"] == "203.0.113.77" && r["outcome"] == "failed"));
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let at = cursor.take();
        let mut arguments = [&BURST[..], &["--limit", "150"]].concat();
        if let Some(at) = &at {
            arguments.extend(["--cursor", at]);
        }
        let page = listed(&arguments);
        ids.extend(page["rows"].as_array().unwrap().iter().map(|r| r["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let all: Vec<_> = rows.iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids, all);
}

#[test]
fn filters_narrow() {
    let severe =
        listed(&["--severity", "critical,warning", "--before", "2026-11-01", "--limit", "20"]);
    let rows = severe["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|r| r["severity"] != "info"));
    let system = listed(&["--system", "--limit", "5"]);
    assert!(system["rows"].as_array().unwrap().iter().all(|r| r["tenant_id"].is_null()));
    let text = stage()
        .ctl(&["--lang", "es", "audit", "list", "--limit", "3", "--dsn-file"])
        .arg(&stage().adopted().operator)
        .output()
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.starts_with("FECHA (UTC)"), "{text}");
}

/// `script` is a terminal to what it runs.
#[test]
fn a_terminal_that_is_wide_shows_messages_too() {
    let stage = stage();
    let shown = |columns: usize| {
        let list = stage.ctl(&[]).get_program().to_string_lossy().into_owned();
        let operator = stage.adopted().operator.display();
        let line = format!(
            "stty cols {columns} && {list} --lang en audit list --limit 3 --dsn-file {operator}"
        );
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("ATALAYA_HOME", stage.path("home"));
        let out = script.stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success(), "{text}");
        assert!(text.lines().all(|line| line.trim_end().chars().count() <= columns), "{text}");
        text
    };
    let wide = shown(240);
    let head = wide.lines().next().unwrap().trim_end();
    assert!(head.contains("  MESSAGE  ") && head.ends_with(" ID"), "{wide}");
    assert!(wide.contains("operator@example.com: "), "{wide}");
    assert!(!shown(150).is_empty());
    assert!(!said(&["list"]).0.contains("MENSAJE"), "a pipe has no width");
}

#[test]
fn reading_leaves_its_traces() {
    let stage = stage();
    listed(&["--limit", "1"]);
    let sql = "SELECT count(*) > 0 FROM system_events WHERE origin = 'cli' AND actor_label = 'operator@example.com' AND event_type = ";
    for event in ["console.opened", "console.locked", "log.viewed"] {
        assert_eq!(stage.psql("adopted", &format!("{sql}'{event}'")), "t", "{event}");
    }
}

#[test]
fn a_query_is_the_same_as_options_and_says_where_it_is_wrong() {
    let by_options = listed(&[&BURST[..], &["--limit", "1000"]].concat());
    let by_query = listed(&["--query", "tipo:login_failed ip:203.0.113.77", "--limit", "1000"]);
    assert_eq!(by_query["rows"], by_options["rows"]);
    // Together they narrow each other.
    let both = listed(&["--query", "type:login_failed", "--ip", "203.0.113.77", "--limit", "1000"]);
    assert_eq!(both["rows"], by_options["rows"]);
    let stage = stage();
    let refused = |language: &str, query: &str| {
        let mut command =
            stage.ctl(&["--json", "--lang", language, "audit", "list", "--query", query]);
        error(&command.arg("--dsn-file").arg(&stage.adopted().operator).output().unwrap())
    };
    let (code, e) = refused("en", "type:a severity:grave");
    assert_eq!((code, e["code"].as_str().unwrap()), (2, "VALIDATION_FAILED"));
    assert_eq!(
        (e["detail"]["from"].as_str(), e["detail"]["to"].as_str()),
        (Some("16"), Some("21"))
    );
    assert_eq!(
        e["message"],
        "The field has no such value. (character 17: grave) Expected: info, warning, critical."
    );
    let (_, e) = refused("es", "tipe:x");
    let spanish = e["message"].as_str().unwrap();
    assert!(spanish.contains("(carácter 1: tipe) Se esperaba: type."), "{spanish}");
    let (code, _) = refused("en", "after:yesterday before:2020");
    assert_eq!(code, 2);
}

#[test]
fn counts_and_stats_say_what_the_database_says() {
    let stage = stage();
    let asked = |arguments: &[&str]| {
        let mut command = stage.ctl(&["--json", "audit"]);
        command.args(arguments).arg("--dsn-file").arg(&stage.adopted().operator);
        answer(&command.output().unwrap())
    };
    let counted = asked(&["count", "--query", "type:login_failed ip:203.0.113.77"]);
    assert_eq!((&counted["count"], &counted["capped"]), (&Value::from(400), &Value::from(false)));
    let old = ["--type", "login_failed", "--before", "2026-11-01"];
    let stats = asked(&[&["stats"][..], &old].concat());
    let truth = stage.psql(
        "adopted",
        "SELECT count(*) FROM system_events WHERE event_type = 'login_failed' AND occurred_at < '2026-11-01Z'",
    );
    assert_eq!(stats["count"].to_string(), truth);
    let sum: i64 = stats["histogram"]["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|b| ["info", "warning", "critical", "none"].map(|k| b[k].as_i64().unwrap()))
        .sum();
    assert_eq!(sum.to_string(), truth);
    let severities = stats["facets"]["facets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["field"] == "severity")
        .unwrap();
    let sum: i64 =
        severities["values"].as_array().unwrap().iter().map(|v| v["count"].as_i64().unwrap()).sum();
    assert_eq!(sum.to_string(), truth);
    let text = stage
        .ctl(&["--lang", "es", "audit", "stats", "--dsn-file"])
        .arg(&stage.adopted().operator)
        .output()
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.starts_with("Eventos: ")
            && text.contains("SEVERIDAD")
            && text.contains("DESDE (UTC), "),
        "{text}"
    );
    let (text, _) = said(&["stats", "--after", "2026-02-01", "--before", "2026-02-11"]);
    assert!(text.contains("\nDESDE (UTC), CADA 12 HORAS  info"), "{text}");
}

/// The text of standard output and of standard error.
pub fn said(arguments: &[&str]) -> (String, String) {
    let stage = stage();
    let mut command = stage.ctl(&["--lang", "es", "audit"]);
    let out =
        command.args(arguments).arg("--dsn-file").arg(&stage.adopted().operator).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr))
}

#[test]
fn every_facet_is_shown_and_none_that_is_empty() {
    let (text, _) = said(&["stats"]);
    for heading in
        ["TIPO", "SEVERIDAD", "RESULTADO", "ACTOR", "EMPRESA", "RECURSO", "IP", "RED", "ORIGEN"]
    {
        let table = text.split("\n\n").find(|t| t.starts_with(&format!("{heading} ")));
        let table = table.unwrap_or_else(|| panic!("{heading}: {text}"));
        assert!(heading == "TIPO" || table.trim().lines().count() <= 12, "{table}");
    }
    // Nothing was before the first time that is drawn: no heading, and no stretch of time that was not asked for.
    let (text, _) = said(&["stats", "--query", "when:1999"]);
    assert_eq!(text.trim(), "Eventos: 0");
}

#[test]
fn one_event_is_shown_by_the_number_that_the_list_prints() {
    let (list, _) =
        said(&["list", "--type", "login_failed", "--ip", "203.0.113.77", "--limit", "1"]);
    assert!(list.lines().next().unwrap().ends_with(" ID"), "{list}");
    let id = list.lines().nth(1).unwrap().split_whitespace().last().unwrap();
    let (text, _) = said(&["show", id]);
    let line = |name: &str| {
        let line = text.lines().find(|l| l.starts_with(&format!("{name}  ")));
        line.unwrap_or_else(|| panic!("{name}: {text}"))[name.len()..].trim().to_owned()
    };
    assert_eq!((line("id"), line("tipo")), (id.to_owned(), "login_failed".to_owned()));
    assert_eq!((line("ip"), line("resultado")), ("203.0.113.77".to_owned(), "failed".to_owned()));
    assert!(text.contains("\ndatos\n{\n  \""), "{text}");
    let stage = stage();
    let shown = |arguments: &[&str]| {
        let mut command = stage.ctl(&["--json", "audit", "show"]);
        command.args(arguments).arg("--dsn-file").arg(&stage.adopted().operator).output().unwrap()
    };
    let document = answer(&shown(&[id]));
    let payload: Value = serde_json::from_str(&truth("payload::text")[id]).unwrap();
    assert_eq!(
        (&document["event"]["id"], &document["event"]["payload"]),
        (&Value::from(id), &payload)
    );
    assert_eq!(document["changes"], Value::Array(Vec::new()));
    let time = document["event"]["occurred_at"].as_str().unwrap();
    assert_eq!(answer(&shown(&[id, time])), document);
    for arguments in [&["999999999999"][..], &[id, "2026-01-01"]] {
        let (code, missing) = error(&shown(arguments));
        assert_eq!((code, missing["code"].as_str()), (4, Some("ENTITY_NOT_FOUND")), "{missing}");
    }
    let seen = format!(
        "SELECT count(*) FROM system_events WHERE event_type = 'event.viewed' AND resource_id = '{id}' AND origin = 'cli'"
    );
    // Each of the four that asked for it, whether it was found or not.
    assert_eq!(stage.psql("adopted", &seen), "4");
}

/// As an adopted log may hold them.
#[test]
fn a_number_that_was_given_twice_asks_for_the_time() {
    let stage = stage();
    let operator = &stage.adopted().operator;
    stage.psql(
        "adopted",
        "INSERT INTO system_events (id, occurred_at, event_type) OVERRIDING SYSTEM VALUE
         SELECT 5000000000000, t, 'numbered_twice' FROM unnest('{2026-01-01Z,2026-01-02Z}'::timestamptz[]) t",
    );
    let shown = |language: &str, time: &[&str]| {
        let mut command =
            stage.ctl(&["--json", "--lang", language, "audit", "show", "5000000000000"]);
        command.args(time).arg("--dsn-file").arg(operator).output().unwrap()
    };
    let (code, several) = error(&shown("es", &[]));
    assert_eq!((code, several["code"].as_str()), (6, Some("CONFLICT")), "{several}");
    assert!(several["message"].as_str().unwrap().contains("Varios eventos"), "{several}");
    let times: Vec<_> = several["detail"]["times"].as_str().unwrap().split(", ").collect();
    assert_eq!(times.len(), 2, "{several}");
    for time in times {
        assert_eq!(answer(&shown("en", &[time]))["event"]["occurred_at"], time);
    }
}

/// A migration of the take-over put rows into a table whose changes the database records.
#[test]
fn what_an_event_changed_is_shown_with_it() {
    stage().adopted();
    let id = stage().psql(
        "adopted",
        "SELECT max(e.id) FROM system_events e JOIN atalaya.change_records c ON c.tx = e.tx AND c.cluster = e.cluster",
    );
    let (text, _) = said(&["show", &id]);
    assert!(text.contains("\nagregado: ") || text.contains("\ncambiado: "), "{text}");
}

#[test]
fn a_table_that_its_own_choice_does_not_narrow_says_so() {
    let (text, _) = said(&["stats", "--severity", "critical"]);
    let starred: Vec<_> = text.lines().filter(|line| line.contains('*')).collect();
    assert_eq!(starred.len(), 2, "{text}");
    assert!(starred[0].starts_with("SEVERIDAD*") && starred[1].starts_with("* "), "{text}");
    let (text, _) = said(&["stats"]);
    assert!(!text.contains('*'), "{text}");
}
