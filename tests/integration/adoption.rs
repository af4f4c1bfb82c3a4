//! Taking a CRM's database over: nothing lost, nothing changed, resumable, refused where it must be.

mod app_login;
mod cluster;
mod coexistence;
mod content;
mod drift;
mod elsewhere;
mod estimates;
mod moved;
mod refused;
mod sameness;
mod script;
mod statements;
mod undo;
mod writers;

use crate::bed::{self, Bed, CRM, bed, caller, first_administrator, workplace};
use atalaya_model::access::Origin;
use atalaya_model::adoption::{DatabaseKind, Progress};
use atalaya_model::{Code, Result};
use atalaya_ops::{adoption, setup};
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// A digest of each documented table over the documented columns.
const DOCUMENTED: &str = "
    SELECT concat_ws(' ',
      (SELECT count(*) || ':' || md5(string_agg(t::text, '|' ORDER BY t.id)) FROM
         (SELECT id, clinic_name, bot_phone_number, owner_email, config, created_at, updated_at FROM public.tenants) t),
      (SELECT count(*) || ':' || md5(string_agg(t::text, '|' ORDER BY t.id)) FROM
         (SELECT id, email, password_hash, role, status, first_name, last_name, tenant_id, created_at, updated_at
          FROM public.users WHERE email <> 'ada@example.com') t),
      (SELECT count(*) || ':' || md5(string_agg(t::text, '|' ORDER BY t.id)) FROM
         (SELECT id, tenant_id, phone_number, first_name, last_name, email, status, source, created_at, updated_at FROM public.leads) t),
      (SELECT count(*) || ':' || md5(string_agg(t::text, '|' ORDER BY t.id)) FROM
         (SELECT id, tenant_id, name, value, category, created_at, updated_at FROM public.credentials) t),
      (SELECT count(*) || ':' || md5(string_agg(t::text, '|' ORDER BY t.id)) FROM
         (SELECT id, event_type, severity, message, payload, occurred_at FROM public.system_events WHERE id <= $last) t))";

async fn documented(bed: &Bed, database: &str, last: &str) -> String {
    bed.superuser(database).await.one(DOCUMENTED.replace("$last", last)).await
}

pub async fn apply(bed: &Bed, database: &str) -> Result<()> {
    let (place, _) = workplace();
    let owner = bed.owner(database);
    adoption::apply(
        &place,
        &bed.administrator(database),
        Some(&owner),
        false,
        &BTreeMap::new(),
        |_| (),
    )
    .await
    .map(drop)
}

#[tokio::test]
async fn everything_of_the_fixture_is_there_and_unchanged() {
    let bed = bed().await;
    let legacy = bed.legacy().await;
    let last = bed.superuser(legacy).await.one("SELECT max(id) FROM system_events").await;
    let before = documented(bed, legacy, &last).await;
    let copy = bed.full().await;
    assert_eq!(documented(bed, &copy.name, &last).await, before);
    let mut su = copy.superuser().await;
    for (table, rows) in [("tenants", "7"), ("leads", "2000"), ("credentials", "133")] {
        assert_eq!(su.one(format!("SELECT count(*) FROM public.{table}")).await, rows, "{table}");
    }
    let events = format!("SELECT count(*) FROM public.system_events WHERE id <= {last}");
    assert_eq!(su.one(events).await, "60450");
    assert_eq!(
        su.one("SELECT count(*) FROM public.users WHERE email <> 'ada@example.com'").await,
        "40"
    );
    assert_eq!(
        su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'login_failed' AND ip = '203.0.113.77'").await,
        "400"
    );
    // No tenant is guessed: what names none that exists belongs to the system.
    let guessed = "SELECT count(*) FROM public.system_events e WHERE origin = 'legacy' AND tenant_id IS DISTINCT FROM
        (SELECT t.id FROM public.tenants t WHERE jsonb_typeof(e.payload) = 'object' AND t.id::text = e.payload ->> 'tenant_id')";
    assert_eq!(su.one(guessed).await, "0");
    assert_ne!(su.one("SELECT count(*) FROM public.system_events WHERE origin = 'legacy' AND tenant_id IS NULL").await, "0");
    assert_eq!(
        su.one("SELECT count(*) FROM public.system_events WHERE origin IS NULL OR outcome IS NULL")
            .await,
        "0"
    );
    // The CRM's program goes on, and the administrator holds nothing of what it was lent.
    let mut crm = bed.psql(CRM, bed::PASSWORD, &copy.name).await;
    crm.must("INSERT INTO system_events (event_type, severity, message, payload) VALUES ('login_success', 'info', 'm', '{\"tenant_id\": 2, \"ip_address\": \"203.0.113.9/24\"}')")
        .await;
    // The address is found as it is shown: without the network's length.
    assert_eq!(
        su.one("SELECT origin || tenant_id || ' ' || ip::text FROM public.system_events ORDER BY id DESC LIMIT 1")
            .await,
        "legacy2 203.0.113.9/32"
    );
    let _alone = bed.adopting().await;
    let held = format!(
        "SELECT count(*) FROM pg_roles r WHERE r.rolname IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles')
         AND pg_has_role('{}', r.oid, 'USAGE')",
        Scratch::ADMINISTRATOR
    );
    assert_eq!(su.one(held).await, "0");
}

#[tokio::test]
async fn grants_follow_the_documented_roles() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let wrong = "SELECT count(*) FROM public.users u WHERE u.email LIKE '%@empresa%' AND u.status IN ('active', 'suspended')
        AND u.tenant_id IS NOT NULL AND u.role IN ('secretary', 'professional', 'setter', 'closer')
        AND (SELECT string_agg(role || coalesce(tenant_id::text, 'all'), ',') FROM atalaya.grants g WHERE g.user_id = u.id)
            IS DISTINCT FROM u.role || u.tenant_id";
    assert_eq!(su.one(wrong).await, "0");
    let pending = "SELECT count(*) FROM atalaya.grants g JOIN public.users u ON u.id = g.user_id WHERE u.status = 'pending'";
    assert_eq!(su.one(pending).await, "0");
}

#[tokio::test]
async fn a_second_time_is_refused() {
    let bed = bed().await;
    let copy = bed.small().await;
    let _alone = bed.adopting().await;
    let e = apply(bed, &copy.name).await.unwrap_err();
    assert_eq!(e.code, Code::AlreadyAdopted, "{e:?}");
    let (place, _) = workplace();
    let again = bed::request(None);
    let refused =
        setup::administrator(&place, &caller(&place), bed.setup(&copy.name), again, |_| ()).await;
    let (e, _) = refused.err().unwrap();
    assert_eq!(e.code, Code::AlreadyAdopted, "{e:?}");
}

#[tokio::test]
async fn it_resumes_wherever_it_was_cut_off() {
    let bed = bed().await;
    let legacy = bed.small_legacy().await;
    let last = bed.superuser(legacy).await.one("SELECT max(id) FROM system_events").await;
    let before = documented(bed, legacy, &last).await;
    // The step at which the database goes away, and how far that step was. At the first migrations the tables have their
    // new owner and nothing else is there yet.
    for (step, done) in
        [("ownership", 0), ("migrations", 0), ("migrations", 20), ("backfill", 0), ("grants", 0)]
    {
        let name = bed.database(Some(legacy)).await;
        let _alone = bed.adopting().await;
        let cut = AtomicBool::new(false);
        let (place, _) = workplace();
        let (administrator, owner) = (bed.administrator(&name), bed.owner(&name));
        let kill = |p: Progress| {
            if p.step == step && p.done >= done && !cut.swap(true, Ordering::Relaxed) {
                cut_off(bed, &name);
            }
        };
        let first =
            adoption::apply(&place, &administrator, Some(&owner), false, &BTreeMap::new(), kill)
                .await;
        assert!(cut.load(Ordering::Relaxed), "{step} was never reached");
        assert!(first.is_err(), "{step} {done}: it went on");
        open_again(bed, &name).await;
        apply(bed, &name).await.unwrap_or_else(|e| panic!("{step} {done}: {e:?}"));
        let opened = first_administrator(&place, bed.setup(&name), None).await;
        opened.context.store.close().await;
        assert_eq!(documented(bed, &name, &last).await, before, "{step} {done}");
        bed.drop_database(&name).await;
    }
}

/// Ends all connections to a database and lets nobody in, at once.
fn cut_off(bed: &Bed, database: &str) {
    let sql = format!(
        "ALTER DATABASE {database} ALLOW_CONNECTIONS FALSE;
         SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'"
    );
    std::thread::scope(|s| {
        s.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { bed.superuser(Scratch::MAINTENANCE).await.must(sql).await })
        });
    });
}

async fn open_again(bed: &Bed, database: &str) {
    let sql = format!("ALTER DATABASE {database} ALLOW_CONNECTIONS TRUE");
    bed.superuser(Scratch::MAINTENANCE).await.must(sql).await;
}

#[tokio::test]
async fn refusals_change_nothing() {
    let bed = bed().await;
    let legacy = bed.small_legacy().await;
    let name = bed.database(Some(legacy)).await;
    let other = bed.database(None).await;
    bed.owner_psql(&other).await.must("CREATE TABLE invoices (id int)").await;
    let shape = "SELECT md5(string_agg(c.oid::regclass::text || c.relowner::regrole || coalesce(c.relacl::text, ''), ',' ORDER BY 1))
                 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace";
    let before = bed.superuser(&name).await.one(shape).await;
    let (place, _) = workplace();
    let superuser = bed.target(Scratch::SUPERUSER, Scratch::PASSWORD, &name);
    let plain = bed.target("plain", bed::PASSWORD, &name);
    let cases = [
        ("another database", bed.administrator(&other), bed.owner(&other), Code::DbNotACrm),
        ("superuser", superuser.clone(), bed.owner(&name), Code::DbRoleUnsafe),
        ("superuser as owner", bed.administrator(&name), superuser, Code::DbRoleUnsafe),
        ("no CREATEROLE", plain.clone(), bed.owner(&name), Code::DbRightsMissing),
        ("not the owner", bed.administrator(&name), plain, Code::DbRightsMissing),
    ];
    for (what, administrator, owner, code) in cases {
        let e =
            adoption::apply(&place, &administrator, Some(&owner), false, &BTreeMap::new(), |_| ())
                .await
                .unwrap_err();
        assert_eq!(e.code, code, "{what}: {e:?}");
    }
    assert_eq!(bed.superuser(&name).await.one(shape).await, before);
    assert_eq!(
        bed.superuser(&name)
            .await
            .one("SELECT count(*) FROM pg_namespace WHERE nspname = 'atalaya'")
            .await,
        "0"
    );
}

#[tokio::test]
async fn an_inspection_reports_and_changes_nothing() {
    let bed = bed().await;
    let name = bed.database(Some(bed.legacy().await)).await;
    let found =
        adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
    assert_eq!(found.kind, DatabaseKind::Legacy);
    assert!(found.can_apply, "{found:?}");
    let rows = |t: &str| found.tables.iter().find(|x| x.name == t).unwrap().rows;
    assert_eq!(
        (rows("system_events"), rows("users"), rows("credentials"), rows("leads")),
        (60_450, 40, 133, 2_000)
    );
    for code in [
        "email_case_duplicates",
        "credential_plaintext",
        "credential_not_a_token",
        "hash_unusable",
        "event_payload_not_object",
    ] {
        assert!(found.findings.iter().any(|f| f.code == code), "{code}: {:?}", found.findings);
    }
    assert!(found.ceos.iter().any(|c| c.email == "ceo@example.com"));
    // As documented but for some indexes: nothing else is missing, and nothing is there besides.
    for code in ["constraint_missing", "events_taken_along", "event_ancient"] {
        assert!(!found.findings.iter().any(|f| f.code == code), "{code}: {:?}", found.findings);
    }
    assert!(found.tables.iter().all(|t| t.differences.is_empty()), "{:?}", found.tables);

    bed.owner_psql(&name)
        .await
        .must(
            "ALTER TABLE users ADD last_login timestamptz, DROP updated_at; ALTER TABLE credentials DROP CONSTRAINT credentials_tenant_id_name_key;
             ALTER TABLE leads DROP CONSTRAINT leads_tenant_id_fkey, ALTER tenant_id DROP NOT NULL; DROP INDEX idx_system_events_severity;
             ALTER TABLE system_events ADD user_id UUID REFERENCES users (id) ON DELETE CASCADE",
        )
        .await;
    let found =
        adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
    let named = |code: &str| {
        found
            .findings
            .iter()
            .find(|f| f.code == code)
            .map(|f| f.examples.clone())
            .unwrap_or_default()
    };
    assert_eq!(
        named("constraint_missing"),
        [
            "credentials: UNIQUE (tenant_id, name)",
            "leads.tenant_id: NOT NULL",
            "leads.tenant_id: REFERENCES tenants"
        ]
    );
    assert_eq!(
        named("index_missing"),
        [
            "idx_credentials_tenant",
            "idx_credentials_name",
            "idx_credentials_category",
            "idx_system_events_severity"
        ]
    );
    assert_eq!(
        named("events_taken_along"),
        [
            "system_events_user_id_fkey: FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE"
        ]
    );
    let differs = |t: &str| found.tables.iter().find(|x| x.name == t).unwrap().differences.clone();
    assert_eq!(differs("users"), ["missing: updated_at", "extra: last_login"]);
    assert_eq!(differs("system_events"), ["extra: user_id"]);
    bed.drop_database(&name).await;
}

/// What the owner of a database can put into the way of somebody with more rights who only looks. Each piece, when it runs
/// in a session of ours, ends the statement with the name of whom it ran as.
const TRAPS: &str = r"
CREATE FUNCTION public.trap() RETURNS BOOLEAN LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$ BEGIN
    IF current_setting('application_name') = 'atalaya set-up' THEN RAISE EXCEPTION 'ran as %', current_user; END IF; RETURN TRUE; END $$;
CREATE FUNCTION public.trap(a text, b text) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()';
CREATE FUNCTION public.trap(a name, b text) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()';
CREATE FUNCTION public.trap(a oid, b oid) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()';
CREATE FUNCTION public.trap(s bigint) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()::int::bigint';
CREATE AGGREGATE public.count(*) (SFUNC = public.trap, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION public.lower(varchar) RETURNS TEXT LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()::text';
CREATE FUNCTION public.format(text, name) RETURNS TEXT LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()::text';
CREATE FUNCTION public.has_table_privilege(oid, text) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS 'SELECT public.trap()';
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = public.trap);
CREATE OPERATOR public.!~ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE OPERATOR public.@@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE VIEW public.pg_class AS SELECT c.*, public.trap() FROM pg_catalog.pg_class c;
CREATE TABLE public.by_index (id int); CREATE INDEX ON public.by_index ((public.trap()));
CREATE TABLE public.by_operator (id int); CREATE INDEX ON public.by_operator (id) WHERE ('a'::text OPERATOR(public.@@@) 'b'::text);
CREATE TABLE public.by_policy (id int); INSERT INTO public.by_policy VALUES (1);
ALTER TABLE public.by_policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_policy ON public.by_policy USING (public.trap());
CREATE VIEW public.by_view AS SELECT public.trap();
CREATE TABLE public.harmless (id int); INSERT INTO public.harmless VALUES (1), (2);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC";

#[tokio::test]
async fn a_hostile_database_runs_nothing_of_its_own_when_it_is_looked_at() {
    let bed = bed().await;
    let name = bed.database(Some(bed.legacy().await)).await;
    let mut owner = bed.owner_psql(&name).await;
    owner.must(TRAPS).await;
    owner.must(format!("ALTER DATABASE {name} SET search_path = public, pg_catalog")).await;
    // The traps work: whoever just looks falls into them.
    let mut careless = bed.superuser(&name).await;
    careless.must("SET application_name = 'atalaya set-up'").await;
    for sql in [
        "SELECT count(*) FROM users",
        "SELECT lower(email) FROM users",
        "SELECT FROM public.by_index",
        "SELECT FROM public.by_operator",
        "SELECT * FROM pg_class",
    ] {
        assert_eq!(careless.refused(sql).await, "P0001", "{sql}");
    }
    let superuser = bed.target(Scratch::SUPERUSER, Scratch::PASSWORD, &name);
    for (who, target) in [
        ("owner", bed.owner(&name)),
        ("administrator", bed.administrator(&name)),
        ("superuser", superuser),
    ] {
        let found = adoption::inspect(&bed.administrator(&name), Some(&target)).await;
        let found = found.unwrap_or_else(|e| panic!("{who}: {e:?}"));
        assert_eq!(found.kind, DatabaseKind::Legacy, "{who}");
        let rows = |t: &str| found.tables.iter().find(|x| x.name == t).unwrap().rows;
        assert_eq!(
            (rows("users"), rows("system_events"), rows("harmless")),
            (40, 60_450, 2),
            "{who}"
        );
        assert_eq!((rows("by_index"), rows("by_operator")), (-1, -1), "{who}");
        if who == "owner" {
            assert!(found.can_apply, "{found:?}");
            assert!(found.findings.iter().any(|f| f.code == "email_case_duplicates"));
        }
    }
    // An operator of somebody's own in an index of a documented table is a finding, like a function.
    owner
        .must("CREATE INDEX ON public.leads (id) WHERE (status OPERATOR(public.@@@) 'b'::text)")
        .await;
    let found =
        adoption::inspect(&bed.administrator(&name), Some(&bed.owner(&name))).await.unwrap();
    assert!(!found.can_apply);
    assert!(
        format!("{:?}", found.findings).contains("operator public.@@@"),
        "{:?}",
        found.findings
    );
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn an_empty_database_becomes_a_workspace() {
    let bed = bed().await;
    let name = bed.database(None).await;
    let _alone = bed.adopting().await;
    apply(bed, &name).await.unwrap();
    let (place, keychain) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), None).await;
    assert_eq!(opened.session.email, "ada@example.com");
    assert_eq!(opened.session.roles, ["admin", "ceo", "operator"]);
    assert_eq!(keychain.accounts(), std::slice::from_ref(&opened.session.connection.id));
    opened.context.store.close().await;
    // Nothing of the set-up looks like a change past the programs.
    let mut su = bed.superuser(&name).await;
    su.must("SELECT atalaya.note_direct_changes()").await;
    assert_eq!(
        su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'db.direct_change'")
            .await,
        "0"
    );
}

#[tokio::test]
async fn a_ceo_who_is_there_can_be_linked() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    apply(bed, &name).await.unwrap();
    let candidates = setup::candidates(&bed.setup(&name)).await.unwrap();
    let ceo = candidates.iter().find(|c| c.email == "ceo@example.com").unwrap();
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), Some(ceo.user_id)).await;
    assert_eq!(opened.session.email, "ceo@example.com");
    opened.context.store.close().await;
    let mut su = bed.superuser(&name).await;
    assert_eq!(su.one("SELECT count(*) FROM public.users").await, "40");
    let linked =
        "SELECT db_role LIKE 'atalaya\\_%' FROM public.users WHERE email = 'ceo@example.com'";
    assert_eq!(su.one(linked).await, "t");
    let event = "SELECT count(*) FROM public.system_events WHERE event_type = 'user.linked' AND outcome = 'ok'";
    assert_eq!(su.one(event).await, "1");
}

#[tokio::test]
async fn a_locked_keychain_makes_no_login() {
    use atalaya_keys::keychain::Fault;
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    apply(bed, &name).await.unwrap();
    let (place, keychain) = workplace();
    keychain.set_fault(Some(Fault::Locked));
    let caller = place.caller(Origin::Console).unwrap();
    let tried =
        setup::administrator(&place, &caller, bed.setup(&name), bed::request(None), |_| ()).await;
    let (e, setup) = tried.err().unwrap();
    assert_eq!(e.code, Code::KeychainLocked);
    assert_eq!(
        bed.superuser(&name)
            .await
            .one("SELECT count(*) FROM public.users WHERE db_role IS NOT NULL")
            .await,
        "0"
    );
    keychain.set_fault(None);
    first_administrator(&place, setup, None).await.context.store.close().await;
}
