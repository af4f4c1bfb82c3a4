//! Runs statements as any login, and undoes each.
//!
//! One superuser connection plays them all: `SET SESSION AUTHORIZATION` changes what the database believes to be the login,
//! and every statement runs in a subtransaction that is rolled back. So a changed wall can be probed inside the
//! transaction that changes it.

use super::statements::{STATEMENTS, Statement, WORK};
use crate::bed::{CRM, Copy, PASSWORD};
use crate::psql::Psql;
use atalaya_keys::context_key::{Context, PadKey, Tenants};
use atalaya_keys::scram;
use serde_json::json;
use std::collections::BTreeMap;

/// What came of each (statement, login).
pub type Seen = BTreeMap<(String, String), String>;

/// A connection in an open transaction, with the logins to play.
pub struct Probe {
    pub su: Psql,
    key: PadKey,
    logins: Vec<Login>,
    partitions: Vec<(String, String)>,
    words: Vec<(&'static str, String)>,
}

struct Login {
    name: String,
    /// As whom the database takes it.
    role: String,
    /// The user behind it.
    me: String,
    /// For whom the API signs, and for which tenants.
    signed: Option<(String, Tenants)>,
}

/// Roles that nobody signs in as, which own functions or wait for their programs.
const GROUPS: [&str; 10] = [
    "atalaya_owner",
    "atalaya_gate",
    "atalaya_roles",
    "atalaya_backup",
    "atalaya_upkeep_session_touch",
    "atalaya_upkeep_direct_change",
    "atalaya_upkeep_roll_up",
    "atalaya_sealer",
    "atalaya_retention",
    "atalaya_bi",
];

/// Logins that between them meet every policy; the others get what one of these gets.
pub const TELLING: [&str; 25] = [
    "ceo@all",
    "ceo@1",
    "admin@all",
    "admin@1",
    "admin@2",
    "operator@all",
    "operator@1",
    "auditor@all",
    "auditor@1",
    "secretary@1",
    "closer@1",
    "nobody",
    "suspended",
    "api",
    "api:admin@1",
    "api:ceo@all-in-2",
    "crm",
    "superuser",
    "atalaya_owner",
    "atalaya_gate",
    "atalaya_roles",
    "atalaya_backup",
    "atalaya_upkeep_session_touch",
    "atalaya_upkeep_direct_change",
    "atalaya_upkeep_roll_up",
];

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Runs every statement of `probe.statements`, each undone; the outcomes go into `probe.outcomes`.
const RUN: &str = r#"DO $probe$
DECLARE
    statement TEXT;
    outcome TEXT;
    n BIGINT;
    outcomes JSONB := '[]';
    watching CONSTANT BOOLEAN := current_setting('probe.watching') = 'yes';
    newest BIGINT;
    facts NUMERIC;
BEGIN
    FOR statement IN SELECT jsonb_array_elements_text(current_setting('probe.statements')::jsonb) LOOP
        BEGIN
            IF watching THEN
                newest := (SELECT coalesce(max(id), 0) FROM atalaya.change_records);
                facts := (SELECT sum(version) FROM atalaya.facts_versions);
            END IF;
            IF statement ~ '^(SELECT|WITH)' THEN
                EXECUTE statement INTO outcome;
            ELSE
                EXECUTE statement;
                GET DIAGNOSTICS n = ROW_COUNT;
                outcome := n;
            END IF;
            outcome := coalesce(nullif(outcome, ''), 'done');
            IF watching THEN
                outcome := concat_ws(' ', outcome,
                    (SELECT 'recorded ' || string_agg(DISTINCT table_name || ':' || operation, ' ') FROM atalaya.change_records WHERE id > newest),
                    CASE WHEN facts <> (SELECT sum(version) FROM atalaya.facts_versions) THEN 'facts' END);
            END IF;
            RAISE EXCEPTION '%', outcome USING ERRCODE = 'ZZ000';
        EXCEPTION WHEN OTHERS THEN
            outcome := CASE WHEN SQLSTATE = 'ZZ000' THEN SQLERRM
                            WHEN SQLSTATE = '42501' AND SQLERRM LIKE '%row-level security%' THEN 'refused by policy'
                            WHEN SQLSTATE = '42501' THEN 'no right'
                            ELSE 'error ' || SQLSTATE END;
        END;
        outcomes := outcomes || to_jsonb(outcome);
    END LOOP;
    PERFORM set_config('probe.outcomes', outcomes::text, FALSE);
END
$probe$"#;

impl Probe {
    /// Puts the rows in that the statements speak of.
    pub async fn begin(copy: &Copy) -> Self {
        let mut su = copy.superuser().await;
        su.must(include_str!("rows.sql").replace("INSTALLATION", copy.adopted.installation()))
            .await;
        // What was adopted in the last hour of a month has its first partition a month later; and that hour may be over.
        for ahead in [3, 4] {
            su.must(format!(
                "SELECT atalaya.ensure_partitions({ahead}) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = 'public.system_events'::regclass AND c.relname LIKE 'system\\_events\\_y%' HAVING count(*) < 3"
            ))
            .await;
        }
        let children = su
            .rows("SELECT c.relname, coalesce(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \\(''([^'']+)'), '')
                   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                   WHERE i.inhparent = 'public.system_events'::regclass AND c.relkind = 'r' ORDER BY 1")
            .await
            .unwrap();
        let mut logins = Vec::new();
        let mut add = |name: &str, role: &str, me: &str, signed: Option<Tenants>| {
            logins.push(Login {
                name: name.into(),
                role: role.into(),
                me: me.into(),
                signed: signed.map(|tenants| (me.to_owned(), tenants)),
            });
        };
        for p in &copy.adopted.people {
            let place = p.tenant.map_or("all".to_owned(), |t| t.to_string());
            let alike = matches!(p.role, "setter" | "professional") && p.tenant != Some(1);
            match p.role {
                "nobody" | "api" | "suspended" => {
                    add(p.role, &p.login, if p.id.is_empty() { NIL } else { &p.id }, None);
                }
                _ if !alike => add(&format!("{}@{place}", p.role), &p.login, &p.id, None),
                _ => {}
            }
        }
        let api = copy.person("api", None).login.as_str();
        let ceo = copy.person("ceo", None).id.as_str();
        let admin = copy.person("admin", Some(1)).id.as_str();
        add("api:admin@1", api, admin, Some(Tenants::All));
        add("api:ceo@all", api, ceo, Some(Tenants::All));
        add("api:ceo@all-in-2", api, ceo, Some(Tenants::These(vec![2])));
        add("api:admin@1-in-2", api, admin, Some(Tenants::These(vec![2])));
        add("crm", CRM, NIL, None);
        add("plain", "plain", NIL, None);
        for group in GROUPS {
            add(group, group, NIL, None);
        }
        add("superuser", "postgres", NIL, None);
        let words = vec![
            ("VERIFIER", scram::verifier(PASSWORD, &[3; 16]).unwrap()),
            ("LOGIN", format!("atalaya_{}", copy.adopted.installation())),
        ];
        let partitions =
            children.into_iter().map(|r| (r[0].clone().unwrap(), r[1].clone().unwrap())).collect();
        Self { su, key: copy.adopted.context_key(), logins, partitions, words }
    }

    /// Tries the statements about `tables` (all without), as every login; `careless`: with a policy added to each of these
    /// tables that lets operators and the API do everything.
    pub async fn run(&mut self, tables: Option<&[&str]>, careless: bool) -> Seen {
        self.run_after("SELECT", tables, careless, &[], None).await
    }

    /// Whether a change makes a difference to what these logins get, near these tables. Ends at the first.
    pub async fn differs_after(
        &mut self,
        change: &str,
        tables: &[&str],
        careless: bool,
        only: &[&str],
        before: &Seen,
    ) -> bool {
        let now = self.run_after(change, Some(tables), careless, only, Some(before)).await;
        now.iter().any(|(key, outcome)| before.get(key) != Some(outcome))
    }

    /// As [`Probe::run`], after a change, as these logins only, and up to the first that gets something else than `before`. All
    /// in one transaction, which is undone.
    async fn run_after(
        &mut self,
        change: &str,
        tables: Option<&[&str]>,
        careless: bool,
        only: &[&str],
        before: Option<&Seen>,
    ) -> Seen {
        let chosen: Vec<&Statement> =
            STATEMENTS.iter().filter(|s| tables.is_none_or(|t| t.contains(&s.table))).collect();
        let transaction: u64 =
            self.su.one("BEGIN; SELECT pg_current_xact_id()").await.parse().unwrap();
        self.su.must(change).await;
        if careless {
            self.su
                .must(CARELESS.replace("$only", &tables.map_or(String::new(), |t| t.join(","))))
                .await;
        }
        let mut seen = Seen::new();
        for n in 0..self.logins.len() {
            let login = &self.logins[n];
            if !only.is_empty() && !only.contains(&login.name.as_str()) {
                continue;
            }
            let grouped = GROUPS.contains(&login.name.as_str());
            if careless && (grouped || ["crm", "plain", "superuser"].contains(&login.name.as_str()))
            {
                continue;
            }
            let powerful = matches!(login.name.as_str(), "superuser" | "atalaya_owner");
            let mut asked: Vec<(String, String)> = chosen
                .iter()
                // Emptying tables again and again is slow, and who may do it is known.
                .filter(|s| !(!only.is_empty() && powerful && s.what == "truncate"))
                .map(|s| (format!("{} | {}", s.table, s.what), self.fill(s.sql, &login.me)))
                .collect();
            if !careless && tables.is_none_or(|t| t.contains(&"public.system_events")) {
                asked.extend(self.on_partitions());
            }
            if login.name == "superuser" {
                asked.extend(
                    WORK.iter()
                        .filter(|w| tables.is_none_or(|t| t.contains(&w[0])))
                        .flat_map(|w| work(*w)),
                );
            }
            let outcomes = self.ask(n, transaction, &asked).await;
            let mut same = true;
            for ((what, _), outcome) in asked.into_iter().zip(outcomes) {
                let key = (what, self.logins[n].name.clone());
                same &= before.is_none_or(|b| b.get(&key) == Some(&outcome));
                seen.insert(key, outcome);
            }
            if !same {
                break;
            }
        }
        self.su.must("ROLLBACK").await;
        seen
    }

    async fn ask(&mut self, n: usize, transaction: u64, asked: &[(String, String)]) -> Vec<String> {
        let login = &self.logins[n];
        let list =
            json!(asked.iter().map(|a| &a.1).collect::<Vec<_>>()).to_string().replace('\'', "''");
        let context = login.signed.as_ref().map_or(String::new(), |(user, tenants)| {
            let user = Some(user.parse().unwrap());
            self.key.sign(&Context {
                user,
                tenants: tenants.clone(),
                transaction,
                expires: 4_000_000_000,
            })
        });
        let watching = if login.name == "superuser" { "yes" } else { "no" };
        let script = format!(
            "SELECT set_config('probe.statements', '{list}', FALSE), set_config('probe.watching', '{watching}', FALSE),
                    set_config('atalaya.context', '{}', FALSE);
             SET SESSION AUTHORIZATION {};
             {RUN};
             RESET SESSION AUTHORIZATION",
            context, login.role
        );
        self.su.must(script).await;
        let outcomes = self.su.one("SELECT current_setting('probe.outcomes')").await;
        serde_json::from_str(&outcomes).unwrap()
    }

    /// Each partition, named directly: for the superuser, whose work is recorded, and for the owner.
    fn on_partitions(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (child, from) in &self.partitions {
            let (label, at) = match (child.as_str(), from.as_str()) {
                ("system_events_default", _) => ("default", "infinity"),
                ("system_events_adopted", _) => ("adopted", "-infinity"),
                (_, from) => ("a month", from),
            };
            // One after the other, so that each of the four leaves its own record.
            out.push((
                // Months pass; what can be done with one does not.
                format!("public.system_events | work on partition {}", if label == "a month" { month(&self.partitions, child) } else { label.to_owned() }),
                format!(
                    "DO $x$ BEGIN INSERT INTO public.{child} (id, event_type, occurred_at) VALUES (-5, 'x', '{at}');
                     UPDATE public.{child} SET message = 'x' WHERE id = -5; DELETE FROM public.{child} WHERE id = -5;
                     TRUNCATE public.{child}; END $x$"
                ),
            ));
            out.push((
                format!("public.system_events | rows of partition {}", if label == "a month" { month(&self.partitions, child) } else { label.to_owned() }),
                format!(
                    "WITH i AS (INSERT INTO public.{child} (id, event_type, occurred_at) VALUES (-5, 'x', '{at}') RETURNING 1) SELECT count(*) FROM i"
                ),
            ));
        }
        out
    }

    fn fill(&self, sql: &str, me: &str) -> String {
        let mut sql = sql.replace("'ME'", &format!("'{me}'"));
        for (word, value) in &self.words {
            sql = sql.replace(word, value);
        }
        for (word, key) in KEYS {
            sql = sql.replace(&format!("'{word}'"), &format!("'{key}'"));
        }
        sql
    }
}

/// One row made, changed and removed; then the table emptied: what is recorded of each.
fn work([table, columns, values, change]: [&str; 4]) -> [(String, String); 2] {
    let key = columns.split(',').next().unwrap();
    let value = values.split(',').next().unwrap();
    let sql = format!(
        "DO $x$ BEGIN INSERT INTO {table} ({columns}) VALUES ({values}); UPDATE {table} SET {change} WHERE {key} = {value};
         DELETE FROM {table} WHERE {key} = {value} OR {change}; END $x$"
    );
    let sql = KEYS
        .iter()
        .fold(sql, |sql, (word, key)| sql.replace(&format!("'{word}'"), &format!("'{key}'")));
    [
        (format!("{table} | work"), sql),
        (format!("{table} | empty"), format!("TRUNCATE {table} CASCADE")),
    ]
}

/// The keys in `rows.sql`.
const KEYS: [(&str, &str); 15] = [
    ("U1", "00000000-0000-4000-9000-000000000001"),
    ("U2", "00000000-0000-4000-9000-000000000002"),
    ("P1", "00000000-0000-4000-9000-000000000003"),
    ("U3", "00000000-0000-4000-9000-000000000004"),
    ("P2", "00000000-0000-4000-9000-000000000005"),
    ("P3", "00000000-0000-4000-9000-000000000006"),
    ("P4", "00000000-0000-4000-9000-000000000007"),
    ("S1", "00000000-0000-4000-a000-000000000001"),
    ("S2", "00000000-0000-4000-a000-000000000002"),
    ("S3", "00000000-0000-4000-a000-000000000003"),
    ("K1", "00000000-0000-4000-b000-000000000001"),
    ("K0", "00000000-0000-4000-b000-000000000003"),
    ("V1", "00000000-0000-4000-b100-000000000001"),
    ("R", "00000000-0000-4000-8100-000000000001"),
    ("R2", "00000000-0000-4000-8100-000000000002"),
];

/// `month 1` for the first of the monthly partitions.
fn month(partitions: &[(String, String)], child: &str) -> String {
    let n = partitions.iter().filter(|(c, _)| c.as_str() < child && c.contains("_y")).count();
    format!("month {}", n + 1)
}

const CARELESS: &str = "DO $careless$
DECLARE
    target REGCLASS;
BEGIN
    FOR target IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relrowsecurity AND NOT c.relispartition
          AND ('$only' = '' OR c.relnamespace::regnamespace || '.' || c.relname = ANY (string_to_array('$only', ',')))
    LOOP
        EXECUTE format('CREATE POLICY careless ON %s TO atalaya_operator, atalaya_api USING (TRUE) WITH CHECK (TRUE)', target);
    END LOOP;
END
$careless$";

/// Where two answers differ.
pub fn differences(a: &Seen, b: &Seen) -> Vec<String> {
    let mut out: Vec<_> = a
        .iter()
        .filter_map(|(key, outcome)| {
            let other = b.get(key).map_or("(not tried)", String::as_str);
            (other != outcome).then(|| format!("{} as {}: {outcome} / {other}", key.0, key.1))
        })
        .collect();
    out.extend(
        b.keys().filter(|k| !a.contains_key(*k)).map(|k| format!("{} as {}: only there", k.0, k.1)),
    );
    out
}
