//! Databases that cannot be taken over: refused with the reason, before anything is touched.

use super::drift::take;
use super::sameness::catalogue;
use crate::bed::{CRM, bed};
use atalaya_model::Code;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;

/// What is refused: as it was made, and a word of the reason.
const REFUSED: &[(&str, &str, Code)] = &[
    (
        "CREATE TABLE invoices (id int); DROP TABLE system_events, credentials, leads, users, tenants",
        "",
        Code::DbNotACrm,
    ),
    (
        "DROP TABLE system_events, credentials, leads; ALTER TABLE users DROP password_hash",
        "password_hash",
        Code::DbNotACrm,
    ),
    ("ALTER TABLE system_events ADD ip text", "system_events.ip", Code::DbNotACrm),
    ("ALTER TABLE system_events ADD tenant_id text", "system_events.tenant_id", Code::DbNotACrm),
    (
        "ALTER TABLE system_events DROP CONSTRAINT system_events_pkey; INSERT INTO system_events (id, event_type) SELECT id, 'again' FROM system_events LIMIT 3",
        "",
        Code::DbNotACrm,
    ),
    (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION f()",
        "trigger",
        Code::DbNotACrm,
    ),
    (
        "CREATE TYPE level AS ENUM ('info', 'warning', 'critical'); ALTER TABLE system_events DROP CONSTRAINT system_events_severity_check;
         ALTER TABLE system_events ALTER severity DROP DEFAULT, ALTER severity TYPE level USING severity::level",
        "system_events.severity is of type public.level",
        Code::DbNotACrm,
    ),
    (
        "ALTER TABLE system_events ADD tenant_id uuid",
        "tenant_id is of type uuid, and tenants have ids of type integer",
        Code::DbNotACrm,
    ),
    (
        "DROP TABLE system_events; CREATE TABLE system_events (id bigserial, event_type text NOT NULL, severity text, message text, payload jsonb,
            occurred_at timestamptz NOT NULL, PRIMARY KEY (occurred_at, id)) PARTITION BY RANGE (occurred_at);
         CREATE TABLE events_2026 PARTITION OF system_events DEFAULT",
        "partitioned",
        Code::DbNotACrm,
    ),
    (
        "CREATE VIEW last_events AS SELECT id, event_type, occurred_at FROM system_events",
        "view public.last_events",
        Code::DbNotACrm,
    ),
    (
        "CREATE MATERIALIZED VIEW events_per_day AS SELECT occurred_at::date AS day, count(*) FROM system_events GROUP BY 1",
        "materialized view public.events_per_day",
        Code::DbNotACrm,
    ),
    (
        "ALTER TABLE leads ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON leads USING (tenant_id = 1)",
        "policy mine",
        Code::DbNotACrm,
    ),
    (
        "ALTER TABLE leads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "row security",
        Code::DbNotACrm,
    ),
    (
        "INSERT INTO system_events (id, event_type, message) VALUES (9000001, left(repeat(md5('x'), 40), 1001), ''), (9000002, 'x', repeat('y', 9000000))",
        "event 9000002 is too large",
        Code::DbNotACrm,
    ),
    (
        "INSERT INTO system_events (id, event_type, payload) VALUES (9000003, 'x', jsonb_build_object('a', repeat('y', 9000000)))",
        "event 9000003 is too large",
        Code::DbNotACrm,
    ),
    (
        "INSERT INTO system_events (id, event_type, payload) SELECT 9000004, 'x', jsonb_agg('1e131071'::numeric) FROM generate_series(1, 100)",
        "event 9000004 is too large",
        Code::DbNotACrm,
    ),
    (
        "INSERT INTO system_events (id, event_type, payload) SELECT 9000005, 'x', jsonb_agg('1e131071'::numeric) FROM generate_series(1, 9000)",
        "more than a gigabyte",
        Code::DbNotACrm,
    ),
    (
        "ALTER TABLE credentials DROP CONSTRAINT credentials_tenant_id_name_key; INSERT INTO credentials (tenant_id, name, value) SELECT tenant_id, name, '?' FROM credentials",
        "credential_duplicates",
        Code::DecisionMissing,
    ),
];

#[tokio::test]
async fn what_cannot_be_taken_over_is_refused_untouched() {
    let bed = bed().await;
    for (made_by, word, code) in REFUSED {
        let name = bed.database(Some(bed.small_legacy().await)).await;
        bed.owner_psql(&name).await.must(*made_by).await;
        let before = catalogue(bed, &name).await;
        let e = take(bed, &name, &BTreeMap::new()).await.unwrap_err();
        assert_eq!(e.code, *code, "{made_by}: {e:?}");
        assert!(format!("{e:?}").contains(word), "{made_by}: {e:?}");
        assert_eq!(catalogue(bed, &name).await, before, "{made_by}");
        bed.drop_database(&name).await;
    }
}

#[tokio::test]
async fn a_database_in_turkish_is_refused_untouched() {
    let bed = bed().await;
    let name = bed.database(None).await;
    bed.drop_database(&name).await;
    let mut su = bed.superuser(Scratch::MAINTENANCE).await;
    su.must(format!(
        "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'tr' OWNER {CRM}"
    ))
    .await;
    bed.load_legacy(&name).await;
    let before = catalogue(bed, &name).await;
    let e = take(bed, &name, &BTreeMap::new()).await.unwrap_err();
    assert_eq!(e.code, Code::DbNotACrm);
    assert!(format!("{e:?}").contains("capital"), "{e:?}");
    assert_eq!(catalogue(bed, &name).await, before);
    bed.drop_database(&name).await;
}
