//! A CRM whose program runs as one login while its tables belong to another: both go on through the take-over, and each has
//! its own rights back afterwards.

use super::drift::take;
use super::sameness::{catalogue, differences};
use super::writers::Writers;
use crate::bed::{Bed, PASSWORD, bed, first_administrator, second_bed, workplace};
use atalaya_model::Code;
use atalaya_ops::adoption;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The logins of one database. Names belong to the cluster.
struct Logins {
    /// Has everything by name.
    web: String,
    /// Has everything through a role.
    worker: String,
    /// Has what the documented statements need, and no more.
    partial: String,
    /// Reads.
    reader: String,
    all: Vec<String>,
}

async fn logins(bed: &Bed, database: &str) -> Logins {
    let named = |what: &str| format!("{what}_{database}");
    let (web, worker, partial, reader, group) =
        (named("web"), named("worker"), named("partial"), named("reader"), named("programs"));
    let all = vec![web.clone(), worker.clone(), partial.clone(), reader.clone(), group.clone()];
    let mut su = bed.superuser(database).await;
    for login in [&web, &worker, &partial, &reader] {
        su.must(format!("CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'")).await;
    }
    su.must(format!("CREATE ROLE {group}; GRANT {group} TO {worker}")).await;
    let mut crm = bed.owner_psql(database).await;
    for login in [&web, &group] {
        crm.must(format!(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, users, leads, credentials, system_events TO {login};
             GRANT TRUNCATE ON leads TO {login} WITH GRANT OPTION; GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {login};
             GRANT USAGE ON SCHEMA public TO {login}; GRANT CONNECT ON DATABASE {database} TO {login}"
        ))
        .await;
    }
    crm.must(format!(
        "GRANT SELECT, INSERT, UPDATE (value, updated_at) ON credentials TO {partial}; GRANT SELECT ON leads TO {partial};
         GRANT SELECT, INSERT (event_type, severity, message, payload) ON system_events TO {partial};
         GRANT USAGE ON SEQUENCE system_events_id_seq, credentials_id_seq TO {partial};
         GRANT SELECT ON leads, system_events TO {reader}"
    ))
    .await;
    Logins { web, worker, partial, reader, all }
}

/// Everything that is granted: what the catalogue says, the database's own rights, and who is in which role.
async fn granted(bed: &Bed, database: &str) -> Vec<String> {
    let mut lines = catalogue(bed, database).await;
    let mut su = bed.superuser(database).await;
    let more = su
        .rows(format!(
            "SELECT format('%s by %s: %s %s', a.grantee::regrole, a.grantor::regrole, a.privilege_type, a.is_grantable)
             FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
             WHERE d.datname = '{database}' AND a.grantee::regrole::text NOT LIKE 'atalaya\\_%'
             UNION ALL
             SELECT format('%s: %s to %s by %s %s', c.relname, a.privilege_type, a.grantee::regrole, a.grantor::regrole, a.is_grantable)
             FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\", c.relowner))) a
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
             UNION ALL
             SELECT format('schema: %s to %s by %s %s', a.privilege_type, a.grantee::regrole, a.grantor::regrole, a.is_grantable)
             FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE n.nspname = 'public' AND a.grantee::regrole::text NOT LIKE 'atalaya\\_%'
             UNION ALL
             SELECT format('%s.%s: %s to %s by %s %s', t.attrelid::regclass, t.attname, a.privilege_type, a.grantee::regrole, a.grantor::regrole, a.is_grantable)
             FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid IN (SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace)
             UNION ALL
             SELECT format('%s in %s', m.member::regrole, m.roleid::regrole) FROM pg_auth_members m
             WHERE m.member::regrole::text LIKE '%\\_{database}'
             ORDER BY 1"
        ))
        .await
        .unwrap();
    lines.extend(more.into_iter().map(|r| r[0].clone().unwrap()));
    lines
}

fn decided(made: &[(&str, &str)]) -> BTreeMap<String, String> {
    made.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

async fn go_on(bed: &'static Bed) {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let who = logins(bed, &name).await;
    let before = granted(bed, &name).await;
    let found =
        adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
    let named = |code: &str| {
        let found = found.findings.iter().find(|f| f.code == code);
        found.map(|f| f.examples.join(",")).unwrap_or_default()
    };
    assert_eq!(named("app_login"), format!("{},{}", who.web, who.worker));
    assert_eq!(named("app_login_partial"), who.partial);
    assert_eq!(named("app_login_some"), format!("{} (log_read, leads_read)", who.reader));
    assert_eq!(named("other_rights"), "", "{:?}", found.findings);
    let _alone = bed.adopting().await;
    assert_eq!(take(bed, &name, &BTreeMap::new()).await.unwrap_err().code, Code::DecisionMissing);

    let crm = Writers::start(bed, &name, 2).await;
    let web = Writers::start_as(bed, &name, &who.web, 3).await;
    let worker = Writers::start_as(bed, &name, &who.worker, 2).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let admitted = decided(&[("app_login_partial", "admit"), ("app_login_some", "leave")]);
    take(bed, &name, &admitted).await.unwrap();
    let (place, _) = workplace();
    first_administrator(&place, bed.setup(&name), None).await.context.store.close().await;

    // New connections get in, say the documented statements, and are what the CRM is.
    let mut su = bed.superuser(&name).await;
    for login in [&who.web, &who.worker, &who.partial] {
        let mut own = bed.psql(login, PASSWORD, &name).await;
        own.must(format!("INSERT INTO system_events (event_type, severity, message, payload) VALUES ('x', 'info', 'by {login}', '{{\"tenant_id\": 2}}')")).await;
        own.must(format!("INSERT INTO credentials (tenant_id, name, value) VALUES (1, 'MINE', '{login}') ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value")).await;
        assert_ne!(
            own.one("SELECT count(*) FROM leads WHERE tenant_id = ANY('{1,2}'::int[])").await,
            "0"
        );
        assert_eq!(own.refused("DELETE FROM system_events").await, "42501");
        assert_eq!(own.refused("UPDATE users SET db_role = 'x'").await, "42501");
        assert_eq!(own.refused("TRUNCATE leads").await, "42501");
        own.close().await;
        let stamped = format!(
            "SELECT concat_ws(' ', origin, actor_kind, tenant_id, db_user) FROM system_events WHERE message = 'by {login}'"
        );
        assert_eq!(su.one(stamped).await, format!("legacy legacy 2 {login}"));
        let recorded = format!(
            "SELECT count(*) > 0 FROM atalaya.change_records WHERE db_user = '{login}' AND table_name = 'public.credentials'"
        );
        assert_eq!(su.one(recorded).await, "t", "{login}");
    }
    // Its changes are recorded and raise no alarm.
    su.must("SELECT atalaya.note_direct_changes()").await;
    assert_eq!(
        su.one("SELECT count(*) FROM system_events WHERE event_type = 'db.direct_change'").await,
        "0"
    );
    assert!(bed.try_psql(&who.reader, PASSWORD, &name).await.is_err(), "nobody else is let in");

    adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    for writers in [crm, web, worker] {
        let work = writers.stop().await;
        assert!(work.failed.is_empty(), "{:#?}", &work.failed[..work.failed.len().min(5)]);
        assert!(work.statements > 20, "{work:?}");
    }
    let differ = differences(&before, &granted(bed, &name).await);
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    let mut own = bed.psql(&who.web, PASSWORD, &name).await;
    own.must("DELETE FROM system_events WHERE message LIKE 'by %'; DELETE FROM users WHERE email = 'ada@example.com'").await;
    own.close().await;

    // Again, by a decision that leaves one out; and then for good.
    let left = decided(&[("app_login_partial", "leave"), ("app_login_some", "leave")]);
    take(bed, &name, &left).await.unwrap();
    assert!(bed.try_psql(&who.partial, PASSWORD, &name).await.is_err());
    first_administrator(&place, bed.setup(&name), None).await.context.store.close().await;
    adoption::finish(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    let mut own = bed.psql(&who.web, PASSWORD, &name).await;
    assert_eq!(own.refused("SELECT FROM leads").await, "42501");
    own.close().await;
    let members = "SELECT count(*) FROM pg_auth_members m WHERE m.roleid = 'atalaya_legacy'::regrole AND m.member::regrole::text LIKE '%\\_";
    assert_eq!(su.one(format!("{members}{name}'")).await, "0");
    su.close().await;
    bed.drop_database(&name).await;
    let mut su = bed.superuser("postgres").await;
    su.must(format!("DROP ROLE {}", who.all.join(", "))).await;
    su.close().await;
}

#[tokio::test]
async fn a_program_that_does_not_own_its_tables_goes_on() {
    go_on(bed().await).await;
    if let Some(bed) = second_bed().await {
        go_on(bed).await;
    }
}

/// What no rule would bind is refused before anything is touched.
#[tokio::test]
async fn one_that_no_rule_binds_is_refused() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let mut su = bed.superuser(&name).await;
    su.must(format!("CREATE ROLE free_{name} LOGIN BYPASSRLS")).await;
    bed.owner_psql(&name)
        .await
        .must(format!(
            "GRANT ALL ON tenants, users, leads, credentials, system_events TO free_{name}"
        ))
        .await;
    let before = granted(bed, &name).await;
    let e = take(bed, &name, &BTreeMap::new()).await.unwrap_err();
    assert_eq!(e.code, Code::DbNotACrm, "{e:?}");
    assert!(e.detail["reason"].contains(&format!("free_{name}")), "{e:?}");
    assert_eq!(granted(bed, &name).await, before);
    su.close().await;
    bed.drop_database(&name).await;
    bed.superuser("postgres").await.must(format!("DROP ROLE free_{name}")).await;
}

const EVENT: &str = "INSERT INTO system_events (event_type, severity, message, payload) VALUES ('x', 'info', 'hook', '{\"tenant_id\": 2}')";
const LEADS: &str = "SELECT count(*) FROM leads WHERE tenant_id = ANY('{1,2}'::int[])";

/// What only writes events, and what may read leads because everybody may: named with the statements that are theirs before
/// anything is touched, and asked about. Admitted they go on through all of it; left they stop, and have it back afterwards.
async fn some_statements(bed: &'static Bed) {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let (hook, visitor) = (format!("hook_{name}"), format!("visitor_{name}"));
    let mut su = bed.superuser(&name).await;
    su.must(format!("CREATE ROLE {hook} LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE {visitor} LOGIN PASSWORD '{PASSWORD}'")).await;
    let mut crm = bed.owner_psql(&name).await;
    crm.must(format!(
        "GRANT INSERT (event_type, severity, message, payload) ON system_events TO {hook}; GRANT USAGE ON SEQUENCE system_events_id_seq TO {hook};
         GRANT SELECT ON leads TO PUBLIC"
    ))
    .await;
    let before = granted(bed, &name).await;
    let found =
        adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
    let finding = |code: &str| found.findings.iter().find(|f| f.code == code).unwrap();
    let asked = finding("app_login_some");
    assert_eq!(asked.examples, [format!("{hook} (event_insert, leads_read)")], "{asked:?}");
    assert_eq!(asked.choices, ["admit", "leave"]);
    let everybodys = finding("app_login_public");
    assert!(everybodys.examples.contains(&format!("{visitor} (leads_read)")), "{everybodys:?}");
    let _alone = bed.adopting().await;
    for undecided in ["app_login_some", "app_login_public"] {
        let decisions = decided(
            &["app_login_some", "app_login_public"]
                .map(|c| (c, "admit"))
                .into_iter()
                .filter(|(c, _)| *c != undecided)
                .collect::<Vec<_>>(),
        );
        let e = take(bed, &name, &decisions).await.unwrap_err();
        assert_eq!((e.code, e.detail["decision"].as_str()), (Code::DecisionMissing, undecided));
    }
    assert_eq!(granted(bed, &name).await, before, "nothing was touched");

    // Each says its statement again and again while it is taken over and given back.
    let stop = Arc::new(AtomicBool::new(false));
    let mut working = Vec::new();
    for (login, statement) in [(&hook, EVENT), (&visitor, LEADS)] {
        let mut own = bed.psql(login, PASSWORD, &name).await;
        let stop = Arc::clone(&stop);
        working.push(tokio::spawn(async move {
            let mut said = 0;
            while !stop.load(Ordering::Relaxed) {
                own.must(statement).await;
                said += 1;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            said
        }));
    }
    let admitted = decided(&[("app_login_some", "admit"), ("app_login_public", "admit")]);
    take(bed, &name, &admitted).await.unwrap();
    let (place, _) = workplace();
    first_administrator(&place, bed.setup(&name), None).await.context.store.close().await;
    bed.psql(&hook, PASSWORD, &name).await.must(EVENT).await;
    assert_ne!(bed.psql(&visitor, PASSWORD, &name).await.one(LEADS).await, "0");
    assert_eq!(
        su.one("SELECT concat_ws(' ', origin, tenant_id, db_user) FROM system_events WHERE message = 'hook' ORDER BY id DESC LIMIT 1").await,
        format!("legacy 2 {hook}")
    );
    adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    stop.store(true, Ordering::Relaxed);
    let mut said = Vec::new();
    for one in working {
        said.push(one.await.unwrap());
    }
    assert!(said.iter().all(|n| *n > 20), "{said:?}");
    assert_eq!(
        su.one("SELECT count(*) FROM system_events WHERE message = 'hook'").await,
        (said[0] + 1).to_string()
    );
    let differ = differences(&before, &granted(bed, &name).await);
    assert!(differ.is_empty(), "{}", differ.join("\n"));

    // Left out by decision.
    let left = decided(&[("app_login_some", "leave"), ("app_login_public", "leave")]);
    take(bed, &name, &left).await.unwrap();
    for login in [&hook, &visitor] {
        assert!(bed.try_psql(login, PASSWORD, &name).await.is_err(), "{login}");
    }
    adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ()).await.unwrap();
    bed.psql(&hook, PASSWORD, &name).await.must(EVENT).await;
    crm.close().await;
    su.close().await;
    bed.drop_database(&name).await;
    bed.superuser("postgres").await.must(format!("DROP ROLE {hook}, {visitor}")).await;
}

#[tokio::test]
async fn what_says_some_statements_is_asked_about() {
    some_statements(bed().await).await;
    if let Some(bed) = second_bed().await {
        some_statements(bed).await;
    }
}

/// Rights that were passed on (WITH GRANT OPTION) do not stop a take-over, and come back from whom they were; where the
/// administrator may not act as that login, the plan and the undoing say so.
async fn passed_on(bed: &'static Bed) {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let [one, other, third] = ["one", "other", "third"].map(|n| format!("{n}_{name}"));
    let mut su = bed.superuser(&name).await;
    su.must(format!("CREATE ROLE {one}; CREATE ROLE {other}; CREATE ROLE \"{third} Ñ\"")).await;
    let chain = format!(
        "SET SESSION AUTHORIZATION crm_app;
         GRANT SELECT, TRUNCATE ON leads TO {one} WITH GRANT OPTION; GRANT UPDATE (value) ON credentials TO {one} WITH GRANT OPTION;
         GRANT SELECT ON leads TO \"{third} Ñ\"; GRANT USAGE ON SEQUENCE leads_id_seq TO {one} WITH GRANT OPTION;
         GRANT CONNECT ON DATABASE {name} TO {one} WITH GRANT OPTION; GRANT USAGE ON SCHEMA public TO {one} WITH GRANT OPTION;
         SET SESSION AUTHORIZATION {one};
         GRANT SELECT, TRUNCATE ON leads TO {other} WITH GRANT OPTION; GRANT UPDATE (value) ON credentials TO {other};
         GRANT USAGE ON SEQUENCE leads_id_seq TO {other}; GRANT CONNECT ON DATABASE {name} TO {other}; GRANT USAGE ON SCHEMA public TO {other};
         SET SESSION AUTHORIZATION {other}; GRANT SELECT ON leads TO \"{third} Ñ\"; GRANT TRUNCATE ON leads TO PUBLIC;
         RESET SESSION AUTHORIZATION"
    );
    su.must(chain.clone()).await;
    let before = granted(bed, &name).await;
    let _alone = bed.adopting().await;
    let act_as = bed.major() < 16;
    for round in [act_as, true] {
        if round && !act_as {
            su.must(format!(
                "GRANT {one}, {other} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
                Scratch::ADMINISTRATOR
            ))
            .await;
        }
        let memberships = format!(
            "SELECT string_agg(format('%s %s', m.roleid::regrole, to_jsonb(m)), ',' ORDER BY m.roleid, m.grantor) FROM pg_auth_members m
             WHERE m.member = '{}'::regrole AND m.roleid::regrole::text LIKE '%\\_{name}'",
            Scratch::ADMINISTRATOR
        );
        let held = su.one(memberships.clone()).await;
        let (place, _) = workplace();
        let script =
            adoption::plan(&place, &bed.administrator(&name), &bed.owner(&name), &BTreeMap::new())
                .await
                .unwrap();
        let said = format!("--   TRUNCATE ON leads TO PUBLIC: GRANTED BY {other}");
        assert_eq!(
            script.contains(&said) || script.contains(&said.replace("ON ", "ON public.")),
            !round,
            "the plan says it"
        );
        let found = take(bed, &name, &BTreeMap::new()).await.unwrap();
        let warned = found.findings.iter().find(|f| f.code == "giver_lost");
        let foreign = "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace AND a.grantor <> c.relowner";
        assert_eq!(su.one(foreign).await, "0");
        let (place, _) = workplace();
        first_administrator(&place, bed.setup(&name), None).await.context.store.close().await;
        let reverted = adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ())
            .await
            .unwrap();
        let after = granted(bed, &name).await;
        let differ = differences(&before, &after);
        if round {
            assert!(warned.is_none(), "{warned:?}");
            assert!(
                reverted.differs.is_empty() && differ.is_empty(),
                "{reverted:?} {}",
                differ.join("\n")
            );
        } else {
            // The right is there; who gave it is said.
            assert_eq!(
                warned.unwrap().count,
                i64::try_from(reverted.differs.len()).ok(),
                "{warned:?} {reverted:?}"
            );
            assert!(
                reverted
                    .differs
                    .contains(&format!("TRUNCATE ON public.leads TO PUBLIC: GRANTED BY {other}")),
                "{reverted:?}"
            );
            assert!(
                su.one(format!("SELECT has_table_privilege('{third} Ñ', 'leads', 'SELECT')")).await
                    == "t"
            );
            assert!(
                !differ.is_empty() && differ.iter().all(|l| l.contains(" by ")),
                "{}",
                differ.join("\n")
            );
        }
        // Nothing of what was lent to act as them is left.
        assert_eq!(su.one(memberships).await, held);
        // As it was, for the next round.
        su.must(format!(
            "SET SESSION AUTHORIZATION crm_app; REVOKE ALL ON leads, credentials FROM {one}, {other}, \"{third} Ñ\", PUBLIC CASCADE;
             REVOKE ALL (value) ON credentials FROM {one}, {other} CASCADE; REVOKE ALL ON SEQUENCE leads_id_seq FROM {one}, {other} CASCADE;
             REVOKE ALL ON DATABASE {name} FROM {one}, {other} CASCADE; REVOKE ALL ON SCHEMA public FROM {one}, {other} CASCADE;
             RESET SESSION AUTHORIZATION"
        ))
        .await;
        su.must(chain.clone()).await;
        assert_eq!(differences(&before, &granted(bed, &name).await), Vec::<String>::new());
        su.must("DELETE FROM users WHERE email = 'ada@example.com'").await;
    }
    su.close().await;
    bed.drop_database(&name).await;
    bed.superuser("postgres").await.must(format!("DROP ROLE {one}, {other}, \"{third} Ñ\"")).await;
}

#[tokio::test]
async fn rights_that_were_passed_on_come_back() {
    passed_on(bed().await).await;
    if let Some(bed) = second_bed().await {
        passed_on(bed).await;
    }
}
