//! The log as list and file.

use crate::stage::{answer, code, error, stage};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
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
    assert!(text.starts_with("HORA (UTC)"), "{text}");
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
        assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), payloads[&record[at("id")]]);
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

#[test]
fn ctrl_c_leaves_no_file() {
    let stage = stage();
    let folder = stage.path("cancelled");
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
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success()
    );
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(status.code(), Some(130), "{err}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
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
