//! Looking at a database before anything is done with it. Reads only, with the login that owns the CRM's tables.
//!
//! The database is not trusted: whoever owns it may have put functions, operators, policies and index expressions into it
//! that would run with the rights of the login that looks. Names are found in `pg_catalog` alone, the one transaction is
//! read only, and a table with code of its own is not counted.
//!
//! Knows the schema of CRM Ventas and says so plainly when it meets another. Findings carry counts and keys, never a value
//! of a secret.

use super::Administrator;
use super::expected::{self, Expected};
use super::migrate::script;
use super::{app_logins, gaps, probes, statements, steps};
use crate::connect::OLDEST_MAJOR;
use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{
    Candidate, DatabaseKind, Finding, FindingSeverity, Inspection, TableAction, TableInspection,
};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeMap;

/// What a take-over checks before it changes anything.
pub(super) const INSPECT: &str = include_str!("../../../../migrations/steps/inspect.sql");

/// How the transaction of an inspection is begun.
const LOOK: &str = "SET TRANSACTION READ ONLY; SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL row_security = off; SET LOCAL constraint_exclusion = off;
    SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '5min'";

impl Administrator {
    /// The dry run. `self` is the login that owns the tables; `administrator` the one that will make roles.
    ///
    /// # Errors
    /// What the database says.
    pub async fn inspect(&self, administrator: &Self) -> Result<Inspection> {
        let login = self.login().await?;
        let kind = self.kind().await?;
        let mut tx = self.pool.begin().await.map_err(run)?;
        script(&mut tx, LOOK).await?;
        let mut tables = tables(&mut tx).await?;
        // Of what blocks, the login comes first: with a wrong one the rest says little.
        let mut findings = rights(&login, &administrator.login().await?, kind);
        if kind != DatabaseKind::Other {
            let grant = administrator.lacking().await?;
            findings.extend(
                grant.map(|g| finding("roles_of_another", FindingSeverity::Blocking, vec![g])),
            );
        }
        findings.extend(structure(kind, &tables));
        if kind == DatabaseKind::Legacy {
            findings.extend(conflicts(&mut tx).await?);
        }
        let mut columns: Vec<String> = Vec::new();
        // Whoever does not own the tables may not be able to read them either.
        if matches!(kind, DatabaseKind::Legacy) && !blocks(&findings) {
            columns = tables.iter().flat_map(|t| t.columns.iter().cloned()).collect();
            findings.extend(probes::ask(&mut tx, &columns).await?);
            findings.extend(gaps::ask(&mut tx).await?);
            let logins = app_logins::ask(&mut tx).await?;
            findings.extend(surroundings(&mut tx, &logins).await?);
            findings.extend(givers(&mut tx, &administrator.name().await?).await?);
            findings.extend(app_logins::findings(&logins));
        }
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let mut ceos = if matches!(kind, DatabaseKind::Legacy) && !blocks(&findings) {
            ceos(&mut tx).await?
        } else {
            Vec::new()
        };
        let sizes = sizes(&mut tx, &tables).await?;
        tx.rollback().await.map_err(run)?;
        let mut statements = match kind {
            DatabaseKind::Legacy => statements::classes(
                statements::renamed(&columns),
                findings.iter().any(|f| f.code == "credential_duplicates"),
            ),
            _ => Vec::new(),
        };
        let mut taken = None;
        if kind == DatabaseKind::Adopted
            && !blocks(&findings)
            && let Some(seen) = administrator.taken().await?
        {
            for table in &mut tables {
                // What is there beside the documents is Atalaya's by now.
                table.shown.differences.clear();
                if let Some(rows) = seen.rows.get(&table.shown.name) {
                    table.shown.rows = *rows;
                }
            }
            if seen.taken.can_be_undone {
                let decided = |code| seen.decisions.contains_key(code);
                statements = statements::classes(
                    decided("event_time_column"),
                    decided("credential_duplicates"),
                );
            }
            ceos = seen.ceos;
            taken = Some(seen.taken);
        }
        let can_apply =
            matches!(kind, DatabaseKind::Empty | DatabaseKind::Legacy) && !blocks(&findings);
        Ok(Inspection {
            database: self.database.clone(),
            server_version: login.server_version,
            kind,
            statements,
            steps: steps::planned(kind, &sizes, &findings),
            tables: tables.into_iter().map(|t| t.shown).collect(),
            findings,
            taken,
            ceos,
            can_apply,
        })
    }
}

impl Administrator {
    /// Whether somebody has this e-mail, as the CRM keeps it. Of a database that the inspection found fit.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_user(&self, email: &str) -> Result<bool> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        script(&mut tx, LOOK).await?;
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM public.users u WHERE u.email::text = $1) AS "there!""#,
            email
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(run)
    }
}

/// What would stop the migrations half-way, found by the same step that the take-over runs first.
async fn conflicts(connection: &mut PgConnection) -> Result<Option<Finding>> {
    let mut point = connection.begin().await.map_err(run)?;
    let said = sqlx::raw_sql(INSPECT).execute(&mut *point).await;
    point.rollback().await.map_err(run)?;
    let Err(e) = said else { return Ok(None) };
    let detail = e
        .as_database_error()
        .and_then(|d| d.try_downcast_ref::<sqlx::postgres::PgDatabaseError>())
        .and_then(|d| d.detail())
        .map(|d| d.lines().map(str::to_owned).collect::<Vec<_>>());
    match detail {
        Some(lines) => Ok(Some(finding("structure_conflict", FindingSeverity::Blocking, lines))),
        None => Err(run(e)),
    }
}

async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>> {
    let columns = sqlx::query!(
        r#"SELECT c.relname::text AS "table!", a.attname::text AS "column!",
             format_type(a.atttypid, NULL) AS "type!", has_table_privilege(c.oid, 'SELECT') AS "readable!"
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           ORDER BY c.relname, a.attnum"#
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(run)?;
    // Which tables there are is known at run time only. The server quotes their names; `query_to_xml`, which would count
    // them in one statement, is missing where Postgres was built without libxml.
    // Planning a count folds what is constant in an index's expression or a statistic's, which runs its functions: tables
    // that have such of somebody's own (what is built in has no dependency rows) are not counted, nor are those that row
    // security would filter.
    let statements = sqlx::query!(
        r#"SELECT c.relname::text AS "table!",
             format('SELECT count(*) FROM %s public.%I', CASE c.relkind WHEN 'r' THEN 'ONLY' ELSE '' END, c.relname) AS "count!"
           FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
             AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)
             AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid)
             AND NOT EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid AND s.stxexprs IS NOT NULL)
             AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_index i ON i.indexrelid = d.objid
               WHERE i.indrelid IN (SELECT c.oid UNION ALL SELECT relid FROM pg_partition_tree(c.oid))
                 AND d.classid = 'pg_class'::regclass AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass))"#
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(run)?;
    let mut rows: BTreeMap<String, i64> = BTreeMap::new();
    for statement in statements {
        let counted = sqlx::query_scalar(sqlx::AssertSqlSafe(statement.count));
        rows.insert(statement.table, counted.fetch_one(&mut *connection).await.map_err(run)?);
    }
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in columns {
        found.entry(row.table).or_default().push((row.column, row.r#type));
    }
    Ok(found
        .into_iter()
        .map(|(name, columns)| {
            let expected = expected::table(&name);
            let differences = expected.map(|e| e.differences(&columns)).unwrap_or_default();
            let action = match expected {
                Some(e) => e.action,
                None => TableAction::Leave,
            };
            Table {
                columns: columns.iter().map(|(c, _)| format!("{name}.{c}")).collect(),
                has_tenant: columns.iter().any(|(c, _)| c == "tenant_id"),
                missing: expected.is_some_and(|e| e.lacks_needed(&columns)),
                shown: TableInspection {
                    rows: rows.get(&name).copied().unwrap_or(-1),
                    expected: expected.is_some(),
                    differences,
                    action,
                    name,
                },
            }
        })
        .collect())
}

/// What stands around the tables: who else has rights on them, and whose server it is.
async fn surroundings(
    connection: &mut PgConnection,
    going_on: &[app_logins::AppLogin],
) -> Result<Vec<Finding>> {
    // What goes on is told apart; so is a role that nobody but those is in.
    let going_on: Vec<String> = going_on.iter().map(|l| l.login.clone()).collect();
    let row = sqlx::query!(
        r#"SELECT
             (SELECT coalesce(array_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END), '{}')
              FROM pg_class c
              CROSS JOIN LATERAL (SELECT c.relacl AS acl UNION ALL SELECT t.attacl FROM pg_attribute t WHERE t.attrelid = c.oid) g
              CROSS JOIN LATERAL aclexplode(g.acl) a
              WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
                AND a.grantee <> c.relowner AND NOT pg_has_role(current_user, nullif(a.grantee, 0), 'USAGE') IS TRUE
                AND NOT (a.grantee <> 0 AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = ANY ($1) AND pg_has_role(r.oid, a.grantee, 'USAGE'))
                         AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> ALL ($1)
                                         AND pg_has_role(r.oid, a.grantee, 'USAGE')))) AS "others!",
             (SELECT coalesce(array_agg(r.rolname::text), '{}') FROM pg_roles r
              WHERE r.rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser', 'neon_superuser', 'supabase_admin'))
               AS "managed!",
             (SELECT coalesce(array_agg(p.pubname::text ORDER BY p.pubname), '{}') FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
              WHERE r.prrelid = to_regclass('public.system_events')) AS "published!",
             EXISTS (SELECT FROM pg_attribute a WHERE a.attisdropped AND a.attacl IS NOT NULL AND a.attrelid IN
               (SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events'))) AS "dropped!""#,
        &going_on
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(run)?;
    use FindingSeverity::{Blocking, Info, Warning};
    let mut out = Vec::new();
    if !row.others.is_empty() {
        out.push(finding("other_rights", Warning, row.others));
    }
    if !row.managed.is_empty() {
        out.push(finding("managed_server", Info, row.managed));
    }
    if !row.published.is_empty() {
        out.push(finding("published_log", Warning, row.published));
    }
    if row.dropped {
        // Postgres names such a column, and knows none of that name.
        out.push(finding("dropped_column_rights", Blocking, Vec::new()));
    }
    Ok(out)
}

/// Rights that somebody else than the owner gave, as whom this administrator may not act to give them again after an undoing.
async fn givers(connection: &mut PgConnection, administrator: &str) -> Result<Option<Finding>> {
    let lost = sqlx::query_scalar!(
        r#"SELECT format('%s ON %s TO %s: GRANTED BY %s', a.privilege_type, o.object,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.grantor::regrole) AS "lost!"
           FROM (SELECT c.oid::regclass::text AS object, c.relowner AS owner, g.acl FROM pg_class c
                 CROSS JOIN LATERAL (SELECT c.relacl AS acl UNION ALL SELECT t.attacl FROM pg_attribute t WHERE t.attrelid = c.oid AND NOT t.attisdropped) g
                 WHERE c.relnamespace = 'public'::regnamespace
                   AND (c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')
                        OR c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
                           WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND t.relnamespace = c.relnamespace
                             AND t.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')))
                 UNION ALL SELECT 'SCHEMA public', n.nspowner, n.nspacl FROM pg_namespace n WHERE n.nspname = 'public'
                 UNION ALL SELECT 'DATABASE ' || quote_ident(d.datname), d.datdba, d.datacl FROM pg_database d WHERE d.datname = current_database()) o
           CROSS JOIN LATERAL aclexplode(o.acl) a JOIN pg_roles giver ON giver.oid = a.grantor
           WHERE a.grantor <> o.owner
             -- 15 lets whoever makes roles, 16 and newer whoever may pass this one on or become it.
             AND NOT (NOT giver.rolsuper AND (current_setting('server_version_num')::int < 160000
                      OR pg_has_role($1, giver.oid, 'MEMBER WITH ADMIN OPTION')
                      OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
                                 WHERE m.roleid = giver.oid AND r.rolname = $1 AND (to_jsonb(m) ->> 'set_option')::boolean)))
           ORDER BY 1"#,
        administrator
    )
    .fetch_all(connection)
    .await
    .map_err(run)?;
    Ok((!lost.is_empty()).then(|| finding("giver_lost", FindingSeverity::Warning, lost)))
}

/// CEOs who could be linked as first administrator.
pub(super) async fn ceos(connection: &mut PgConnection) -> Result<Vec<Candidate>> {
    // Through JSON: a CRM's users may have no names.
    sqlx::query_as!(
        Candidate,
        r#"SELECT id AS user_id, email,
             coalesce(nullif(btrim(concat_ws(' ', to_jsonb(u) ->> 'first_name', to_jsonb(u) ->> 'last_name')), ''), email) AS "name!"
           FROM public.users u WHERE role = 'ceo' AND status = 'active' ORDER BY email LIMIT 5000"#
    )
    .fetch_all(connection)
    .await
    .map_err(run)
}

/// What the documented tables measure. A table that could not be counted is as long as the statistics say.
async fn sizes(connection: &mut PgConnection, tables: &[Table]) -> Result<steps::Sizes> {
    let measured = sqlx::query!(
        r#"SELECT c.relname::text AS "table!", pg_table_size(c.oid) AS "bytes!", greatest(c.reltuples, 0)::bigint AS "guess!"
           FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"#
    )
    .fetch_all(connection)
    .await
    .map_err(run)?;
    Ok(measured
        .into_iter()
        .filter_map(|m| {
            let name = expected::table(&m.table)?.name;
            let counted = tables.iter().find(|t| t.shown.name == name).map(|t| t.shown.rows);
            let rows = counted.filter(|n| *n >= 0).unwrap_or(m.guess).unsigned_abs();
            Some((name, steps::Size { rows, bytes: m.bytes.unsigned_abs() }))
        })
        .collect())
}

struct Table {
    /// As `table.column`.
    columns: Vec<String>,
    shown: TableInspection,
    has_tenant: bool,
    missing: bool,
}

fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == FindingSeverity::Blocking)
}

fn finding(code: &'static str, severity: FindingSeverity, examples: Vec<String>) -> Finding {
    let count = (!examples.is_empty()).then_some(examples.len() as i64);
    Finding {
        code,
        severity,
        table: None,
        count,
        examples: examples.into_iter().take(10).collect(),
        choices: Vec::new(),
    }
}

fn structure(kind: DatabaseKind, tables: &[Table]) -> Vec<Finding> {
    use FindingSeverity::{Blocking, Info};
    let mut out = Vec::new();
    if kind == DatabaseKind::Legacy {
        let missing: Vec<_> = expected::TABLES
            .iter()
            .filter(|e| !tables.iter().any(|t| t.shown.name == e.name))
            .map(|e: &Expected| e.name.to_owned())
            .collect();
        if !missing.is_empty() {
            // The take-over makes the missing ones; it is said so that nobody is surprised.
            out.push(finding("missing_table", Info, missing));
        }
        let broken: Vec<_> = tables
            .iter()
            .filter(|t| t.missing)
            .map(|t| format!("{}: {}", t.shown.name, t.shown.differences.join(", ")))
            .collect();
        if !broken.is_empty() {
            out.push(finding("missing_column", Blocking, broken));
        }
    }
    let others: Vec<_> = tables
        .iter()
        .filter(|t| !t.shown.expected && t.has_tenant)
        .map(|t| t.shown.name.clone())
        .collect();
    if !others.is_empty() && kind != DatabaseKind::Other {
        out.push(finding("other_table_with_tenant", Info, others));
    }
    out
}

fn rights(owner: &super::Login, administrator: &super::Login, kind: DatabaseKind) -> Vec<Finding> {
    use FindingSeverity::{Blocking, Warning};
    let mut out = Vec::new();
    if owner.major < OLDEST_MAJOR {
        out.push(finding("version_unsupported", Blocking, vec![owner.server_version.clone()]));
    }
    if administrator.superuser {
        out.push(finding("role_superuser", Blocking, vec![administrator.name.clone()]));
    }
    if owner.superuser && owner.name != administrator.name {
        out.push(finding("role_superuser", Blocking, vec![owner.name.clone()]));
    }
    if !administrator.creates_roles && !administrator.superuser {
        out.push(finding(
            "right_missing",
            Blocking,
            vec![format!("{}: CREATEROLE", administrator.name)],
        ));
    }
    if matches!(kind, DatabaseKind::Legacy | DatabaseKind::Empty) && !owner.owns_database {
        out.push(finding("right_missing", Blocking, vec![format!("{}: OWNER", owner.name)]));
    }
    if matches!(kind, DatabaseKind::Legacy) && !owner.owns_tables {
        out.push(finding(
            "right_missing",
            Blocking,
            vec![format!("{}: OWNER OF TABLES", owner.name)],
        ));
    }
    if owner.others_connect > 0 {
        let mut f = finding("connect_will_be_revoked", Warning, Vec::new());
        f.count = Some(owner.others_connect);
        out.push(f);
    }
    out
}
