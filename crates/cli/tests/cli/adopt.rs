//! Taking over, from inspection to first administrator.

use crate::stage::{CRM, answer, code, complaint, error, stage};
use atalaya_keys::kit::Kit;
use std::process::Command;

#[test]
fn inspection_tells_and_changes_nothing() {
    let stage = stage();
    stage.legacy("inspected");
    let (administrator, owner) = stage.ways("inspected");
    let count = "SELECT count(*) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, to_regnamespace('atalaya'))";
    let before = stage.psql("inspected", count);
    let run = |json: &[&str]| {
        let mut command = stage.ctl(json);
        command.args(["adopt", "inspect", "--dsn-file"]).arg(&administrator);
        command.arg("--owner-dsn-file").arg(&owner).output().unwrap()
    };
    let found = answer(&run(&["--json"]));
    assert_eq!(found["kind"], "legacy");
    assert_eq!(found["can_apply"], true, "{found}");
    let rows = |name: &str| {
        found["tables"].as_array().unwrap().iter().find(|t| t["name"] == name).unwrap()["rows"]
            .clone()
    };
    for (table, expected) in [
        ("tenants", 7),
        ("users", 40),
        ("leads", 2_000),
        ("credentials", 133),
        ("system_events", 60_450),
    ] {
        assert_eq!(rows(table), expected, "{table}");
    }
    assert_eq!(found["ceos"][0]["email"], "ceo@example.com");
    assert_eq!(stage.psql("inspected", count), before);
    let text = run(&["--lang", "es"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("60450") && text.contains("Se puede adoptar."), "{text}");

    // The plan: each step with its lock, what the CRM notices, and how long it takes.
    let plan = |options: &[&str]| {
        let mut command = stage.ctl(options);
        command.args(["adopt", "plan", "--dsn-file"]).arg(&administrator);
        command.arg("--owner-dsn-file").arg(&owner).output().unwrap()
    };
    let planned = answer(&plan(&["--json"]));
    let steps = planned["steps"].as_array().unwrap();
    let step = |name: &str| steps.iter().find(|s| s["step"] == name).unwrap();
    assert_eq!(step("ownership")["strongest"]["mode"], "access_exclusive");
    assert_eq!(step("ownership")["strongest"]["tables"].as_array().map(Vec::len), Some(5));
    assert_eq!(step("ownership")["lock"], "brief");
    assert_eq!(step("backfill")["lock"], "none");
    let warned = planned["findings"].as_array().unwrap();
    assert!(warned.iter().any(|f| f["code"] == "credential_plaintext"), "{warned:?}");
    assert!(warned.iter().all(|f| f["severity"] != "info"), "{warned:?}");
    assert!(step("backfill")["time"]["to_ms"].as_u64() > step("roles")["time"]["to_ms"].as_u64());
    let text = String::from_utf8(plan(&["--lang", "es"]).stdout).unwrap();
    for said in [
        "credenciales sin cifrar",
        "ACCESS EXCLUSIVE",
        "espera momentos",
        "Se espera en total",
        " s",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(stage.psql("inspected", count), before);
}

#[test]
fn applying_keeps_every_row() {
    let stage = stage();
    let adopted = stage.adopted();
    assert_eq!(adopted.applied["applied"], true);
    assert!(adopted.applied["administrator"].is_null());
    // Loaded rows carry the legacy origin; what Atalaya writes comes on top.
    let events = "SELECT count(*) FROM system_events WHERE origin = 'legacy'";
    for (sql, expected) in [
        (events, "60450"),
        ("SELECT count(*) FROM leads", "2000"),
        ("SELECT count(*) FROM credentials", "133"),
        ("SELECT count(*) FROM users WHERE email <> 'operator@example.com'", "40"),
    ] {
        assert_eq!(stage.psql("adopted", sql), expected, "{sql}");
    }
    let members = "SELECT count(*) FROM pg_auth_members m WHERE m.roleid = 'atalaya_owner'::regrole
                   AND m.member = 'scratch_admin'::regrole AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)";
    assert_eq!(stage.psql("adopted", members), "0", "what was lent was taken back");
}

#[test]
fn a_completed_database_is_not_taken_over_again() {
    let stage = stage();
    stage.adopted();
    let (administrator, owner) = stage.ways_again("adopted");
    for what in ["apply --yes", "plan --sql"] {
        let mut command = stage.ctl(&["--json", "adopt"]);
        command.args(what.split(' ')).arg("--dsn-file").arg(&administrator);
        let out = command.arg("--owner-dsn-file").arg(&owner).output().unwrap();
        let (code, error) = error(&out);
        assert_eq!((code, error["code"].as_str().unwrap()), (6, "ALREADY_ADOPTED"), "{what}");
    }
}

#[test]
fn what_is_no_crm_is_refused_untouched() {
    let stage = stage();
    stage.database("other");
    stage.psql(
        "other",
        &format!("CREATE TABLE recipes (id int); ALTER TABLE recipes OWNER TO {CRM}"),
    );
    let (administrator, owner) = stage.ways("other");
    let out = stage
        .ctl(&["--json", "adopt", "apply", "--yes", "--dsn-file"])
        .arg(administrator)
        .arg("--owner-dsn-file")
        .arg(owner)
        .output()
        .unwrap();
    let (code, error) = error(&out);
    assert_eq!((code, error["code"].as_str().unwrap()), (3, "DB_NOT_A_CRM"));
    assert_eq!(stage.psql("other", "SELECT to_regnamespace('atalaya') IS NULL"), "t");
}

#[test]
fn what_stands_in_the_way_is_named() {
    let stage = stage();
    stage.legacy("large");
    stage.psql(
        "large",
        "INSERT INTO system_events (id, event_type, message) VALUES (9000002, 'x', repeat('y', 9000000))",
    );
    let (administrator, owner) = stage.ways("large");
    for (language, words) in
        [("en", "stands in the way of taking it over"), ("es", "impide adoptarla")]
    {
        let mut command = stage.ctl(&["--lang", language, "adopt", "apply", "--yes"]);
        command.arg("--dsn-file").arg(&administrator).arg("--owner-dsn-file").arg(&owner);
        let out = command.output().unwrap();
        let said = complaint(&out);
        assert_eq!(code(&out), 3, "{said}");
        assert!(said.contains(words) && said.contains("event 9000002 is too large"), "{said}");
    }
}

#[test]
fn a_superuser_takes_nothing_over() {
    let stage = stage();
    stage.database("superuser");
    let url = stage.url("postgres", "scratch", "superuser");
    let file = stage.file("superuser.dsn", &url, 0o600);
    let out =
        stage.ctl(&["--json", "adopt", "apply", "--yes", "--dsn-file"]).arg(file).output().unwrap();
    let (code, error) = error(&out);
    assert_eq!((code, error["code"].as_str().unwrap()), (3, "DB_ROLE_UNSAFE"));
}

#[test]
fn without_consent_nothing_is_applied() {
    let stage = stage();
    stage.legacy("unasked");
    let (administrator, owner) = stage.ways("unasked");
    // No terminal and no --yes.
    let mut command = Command::new("setsid");
    let program = stage.ctl(&[]);
    command.arg("--wait").arg(program.get_program());
    command.args(["adopt", "apply", "--dsn-file"]).arg(administrator);
    let out = command
        .arg("--owner-dsn-file")
        .arg(owner)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(stage.psql("unasked", "SELECT to_regnamespace('atalaya') IS NULL"), "t");
}

/// With a keyring of its own on a bus of its own: the whole set-up, then the connection is used through its passphrase.
#[test]
fn the_first_administrator_opens_the_connection_by_passphrase() {
    let stage = stage();
    stage.legacy("complete");
    stage.psql(
        "complete",
        "INSERT INTO users (id, email, password_hash, role, status) VALUES
           (gen_random_uuid(), 'ana.ruiz@example.com', '!', 'ceo', 'active'), (gen_random_uuid(), 'Ana.Ruiz@example.com', '!', 'ceo', 'active')",
    );
    let (administrator, owner) = stage.ways("complete");
    let passphrase = stage.file("passphrase", "tejado violeta corcho lluvia\n", 0o600);
    let kit_passphrase = stage.file("kit-passphrase", "sombra farol quinto almendra\n", 0o600);
    let wrong = stage.file("wrong-passphrase", "tejado violeta corcho\n", 0o600);
    let kit = stage.path("kit.txt");
    std::fs::create_dir(stage.path("keyring")).unwrap();
    let script = r#"
        printf pw | gnome-keyring-daemon --unlock --foreground --components=secrets >/dev/null 2>&1 & keyring=$!
        trap 'kill $keyring' EXIT
        # Until it has its name, asking for it would start another one.
        for n in $(seq 100); do
            dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
                string:org.freedesktop.secrets | grep -q true && break
            sleep 0.1
        done
        # Somebody who is no CEO is refused before anything is changed, and so is one of whom there are two.
        for named in nobody@example.com ana.Ruiz@Example.com; do
            "$CTL" --json adopt apply --yes --dsn-file "$ADMINISTRATOR" --owner-dsn-file "$OWNER" --link-ceo $named \
                --passphrase-file "$PASSPHRASE" --kit-file "$KIT" --kit-passphrase-file "$KIT_PASSPHRASE"
            echo $?
        done
        "$CTL" --json adopt apply --yes --dsn-file "$ADMINISTRATOR" --owner-dsn-file "$OWNER" --first-name Ana --email ceo@example.com \
            --passphrase-file "$PASSPHRASE" --kit-file "$KIT" --kit-passphrase-file "$KIT_PASSPHRASE"
        echo $?
        "$CTL" --json adopt inspect --dsn-file "$ADMINISTRATOR" --owner-dsn-file "$OWNER" || exit 90
        "$CTL" --json adopt apply --yes --dsn-file "$ADMINISTRATOR" --owner-dsn-file "$OWNER" \
            --link-ceo CEO@example.com --connection-name CRM --passphrase-file "$PASSPHRASE" \
            --kit-file "$KIT" --kit-passphrase-file "$KIT_PASSPHRASE" || exit 91
        "$CTL" --json audit list --type login_failed --ip 203.0.113.77 --limit 500 --passphrase-file "$PASSPHRASE" || exit 92
        "$CTL" --json doctor --connection CRM --passphrase-file "$PASSPHRASE" || exit 93
        "$CTL" --json adopt inspect --dsn-file "$ADMINISTRATOR" --owner-dsn-file "$OWNER" || exit 95
        "$CTL" --json audit list --connection CRM --passphrase-file "$WRONG"
        echo $?
        "$CTL" --json kit new --connection CRM --passphrase-file "$PASSPHRASE" \
            --kit-file "$KIT.2" --kit-passphrase-file "$KIT_PASSPHRASE" || exit 94
        "$CTL" --json kit new --connection CRM --passphrase-file "$WRONG" \
            --kit-file "$KIT.3" --kit-passphrase-file "$KIT_PASSPHRASE"
        echo $?
    "#;
    let program = stage.ctl(&[]);
    let out = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .env("CTL", program.get_program())
        .env("HOME", stage.path("keyring"))
        .env("XDG_RUNTIME_DIR", stage.path("keyring"))
        .env("ATALAYA_HOME", stage.path("complete-home"))
        .env("ADMINISTRATOR", administrator)
        .env("OWNER", owner)
        .env("PASSPHRASE", passphrase)
        .env("KIT", &kit)
        .env("KIT_PASSPHRASE", kit_passphrase)
        .env("WRONG", wrong)
        .env_remove("DATABASE_URL")
        .output()
        .expect("dbus-run-session and gnome-keyring are installed");
    let (text, err) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{}\n{text}\n{err}", out.status);
    let mut lines: Vec<_> = text.lines().collect();
    assert_eq!([lines.remove(0), lines.remove(0), lines.remove(0)], ["4", "6", "6"], "{err}");
    assert!(err.contains("Nothing was changed.") && err.contains("ceo@example.com"), "{err}");
    let untouched: serde_json::Value = serde_json::from_str(lines.remove(0)).unwrap();
    assert_eq!((&untouched["kind"], &untouched["taken"]), (&"legacy".into(), &().into()));
    // What an inspection says afterwards is worth as much as before.
    let seen: serde_json::Value = serde_json::from_str(lines.remove(3)).unwrap();
    assert_eq!((&seen["kind"], &seen["can_apply"]), (&"adopted".into(), &false.into()));
    let rows = |seen: &serde_json::Value, name: &str| {
        let tables = seen["tables"].as_array().unwrap();
        tables.iter().find(|t| t["name"] == name).unwrap()["rows"].as_i64().unwrap()
    };
    for table in ["tenants", "users", "leads", "credentials"] {
        assert_eq!(rows(&seen, table), rows(&untouched, table), "{table}");
    }
    assert!(rows(&seen, "system_events") > rows(&untouched, "system_events"));
    assert_eq!(seen["ceos"], untouched["ceos"]);
    assert_eq!(seen["statements"], untouched["statements"]);
    let taken = &seen["taken"];
    assert_eq!(
        (&taken["by"], &taken["completed"], &taken["can_be_undone"], &taken["finished_at"]),
        (&"scratch_admin".into(), &true.into(), &true.into(), &().into())
    );
    let applied: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(applied["administrator"]["email"], "ceo@example.com");
    assert_eq!(applied["administrator"]["connection_name"], "CRM");
    let listed: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(listed["rows"].as_array().unwrap().len(), 400);
    let checked: serde_json::Value = serde_json::from_str(lines[2]).unwrap();
    let checks = checked["checks"].as_array().unwrap();
    assert!(checks.iter().any(|c| c["code"] == "recipients" && c["detail"] == "2"), "{checked}");
    assert_eq!(lines[3], "7", "{err}");
    assert!(err.contains("WRONG_PASSPHRASE"), "{err}");
    // The kit's file opens with its passphrase, and holds a kit.
    let saved = std::fs::read_to_string(&kit).unwrap();
    let first = Kit::load("sombra farol quinto almendra", &saved).unwrap();
    // A further one takes its place, and only with the right passphrase.
    let made: serde_json::Value = serde_json::from_str(lines[4]).unwrap();
    let saved = std::fs::read_to_string(made["kit_file"].as_str().unwrap()).unwrap();
    let second = Kit::load("sombra farol quinto almendra", &saved).unwrap();
    assert_eq!(lines[5], "7", "{err}");
    assert!(!stage.path("kit.txt.3").exists());
    let word = second.words().expose().split(' ').take(4).collect::<Vec<_>>().join(" ");
    assert!(!text.contains(&word) && !err.contains(&word), "the words were printed");
    let hex = |key: [u8; 32]| key.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let current = "SELECT string_agg(encode(signing_key, 'hex'), ',') FROM atalaya.recipients WHERE kind = 'kit' AND removed_at IS NULL";
    assert_eq!(stage.psql("complete", current), hex(second.signing_key().public()));
    assert_ne!(first.signing_key().public(), second.signing_key().public());
    let origin = "SELECT string_agg(DISTINCT origin, ',') FROM system_events WHERE event_type IN ('console.opened', 'console.locked', 'kit.created')";
    assert_eq!(stage.psql("complete", origin), "cli");
    let open = "SELECT count(*) FROM atalaya.sessions WHERE ended_at IS NULL";
    assert_eq!(stage.psql("complete", open), "0");
    // Finished is finished, and is told so.
    let (administrator, owner) = stage.ways_again("complete");
    let undo = |options: &[&str], what: &str| {
        let mut command = stage.ctl(options);
        command.args(["adopt", what, "--yes", "--dsn-file"]).arg(&administrator);
        command.arg("--owner-dsn-file").arg(&owner).output().unwrap()
    };
    assert_eq!(answer(&undo(&["--json"], "finish"))["finished"], true);
    for (language, expected) in [
        ("en", "The adoption was finished; it can no longer be undone."),
        ("es", "La adopción se terminó; ya no se puede deshacer."),
    ] {
        let out = undo(&["--lang", language], "revert");
        let told = complaint(&out);
        assert_eq!(code(&out), 6, "{told}");
        assert!(told.contains(expected) && !told.contains("reason"), "{told}");
    }
    let (_, error) = error(&undo(&["--json"], "revert"));
    assert_eq!(error["detail"]["reason"], "finished");
}
