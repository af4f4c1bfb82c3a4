//! Somebody with a login and psql: what they change is found, what they forge names them, what they inject is nothing.

use crate::bed::{Bed, CRM, Copy, PASSWORD, bed, second_bed};
use crate::psql::Psql;
use atalaya_keys::context_key::{Context, PadKey, Tenants};

const DIRECT: &str = "SELECT string_agg(concat_ws(' ', severity, actor_label, resource_id, payload -> 'details' ->> 'operation', tenant_id), '; ' ORDER BY id)
    FROM public.system_events WHERE event_type = 'db.direct_change'";

async fn upkeep(copy: &Copy) -> String {
    copy.psql(copy.person("ceo", None)).await.one("SELECT atalaya.note_direct_changes()").await
}

/// Upkeep works on what belongs to everybody; how much that was is not for who sees his own alone.
#[tokio::test]
async fn upkeep_tells_no_numbers_of_others() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut two = copy.psql(copy.person("admin", Some(2))).await;
    two.must("SELECT atalaya.roll_up(1000000)").await;
    let planted = "INSERT INTO public.system_events (event_type, payload) SELECT 'planted', '{\"tenant_id\": 1}' FROM generate_series(1, 137)";
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    for batch in [1, 137, 1_000_000] {
        crm.must(planted).await;
        su.must(format!("UPDATE public.leads SET status = 'b{batch}' WHERE tenant_id = 1")).await;
        assert_eq!(two.one(format!("SELECT atalaya.roll_up({batch})")).await, "0");
        assert_eq!(two.one("SELECT atalaya.note_direct_changes()").await, "0");
    }
    assert!(su.one(DIRECT).await.matches("public.leads UPDATE").count() >= 3);
    crm.must(planted).await;
    let mut all = copy.psql(copy.person("ceo", None)).await;
    assert_ne!(all.one("SELECT atalaya.roll_up(1)").await, "0");
    for inner in ["add_to_sums(1)", "note_unexplained_changes()"] {
        assert_eq!(all.refused(format!("SELECT atalaya.{inner}")).await, "42501");
    }
}

/// What is larger than an event may be is refused, however it was packed; what was there before it is as it was.
#[tokio::test]
async fn no_event_is_larger_than_the_log_can_give_back() {
    let copy = bed().await.small().await;
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    crm.must(
        "UPDATE tenants SET config = jsonb_build_object('a', repeat('x', 9000000)) WHERE id = 1",
    )
    .await;
    for (column, value) in [
        ("event_type", "repeat('x', 1001)"),
        ("severity", "repeat('x', 1001)"),
        ("message", "repeat('x', 8388609)"),
        ("payload", "jsonb_build_object('a', repeat('x', 8388608))"),
        ("payload", "jsonb_build_array(repeat('x', 8388608))"),
        ("payload", "to_jsonb(repeat('x', 8388608))"),
        ("payload", "(SELECT config FROM tenants WHERE id = 1)"),
        // Little as it is stored, and much as it is written.
        ("payload", "jsonb_build_object('a', repeat(chr(1), 1398200))"),
        ("payload", "(SELECT jsonb_agg('1e131071'::numeric) FROM generate_series(1, 64))"),
        ("payload", "(SELECT jsonb_agg('1e131071'::numeric) FROM generate_series(1, 9000))"),
    ] {
        let of_type = if column == "event_type" { "" } else { ", event_type" };
        let x = if column == "event_type" { "" } else { ", 'x'" };
        let sql = format!("INSERT INTO system_events ({column}{of_type}) SELECT {value}{x}");
        assert_eq!(crm.refused(sql).await, "54000", "{column} {value}");
    }
    crm.must(
        "INSERT INTO system_events (event_type, message, payload)
         VALUES (repeat('x', 1000), repeat('x', 8388608), jsonb_build_object('a', repeat(chr(1), 1398000))),
                ('x', '', (SELECT jsonb_agg('1e131071'::numeric) FROM generate_series(1, 63)))",
    )
    .await;
    // The sums' keys hold a type of that size.
    crm.must("INSERT INTO system_events (event_type) SELECT left(string_agg(md5(n::text), ''), 1000) FROM generate_series(1, 40) n").await;
    let mut su = copy.superuser().await;
    assert_ne!(su.one("SELECT atalaya.roll_up(1000000)").await, "0");
    assert_eq!(
        su.one("SELECT count(*) FROM atalaya.event_days WHERE length(event_type) = 1000").await,
        "2"
    );
}

#[tokio::test]
async fn a_change_by_psql_is_found() {
    let copy = bed().await.small().await;
    let admin = copy.person("admin", Some(1));
    let mut psql = copy.psql(admin).await;
    assert_eq!(psql.must("UPDATE public.leads SET status = 'won' WHERE tenant_id = 1").await, 14);
    let mut su = copy.superuser().await;
    su.must("DELETE FROM public.system_events WHERE id = (SELECT min(id) FROM public.system_events WHERE tenant_id = 2)").await;
    su.must("UPDATE public.system_events_adopted SET message = 'nothing happened' WHERE id = (SELECT max(id) FROM public.system_events_adopted)").await;
    su.must("UPDATE atalaya.change_records SET row_count = 0 WHERE table_name = 'public.leads'")
        .await;
    assert_eq!(upkeep(&copy).await, "4");
    let found = su.one(DIRECT).await;
    assert!(found.starts_with(&format!("critical {} public.leads UPDATE 1; critical postgres public.system_events DELETE 2; critical postgres public.system_events_adopted UPDATE", admin.login)), "{found}");
    assert!(found.contains("atalaya.change_records UPDATE"), "{found}");
    // What it was before and after is there, without what must not be.
    let record = su
        .one("SELECT before::text FROM atalaya.change_records WHERE table_name = 'public.leads'")
        .await;
    assert!(record.contains("\"digest\"") && record.contains("\"status\""), "{record}");
    let phone = su.one("SELECT phone_number FROM public.leads WHERE tenant_id = 1 LIMIT 1").await;
    assert!(!record.contains(&phone));
    // Found once.
    assert_eq!(upkeep(&copy).await, "0");
}

#[tokio::test]
async fn the_crm_is_recorded_and_does_not_alarm() {
    let copy = bed().await.small().await;
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    crm.must("UPDATE leads SET status = 'won' WHERE tenant_id = 3").await;
    crm.must("INSERT INTO system_events (event_type, severity, message, payload) VALUES ('update_lead', 'info', 'm', '{\"tenant_id\": 3}')").await;
    assert_eq!(upkeep(&copy).await, "0");
    let mut su = copy.superuser().await;
    assert_eq!(su.one("SELECT db_user FROM atalaya.change_records WHERE table_name = 'public.leads' ORDER BY id DESC LIMIT 1").await, CRM);
    // Its own words about who it is are not believed.
    for column in [
        "id",
        "tx",
        "cluster",
        "db_user",
        "recorded_at",
        "actor_id",
        "actor_kind",
        "origin",
        "tenant_id",
        "outcome",
    ] {
        let sql = format!("INSERT INTO system_events (event_type, {column}) VALUES ('x', NULL)");
        assert_eq!(crm.refused(sql).await, "42501", "{column}");
    }
    for sql in [
        "UPDATE system_events SET message = 'x'",
        "DELETE FROM system_events",
        "TRUNCATE leads",
        "ALTER TABLE leads DISABLE ROW LEVEL SECURITY",
        "DROP TABLE leads",
        "CREATE TABLE public.mine (id int)",
        "SELECT * FROM atalaya.grants",
        "UPDATE users SET db_role = NULL",
        "SELECT * FROM system_events_adopted",
    ] {
        assert_eq!(crm.refused(sql).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn a_forged_event_that_fits_still_names_its_author() {
    let copy = bed().await.small().await;
    let admin = copy.person("admin", Some(1));
    let mut psql = copy.psql(admin).await;
    psql.must(
        "BEGIN; UPDATE public.leads SET status = 'lost' WHERE tenant_id = 1;
         SELECT atalaya.record_event('update_lead', 'ok', 1, 'lead', '7', gen_random_uuid(), 'console', '198.51.100.9',
                                     '{\"user_email\": \"somebody.else@example.com\"}'); COMMIT",
    )
    .await;
    assert_eq!(upkeep(&copy).await, "0", "it fits");
    let mut su = copy.superuser().await;
    let author = "SELECT actor_label || ' ' || db_user || ' ' || (payload ->> 'user_email') || ' ' || coalesce(host(ip), '-')
                  FROM public.system_events WHERE event_type = 'update_lead' AND resource_id = '7' AND origin = 'console'";
    assert_eq!(su.one(author).await, format!("{0} {1} {0} -", admin.email, admin.login));
    // An event that does not fit explains nothing, and neither does one of another transaction or outcome.
    for forged in [
        "BEGIN; UPDATE public.leads SET status = 'a' WHERE tenant_id = 1; SELECT atalaya.record_event('console.opened', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL); COMMIT",
        "BEGIN; UPDATE public.leads SET status = 'b' WHERE tenant_id = 1; SELECT atalaya.record_event('update_lead', 'failed', 1, NULL, NULL, NULL, 'console', NULL, NULL); COMMIT",
        "BEGIN; SELECT atalaya.record_event('update_lead', 'ok', 1, NULL, NULL, NULL, 'console', NULL, NULL); COMMIT; UPDATE public.leads SET status = 'c' WHERE tenant_id = 1",
    ] {
        psql.must(forged).await;
        assert_eq!(upkeep(&copy).await, "1", "{forged}");
    }
}

struct Api {
    psql: Psql,
    key: PadKey,
}

impl Api {
    /// Begins a transaction, with a context made by `text` from (transaction, expiry in an hour).
    async fn begin(&mut self, text: impl FnOnce(&PadKey, u64, i64) -> String) {
        let _ = self.psql.run("ROLLBACK").await;
        let transaction =
            self.psql.one("BEGIN; SELECT pg_current_xact_id()").await.parse().unwrap();
        let later =
            self.psql.one("SELECT extract(epoch FROM now())::bigint + 3600").await.parse().unwrap();
        let text = text(&self.key, transaction, later);
        self.psql.must(format!("SELECT set_config('atalaya.context', '{text}', TRUE)")).await;
    }

    async fn sees(&mut self) -> String {
        self.psql
            .one("SELECT concat_ws(' ', (SELECT string_agg(DISTINCT tenant_id::text, ',') FROM public.leads), coalesce(atalaya.caller_id()::text, 'nobody'))")
            .await
    }
}

async fn contexts(bed: &'static Bed) {
    let copy = bed.small().await;
    let admin = copy.person("admin", Some(1)).id.clone();
    let ceo = copy.person("ceo", None).id.clone();
    let mut api =
        Api { psql: copy.psql(copy.person("api", None)).await, key: copy.adopted.context_key() };
    assert_eq!(api.sees().await, "nobody");
    let context = |user: &str, tenants: Tenants, transaction: u64, expires: i64| Context {
        user: Some(user.parse().unwrap()),
        tenants,
        transaction,
        expires,
    };
    // Valid: as far as the user and the request reach.
    api.begin(|k, tx, later| k.sign(&context(&admin, Tenants::All, tx, later))).await;
    assert_eq!(api.sees().await, format!("1 {admin}"));
    api.begin(|k, tx, later| k.sign(&context(&ceo, Tenants::These(vec![2, 3]), tx, later))).await;
    assert_eq!(api.sees().await, format!("2,3 {ceo}"));
    // One injected statement: no wider, only nobody.
    api.psql.must("SELECT set_config('atalaya.context', replace(current_setting('atalaya.context'), '2,3', '*'), TRUE)").await;
    assert_eq!(api.sees().await, "nobody");
    api.begin(|_, tx, later| format!("v1|{ceo}|*|{tx}|{later}|{}", "0".repeat(64))).await;
    assert_eq!(api.sees().await, "nobody", "not signed");
    api.begin(|_, tx, later| {
        PadKey::from_bytes(&[1; 32]).sign(&context(&ceo, Tenants::All, tx, later))
    })
    .await;
    assert_eq!(api.sees().await, "nobody", "another key");
    api.begin(|k, tx, _| k.sign(&context(&ceo, Tenants::All, tx, 1))).await;
    assert_eq!(api.sees().await, "nobody", "expired");
    api.begin(|k, tx, later| k.sign(&context(&ceo, Tenants::All, tx - 1, later))).await;
    assert_eq!(api.sees().await, "nobody", "of another transaction");
    for odd in ["", "v1", "|||||", "v1||||"] {
        api.begin(|_, _, _| odd.to_owned()).await;
        assert_eq!(api.sees().await, "nobody", "{odd:?}");
    }
    // After the transaction nothing is left of it.
    api.begin(|k, tx, later| k.sign(&context(&admin, Tenants::All, tx, later))).await;
    api.psql.must("COMMIT").await;
    assert_eq!(api.sees().await, "nobody");
    // Suspended: the context is true and opens nothing.
    copy.superuser()
        .await
        .must(format!("UPDATE public.users SET status = 'suspended' WHERE id = '{ceo}'"))
        .await;
    api.begin(|k, tx, later| k.sign(&context(&ceo, Tenants::All, tx, later))).await;
    assert_eq!(api.sees().await, "nobody");
    // The key is not to be had with SQL; and a context does nothing for an operator.
    let _ = api.psql.run("ROLLBACK").await;
    for sql in [
        "SELECT * FROM atalaya.keys",
        "SELECT atalaya.keyed_digest('context', 'x')",
        "SET ROLE atalaya_gate",
    ] {
        assert_eq!(api.psql.refused(sql).await, "42501", "{sql}");
    }
    let closer = copy.person("closer", Some(2));
    let mut operator = Api { psql: copy.psql(closer).await, key: copy.adopted.context_key() };
    operator.begin(|k, tx, later| k.sign(&context(&admin, Tenants::All, tx, later))).await;
    assert_eq!(operator.sees().await, format!("2 {}", closer.id));
}

#[tokio::test]
async fn an_injected_context_changes_nothing() {
    contexts(bed().await).await;
    if let Some(second) = second_bed().await {
        contexts(second).await;
    }
}

#[tokio::test]
async fn nobody_makes_themselves_more() {
    let copy = bed().await.small().await;
    for role in ["closer", "admin", "operator", "ceo"] {
        for home in [Some(1), None] {
            let person = copy.person(role, home);
            let mut psql = copy.psql(person).await;
            let me = &person.id;
            for sql in [
                format!("INSERT INTO atalaya.grants (user_id, role) VALUES ('{me}', 'operator')"),
                format!(
                    "INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('{me}', 'operator', 1)"
                ),
                format!("UPDATE public.users SET db_role = '{}' WHERE role = 'ceo'", person.login),
                format!("UPDATE public.users SET role = 'ceo' WHERE id = '{me}'"),
                format!(
                    "SELECT atalaya.link_operator('{}', '{}')",
                    copy.person("ceo", Some(2)).id,
                    person.login
                ),
                format!("ALTER ROLE {} CREATEROLE", person.login),
                format!("GRANT atalaya_owner TO {}", person.login),
                format!(
                    "INSERT INTO atalaya.role_permissions (role, permission) VALUES ('{role}', 'secrets.use')"
                ),
                format!("DELETE FROM atalaya.grants WHERE user_id = '{me}'"),
                "SET ROLE atalaya_roles".into(),
                "SET SESSION AUTHORIZATION postgres".into(),
                "COPY public.leads TO PROGRAM 'cat'".into(),
            ] {
                let state = psql.refused(sql.clone()).await;
                assert!(
                    matches!(state.as_str(), "42501" | "AT002"),
                    "{role} at {home:?}: {sql}: {state}"
                );
            }
            // Not refused with words, but nothing is touched.
            let sql = format!("UPDATE public.users SET status = 'active' WHERE id = '{me}'");
            assert_eq!(psql.must(sql).await, 0);
        }
    }
}
