//! The log as a file.

use crate::audit::BURST;
use crate::stage::{answer, code, error, stage};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the database says of the burst, by id.
pub fn truth(column: &str) -> BTreeMap<String, String> {
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
    for (target, why) in [(pipe.clone(), "a pipe"), (folder.clone(), "a folder")] {
        let (code, refused) = error(&export(&target));
        assert_eq!((code, refused["code"].as_str().unwrap()), (6, "CONFLICT"), "{refused}");
        assert!(refused["message"].as_str().unwrap().contains(why), "{refused}");
    }
    assert!(!std::fs::metadata(&pipe).unwrap().is_file(), "the pipe is still there");
    let nowhere = folder.join("nowhere");
    let (code, refused) = error(&export(&nowhere.join("log.csv")));
    assert_eq!((code, refused["code"].as_str()), (2, Some("VALIDATION_FAILED")), "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("does not exist"), "{refused}");
    assert_eq!(refused["detail"]["folder"].as_str(), nowhere.to_str());
    assert!(!nowhere.exists());
    // What a link leads to is replaced, and the link stays.
    assert_eq!(answer(&export(&link))["rows"], 400);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::metadata(&file).unwrap().len() > 400);
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

#[test]
fn no_export_goes_to_a_terminal() {
    let stage = stage();
    let program = stage.ctl(&[]).get_program().to_string_lossy().into_owned();
    let operator = stage.adopted().operator.display();
    let export = |to: &str| {
        let line = format!(
            "{program} --lang en audit export --format jsonl --type installation.created --output - --dsn-file {operator}{to}"
        );
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("ATALAYA_HOME", stage.path("home"));
        let out = script.stdin(Stdio::null()).output().unwrap();
        (code(&out), String::from_utf8(out.stdout).unwrap())
    };
    let (code, said) = export("");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("does not go to a terminal") && !said.contains("{\"id\""), "{said}");
    let (code, said) = export(" | cat");
    assert!(code == 0 && said.contains("{\"id\""), "{said}");
}
