//! Permits and events: no event, no commit; nothing under rights that are gone; no connection lost.

use crate::audit::{events_of, left};
use crate::bed::{Copy, Person, bed, caller};
use atalaya_model::access::{Action, Caller, Scope, Tenants};
use atalaya_model::{Code, Error, Result, TenantId};
use atalaya_ops::{Context, users};
use atalaya_store::{Done, Job, Permit, Resource, users as rows};
use std::collections::BTreeMap;
use std::time::Duration;

async fn somebody(copy: &Copy) -> (&'static Person, Context) {
    let person = copy.person("closer", Some(1));
    (person, copy.context(person).await)
}

async fn permit(cx: &Context, request: &Caller) -> Permit {
    cx.store.permit(request, Action::ProfileUpdate, Scope::All).await.unwrap()
}

async fn name_of(copy: &Copy, person: &Person) -> String {
    let sql =
        format!("SELECT coalesce(first_name, '') FROM public.users WHERE id = '{}'", person.id);
    copy.superuser().await.one(sql).await
}

#[tokio::test]
async fn a_body_that_fails_leaves_nothing_but_its_event() {
    let copy = bed().await.small().await;
    let (person, cx) = somebody(&copy).await;
    let request = caller(&cx.workplace);
    let done: Result<()> = cx
        .store
        .change(permit(&cx, &request).await, async |tx| {
            rows::update_own_profile(tx, "Changed", "x").await?;
            Err(Error::new(Code::Conflict, "not after all"))
        })
        .await;
    let e = done.unwrap_err();
    assert_eq!((e.code, e.request_id), (Code::Conflict, Some(request.request_id)));
    assert_eq!(name_of(&copy, person).await, "");
    let mut su = copy.superuser().await;
    left(&mut su, &request, "profile.updated", "failed", (&person.email, &person.login)).await;
}

#[tokio::test]
async fn rights_that_changed_meanwhile_are_a_conflict() {
    let copy = bed().await.small().await;
    let (person, cx) = somebody(&copy).await;
    let mut su = copy.superuser().await;
    let changes = [
        format!(
            "INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('{}', 'setter', 1)",
            person.id
        ),
        "INSERT INTO atalaya.role_permissions (role, permission) VALUES ('closer', 'audit.list')"
            .to_owned(),
        format!("UPDATE public.users SET tenant_id = 2 WHERE id = '{}'", person.id),
    ];
    for change in changes {
        let request = caller(&cx.workplace);
        let permit = permit(&cx, &request).await;
        su.must(change.clone()).await;
        let done = cx
            .store
            .change(permit, async |tx| {
                rows::update_own_profile(tx, "Changed", "x").await?;
                Ok(Done::ok((), Resource::default()))
            })
            .await;
        assert_eq!(done.unwrap_err().code, Code::Conflict, "{change}");
        assert_eq!(name_of(&copy, person).await, "");
    }
    // Suspended: not even the failure is theirs to record.
    let request = caller(&cx.workplace);
    let permit = permit(&cx, &request).await;
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", person.id))
        .await;
    let read = cx.store.view(permit, async |_| Ok(())).await;
    assert!(matches!(read.unwrap_err().code, Code::Conflict | Code::AccessDenied));
    assert_eq!(events_of(&mut su, &request).await, Vec::<Vec<Option<String>>>::new());
}

/// Tenants that a page reaches, or why there is none.
async fn page(cx: &Context, request: &Caller) -> Result<Tenants> {
    let permit = cx.store.permit(request, Action::AuditList, Scope::All).await?;
    cx.store.view(permit, async |read| Ok(read.reach().tenants.clone())).await
}

fn reach(tenants: &[i32]) -> Tenants {
    Tenants::Only(tenants.iter().copied().map(TenantId).collect())
}

#[tokio::test]
async fn a_counted_read_goes_by_the_rights_of_its_moment() {
    let copy = bed().await.small().await;
    let person = copy.person("auditor", Some(1));
    let cx = copy.context(person).await;
    let mut su = copy.superuser().await;
    let counted = format!(
        "SELECT coalesce(sum(count), 0) FROM atalaya.view_counts WHERE user_id = '{}'",
        person.id
    );
    assert_eq!(page(&cx, &caller(&cx.workplace)).await.unwrap(), reach(&[1]));
    // More: the next one reaches it.
    su.must(format!(
        "INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('{}', 'auditor', 2)",
        person.id
    ))
    .await;
    assert_eq!(page(&cx, &caller(&cx.workplace)).await.unwrap(), reach(&[1, 2]));
    assert_eq!(su.one(counted.clone()).await, "2");
    // Nothing: refused with the one event of a refusal, and counted as no read.
    su.must(
        "DELETE FROM atalaya.role_permissions WHERE role = 'auditor' AND permission = 'audit.list'",
    )
    .await;
    let request = caller(&cx.workplace);
    assert_eq!(page(&cx, &request).await.unwrap_err().code, Code::AccessDenied);
    left(&mut su, &request, "log.viewed", "denied", (&person.email, &person.login)).await;
    assert_eq!(su.one(counted.clone()).await, "2");
    su.must(
        "INSERT INTO atalaya.role_permissions (role, permission) VALUES ('auditor', 'audit.list')",
    )
    .await;
    assert_eq!(page(&cx, &caller(&cx.workplace)).await.unwrap(), reach(&[1, 2]));
    // Suspended between leave and read: nobody any more.
    let request = caller(&cx.workplace);
    let permit = cx.store.permit(&request, Action::AuditList, Scope::All).await.unwrap();
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", person.id))
        .await;
    let read = cx.store.view(permit, async |_| Ok(())).await;
    assert_eq!(read.unwrap_err().code, Code::AccessDenied);
    assert_eq!(events_of(&mut su, &request).await, Vec::<Vec<Option<String>>>::new());
    assert_eq!(su.one(counted).await, "3");
}

#[tokio::test]
async fn a_right_that_ends_before_a_read_begins_is_a_refusal() {
    let copy = bed().await.small().await;
    let person = copy.person("auditor", Some(1));
    let cx = copy.context(person).await;
    let mut su = copy.superuser().await;
    // More at once than there are connections: each refusal needs one of its own.
    let mut permits = Vec::new();
    for n in 0..6 {
        let (action, event) = match n {
            0 => (Action::AuditExport, "log.exported"),
            _ => (Action::AuditList, "log.viewed"),
        };
        let request = caller(&cx.workplace);
        let permit = cx.store.permit(&request, action, Scope::All).await.unwrap();
        permits.push((request, event, permit));
    }
    su.must("DELETE FROM atalaya.role_permissions WHERE role = 'auditor'").await;
    let began = std::time::Instant::now();
    let mut views = tokio::task::JoinSet::new();
    for (request, event, permit) in permits {
        let store = cx.store.clone();
        views.spawn(async move {
            let read = store.view(permit, async |_| Ok(())).await;
            (request, event, read.unwrap_err().code)
        });
    }
    for (request, event, code) in views.join_all().await {
        assert_eq!(code, Code::AccessDenied);
        left(&mut su, &request, event, "denied", (&person.email, &person.login)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_job_stops_when_the_rights_end() {
    let copy = bed().await.small().await;
    let (person, cx) = somebody(&copy).await;
    let request = caller(&cx.workplace);
    let first = permit(&cx, &request).await;
    let mut job = cx.store.job(first, cx.workplace.uuid().unwrap());
    let batch = async |job: &mut Job| {
        job.batch(async |tx| {
            rows::update_own_profile(tx, "One", "x").await?;
            Ok(Done::ok((), Resource::default()))
        })
        .await
    };
    batch(&mut job).await.unwrap();
    let mut su = copy.superuser().await;
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", person.id))
        .await;
    assert_eq!(batch(&mut job).await.unwrap_err().code, Code::AccessDenied);
}

#[tokio::test]
async fn connections_come_back() {
    let copy = bed().await.small().await;
    let (_, cx) = somebody(&copy).await;
    for n in 0..50 {
        let request = caller(&cx.workplace);
        let permit = permit(&cx, &request).await;
        let failing = cx.store.change(permit, async |tx| {
            rows::update_own_profile(tx, "x", "x").await?;
            if n % 3 == 0 {
                // Somebody who hangs up: the body never ends.
                std::future::pending::<()>().await;
            }
            Err::<Done<()>, _>(Error::new(Code::Conflict, "no"))
        });
        let _ = tokio::time::timeout(
            Duration::from_millis(if n % 3 == 0 { 60 } else { 10_000 }),
            failing,
        )
        .await;
    }
    // More than the pool holds were begun and dropped; every one of these waits for a connection of its own.
    for _ in 0..8 {
        users::update_profile(&cx, &caller(&cx.workplace), "Back".into(), String::new())
            .await
            .unwrap();
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(copy.superuser().await.one(open).await, "0");
}

#[tokio::test]
async fn a_commit_without_an_answer_says_so() {
    let copy = bed().await.small().await;
    let (_, cx) = somebody(&copy).await;
    let mut su = copy.superuser().await;
    su.must(
        "CREATE FUNCTION public.hang_up() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER AS
         'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON public.users DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION public.hang_up()",
    )
    .await;
    let request = caller(&cx.workplace);
    let e = users::update_profile(&cx, &request, "Lost".into(), String::new()).await.unwrap_err();
    assert_eq!((e.code, e.request_id), (Code::CommitUnknown, Some(request.request_id)));
    su.must("DROP TRIGGER at_commit ON public.users").await;
    users::update_profile(&cx, &caller(&cx.workplace), "Found".into(), String::new())
        .await
        .unwrap();
}

#[tokio::test]
async fn without_an_event_nothing_is_committed() {
    let copy = bed().await.small().await;
    let (person, cx) = somebody(&copy).await;
    let mut su = copy.superuser().await;
    // The gate cannot write: the change must not happen either, and neither must a read.
    su.must("DROP POLICY gate_insert ON public.system_events").await;
    let e = users::update_profile(&cx, &caller(&cx.workplace), "Silent".into(), String::new())
        .await
        .unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    assert_eq!(name_of(&copy, person).await, "");
    let auditor = copy.context(copy.person("auditor", Some(1))).await;
    let page = atalaya_ops::audit::list(
        &auditor,
        &caller(&auditor.workplace),
        Default::default(),
        None,
        5,
    )
    .await;
    assert!(page.is_err());
    // And no key of the gate, no facts: everything fails closed.
    su.must("DROP POLICY gate_read ON atalaya.grants").await;
    assert!(
        cx.store.facts().await.is_err_and(|e| e.code == Code::AccessDenied)
            || cx.store.facts().await.unwrap().grants.is_empty()
    );
}

/// Every operation can run on a task of its own.
#[test]
fn operations_are_send() {
    use atalaya_model::audit::EventId;
    use atalaya_model::{Instant, Secret};
    use atalaya_ops::{
        Workplace, adoption, audit, connections, kit, overview, secrets, sessions, setup,
    };
    use std::path::Path;
    use tokio_util::sync::CancellationToken;
    fn send(_: impl Send) {}
    // Never called: that it compiles is the test.
    let _ =
        |cx: &Context, c: &Caller, place: &Workplace, path: &Path, opened: &sessions::Opened| {
            send(audit::list(cx, c, "", None, 1));
            send(audit::count(cx, c, "", CancellationToken::new()));
            send(audit::read(cx, c, EventId(1), Instant::INFINITY));
            send(audit::find(cx, c, EventId(1)));
            send(audit::options(cx, c));
            let export = serde_json::from_str("").unwrap();
            send(audit::export(cx, c, export, path, |_| (), CancellationToken::new()));
            send(overview::view(cx, c));
            send(users::update_profile(cx, c, String::new(), String::new()));
            send(secrets::ensure(cx, c, true, None));
            send(secrets::import_env(cx, c, path));
            send(sessions::open(place, c, "", Secret::default()));
            send(sessions::end(cx, c, opened.id, ""));
            let draft = kit::begin(place).unwrap();
            send(kit::confirm(cx, c, &opened.session.connection, &draft, &[]));
            send(kit::begin_again(cx, &opened.session.connection, Secret::default()));
            let restore = serde_json::from_str("").unwrap();
            send(kit::restore(place, c, restore, |_| ()));
            let connection = &opened.session.connection;
            send(connections::remove(cx, connection, "", Secret::default()));
            let save = serde_json::from_str("").unwrap();
            send(connections::save_preferences(place, Some((cx, connection)), save));
            let redirect = serde_json::from_str("").unwrap();
            send(connections::redirect(place, redirect));
            send(setup::create(place, true, |_| ()));
            let target = atalaya_model::connection::Target::parse(&Secret::default()).unwrap();
            send(adoption::apply(place, &target, None, true, &BTreeMap::new(), |_| ()));
        };
}
