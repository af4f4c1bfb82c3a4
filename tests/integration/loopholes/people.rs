//! Users, roles, sessions and logins: getting in, staying in, giving oneself more.

use super::UPKEEP;
use crate::bed::{Bed, CRM, Copy, PASSWORD, bed, second_bed};
use atalaya_keys::scram;

#[tokio::test]
async fn whoever_is_suspended_sees_and_does_nothing_on_an_open_connection() {
    let copy = bed().await.small().await;
    let person = copy.person("closer", Some(2));
    let mut psql = copy.psql(person).await;
    assert_ne!(psql.one("SELECT count(*) FROM public.leads").await, "0");
    let mut su = copy.superuser().await;
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", person.id))
        .await;
    assert_eq!(psql.one("SELECT count(*) FROM public.leads").await, "0");
    assert_eq!(psql.one("SELECT coalesce(atalaya.caller_id()::text, 'nobody')").await, "nobody");
    assert_eq!(psql.refused(UPKEEP).await, "AT001");
    let mut nobody = copy.psql(copy.person("nobody", None)).await;
    assert_eq!(nobody.refused(UPKEEP).await, "AT001");
}

/// Not in a transaction that still shows the time before, and not in a statement that began then.
#[tokio::test]
async fn whoever_is_suspended_leaves_nothing_behind_in_what_had_begun() {
    const LEAD: &str = "UPDATE public.leads SET status = 'mine' WHERE tenant_id = 1";
    const GRANT: &str = "INSERT INTO atalaya.grants (user_id, role, tenant_id) SELECT u.id, 'closer', 1
        FROM public.users u, (SELECT pg_sleep(2) OFFSET 0) s WHERE u.tenant_id = 1 AND u.role = 'setter' LIMIT 1";
    const EVENT: &str = "SELECT atalaya.record_event('user.updated', 'failed', NULL, NULL, NULL, NULL, 'console', NULL, NULL)";
    let copy = bed().await.small().await;
    let person = copy.person("admin", Some(1));
    let mut su = copy.superuser().await;
    let status = |status: &str| {
        format!("UPDATE public.users SET status = '{status}' WHERE id = '{}'", person.id)
    };
    let kept = "SELECT (SELECT count(*) FROM public.leads WHERE status = 'mine')
        + (SELECT count(*) FROM atalaya.change_records WHERE table_name = 'atalaya.grants')";
    let before = su.one(kept).await;

    let mut past = copy.psql(person).await;
    past.must("BEGIN ISOLATION LEVEL REPEATABLE READ").await;
    assert_ne!(past.one("SELECT count(*) FROM public.leads").await, "0");
    let mut slow = copy.psql(person).await;
    let slowly = tokio::spawn(async move { slow.run(GRANT).await.map_err(|said| said.state) });
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    su.must(status("suspended")).await;
    assert_eq!(past.refused(LEAD).await, "AT006");
    past.must("ROLLBACK").await;
    assert_eq!(slowly.await.unwrap(), Err("AT001".to_owned()));
    assert_eq!(su.one(kept).await, before);

    // Nor an event, and not only for those who were suspended.
    su.must(status("active")).await;
    let mut past = copy.psql(person).await;
    for (isolation, answer) in [
        ("REPEATABLE READ", Some("AT006")),
        ("SERIALIZABLE", Some("AT006")),
        ("READ COMMITTED", None),
    ] {
        past.must(format!("BEGIN ISOLATION LEVEL {isolation}")).await;
        for statement in [LEAD, EVENT] {
            past.must("SAVEPOINT here").await;
            let said = past.run(statement).await.map_err(|said| said.state);
            assert_eq!(said.err().as_deref(), answer, "{isolation}: {statement}");
            past.must("ROLLBACK TO here").await;
        }
        past.must("ROLLBACK").await;
    }
}

#[tokio::test]
async fn naming_a_role_is_granting_it() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let person = |n: u8| format!("00000000-0000-4000-9100-00000000000{n}");
    su.must(format!(
        "INSERT INTO public.users (id, email, role, status, tenant_id) VALUES
           ('{}', 'a@x', 'ceo', 'pending', 1), ('{}', 'b@x', 'closer', 'pending', 1),
           ('{}', 'c@x', 'ceo', 'suspended', 1), ('{}', 'd@x', 'closer', 'active', 1), ('{}', 'e@x', 'operator', 'pending', 1)",
        person(1), person(2), person(3), person(4), person(5)
    ))
    .await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    let mut ceo = copy.psql(copy.person("ceo", Some(1))).await;
    let activate =
        |n| format!("UPDATE public.users SET status = 'active' WHERE id = '{}'", person(n));
    for psql in [&mut admin, &mut ceo] {
        for n in [1, 3, 5] {
            assert_eq!(psql.must(activate(n)).await, 0, "{n}");
            // Nor by a detour.
            let detour = activate(n).replace("active", "suspended");
            assert_eq!(psql.must(detour).await, 0, "{n}");
        }
        for place in ["1", "NULL"] {
            let sql = format!(
                "INSERT INTO public.users (email, role, tenant_id) VALUES ('new@x', 'ceo', {place})"
            );
            assert_eq!(psql.refused(sql).await, "42501", "{place}");
        }
        assert_eq!(psql.must("INSERT INTO public.users (email, role, tenant_id) VALUES (gen_random_uuid() || '@x', 'closer', 1)").await, 1);
    }
    assert_eq!(admin.must(activate(2)).await, 1, "what they may grant they may approve");
    assert_eq!(copy.psql(copy.person("ceo", None)).await.must(activate(1)).await, 1);
    // Somebody who edits people in tenant 2 as well, and assigns roles in 1 only.
    su.must(format!(
        "INSERT INTO atalaya.roles (name) VALUES ('editor');
         INSERT INTO atalaya.role_permissions (role, permission) VALUES ('editor', 'users.update'), ('editor', 'users.list');
         INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('{}', 'editor', 2)",
        copy.person("admin", Some(1)).id
    ))
    .await;
    let edit = |what: &str| format!("UPDATE public.users SET {what} WHERE id = '{}'", person(4));
    assert_eq!(admin.refused(edit("tenant_id = 2")).await, "42501");
    assert_eq!(admin.must(edit("first_name = 'Zoe'")).await, 1);
    assert_eq!(copy.psql(copy.person("ceo", None)).await.must(edit("tenant_id = 2")).await, 1);
    assert_eq!(admin.must(edit("first_name = 'Eva'")).await, 1);
}

#[tokio::test]
async fn how_a_session_ended_stays_as_it_was() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let mut mine = copy.psql(closer).await;
    mine.must(
        "SELECT atalaya.open_session('00000000-0000-4000-a000-0000000000fe', 'console', 'x')",
    )
    .await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    let end = |why: &str| {
        format!(
            "UPDATE atalaya.sessions SET ended_at = now(), end_reason = '{why}' WHERE user_id = '{}'",
            closer.id
        )
    };
    assert_eq!(admin.must(end("stolen laptop")).await, 1);
    assert_eq!(admin.must(end("nothing happened")).await, 0);
    assert_eq!(mine.one("SELECT end_reason FROM atalaya.sessions").await, "stolen laptop");
}

/// An operator whom only this copy knows. Login and id.
async fn newcomer(copy: &Copy, role: &str) -> (String, String) {
    let login = format!("atalaya_{}_new_{}_{role}", copy.adopted.installation(), copy.name);
    let verifier = scram::verifier(PASSWORD, &[7; 16]).unwrap();
    let mut first = copy.adopted.first(&copy.name).await;
    let id = first.one("SELECT gen_random_uuid()").await;
    first
        .must(format!(
            "SELECT atalaya.enrol_operator('{login}', '{verifier}');
             INSERT INTO public.users (id, email, role) VALUES ('{id}', '{id}@example.com', '{role}');
             UPDATE public.users SET status = 'active' WHERE id = '{id}';
             INSERT INTO atalaya.grants (user_id, role) VALUES ('{id}', '{role}');
             SELECT atalaya.link_operator('{id}', '{login}')"
        ))
        .await;
    (login, id)
}

async fn logins(bed: &'static Bed) {
    let copy = bed.small().await;
    let (login, id) = newcomer(&copy, "closer").await;
    let mut open = bed.psql(&login, PASSWORD, &copy.name).await;
    assert_eq!(open.one("SELECT atalaya.caller_id()").await, id);
    let mut first = copy.adopted.first(&copy.name).await;
    let set =
        |status: &str| format!("UPDATE public.users SET status = '{status}' WHERE id = '{id}'");
    for _ in 0..2 {
        assert_eq!(first.must(set("suspended")).await, 1);
        let refused = bed.try_psql(&login, PASSWORD, &copy.name).await.err().unwrap();
        assert_eq!(refused.state, "28000", "{}", refused.text);
        assert_eq!(
            open.one("SELECT coalesce(atalaya.caller_id()::text, 'nobody')").await,
            "nobody"
        );
        assert_eq!(first.must(set("active")).await, 1);
        assert_eq!(
            bed.psql(&login, PASSWORD, &copy.name).await.one("SELECT atalaya.caller_id()").await,
            id
        );
    }
    // Undone with its transaction.
    first.must(format!("BEGIN; {}; ROLLBACK", set("suspended"))).await;
    bed.psql(&login, PASSWORD, &copy.name).await.close().await;
    // Where a copy in the same cluster knows the login, the login itself stays.
    let mut su = copy.superuser().await;
    let closer = copy.person("closer", Some(1));
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", closer.id))
        .await;
    assert_eq!(
        su.one(format!("SELECT rolcanlogin FROM pg_roles WHERE rolname = '{}'", closer.login))
            .await,
        "t"
    );
    // The CRM's own statements go on; for operators of the console it is told where to go, as before.
    let mut crm = bed.psql(CRM, PASSWORD, &copy.name).await;
    crm.must("INSERT INTO users (email, password_hash, role, status) VALUES ('plain@example.com', 'x', 'closer', 'active')").await;
    assert_eq!(
        crm.must("UPDATE users SET status = 'suspended' WHERE email = 'plain@example.com'").await,
        1
    );
    assert_eq!(crm.refused(set("suspended")).await, "AT002");
    // A login that is not there, as after a restore into another cluster, stops nobody.
    let gone = format!("atalaya_{}_gone", copy.adopted.installation());
    su.must(format!(
        "UPDATE public.users SET db_role = '{gone}' WHERE email = 'plain@example.com'"
    ))
    .await;
    for status in ["active", "suspended"] {
        assert_eq!(
            su.must(format!(
                "UPDATE public.users SET status = '{status}' WHERE db_role = '{gone}'"
            ))
            .await,
            1
        );
    }
    // A login that was revoked is not brought back by the user's status.
    first.must(format!("SELECT atalaya.revoke_operator('{login}')")).await;
    first.must(format!("{}; {}", set("suspended"), set("active"))).await;
    assert_eq!(
        su.one(format!("SELECT rolcanlogin FROM pg_roles WHERE rolname = '{login}'")).await,
        "f"
    );
}

#[tokio::test]
async fn a_login_is_shut_with_its_user() {
    logins(bed().await).await;
    if let Some(second) = second_bed().await {
        logins(second).await;
    }
}

#[tokio::test]
async fn the_last_ceo_stays() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let first = copy.adopted.secret.user.clone();
    let (ceo, closer) = (copy.person("ceo", None), copy.person("closer", None));
    su.must(format!(
        "INSERT INTO atalaya.roles (name) VALUES ('remover');
         INSERT INTO atalaya.role_permissions (role, permission) VALUES ('remover', 'operators.delete');
         INSERT INTO atalaya.grants (user_id, role) VALUES ('{}', 'remover')",
        closer.id
    ))
    .await;
    let suspend = |login: &str| {
        format!("UPDATE public.users SET status = 'suspended' WHERE db_role = '{login}'")
    };
    let mut one = copy.psql(copy.person("admin", None)).await;
    let mut two = copy.psql(copy.person("admin", None)).await;
    // Both at once: the second waits for the first, and is refused.
    assert_eq!(one.must(format!("BEGIN; {}", suspend(&ceo.login))).await, 1);
    let sql = suspend(&first);
    let waiting = tokio::spawn(async move { two.run(sql).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    one.must("COMMIT").await;
    assert_eq!(waiting.await.unwrap().unwrap_err().state, "AT002");
    let mut remover = copy.psql(closer).await;
    assert_eq!(
        remover.refused(format!("SELECT atalaya.revoke_operator('{first}')")).await,
        "AT002"
    );
    assert_eq!(
        su.one(format!("SELECT rolcanlogin FROM pg_roles WHERE rolname = '{first}'")).await,
        "t"
    );
    assert_eq!(
        su.one(format!(
            "SELECT count(*) FROM public.users WHERE db_role = '{first}' AND status = 'active'"
        ))
        .await,
        "1"
    );
    // With another one back it is a matter of rights again.
    su.must(format!("UPDATE public.users SET status = 'active' WHERE id = '{}'", ceo.id)).await;
    assert_eq!(one.must(suspend(&first)).await, 1);
}

#[tokio::test]
async fn nobody_keeps_their_login_open_by_holding_it() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(2));
    let mut holder = copy.psql(closer).await;
    holder.must("BEGIN; ALTER ROLE CURRENT_USER PASSWORD 'x'").await;
    let mut su = copy.superuser().await;
    su.must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{}'", closer.id))
        .await;
    assert_eq!(
        su.one(format!(
            "SELECT has_database_privilege('{}', current_database(), 'CONNECT')",
            closer.login
        ))
        .await,
        "f"
    );
    holder.must("ROLLBACK").await;
}
