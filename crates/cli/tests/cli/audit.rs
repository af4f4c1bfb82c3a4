//! The log as list and file.

use crate::stage::{answer, code, error, stage};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BURST: [&str; 4] = ["--type", "login_failed", "--ip", "203.0.113.77"];

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

/// What the database says of the burst, by id.
fn truth(column: &str) -> BTreeMap<String, String> {
    let sql = format!(
        "SELECT json_object_agg(id, {column}) FROM system_events WHERE event_type = 'login_failed' AND ip = '203.0.113.77'"
    );
    serde_json::from_str(&stage().psql("adopted", &sql)).unwrap()
}

#[test]
fn both_forms_hold_the_same_400_records() {
    let stage = stage();
    let operator = &stage.adopted().operator;
    let payloads = truth("payload::text");
    assert_eq!(payloads.len(), 400);
    let csv = stage.path("burst.csv");
    let export = |format: &str, output: &str| {
        let mut command = stage.ctl(&["--json", "audit", "export", "--format", format]);
        command.args(BURST).args(["--output", output]).arg("--dsn-file").arg(operator);
        command.output().unwrap()
    };
    let done = answer(&export("csv", csv.to_str().unwrap()));
    assert_eq!(done["rows"], 400);
    assert_eq!(done["bytes"], std::fs::metadata(&csv).unwrap().len());
    let mut reader = csv::Reader::from_path(&csv).unwrap();
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|n| n == name).unwrap();
    let mut seen = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let cell = &record[at("payload")];
        assert_eq!(atalaya_model::export::unguard(cell), payloads[&record[at("id")]]);
        seen += 1;
    }
    assert_eq!(seen, 400);
    // The other form through standard output.
    let out = export("jsonl", "-");
    assert_eq!(code(&out), 0);
    let lines: Vec<Value> = out
        .stdout
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 400);
    for line in &lines {
        let expected: Value =
            serde_json::from_str(&payloads[line["id"].as_str().unwrap()]).unwrap();
        assert_eq!(line["payload"], expected);
    }
    // A file that is there is not replaced unasked.
    let (code, refused) = error(&export("csv", csv.to_str().unwrap()));
    assert_eq!((code, refused["code"].as_str().unwrap()), (6, "CONFLICT"));
}

/// Nor does being ended, nor a terminal that closes.
#[test]
fn ctrl_c_leaves_no_file() {
    for signal in ["INT", "TERM", "HUP"] {
        ended_by(signal);
    }
}

fn ended_by(signal: &str) {
    let stage = stage();
    let folder = stage.path(&format!("ended-by-{signal}"));
    std::fs::create_dir(&folder).unwrap();
    let mut child = stage
        .ctl(&["audit", "export", "--format", "jsonl", "--output"])
        .arg(folder.join("log.jsonl"))
        .arg("--dsn-file")
        .arg(&stage.adopted().operator)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // As soon as the file is in the making, and long before 60,000 events are in it.
    let started = Instant::now();
    while std::fs::read_dir(&folder).unwrap().next().is_none() {
        assert!(started.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(
        Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(status.code(), Some(130), "{signal}: {err}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn only_a_file_is_ever_replaced() {
    let stage = stage();
    let folder = stage.path("targets");
    std::fs::create_dir(&folder).unwrap();
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (file, link) = (folder.join("file.csv"), folder.join("link.csv"));
    std::fs::write(&file, "before").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let export = |output: &std::path::Path| {
        let mut command = stage.ctl(&["--json", "audit", "export", "--format", "csv", "--force"]);
        command.args(BURST).arg("--output").arg(output);
        command.arg("--dsn-file").arg(&stage.adopted().operator).output().unwrap()
    };
    for (target, why) in [
        (pipe.clone(), "a pipe"),
        (folder.clone(), "a folder"),
        (folder.join("nowhere/log.csv"), "does not exist"),
    ] {
        let (code, refused) = error(&export(&target));
        assert_eq!((code, refused["code"].as_str().unwrap()), (6, "CONFLICT"), "{refused}");
        assert!(refused["message"].as_str().unwrap().contains(why), "{refused}");
    }
    assert!(!std::fs::metadata(&pipe).unwrap().is_file(), "the pipe is still there");
    // What a link leads to is replaced, and the link stays.
    assert_eq!(answer(&export(&link))["rows"], 400);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::metadata(&file).unwrap().len() > 400);
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

#[test]
fn an_export_can_be_compressed() {
    let stage = stage();
    let path = stage.path("burst.csv.gz");
    let mut command = stage.ctl(&["--json", "audit", "export", "--format", "csv", "--compress"]);
    command.args(BURST).arg("--output").arg(&path).arg("--dsn-file").arg(&stage.adopted().operator);
    assert_eq!(answer(&command.output().unwrap())["rows"], 400);
    let out = Command::new("gzip").arg("-dc").arg(&path).output().unwrap();
    assert!(out.status.success());
    assert_eq!(csv::Reader::from_reader(out.stdout.as_slice()).records().count(), 400);
}

/// The text of standard output and of standard error.
fn said(arguments: &[&str]) -> (String, String) {
    let stage = stage();
    let mut command = stage.ctl(&["--lang", "es", "audit"]);
    let out =
        command.args(arguments).arg("--dsn-file").arg(&stage.adopted().operator).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr))
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
fn one_event_is_one() {
    let stage = stage();
    for (language, said) in [("en", "1 event, "), ("es", "1 evento, ")] {
        let mut command = stage.ctl(&["--lang", language, "audit", "export", "--format", "csv"]);
        command.args(["--type", "installation.created", "--output", "-", "--dsn-file"]);
        let out = command.arg(&stage.adopted().operator).output().unwrap();
        let told = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.success() && told.starts_with(said), "{told}");
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

/// As `| head -1` does.
#[test]
fn a_reader_that_has_had_enough_ends_an_export() {
    let stage = stage();
    let mut command =
        stage.ctl(&["audit", "export", "--format", "csv", "--output", "-", "--dsn-file"]);
    command.arg(&stage.adopted().operator);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("id,occurred_at"), "{first}");
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(130), "{said}");
    assert!(said.contains("had enough") && !said.contains("permissions"), "{said}");
}
