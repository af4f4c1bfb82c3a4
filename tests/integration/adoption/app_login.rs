//! A CRM whose program runs as one login while its tables belong to another: both go on through the take-over, and each has
//! its own rights back afterwards.

use super::drift::take;
use super::sameness::{catalogue, differences};
use super::writers::Writers;
use crate::bed::{Bed, PASSWORD, bed, first_administrator, second_bed, workplace};
use atalaya_model::Code;
use atalaya_ops::adoption;
use std::collections::BTreeMap;
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
             FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace
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
    assert_eq!(named("other_rights"), who.reader, "{:?}", found.findings);
    let _alone = bed.adopting().await;
    assert_eq!(take(bed, &name, &BTreeMap::new()).await.unwrap_err().code, Code::DecisionMissing);

    let crm = Writers::start(bed, &name, 2).await;
    let web = Writers::start_as(bed, &name, &who.web, 3).await;
    let worker = Writers::start_as(bed, &name, &who.worker, 2).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let admitted = BTreeMap::from([("app_login_partial".to_owned(), "admit".to_owned())]);
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
    let left = BTreeMap::from([("app_login_partial".to_owned(), "leave".to_owned())]);
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
