//! Ways around the second wall that somebody with a login and psql found. Each is tried again here, beside what must go on
//! working. To add one: the statements that did it, before the migration that stops them.

use crate::bed::{Bed, CRM, Copy, PASSWORD, bed, second_bed};
use crate::psql::Psql;
use atalaya_keys::scram;

const ALARMS: &str =
    "SELECT count(*) FROM public.system_events WHERE event_type = 'db.direct_change'";
const UPKEEP: &str = "SELECT atalaya.note_direct_changes()";

/// Makes all change records two minutes old, which leaves none.
async fn age(su: &mut Psql) {
    su.must(
        "ALTER TABLE atalaya.change_records DISABLE TRIGGER record_update;
         UPDATE atalaya.change_records SET recorded_at = recorded_at - INTERVAL '2 minutes';
         ALTER TABLE atalaya.change_records ENABLE TRIGGER record_update",
    )
    .await;
}

fn event(kind: &str) -> String {
    format!(
        "SELECT atalaya.record_event('{kind}', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL)"
    )
}

#[tokio::test]
async fn nobody_hides_an_alarm_by_holding_its_record() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut holder = copy.psql(copy.person("closer", Some(2))).await;
    let mut console = copy.psql(copy.person("secretary", Some(2))).await;
    let mut thief = copy.psql(copy.person("admin", Some(1))).await;
    console.must(UPKEEP).await;
    thief.must("UPDATE public.leads SET status = 'gone' WHERE tenant_id = 1").await;
    assert_eq!(holder.one(format!("BEGIN; {UPKEEP}")).await, "1");
    // Another console may be about to commit: the record is young.
    assert_eq!(console.one(UPKEEP).await, "0");
    holder.must("ROLLBACK").await;
    age(&mut su).await;
    assert_eq!(holder.one(format!("BEGIN; {UPKEEP}")).await, "1");
    assert_eq!(console.one(UPKEEP).await, "1", "held for ever, and so hidden");
    assert_eq!(console.one(UPKEEP).await, "0", "reported twice");
    holder.must("ROLLBACK").await;
    assert_eq!(console.one(UPKEEP).await, "0", "reported again when it was let go");
    assert_eq!(su.one(ALARMS).await, "1");
    assert_eq!(su.one("SELECT count(*) FROM atalaya.change_records WHERE NOT checked").await, "0");
}

#[tokio::test]
async fn two_consoles_at_once_report_once() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut one = copy.psql(copy.person("closer", Some(2))).await;
    let mut two = copy.psql(copy.person("secretary", Some(2))).await;
    one.must(UPKEEP).await;
    let mut thief = copy.psql(copy.person("admin", Some(1))).await;
    thief
        .must(
            "DO $$ BEGIN FOR n IN 1..200 LOOP
               UPDATE public.leads SET status = 'n' || n WHERE id = (SELECT min(id) FROM public.leads); END LOOP; END $$",
        )
        .await;
    // The consoles were closed meanwhile.
    age(&mut su).await;
    let (a, b) = tokio::join!(one.one(UPKEEP), two.one(UPKEEP));
    assert_eq!(a.parse::<u32>().unwrap() + b.parse::<u32>().unwrap(), 200);
    assert_eq!(su.one(ALARMS).await, "200");
}

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

#[tokio::test]
async fn an_event_that_everybody_may_record_explains_ones_own_row_only() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let admin = copy.person("admin", Some(1));
    let mut psql = copy.psql(admin).await;
    let mut upkeep = copy.psql(copy.person("secretary", Some(2))).await;
    upkeep.must(UPKEEP).await;
    let mut su = copy.superuser().await;
    let session = "00000000-0000-4000-a000-0000000000ff";
    let mut other = copy.psql(closer).await;
    other
        .must(format!(
            "BEGIN; SELECT atalaya.open_session('{session}', 'console', 'x'); {}; COMMIT",
            event("console.opened")
        ))
        .await;
    assert_eq!(upkeep.one(UPKEEP).await, "0", "one's own session");
    for (change, kind) in [
        (
            format!(
                "UPDATE public.users SET email = 'stolen@example.com' WHERE id = '{}'",
                closer.id
            ),
            "profile.updated",
        ),
        (
            format!("UPDATE atalaya.sessions SET ended_at = now() WHERE id = '{session}'"),
            "console.locked",
        ),
    ] {
        assert_eq!(psql.must(format!("BEGIN; {change}")).await, 1, "{change}");
        psql.must(format!("{}; COMMIT", event(kind))).await;
        assert_eq!(upkeep.one(UPKEEP).await, "1", "{kind} hides {change}");
    }
    // Several rows, one's own among them, are not one's own.
    su.must(format!(
        "UPDATE public.users SET db_role = NULL WHERE id = '{0}'; UPDATE public.users SET first_name = 'x' WHERE id IN ('{0}', '{1}')",
        closer.id, admin.id
    ))
    .await;
    assert_eq!(upkeep.one(UPKEEP).await, "2");
    psql.must(format!(
        "BEGIN; SELECT atalaya.update_own_profile('A', 'B'); {}; COMMIT",
        event("profile.updated")
    ))
    .await;
    assert_eq!(upkeep.one(UPKEEP).await, "0", "one's own name");
    let open = "SELECT string_agg(DISTINCT t.event_type, ' ') FROM atalaya.event_types t JOIN atalaya.event_changes x USING (event_type)
                WHERE t.permission IS NULL AND t.entry = 'caller' AND x.own_row IS NULL";
    assert_eq!(su.one(open).await, "");
    // Using a kit changes recipients, which is not everybody's.
    assert_eq!(upkeep.refused(event("kit.used")).await, "AT002");
    copy.psql(copy.person("operator", None)).await.must(event("kit.used")).await;
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

/// Every table and view, in every mode above what reading takes.
const LOCKS: &str = r"DO $do$
DECLARE
    target RECORD;
    mode TEXT;
    got TEXT[] := '{}';
BEGIN
    FOR target IN SELECT c.oid::regclass AS name FROM pg_class c
                  WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relkind IN ('r', 'p', 'v') LOOP
        FOREACH mode IN ARRAY '{ROW SHARE,ROW EXCLUSIVE,SHARE UPDATE EXCLUSIVE,SHARE,SHARE ROW EXCLUSIVE,EXCLUSIVE,ACCESS EXCLUSIVE}'::text[] LOOP
            BEGIN
                EXECUTE format('LOCK TABLE %s IN %s MODE NOWAIT', target.name, mode);
                got := got || format('%s %s', target.name, mode);
                RAISE EXCEPTION 'undo' USING ERRCODE = 'ZZ000';
            EXCEPTION WHEN insufficient_privilege OR SQLSTATE 'ZZ000' THEN NULL;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('test.locks', array_to_string(got, ', '), FALSE);
END
$do$; SELECT current_setting('test.locks')";

async fn locks(bed: &'static Bed) {
    let copy = bed.small().await;
    // 16 and newer let SELECT take ROW SHARE, which stops nobody who writes.
    for (role, place) in [
        ("ceo", None),
        ("admin", None),
        ("operator", None),
        ("closer", Some(1)),
        ("nobody", None),
        ("api", None),
    ] {
        let got = copy.psql(copy.person(role, place)).await.one(LOCKS).await;
        let stopping: Vec<_> =
            got.split(", ").filter(|l| !l.is_empty() && !l.ends_with(" ROW SHARE")).collect();
        assert_eq!(stopping, Vec::<&str>::new(), "{role} on {}", bed.major());
    }
    let mut ceo = copy.psql(copy.person("ceo", None)).await;
    assert_eq!(ceo.refused("SELECT atalaya.ensure_partitions(4)").await, "AT005");
    ceo.must("SELECT atalaya.ensure_partitions(3)").await;
}

#[tokio::test]
async fn no_operator_can_lock_a_table() {
    locks(bed().await).await;
    if let Some(second) = second_bed().await {
        locks(second).await;
    }
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
async fn a_flood_of_explained_changes_holds_no_alarm_back() {
    let copy = bed().await.small().await;
    let mut upkeep = copy.psql(copy.person("secretary", Some(2))).await;
    upkeep.must(UPKEEP).await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    admin
        .must(
            "BEGIN;
             DO $$ BEGIN FOR n IN 1..1500 LOOP
               UPDATE public.leads SET first_name = 'n' || n WHERE id = (SELECT min(id) FROM public.leads); END LOOP; END $$;
             SELECT atalaya.record_event('update_lead', 'ok', 1, 'lead', 'x', NULL, 'console', NULL, NULL);
             COMMIT",
        )
        .await;
    admin.must("UPDATE public.leads SET status = 'gone' WHERE tenant_id = 1").await;
    assert_eq!(upkeep.one(UPKEEP).await, "1");
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

/// Every sequence, in every way that draws from it, moves it or looks at it.
const DRAW: &str = r"DO $do$
DECLARE
    target RECORD;
    way TEXT;
    got TEXT[] := '{}';
BEGIN
    FOR target IN SELECT c.oid::regclass AS name FROM pg_class c
                  WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relkind = 'S' ORDER BY 1 LOOP
        FOREACH way IN ARRAY ARRAY['SELECT nextval(%L)', 'SELECT setval(%L, 1)', 'SELECT last_value FROM %s'] LOOP
            BEGIN
                EXECUTE format(way, target.name);
                got := got || format(way, target.name);
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
        END LOOP;
    END LOOP;
    PERFORM set_config('test.drawn', array_to_string(got, ' '), FALSE);
END
$do$; SELECT current_setting('test.drawn')";

async fn numbers(bed: &'static Bed) {
    let copy = bed.small().await;
    for (role, place) in
        [("ceo", None), ("admin", None), ("operator", None), ("closer", Some(1)), ("api", None)]
    {
        let drawn = copy.psql(copy.person(role, place)).await.one(DRAW).await;
        assert_eq!(drawn, "", "{role} on {}", bed.major());
    }
    // Rows still get theirs, one after the other, whoever writes them.
    let mut crm = bed.psql(CRM, PASSWORD, &copy.name).await;
    let lead = "INSERT INTO public.leads (tenant_id, phone_number) VALUES (1, 'x') RETURNING id";
    let credential = |name| {
        format!(
            "INSERT INTO public.credentials (tenant_id, name, value) VALUES (1, '{name}', 'v') RETURNING id"
        )
    };
    let tenant = "INSERT INTO public.tenants (clinic_name) VALUES ('x') RETURNING id";
    for (role, operators, crms) in [
        ("ceo", lead.to_owned(), lead.to_owned()),
        ("admin", credential("A1"), credential("B1")),
        ("ceo", tenant.to_owned(), tenant.to_owned()),
    ] {
        let mut operator = copy.psql(copy.person(role, None)).await;
        let one: i64 = operator.one(operators.as_str()).await.parse().unwrap();
        let next: i64 = crm.one(crms.as_str()).await.parse().unwrap();
        assert_eq!(next, one + 1, "{operators}");
    }
    // Nobody but the CRM, as before, says which.
    let mut ceo = copy.psql(copy.person("ceo", None)).await;
    assert_eq!(
        ceo.refused("INSERT INTO public.leads (id, tenant_id, phone_number) VALUES (1, 1, 'x')")
            .await,
        "42501"
    );
    crm.must(
        "INSERT INTO leads (id, tenant_id, phone_number) VALUES (nextval('leads_id_seq'), 1, 'x')",
    )
    .await;
}

#[tokio::test]
async fn nobody_draws_a_number_without_a_row() {
    numbers(bed().await).await;
    if let Some(second) = second_bed().await {
        numbers(second).await;
    }
}

#[tokio::test]
async fn an_event_explains_its_own_tenant() {
    let copy = bed().await.small().await;
    let mut upkeep = copy.psql(copy.person("secretary", Some(2))).await;
    upkeep.must(UPKEEP).await;
    let mut admin = copy.psql(copy.person("admin", None)).await;
    let events = |tenants: &[&str]| {
        let one = |t: &&str| {
            format!(
                "PERFORM atalaya.record_event('update_lead', 'ok', {t}, 'lead', 'x', NULL, 'console', NULL, NULL);"
            )
        };
        format!("DO $$ BEGIN {} END $$", tenants.iter().map(one).collect::<String>())
    };
    for (where_changed, recorded, alarms) in [
        ("tenant_id = 1", &["1"][..], "0"),
        ("tenant_id = 1", &["2"], "1"),
        ("tenant_id = 1", &["NULL"], "1"),
        ("tenant_id = 1", &["2", "NULL", "1"], "0"),
        // One statement, two tenants: each needs its own.
        ("tenant_id IN (1, 2)", &["1", "2"], "0"),
        ("tenant_id IN (1, 2)", &["1"], "1"),
        ("tenant_id IN (1, 2)", &["NULL"], "2"),
    ] {
        admin
            .must(format!(
                "BEGIN; UPDATE public.leads SET status = gen_random_uuid()::text WHERE {where_changed}; {}; COMMIT",
                events(recorded)
            ))
            .await;
        assert_eq!(upkeep.one(UPKEEP).await, alarms, "{where_changed} by {recorded:?}");
    }
    // What may reach over tenants is set-up's, or about the actor's own row: nobody records it about somebody else.
    let mut su = copy.superuser().await;
    let loose = "SELECT string_agg(x.event_type, ' ') FROM atalaya.event_changes x JOIN atalaya.event_types t USING (event_type)
                 WHERE x.across AND x.own_row IS NULL AND t.entry = 'caller'";
    assert_eq!(su.one(loose).await, "");
}

#[tokio::test]
async fn linking_and_recovering_are_recorded_where_the_user_is() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    crate::adoption::apply(bed, &name).await.unwrap();
    let mut su = bed.superuser(&name).await;
    let id = su
        .one("UPDATE public.users SET tenant_id = 3, role = 'ceo', status = 'active' WHERE email = 'ceo@example.com' RETURNING id")
        .await;
    su.must(UPKEEP).await;
    su.must(format!(
        "SELECT atalaya.install_first_administrator('{id}', 'ceo@example.com', 'a', 'b', TRUE, 'atalaya_0123456789ab_linked', NULL);
         SELECT atalaya.recover_operator('{id}', 'atalaya_0123456789ab_recovered')"
    ))
    .await;
    assert_eq!(su.one(UPKEEP).await, "0");
    assert_eq!(
        su.one("SELECT string_agg(event_type || ' ' || tenant_id, ', ' ORDER BY id) FROM public.system_events
                WHERE event_type IN ('user.linked', 'operator.recovered')")
            .await,
        "user.linked 3, operator.recovered 3"
    );
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn a_digest_tells_nothing_to_the_transaction_that_made_it() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut operator = copy.psql(copy.person("operator", Some(1))).await;
    let value = su
        .one("SELECT value FROM public.credentials WHERE tenant_id = 1 ORDER BY id LIMIT 1")
        .await;
    let same = "SELECT coalesce(string_agg((before -> 0 -> 'value' = after -> 0 -> 'value')::text, ' ' ORDER BY id), 'hidden')
                FROM atalaya.change_records WHERE table_name = 'public.credentials' AND tx >= (SELECT test.since())";
    su.must(
        "CREATE SCHEMA test; GRANT USAGE ON SCHEMA test TO PUBLIC;
         CREATE TABLE test.begin AS SELECT pg_current_xact_id() AS tx; GRANT SELECT ON test.begin TO PUBLIC;
         CREATE FUNCTION test.since() RETURNS xid8 LANGUAGE sql AS 'SELECT tx FROM test.begin'",
    )
    .await;
    for guess in ["wrong", value.as_str()] {
        operator.must("BEGIN").await;
        let updated = operator
            .must(format!(
                "UPDATE public.credentials SET value = '{guess}', category = gen_random_uuid()::text
                 WHERE id = (SELECT min(id) FROM public.credentials WHERE tenant_id = 1)"
            ))
            .await;
        assert_eq!(updated, 1);
        assert_eq!(operator.one(same).await, "hidden", "{guess}");
        // Nor from a part of it.
        operator.must("SAVEPOINT s").await;
        assert_eq!(operator.one(same).await, "hidden", "{guess}");
        operator.must("ROLLBACK").await;
    }
    // Once it is over, and recorded for good, it is there for whoever reads the log.
    operator
        .must("UPDATE public.credentials SET value = 'x', category = 'x' WHERE id = (SELECT min(id) FROM public.credentials WHERE tenant_id = 1)")
        .await;
    assert_eq!(operator.one(same).await, "false");
}

#[tokio::test]
async fn an_operator_whom_the_crm_renames_is_named_at_once() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    let mut su = copy.superuser().await;
    let alarms = "SELECT string_agg(concat_ws(' ', severity, tenant_id, actor_id, actor_kind, resource_id, payload #>> '{details,from_to}'), '; ' ORDER BY id)
                  FROM public.system_events WHERE event_type = 'operator.renamed'";
    // Whoever is no operator, and what does not change what others see.
    crm.must("UPDATE users SET first_name = 'x' WHERE email = 'ceo@example.com'").await;
    crm.must(format!("UPDATE users SET password_hash = 'x', updated_at = NOW(), first_name = first_name WHERE id = '{}'", closer.id)).await;
    // One's own name, and by whoever may.
    copy.psql(closer).await.must("SELECT atalaya.update_own_profile('A', 'B')").await;
    assert_eq!(su.one(alarms).await, "");
    crm.must(format!(
        "UPDATE users SET email = 'boss@example.com', first_name = 'Boss' WHERE id = '{}'",
        closer.id
    ))
    .await;
    assert_eq!(
        su.one(alarms).await,
        format!(
            r#"critical 1 {CRM} legacy {} {{"email": ["{}", "boss@example.com"], "first_name": ["A", "Boss"]}}"#,
            closer.id, closer.email
        )
    );
    // Nobody pretends it, and among many it is named all the same.
    assert_eq!(
        copy.psql(copy.person("ceo", None)).await.refused(event("operator.renamed")).await,
        "AT003"
    );
    let others = su.one("SELECT count(*) FROM public.users WHERE db_role IS NOT NULL").await;
    su.must("DELETE FROM public.system_events WHERE event_type = 'operator.renamed'").await;
    crm.must("UPDATE users SET last_name = 'All'").await;
    assert_eq!(
        su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'operator.renamed'")
            .await,
        others
    );
}

/// Every value of a plan, with its path; what depends on the clock and the cache is left out.
fn leaves(at: &str, plan: &serde_json::Value, found: &mut Vec<(String, serde_json::Value)>) {
    match plan {
        serde_json::Value::Object(fields) => {
            let timed = |k: &str| ["Time", "Blocks", "Cost", "Width"].iter().any(|w| k.contains(w));
            for (key, value) in fields.iter().filter(|(k, _)| !timed(k)) {
                leaves(&format!("{at}/{key}"), value, found);
            }
        }
        serde_json::Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                leaves(&format!("{at}/{n}"), item, found);
            }
        }
        value => found.push((at.to_owned(), value.clone())),
    }
}

/// What EXPLAIN says of a query: its leaves, and how many rows it removed in scans of `table`.
async fn explained(
    psql: &mut Psql,
    table: &str,
    query: &str,
) -> (Vec<(String, serde_json::Value)>, u64) {
    let text = psql.one(format!("EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) {query}")).await;
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    leaves("", &plan, &mut found);
    let mut removed = 0;
    let mut nodes = vec![&plan[0]["Plan"]];
    while let Some(node) = nodes.pop() {
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
        if node["Relation Name"] == table {
            removed += node["Rows Removed by Filter"].as_u64().unwrap_or(0);
            removed += node["Rows Removed by Index Recheck"].as_u64().unwrap_or(0);
        }
    }
    (found, removed)
}

/// A known limit, pinned: it is in the README, and whoever changes it has to change that too.
#[tokio::test]
async fn explain_tells_how_many_rows_are_hidden_and_never_what_is_in_them() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    let hidden = copy.person("closer", Some(2));
    let lead = su.one("SELECT min(id) FROM public.leads WHERE tenant_id = 2").await;
    // Whether an indexed value is there, out of sight: one row more is removed.
    for (table, column, there, not) in [
        ("users", "email", hidden.email.as_str(), "nobody.at.all@example.com"),
        ("users", "id", hidden.id.as_str(), "00000000-0000-4000-8fff-000000000000"),
        ("leads", "id", lead.as_str(), "-1"),
    ] {
        admin.must("SET enable_seqscan = off").await;
        let query = |value| format!("SELECT 1 FROM public.{table} WHERE {column} = '{value}'");
        assert_eq!(admin.one(format!("SELECT count(*) FROM ({}) s", query(there))).await, "0");
        assert_eq!(explained(&mut admin, table, &query(there)).await.1, 1, "{table}.{column}");
        assert_eq!(explained(&mut admin, table, &query(not)).await.1, 0, "{table}.{column}");
        admin.must("RESET enable_seqscan").await;
    }
    // How many rows a table has.
    let seen: u64 = admin.one("SELECT count(*) FROM public.leads").await.parse().unwrap();
    let all: u64 = su.one("SELECT count(*) FROM public.leads").await.parse().unwrap();
    assert!(seen < all);
    admin.must("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off").await;
    let removed = explained(&mut admin, "leads", "SELECT * FROM public.leads").await.1;
    assert_eq!(seen + removed, all);
    admin.must("RESET ALL").await;
    // A function that could tell of a value is not called on it: no division by zero, no failing cast.
    for telling in
        ["1 / (tenant_id - 2) < 0", "(CASE tenant_id WHEN 2 THEN 'x' ELSE '1' END)::int = 1"]
    {
        let counted = admin.one(format!("SELECT count(*) FROM public.leads WHERE {telling}")).await;
        assert_eq!(counted, seen.to_string(), "{telling}");
    }
    // Everything in it but numbers stays the same, whatever the hidden rows hold.
    let queries = [
        "SELECT * FROM public.leads ORDER BY first_name LIMIT 1",
        "SELECT status, count(*), min(first_name), max(phone_number) FROM public.leads GROUP BY status",
        "SELECT u.email, l.phone_number FROM public.users u JOIN public.leads l ON l.email = u.email",
        "SELECT id, email FROM public.users WHERE email >= 'a' AND first_name IS NOT NULL ORDER BY email DESC",
        "SELECT id, name FROM public.credentials WHERE name LIKE 'A%'",
        "SELECT id, payload FROM public.system_events WHERE event_type = 'login_failed' ORDER BY occurred_at DESC LIMIT 3",
    ];
    let words = |found: Vec<(String, serde_json::Value)>| -> Vec<(String, serde_json::Value)> {
        found.into_iter().filter(|(_, v)| !v.is_number()).collect()
    };
    let mut before = Vec::new();
    for query in queries {
        before.push(words(explained(&mut admin, "", query).await.0));
    }
    su.must(
        "UPDATE public.leads SET first_name = 'Zzz' || id, phone_number = 'hidden' || id, status = 'hidden' || id % 3, email = 'hidden' || id WHERE tenant_id <> 1;
         UPDATE public.users SET email = 'hidden' || id, first_name = 'hidden' WHERE tenant_id <> 1 AND db_role IS NULL;
         UPDATE public.credentials SET name = 'HIDDEN' || id WHERE tenant_id <> 1",
    )
    .await;
    for (query, before) in queries.into_iter().zip(before) {
        let now = words(explained(&mut admin, "", query).await.0);
        assert!(
            !now.is_empty() && !format!("{now:?}").to_lowercase().contains("hidden"),
            "{query}: {now:?}"
        );
        assert_eq!(now, before, "{query}");
    }
}
