//! Wrong connections and wrong values: an exit code, a text that helps, no secret repeated.

use crate::stage::{code, complaint, error, stage};
use std::path::Path;

fn list_with(dsn: &Path) -> (i32, serde_json::Value) {
    error(&stage().ctl(&["--json", "audit", "list", "--dsn-file"]).arg(dsn).output().unwrap())
}

#[test]
fn a_wrong_connection_says_what_is_wrong() {
    let stage = stage();
    let operator = std::fs::read_to_string(&stage.adopted().operator).unwrap();
    let cases = [
        ("wrong-form", "not a dsn".to_owned(), 2, "DSN_INVALID"),
        (
            "wrong-password",
            operator.replace("operator-password", "wrong-secret"),
            3,
            "DB_AUTH_FAILED",
        ),
        ("wrong-database", operator.replace("/adopted", "/nowhere"), 4, "DB_MISSING"),
        (
            "wrong-port",
            "postgresql://u:wrong-secret@127.0.0.1:1/db".to_owned(),
            5,
            "DB_UNREACHABLE",
        ),
        ("owner", stage.url("scratch_admin", "scratch", "scratch"), 3, "DB_ROLE_UNSAFE"),
        ("not-let-in", stage.url("crm_app", "crm", "postgres"), 3, "DB_LOGIN_SHUT"),
    ];
    for (name, dsn, exit, expected) in cases {
        let file = stage.file(&format!("{name}.dsn"), &dsn, 0o600);
        let (code, error) = list_with(&file);
        assert_eq!((code, error["code"].as_str().unwrap()), (exit, expected), "{name}: {error}");
        assert!(!error.to_string().contains("wrong-secret"), "{error}");
    }
}

#[test]
fn a_file_that_others_can_read_is_not_taken() {
    let stage = stage();
    for mode in [0o644, 0o640, 0o604, 0o622] {
        let file = stage.file(&format!("open-{mode:o}.dsn"), "postgresql://u:p@h/d", 0o600);
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&file, permissions).unwrap();
        let (code, error) = list_with(&file);
        assert_eq!((code, error["code"].as_str().unwrap()), (2, "VALIDATION_FAILED"));
        assert_eq!(error["detail"]["mode"], format!("{mode:o}"));
    }
    let (code, error) = list_with(&stage.path("not-there.dsn"));
    assert_eq!((code, error["code"].as_str().unwrap()), (8, "FILE_UNWRITABLE"));
}

#[test]
fn a_connection_string_is_no_argument() {
    let stage = stage();
    for argument in [
        "postgresql://u:hunter2@h/d",
        "--dsn-file=POSTGRES://u:hunter2@h/d",
        "host=h password=hunter2",
    ] {
        let out = stage.ctl(&["audit", "list", argument]).output().unwrap();
        assert_eq!(code(&out), 2);
        assert!(complaint(&out).contains("chmod 600") && !complaint(&out).contains("hunter2"));
    }
}

#[test]
fn variables_that_contradict_each_other_are_refused() {
    let out = stage()
        .ctl(&["--json", "audit", "list"])
        .env("POSTGRES_DSN", "postgresql://a:secret@h/d")
        .env("DATABASE_URL", "postgresql://b:secret@h/d")
        .output()
        .unwrap();
    let (code, error) = error(&out);
    assert_eq!(code, 2);
    let text = error.to_string();
    assert!(
        text.contains("POSTGRES_DSN") && text.contains("DATABASE_URL") && !text.contains("secret")
    );
}

#[test]
fn the_environment_serves_and_both_languages_speak() {
    let stage = stage();
    let dsn = std::fs::read_to_string(&stage.adopted().operator).unwrap();
    let out =
        stage.ctl(&["audit", "list", "--limit", "1"]).env("ATALAYA_DSN", &dsn).output().unwrap();
    assert_eq!(code(&out), 0, "{}", complaint(&out));
    let wrong = dsn.replace("operator-password", "wrong");
    for (locale, words) in
        [("es_AR.UTF-8", "El servidor rechazó"), ("en_US.UTF-8", "The server refused")]
    {
        let out = stage
            .ctl(&["audit", "list"])
            .env("LC_ALL", locale)
            .env("ATALAYA_DSN", &wrong)
            .output()
            .unwrap();
        assert_eq!(code(&out), 3);
        assert!(complaint(&out).contains(words), "{}", complaint(&out));
    }
}

#[test]
fn wrong_values_are_named() {
    let stage = stage();
    for arguments in [
        &["--ip", "300.1.1.1"][..],
        &["--after", "yesterday"],
        &["--after", "2026-02-01", "--before", "2026-01-01"],
        &["--cursor", "x"],
        &["--limit", "0"],
        &["--severity", "loud"],
    ] {
        let out = stage.ctl(&["audit", "list"]).args(arguments).output().unwrap();
        assert_eq!(code(&out), 2, "{arguments:?}: {}", complaint(&out));
    }
}

#[test]
fn a_wrong_query_is_told_in_words_and_to_programs_with_its_place() {
    let stage = stage();
    let wrong = |options: &[&str]| {
        let mut command = stage.ctl(options);
        command.args(["audit", "count", "--query", "desde:hoy hasta:ayer"]).output().unwrap()
    };
    let told = complaint(&wrong(&["--lang", "es"]));
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].contains("El período termina antes de empezar."), "{told}");
    assert_eq!(lines[1..], ["  desde:hoy hasta:ayer", "            ^^^^^^^^^^"], "{told}");
    let (code, error) = error(&wrong(&["--json", "--lang", "es"]));
    assert_eq!((code, error["detail"]["kind"].as_str()), (2, Some("period_empty")), "{error}");
    assert_eq!((&error["detail"]["from"], &error["detail"]["to"]), (&"10".into(), &"20".into()));
    assert!(error["message"].as_str().unwrap().contains("termina antes"), "{error}");
}

#[test]
fn of_a_long_query_the_part_around_what_is_wrong_is_shown() {
    let wrong = |query: &str| {
        let out = stage().ctl(&["audit", "list", "--query", query]).output().unwrap();
        assert_eq!(code(&out), 2);
        complaint(&out)
    };
    let types = |n: usize| (0..n).map(|n| format!("type_{n:03}")).collect::<Vec<_>>().join(",");
    let told = wrong(&format!("type:{} severity:critcal {}", types(150), "b".repeat(300)));
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].ends_with(": critcal) Expected: critical."), "{told}");
    let at = lines[1].chars().position(|c| c == 'c').unwrap();
    assert!(lines[1].contains("severity:critcal bbb") && lines[1].ends_with('…'), "{told}");
    assert_eq!(lines[2..], [format!("{}^^^^^^^", " ".repeat(at))], "{told}");
    for query in [format!("type:{}", types(600)), format!("\"{}", "a".repeat(4_000))] {
        let told = wrong(&query);
        assert!(told.lines().all(|line| line.chars().count() < 200), "{told}");
    }
}

#[test]
fn a_connection_that_is_not_there_is_named() {
    let stage = stage();
    let out = stage.ctl(&["audit", "count", "--connection", "Nadie"]).output().unwrap();
    let told = complaint(&out);
    assert_eq!(code(&out), 4, "{told}");
    assert!(told.contains("no connection of this name") && told.contains("Nadie"), "{told}");
}

#[test]
fn pipes_and_devices_are_no_files_with_a_secret() {
    let stage = stage();
    let pipe = stage.path("pipe.dsn");
    let made = std::process::Command::new("mkfifo").args(["-m", "600"]).arg(&pipe).status();
    assert!(made.unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let (code, error) = list_with(path);
        assert_eq!((code, error["code"].as_str().unwrap()), (2, "VALIDATION_FAILED"), "{path:?}");
    }
}

#[test]
fn a_kit_is_shown_on_a_terminal_or_saved_and_needs_the_keychain() {
    let stage = stage();
    // No terminal: the words would have nowhere to go but a pipe. `setsid` takes away what the suite was started on.
    let program = stage.ctl(&[]).get_program().to_owned();
    let mut alone = std::process::Command::new("setsid");
    alone.arg("-w").arg(program).args(["--json", "kit", "new"]);
    let out = alone.env("ATALAYA_HOME", stage.path("home")).output().unwrap();
    let (code, wrong) = error(&out);
    assert_eq!((code, wrong["code"].as_str().unwrap()), (2, "VALIDATION_FAILED"), "{wrong}");
    // A bare connection string in the environment brings no keys and is not taken for one that does.
    let secret = stage.file("kit.passphrase", "cuatro palabras sin sentido 93", 0o600);
    let operator = std::fs::read_to_string(&stage.adopted().operator).unwrap();
    let mut command = stage.ctl(&["--json", "kit", "new", "--kit-file"]);
    command.arg(stage.path("kit.age")).arg("--kit-passphrase-file").arg(secret);
    let (code, missing) = error(&command.env("ATALAYA_DSN", operator).output().unwrap());
    assert_eq!((code, missing["code"].as_str().unwrap()), (4, "ENTITY_NOT_FOUND"), "{missing}");
    assert!(!stage.path("kit.age").exists());
}

#[test]
fn without_a_terminal_the_other_ways_to_open_a_session_are_named() {
    let stage = stage();
    let home = stage.path("home-with-a-connection");
    std::fs::create_dir(&home).unwrap();
    let book = serde_json::json!({ "selected": "c1", "connections": [{
        "id": "c1", "name": "One", "colour": "slate", "production": false, "kind": "remote", "host": "db.example", "port": 5432,
        "database": "crm", "user": "ana", "tls": "verify_full", "ca_file": null, "last_opened": null,
    }]});
    std::fs::write(home.join("console.json"), book.to_string()).unwrap();
    let program = stage.ctl(&[]).get_program().to_owned();
    for (language, said) in [("en", "no terminal"), ("es", "No hay una terminal")] {
        let mut alone = std::process::Command::new("setsid");
        alone.arg("-w").arg(&program).args(["--json", "--lang", language, "audit", "count"]);
        let (code, wrong) = error(&alone.env("ATALAYA_HOME", &home).output().unwrap());
        assert_eq!((code, wrong["code"].as_str()), (2, Some("VALIDATION_FAILED")), "{wrong}");
        let message = wrong["message"].as_str().unwrap();
        assert!(message.contains(said) && message.contains("--dsn-file"), "{message}");
    }
}

#[test]
fn help_and_the_parsers_errors_speak_the_language_asked_for() {
    let stage = stage();
    let said = |arguments: &[&str], locale: &str| {
        let out = stage.ctl(arguments).env("LC_ALL", locale).output().unwrap();
        (code(&out), String::from_utf8(out.stdout.clone()).unwrap(), complaint(&out))
    };
    let (done, help, _) = said(&["audit", "list", "--help"], "es_AR.UTF-8");
    assert!(done == 0 && help.contains("Uso: atalayactl audit list [OPCIONES]"), "{help}");
    assert!(help.contains("\nFiltro:\n") && help.contains("[por omisión: 100]"), "{help}");
    let (_, again, _) = said(&["--lang", "es", "help", "audit", "list"], "en_US.UTF-8");
    let (_, english, _) = said(&["audit", "list", "--lang=en", "--help"], "es_AR.UTF-8");
    assert!(english.contains("Usage: atalayactl audit list [OPTIONS]"), "{english}");
    assert!(again.contains("Uso: atalayactl audit list"), "{again}");
    let (wrong, _, told) = said(&["audit", "list", "--limt", "3", "--lang", "es"], "C");
    assert!(wrong == 2 && told.contains("existe uno parecido: '--limit'"), "{told}");
    let (wrong, _, told) = said(&["audit", "list", "--limt", "3"], "C");
    assert!(wrong == 2 && told.contains("a similar argument exists: '--limit'"), "{told}");
    let (wrong, none, told) = said(&["audit"], "es");
    assert!(wrong == 2 && none.is_empty() && told.contains("Comandos:"), "{told}");
}

#[test]
fn programs_get_the_parsers_errors_as_any_other() {
    let stage = stage();
    for (arguments, kind, language, words) in [
        (&["audit", "list", "--limt", "3"][..], "argument_unknown", "en", "unexpected argument"),
        (&["audit", "lits"], "command_unknown", "es", "no existe el comando 'lits'"),
        (&["audit", "export"], "argument_missing", "es", "faltan argumentos"),
        (&["audit"], "command_missing", "es", "falta un comando"),
        (&[], "command_missing", "en", "subcommand"),
        (
            &["audit", "stats", "--buckets", "9"],
            "value_unusable",
            "en",
            "must be between 10 and 400",
        ),
    ] {
        let mut command = stage.ctl(arguments);
        let (code, error) = error(&command.args(["--lang", language, "--json"]).output().unwrap());
        assert_eq!((code, error["code"].as_str()), (2, Some("VALIDATION_FAILED")), "{error}");
        assert_eq!(error["detail"]["kind"], kind, "{error}");
        assert!(error["message"].as_str().unwrap().to_lowercase().contains(words), "{error}");
    }
}
