//! The take-over as one script, for a DBA who wants to read every statement and run it with `psql`: the same texts in the same
//! order as [`super::Adoption`], and safe to run again.

use super::alone::CLUSTER_LOCK;
use super::app_logins::noted_query;
use super::apply::{
    ADMIT_LEGACY, ADMIT_OTHERS, HAND_OVER, HANDED_OVER, LEND_DATABASE, LEND_OWNER, LOCK_DATABASE,
    NORMALISE, NOTE_BEFORE, RETURN_OWNER, TABLES,
};
use super::companions::{self, LEGACY_RIGHTS};
use super::migrate::{CLOSE, MIGRATIONS, OPEN, role_of};
use super::online::{
    ADOPTING_FILL, ADOPTING_STAMP, INDEX_EVENTS, PREPARE_EVENTS, PREPARE_ROWS, SEARCH_EXTENSION,
};
use atalaya_model::Result;
use sqlx::migrate::Migration;
use std::collections::BTreeMap;
use std::fmt::Write;

const HEAD: &str = r"-- Atalaya: taking a CRM's database over while it works.
--
-- Run with psql 15 or newer, as two logins and never as a superuser; passwords from ~/.pgpass or a service file:
--   psql -X -v administrator='host=... dbname=... user=...' -v crm='host=... dbname=... user=...' -f plan.sql
-- `administrator` has CREATEROLE, `crm` is the CRM's own login, which owns the database and its tables.
--
-- Locks that others wait for are asked for with a limit of half a second, which is less than Postgres takes to see a
-- deadlock, and change rows of the catalogue only. A script that stopped (a lock, a lost connection) is run again from the
-- start, as often as it takes: it does what is left. One at a time: each session takes the lock of who takes this database over, and
-- each transaction of the administrator that of the cluster (on the role atalaya_bi), to which belongs what he is lent meanwhile. A
-- program that holds either is waited for for ten seconds. What looks at every row (indexes,
-- validations, the back-fill) keeps nobody waiting. `atalayactl adopt revert` gives everything back.
\set ON_ERROR_STOP on
\if :{?administrator}
\else
  \echo 'Call it with -v administrator=... and -v crm=... (see the head of this file).'
  \quit
\endif
\if :{?crm}
\else
  \echo 'Call it with -v administrator=... and -v crm=... (see the head of this file).'
  \quit
\endif
\set QUIET on
\pset format unaligned
\pset tuples_only on
";

/// The place of one who takes this database over, which the console and `adopt apply` take too: for as long as the session lasts.
const ALONE: &str = r"SET lock_timeout = '10s';
DO $$BEGIN
    PERFORM pg_advisory_lock(hashtextextended('atalaya.adoption', 0));
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'somebody else is taking this database over' USING HINT = 'Run this script again when they are done: it does what is left.';
END$$;
RESET lock_timeout;
";

/// Who runs the next statements.
#[derive(Clone, Copy, PartialEq)]
enum Login {
    Administrator,
    Crm,
}

struct Script {
    text: String,
    login: Option<Login>,
}

impl Script {
    fn part(&mut self, title: &str) {
        let _ = write!(self.text, "\n-- ---- {title} ----\n\\echo '{title}'\n");
    }

    fn as_login(&mut self, login: Login) {
        if self.login == Some(login) {
            return;
        }
        self.login = Some(login);
        let name = match login {
            Login::Administrator => "administrator",
            Login::Crm => "crm",
        };
        let _ = write!(
            self.text,
            "\\connect -reuse-previous=off :{name}\nSET search_path = pg_catalog, pg_temp;\nSET client_min_messages = warning;\n{ALONE}"
        );
    }

    /// One transaction. `settings` are `name, psql expression`.
    fn transaction(&mut self, login: Login, settings: &[(&str, &str)], texts: &[&str]) {
        self.as_login(login);
        self.text.push_str("BEGIN;\n");
        if login == Login::Administrator {
            let _ = writeln!(self.text, "SET LOCAL lock_timeout = '10s';\n{CLUSTER_LOCK}");
        }
        self.text.push_str("SET LOCAL lock_timeout = '500ms';\n");
        for (name, value) in settings {
            let _ = writeln!(self.text, "SELECT set_config('{name}', {value}, TRUE) \\g /dev/null");
        }
        for text in texts {
            self.text.push_str(text);
            if !text.ends_with('\n') {
                self.text.push('\n');
            }
        }
        self.text.push_str("COMMIT;\n");
    }

    /// A query whose rows are statements. Asked twice: the second time it has nothing to say, or what a new row brought.
    fn online(&mut self, query: &str) {
        self.as_login(Login::Administrator);
        self.text.push_str("SET ROLE atalaya_owner;\n");
        for _ in 0..2 {
            let _ = write!(
                self.text,
                "SELECT CASE WHEN q.statement ~ ' (CONCURRENTLY|VALIDATE CONSTRAINT) ' THEN 'SET lock_timeout = 0'
       ELSE 'SET lock_timeout = ''500ms''' END, q.statement FROM (\n{query}) q \\gexec\n"
            );
        }
        self.text.push_str("RESET ROLE;\n");
    }

    fn migration(&mut self, migration: &Migration) -> Result<()> {
        let beside = companions::of(migration.version);
        self.as_login(Login::Administrator);
        let _ = write!(
            self.text,
            "\n-- {} {}\nSET ROLE atalaya_owner;\n\
             SELECT NOT EXISTS (SELECT FROM atalaya.migrations m WHERE m.version = {}) AS todo \\gset\n\
             RESET ROLE;\n\\if :todo\n",
            migration.version, migration.description, migration.version
        );
        let file = migration.sql.as_str();
        let mut texts = vec!["SET LOCAL search_path = pg_catalog, pg_temp;"];
        let role = role_of(migration)?.map(|r| format!("{r};"));
        texts.extend(role.as_deref());
        texts.extend(beside.before);
        texts.push(beside.instead.unwrap_or(file));
        texts.extend(beside.after);
        let record = record(migration);
        texts.push(&record);
        self.transaction(Login::Administrator, &[], &texts);
        if role.is_none() {
            self.transaction(Login::Administrator, &[], &[OPEN]);
        }
        self.text.push_str("\\endif\n");
        Ok(())
    }
}

fn record(migration: &Migration) -> String {
    let checksum: String = migration.checksum.iter().map(|b| format!("{b:02x}")).collect();
    format!(
        "RESET ROLE;\nSET LOCAL ROLE atalaya_owner;\nINSERT INTO atalaya.migrations (version, sentence, checksum) VALUES ({}, '{}', '\\x{checksum}');",
        migration.version, migration.description
    )
}

/// The script. `installation`: 12 hex digits.
///
/// # Errors
/// A fault of ours.
pub fn plan(installation: &str, decisions: &BTreeMap<String, String>) -> Result<String> {
    let mut script = Script { text: HEAD.to_owned(), login: None };

    script.part("What would stop half-way stops here");
    script.transaction(
        Login::Crm,
        &[],
        &["SELECT session_user AS crm_login \\gset", super::inspect::INSPECT],
    );
    // Once the tables have their new owner it finds nobody, and the first note stays.
    let asked = format!(
        "SELECT coalesce(jsonb_agg(l.login), '[]') AS other_logins FROM (\n{}) l \\gset",
        noted_query(decisions)
    );
    script.transaction(Login::Crm, &[], &[&asked]);
    // INSPECT makes its transaction read only, and nothing else was in it.
    script.part("Roles");
    script.as_login(Login::Administrator);
    script.text.push_str("SELECT session_user AS administrator_login \\gset\n");
    let files: Vec<&Migration> = MIGRATIONS.iter().collect();
    let recorded = files.iter().position(|m| m.description == "installation").unwrap_or(0);
    let login = [("atalaya.step_login", ":'crm_login'")];
    script.transaction(Login::Administrator, &[], &[files[0].sql.as_str()]);
    script.transaction(Login::Administrator, &[], &[OPEN]);
    script.part("The login of the CRM keeps what its statements need");
    script.transaction(Login::Administrator, &login, &[ADMIT_LEGACY]);
    script.part("How everything was");
    script.transaction(Login::Crm, &[], &[LEND_DATABASE]);
    let noted = format!("'{}'", super::apply::json_of(decisions)?.replace('\'', "''"));
    script.transaction(
        Login::Administrator,
        &[
            ("atalaya.step_decisions", &noted),
            ("atalaya.step_counts", "''"),
            ("atalaya.step_logins", ":'other_logins'"),
        ],
        &["SET LOCAL ROLE atalaya_owner;", NOTE_BEFORE],
    );
    script.transaction(Login::Administrator, &[], &[ADMIT_OTHERS]);
    script.part("Owners");
    script.transaction(Login::Administrator, &login, &[LEND_OWNER]);
    for given in HANDED_OVER {
        let table = format!("'{given}'");
        script.transaction(
            Login::Crm,
            &[("atalaya.step_table", &table)],
            &[HAND_OVER, LEGACY_RIGHTS],
        );
    }
    script.transaction(Login::Administrator, &login, &[RETURN_OWNER]);

    script.part("The first migrations");
    script.text.push_str(
        "SET ROLE atalaya_owner;\nSELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n\
         WHERE n.nspname = 'atalaya' AND c.relname = 'migrations') AS todo \\gset\nRESET ROLE;\n\\if :todo\n",
    );
    let mut first = Vec::new();
    for migration in &files[..=recorded] {
        first.push("SET LOCAL search_path = pg_catalog, pg_temp;".to_owned());
        first.extend(role_of(migration)?.map(|r| format!("{r};")));
        first.push(migration.sql.as_str().to_owned());
        first.push("RESET ROLE;".to_owned());
    }
    first.extend(files[..=recorded].iter().map(|m| record(m)));
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    script.transaction(Login::Administrator, &[], &first);
    script.transaction(Login::Administrator, &[], &[OPEN]);
    script.text.push_str("\\endif\n");

    script.part("What differs from the documents");
    for (table, _) in TABLES {
        let table = format!("'{table}'");
        script.transaction(
            Login::Administrator,
            &[("atalaya.step_table", &table)],
            &["SET LOCAL ROLE atalaya_owner;", NORMALISE],
        );
    }
    script.part("Columns and indexes, while the CRM works");
    script.online(PREPARE_ROWS);
    let swap = files.iter().position(|m| m.version == companions::SWAP).unwrap_or(files.len());
    for migration in &files[recorded + 1..swap] {
        script.migration(migration)?;
    }
    script.part("The log, while the CRM works");
    script.text.push_str(
        "SET ROLE atalaya_owner;\nSELECT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace\n\
         AND c.relname = 'system_events' AND c.relkind = 'r') AS todo \\gset\nRESET ROLE;\n\\if :todo\n",
    );
    script.online(PREPARE_EVENTS);
    let as_owner = "SET LOCAL ROLE atalaya_owner;";
    script.transaction(Login::Administrator, &[], &[as_owner, ADOPTING_STAMP]);
    script.transaction(Login::Administrator, &[], &[as_owner, ADOPTING_FILL]);
    script.text.push_str(
        "SET ROLE atalaya_owner;\nDO $$BEGIN LOOP EXIT WHEN atalaya.adopting_fill(20000) = 0; COMMIT; END LOOP; END$$;\nRESET ROLE;\n",
    );
    script.transaction(Login::Administrator, &[], &[as_owner, SEARCH_EXTENSION]);
    script.online(INDEX_EVENTS);
    script.transaction(
        Login::Administrator,
        &[("atalaya.step_bound", "'on'")],
        &[as_owner, ADOPTING_STAMP],
    );
    script.online(INDEX_EVENTS);
    script.text.push_str("\\endif\n");

    script.part("The other migrations");
    for migration in &files[swap..] {
        script.migration(migration)?;
    }
    script.part("The installation");
    let install = format!(
        "INSERT INTO atalaya.installation (id, kind, legacy_login) SELECT '{installation}', 'adopted', current_setting('atalaya.step_login')::name\n\
         ON CONFLICT (singleton) DO NOTHING;"
    );
    script.transaction(Login::Administrator, &login, &[as_owner, &install]);
    // As noted: this may be another run than the one that asked.
    script.text.push_str(
        "SET ROLE atalaya_owner;\nSELECT coalesce(state -> 'other_logins', '[]') AS other_logins FROM atalaya.before_adoption \\gset\nRESET ROLE;\n",
    );
    script.transaction(
        Login::Crm,
        &[
            login[0],
            ("atalaya.step_administrator", ":'administrator_login'"),
            ("atalaya.step_logins", ":'other_logins'"),
        ],
        &[LOCK_DATABASE],
    );
    script.transaction(
        Login::Administrator,
        &[],
        &[as_owner, "SELECT atalaya.adopt_grants() \\g /dev/null", "ANALYZE public.system_events;"],
    );
    script.transaction(Login::Administrator, &[], &[CLOSE]);
    script
        .part("Taken over. The console, or atalayactl adopt apply, makes the first administrator");
    Ok(script.text)
}
