//! What `cargo xtask bench audit` measures: the operations of the log on a throw-away server, beside the same prepared
//! statements through `pgbench` as the same login under the same policies, and beside `OFFSET` and `COUNT(*)` as CRM Ventas pages.
//!
//! One argument: how many events. Prints medians in milliseconds and ratios.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

use atalaya_keys::keychain::{InMemory, Keychain};
use atalaya_keys::lockbox::WorkFactor;
use atalaya_keys::sealed::ConnectionSecret;
use atalaya_model::Secret;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::audit::{AuditCursor, EventId};
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::console::{Colour, ConnectionKind};
use atalaya_model::export::{AuditExport, ExportFormat};
use atalaya_ops::setup::{self, Request, Setup};
use atalaya_ops::{Context, Workplace, adoption, audit};
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::Scratch;
use atalaya_store::Upkeep;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PASSPHRASE: &str = "correcto caballo bateria grapa 42";
/// Each side of a comparison runs so often in a row, and the sides take turns so often.
const RUNS: usize = 9;
const TURNS: usize = 3;

/// What a message and its payload are like: common words, and one word in a million rows.
const ROWS: &str = "
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO public.system_events
  (event_type, severity, message, payload, occurred_at, tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, ip, origin, outcome)
SELECT (ARRAY['read_lead','read_lead','read_lead','read_lead','lead.updated','lead.created','login','login_failed','token_invalid','export.made'])[1 + h % 10],
       CASE WHEN h % 1000 = 0 THEN 'critical' WHEN h % 20 = 0 THEN 'warning' ELSE 'info' END,
       'operator@user' || h % 5000 || ': routine work on lead ' || h % 100000 || CASE WHEN n % 250000 = 7 THEN ' xylophone' ELSE '' END,
       jsonb_build_object('path', '/leads/' || h % 100000, 'ms', h % 900),
       now() - ($rows - n) * (INTERVAL '360 days' / $rows), 1 + h % 50, (h % 5000)::text, 'user' || h % 5000 || '@example.com', 'user',
       (ARRAY['leads','users','credentials','sessions'])[1 + h % 4], (h % 100000)::text,
       ('10.' || h % 200 || '.' || (h / 200) % 250 || '.' || h % 250)::inet, (ARRAY['legacy','legacy','legacy','api','console'])[1 + h % 5],
       CASE WHEN h % 97 = 0 THEN 'denied' WHEN h % 31 = 0 THEN 'failed' ELSE 'ok' END
FROM (SELECT n, (n * 2654435761) % 1000003 AS h FROM generate_series($from::bigint, $to::bigint) n) s;";

/// A question, what a person calls it, and the values of the statement's parameters that it sets.
struct Case {
    name: &'static str,
    query: &'static str,
    values: &'static [(usize, &'static str)],
}

const CASES: [Case; 13] = [
    Case { name: "first page", query: "", values: &[] },
    Case { name: "type", query: "type:login_failed", values: &[(1, "'login_failed'")] },
    Case { name: "severity", query: "severity:critical", values: &[(3, "'critical'")] },
    Case { name: "outcome", query: "outcome:denied", values: &[(5, "'denied'")] },
    Case { name: "origin", query: "origin:console", values: &[(7, "'console'")] },
    Case { name: "tenant", query: "tenant:7", values: &[(9, "7")] },
    Case {
        name: "actor",
        query: "actor:user77@example.com",
        values: &[(14, "'user77@example.com'")],
    },
    Case { name: "actor's id", query: "actor:77", values: &[(13, "'77'")] },
    Case { name: "resource", query: "resource:leads/4", values: &[(21, "'leads'"), (22, "'4'")] },
    Case { name: "ip", query: "ip:10.2.0.2", values: &[(26, "'10.2.0.2'")] },
    Case {
        name: "network",
        query: "ip:10.7.0.0/16",
        values: &[(27, "'10.7.0.0'"), (28, "'10.7.255.255'")],
    },
    Case {
        name: "type and tenant",
        query: "type:login_failed tenant:8",
        values: &[(1, "'login_failed'"), (9, "8")],
    },
    Case {
        name: "severity and network",
        query: "severity:warning ip:10.20.0.0/16",
        values: &[(3, "'warning'"), (27, "'10.20.0.0'"), (28, "'10.20.255.255'")],
    },
];

struct Bench {
    scratch: Scratch,
    cx: Context,
    caller: Caller,
    user: String,
    password: String,
    folder: PathBuf,
}

/// One thread waits for the server and goes on with what it said, as the console's workers do.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let rows: i64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let bench = Bench::make().await?;
    let done = bench.measure(rows).await;
    bench.cx.store.close().await;
    std::fs::remove_dir_all(&bench.folder)?;
    done
}

impl Bench {
    async fn make() -> Outcome<Self> {
        let scratch = Scratch::start(&find_binaries().await?).await?;
        println!("PostgreSQL {}", scratch.binaries().version());
        let folder =
            std::env::temp_dir().join(format!("atalaya-bench-audit-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let keychain = InMemory::default();
        let mut place = Workplace::new(folder.join("home"), Keychain::in_memory(keychain));
        place.work = WorkFactor::FLOOR;
        let endpoint = scratch.endpoint();
        let administrator = Target {
            host: endpoint.host.display().to_string(),
            port: endpoint.port,
            database: Scratch::DATABASE.to_owned(),
            user: Scratch::ADMINISTRATOR.to_owned(),
            password: Secret::new(Scratch::PASSWORD.to_owned()),
            tls: TlsMode::Disable,
            ca_file: None,
            ca_pem: None,
        };
        adoption::apply(&place, &administrator, None, true, &BTreeMap::new(), |_| ()).await?;
        let request = Request {
            link_user_id: None,
            name: "Ada".into(),
            last_name: Some("Primera".into()),
            email: "ada@example.com".into(),
            passphrase: Secret::new(PASSPHRASE.into()),
            crm_password: None,
            connection_name: "bench".into(),
            colour: Colour::Slate,
            production: false,
        };
        let setup = Setup { administrator, kind: ConnectionKind::Remote, lease: None };
        let caller = place.caller(Origin::Console)?;
        let opened = setup::administrator(&place, &caller, setup, request, |_| ())
            .await
            .map_err(|(e, _)| e)?;
        let item = place.keychain.read(&opened.session.connection.id).await?;
        let secret =
            ConnectionSecret::open(PASSPHRASE, item.expose()).map_err(|_| "the keychain item")?;
        let (user, password) = (secret.user.clone(), secret.password.expose().to_owned());
        Ok(Self { scratch, cx: opened.context, caller, user, password, folder })
    }

    /// As the superuser.
    fn sql(&self, text: &str) -> Outcome<String> {
        let url = self.scratch.url(Scratch::SUPERUSER, Scratch::PASSWORD, Scratch::DATABASE);
        let out = Command::new(self.scratch.binaries().program("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", text])
            .output()?;
        if !out.status.success() {
            return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
        }
        Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
    }

    /// Rows first, then the indexes, as an adoption makes them.
    fn fill(&self, rows: i64) -> Outcome<()> {
        let began = Instant::now();
        self.sql("ALTER SYSTEM SET maintenance_work_mem = '512MB'")?;
        self.sql("ALTER SYSTEM SET max_wal_size = '8GB'")?;
        self.sql("SELECT pg_reload_conf()")?;
        let definitions = self.sql(
            "SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') || ';' FROM pg_index i
             WHERE i.indrelid = 'public.system_events'::regclass AND NOT i.indisprimary",
        )?;
        self.sql(
            "DO $$ DECLARE i REGCLASS; BEGIN FOR i IN SELECT x.indexrelid::regclass FROM pg_index x
             WHERE x.indrelid = 'public.system_events'::regclass AND NOT x.indisprimary LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$",
        )?;
        let mut from = 1;
        while from <= rows {
            let to = (from + 999_999).min(rows);
            let text = ROWS.replace("$rows", &rows.to_string()).replace("$from", &from.to_string());
            self.sql(&text.replace("$to", &to.to_string()))?;
            from = to + 1;
        }
        println!("{:<28}{:>9.0} s", "rows written", began.elapsed().as_secs_f64());
        // One statement each: the definitions hold line feeds.
        for definition in definitions.split(";\n").filter(|d| !d.trim().is_empty()) {
            self.sql(definition)?;
        }
        self.sql("VACUUM ANALYZE public.system_events")?;
        let size = self.sql("SELECT pg_size_pretty(pg_database_size(current_database()))")?;
        println!("{:<28}{:>9.0} s, {size}", "with indexes", began.elapsed().as_secs_f64());
        Ok(())
    }

    async fn measure(&self, rows: i64) -> Outcome<()> {
        self.fill(rows)?;
        let began = Instant::now();
        while self.cx.store.upkeep(Upkeep::RollUp).await? > 0 {}
        self.sql("VACUUM ANALYZE atalaya.event_hours, atalaya.event_days")?;
        println!("{:<28}{:>9.1} s", "sums", began.elapsed().as_secs_f64());
        println!(
            "\n{:<28}{:>9}  {:>9}  {:>6}",
            "milliseconds, median", "operation", "pgbench", "ratio"
        );
        let deep = self.sql(&format!(
            "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || ' ' || id
             FROM public.system_events ORDER BY occurred_at DESC, id DESC OFFSET {} LIMIT 1", rows / 2))?;
        let (at, id) = deep.split_once(' ').ok_or("no row half-way")?;
        let now = self.cx.workplace.clock.instant();
        let cursor = AuditCursor { occurred_at: at.parse()?, id: EventId(id.parse()?), now };
        for case in &CASES {
            self.compare(case.name, case.query, None, case.values).await?;
        }
        let at = format!("'{at}'");
        let values: Vec<(usize, &str)> = vec![(52, at.as_str()), (53, id)];
        self.compare("page half-way down", "", Some(cursor), &values).await?;
        self.text().await?;
        self.numbers().await?;
        self.offset(rows)?;
        self.exports(rows).await
    }

    /// Median milliseconds.
    async fn timed<T>(&self, work: impl AsyncFn() -> Outcome<T>) -> Outcome<f64> {
        Ok(median(self.times(&work).await?))
    }

    async fn times<T>(&self, work: &impl AsyncFn() -> Outcome<T>) -> Outcome<Vec<f64>> {
        let mut times = Vec::new();
        for run in 0..RUNS + 2 {
            let began = Instant::now();
            work().await?;
            if run >= 2 {
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
        Ok(times)
    }

    /// Both sides take turns, so that what else the machine does meets both.
    async fn beside<T>(
        &self,
        name: &str,
        ours: impl AsyncFn() -> Outcome<T>,
        theirs: impl Fn() -> Outcome<Vec<f64>>,
    ) -> Outcome<()> {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            a.extend(self.times(&ours).await?);
            b.extend(theirs()?);
        }
        let (a, b) = (median(a), median(b));
        println!("{name:<28}{a:>9.2}  {b:>9.2}  {:>6.2}", a / b);
        Ok(())
    }

    async fn compare(
        &self,
        name: &str,
        query: &str,
        cursor: Option<AuditCursor>,
        values: &[(usize, &str)],
    ) -> Outcome<()> {
        let ours = async || {
            let page = audit::list(&self.cx, &self.caller, query, cursor, 50).await?;
            if page.rows.is_empty() { Err(format!("{query} shows nothing").into()) } else { Ok(()) }
        };
        let theirs = || {
            self.pgbench("CASE WHEN $51 THEN payload::text END", &|n| match n {
                11 | 12 | 39 | 51 => "false".to_owned(),
                54 => "51".to_owned(),
                n => values.iter().find(|v| v.0 == n).map_or("NULL".to_owned(), |v| v.1.to_owned()),
            })
        };
        self.beside(name, ours, theirs).await
    }

    async fn text(&self) -> Outcome<()> {
        for (name, query, pattern) in [
            ("text, rare", "xylophone", "%xylophone%"),
            ("text, everywhere", "routine", "%routine%"),
        ] {
            let ours = async || Ok(audit::list(&self.cx, &self.caller, query, None, 50).await?);
            if name == "text, everywhere" {
                println!("{name:<28}{:>9.2}", self.timed(ours).await?);
                continue;
            }
            let filter = format!(
                "ARRAY['{{\"texts\": [\"{pattern}\"], \"system\": false, \"system_only\": false, \"not_system\": false}}'::jsonb]"
            );
            let theirs = || {
                self.pgbench("atalaya.search_log(f.filter, $2, $3, $4, $5, $6)", &|n| match n {
                    1 => filter.clone(),
                    6 => "51".to_owned(),
                    _ => "NULL".to_owned(),
                })
            };
            self.beside(name, ours, theirs).await?;
        }
        Ok(())
    }

    async fn numbers(&self) -> Outcome<()> {
        let none = CancellationToken::new;
        let (cx, caller) = (&self.cx, &self.caller);
        let year = "when:\"last 365 days\"";
        let took =
            self.timed(async || Ok(audit::histogram(cx, caller, year, 365, none()).await?)).await?;
        println!("{:<28}{took:>9.2}   (bar: 200)", "histogram of a year");
        let took = self
            .timed(async || {
                Ok(audit::histogram(
                    cx,
                    caller,
                    "type:login_failed when:\"last 365 days\"",
                    60,
                    none(),
                )
                .await?)
            })
            .await?;
        println!("{:<28}{took:>9.2}", "the same of one type");
        let took = self
            .timed(async || {
                Ok(audit::histogram(cx, caller, "when:\"last 24 hours\"", 48, none()).await?)
            })
            .await?;
        println!("{:<28}{took:>9.2}", "histogram of a day");
        let took = self.timed(async || Ok(audit::count(cx, caller, "", none()).await?)).await?;
        println!("{:<28}{took:>9.2}", "count of everything");
        for query in ["", "type:login_failed", "ip:10.7.0.0/16"] {
            let took =
                self.timed(async || Ok(audit::facets(cx, caller, query, none()).await?)).await?;
            println!(
                "{:<28}{took:>9.2}",
                format!("facets of {}", if query.is_empty() { "everything" } else { query })
            );
        }
        Ok(())
    }

    /// As CRM Ventas 4.4 pages.
    fn offset(&self, rows: i64) -> Outcome<()> {
        for (name, text) in [
            (
                "OFFSET, half-way down",
                format!(
                    "SELECT id, event_type, severity, message, payload, occurred_at FROM public.system_events ORDER BY occurred_at DESC LIMIT 50 OFFSET {}",
                    rows / 2
                ),
            ),
            ("COUNT(*)", "SELECT COUNT(*) FROM public.system_events".to_owned()),
        ] {
            let file = self.folder.join("offset.sql");
            std::fs::write(&file, text + ";\n")?;
            println!("{name:<28}{:>9}  {:>9.2}", "", median(self.run_pgbench(&file, 5)?));
        }
        Ok(())
    }

    async fn exports(&self, rows: i64) -> Outcome<()> {
        let most = rows.min(1_000_000);
        let edge = self.sql(&format!(
            "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM public.system_events
             ORDER BY occurred_at DESC, id DESC OFFSET {} LIMIT 1", most - 1))?;
        println!(
            "\n{:<28}{:>9}  {:>9}  {:>6}   peak memory of the operation",
            format!("export of {most}, seconds"),
            "operation",
            "\\copy",
            "ratio"
        );
        let began = Instant::now();
        let path = self.folder.join("copy.csv");
        let columns = "id, occurred_at, event_type, severity, message, tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip), origin, outcome, payload::text, db_user, request_id, recorded_at";
        let copy = format!(
            "\\copy (SELECT {columns} FROM public.system_events WHERE occurred_at >= '{edge}' ORDER BY occurred_at DESC, id DESC) TO '{}' CSV HEADER",
            path.display()
        );
        self.as_operator("psql", &["-Xq", "-c", &copy])?;
        let theirs = began.elapsed().as_secs_f64();
        for (name, format, compress) in [
            ("CSV", ExportFormat::Csv, false),
            ("JSON Lines", ExportFormat::Jsonl, false),
            ("CSV, compressed", ExportFormat::Csv, true),
        ] {
            let request = AuditExport { query: format!("after:{edge}"), format, compress };
            let began = Instant::now();
            let done = audit::export(
                &self.cx,
                &self.caller,
                request,
                &self.folder.join("out"),
                |_| (),
                CancellationToken::new(),
            )
            .await?;
            let ours = began.elapsed().as_secs_f64();
            println!(
                "{name:<28}{ours:>9.2}  {theirs:>9.2}  {:>6.2}   {} ({} rows, {} MB)",
                ours / theirs,
                memory(),
                done.rows,
                done.bytes / 1_000_000
            );
        }
        Ok(())
    }

    fn as_operator(&self, program: &str, arguments: &[&str]) -> Outcome<String> {
        let endpoint = self.scratch.endpoint();
        let out = Command::new(self.scratch.binaries().program(program))
            .args(arguments)
            .env("PGHOST", &endpoint.host)
            .env("PGPORT", endpoint.port.to_string())
            .env("PGUSER", &self.user)
            .env("PGPASSWORD", &self.password)
            .env("PGDATABASE", Scratch::DATABASE)
            .env("PGOPTIONS", "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC")
            .output()?;
        if !out.status.success() {
            return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
        }
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    /// Milliseconds of a checked query, prepared once.
    fn pgbench(&self, part: &str, value: &dyn Fn(usize) -> String) -> Outcome<Vec<f64>> {
        let (query, types) = prepared(part)?;
        let values: Vec<_> = (1..=types.len()).map(value).collect();
        let query = query.replace('\n', " ");
        let text = format!(
            "\\if :fresh\nPREPARE p ({}) AS {query};\n\\set fresh 0\n\\endif\nEXECUTE p ({});\n",
            types.join(", "),
            values.join(", ")
        );
        let file = self.folder.join("statement.sql");
        // pgbench takes a colon for a variable of its own; the statement's casts have two.
        std::fs::write(&file, text)?;
        self.run_pgbench(&file, RUNS + 2)
    }

    fn run_pgbench(&self, file: &Path, runs: usize) -> Outcome<Vec<f64>> {
        let log = self.folder.join("log");
        let (file, runs, log) =
            (file.display().to_string(), runs.to_string(), log.display().to_string());
        self.as_operator(
            "pgbench",
            &[
                "-n",
                "-c",
                "1",
                "-t",
                &runs,
                "-D",
                "fresh=1",
                "-l",
                "--log-prefix",
                &log,
                "-f",
                &file,
            ],
        )?;
        let mut times = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("log.")) {
                for line in std::fs::read_to_string(&path)?.lines() {
                    times.extend(line.split(' ').nth(2).and_then(|t| t.parse::<f64>().ok()));
                }
                std::fs::remove_file(path)?;
            }
        }
        // The first two find nothing in the caches.
        let times: Vec<f64> = times.into_iter().skip(2).map(|t| t / 1000.0).collect();
        if times.is_empty() { Err("pgbench measured nothing".into()) } else { Ok(times) }
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A checked query that holds this text, and the types of its parameters.
fn prepared(part: &str) -> Outcome<(String, Vec<String>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.sqlx");
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(entry?.path())?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let query = json["query"].as_str().unwrap_or_default();
        if query.contains(part) {
            let types = json["describe"]["parameters"]["Left"].as_array().ok_or("no parameters")?;
            let types =
                types.iter().filter_map(|t| t.as_str()).map(|t| match t.strip_suffix("Array") {
                    Some(element) => format!("{element}[]"),
                    None => t.to_owned(),
                });
            return Ok((query.to_owned(), types.collect()));
        }
    }
    Err(format!("no checked query holds {part}").into())
}

/// The most that this process has had.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("VmHWM: ?");
    line.trim_start_matches("VmHWM:").trim().to_owned()
}
