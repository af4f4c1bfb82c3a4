//! The doctor.

use crate::stage::{code, stage};
use serde_json::Value;

fn doctor(arguments: &[&str]) -> (i32, Value) {
    let out = stage()
        .ctl(&["--json", "doctor"])
        .args(arguments)
        .env("JWT_SECRET_KEY", "a value")
        .output()
        .unwrap();
    let line = String::from_utf8(out.stdout.clone()).unwrap();
    (code(&out), serde_json::from_str(&line).unwrap())
}

fn state(report: &Value, code: &str) -> String {
    let found = report["checks"].as_array().unwrap().iter().find(|c| c["code"] == code);
    found.unwrap_or_else(|| panic!("{code}: {report}"))["state"].as_str().unwrap().to_owned()
}

#[test]
fn machine_and_database_are_looked_at() {
    let stage = stage();
    let operator = stage.adopted().operator.to_str().unwrap();
    let (code, report) = doctor(&["--dsn-file", operator]);
    // There is no keychain on the suite's bus, and the doctor says so.
    assert_eq!(code, 10);
    assert_eq!(report["healthy"], false);
    assert_eq!(state(&report, "keychain_reach"), "failed");
    let reasons: Vec<_> =
        report["checks"].as_array().unwrap().iter().map(|c| &c["reason"]).collect();
    assert_eq!(reasons[0], "missing");
    assert!(reasons[1..].iter().all(|reason| reason.is_null()), "{report}");
    assert_eq!(state(&report, "environment"), "warning");
    for check in ["database", "login_safe", "migrations", "partitions", "tables", "operators_safe"]
    {
        assert_eq!(state(&report, check), "ok", "{check}: {report}");
    }
    assert!(!report.to_string().contains("a value"));
    // A partition that lost its protection is named.
    stage.psql("adopted", "GRANT SELECT ON system_events_default TO PUBLIC");
    let (_, report) = doctor(&["--dsn-file", operator]);
    stage.psql("adopted", "REVOKE SELECT ON system_events_default FROM PUBLIC");
    assert_eq!(state(&report, "partitions"), "failed");
    assert!(report.to_string().contains("system_events_default"));
}

#[test]
fn without_a_connection_only_the_machine() {
    let (_, report) = doctor(&[]);
    assert_eq!(state(&report, "database_skipped"), "ok");
    assert_eq!(state(&report, "postgres_absent"), "ok");
}

#[test]
fn what_is_in_the_keychains_way_is_said_in_the_readers_language() {
    let said = |language| {
        let out = stage().ctl(&["--lang", language, "doctor"]).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let spanish = said("es");
    assert!(spanish.contains("no hay un servicio de llavero en marcha ("), "{spanish}");
    let english = said("en");
    assert!(english.contains("no keychain service runs ("), "{english}");
}
