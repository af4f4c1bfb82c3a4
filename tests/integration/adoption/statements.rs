//! What an inspection says of the legacy program's statements is what happens to them.

use super::drift::{TAKEN, decisions, make, take};
use crate::bed::bed;

/// One statement of each class; in the drifted databases that have it.
const SAID: &[(&str, &str)] = &[
    ("event_insert", "INSERT INTO system_events (event_type, severity, message, payload) VALUES ('x', 'info', 'm', '{}'::jsonb)"),
    ("log_read", "SELECT id, event_type, severity, message, payload, occurred_at FROM system_events WHERE 1=1 ORDER BY occurred_at DESC LIMIT 5 OFFSET 0"),
    ("credential_upsert", "INSERT INTO credentials (tenant_id, name, value) VALUES (1, 'S', 'v') ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value"),
    ("credential_update", "UPDATE credentials SET value = value, updated_at = NOW() WHERE id = 1"),
    ("leads_read", "SELECT * FROM leads WHERE tenant_id = ANY('{1,2}'::int[])"),
    ("rows_of_tables", "INSERT INTO tenants (clinic_name) VALUES ('S'); UPDATE tenants SET owner_email = 's' WHERE clinic_name = 'S';
        DELETE FROM tenants WHERE clinic_name = 'S'; UPDATE users SET first_name = first_name; DELETE FROM leads WHERE id = -1"),
    ("ddl", "CREATE TABLE IF NOT EXISTS credentials (id SERIAL PRIMARY KEY)"),
    ("event_change", "UPDATE system_events SET message = 'x' WHERE id = 100"),
    ("event_change", "DELETE FROM system_events WHERE id = 100"),
    ("event_time_null", "INSERT INTO system_events (event_type, occurred_at) VALUES ('x', NULL)"),
    ("event_id_given", "INSERT INTO system_events (id, event_type) VALUES (1, 'x')"),
    ("event_on_conflict", "INSERT INTO system_events (event_type) VALUES ('x') ON CONFLICT (id) DO NOTHING"),
    ("truncate", "TRUNCATE leads"),
    ("event_created_at", "SELECT created_at FROM system_events LIMIT 1"),
    ("credential_same_name", "INSERT INTO credentials (tenant_id, name, value) SELECT tenant_id, name, 'x' FROM credentials WHERE tenant_id IS NOT NULL LIMIT 1"),
];

#[tokio::test]
async fn what_is_said_of_each_class_is_what_happens() {
    let bed = bed().await;
    let mut seen = std::collections::BTreeSet::new();
    for drift in TAKEN.iter().filter(|d| {
        d.name == "as documented"
            || d.name.starts_with("created_at")
            || d.name.starts_with("duplicate")
    }) {
        let name = make(bed, drift).await;
        let _alone = bed.adopting().await;
        let found = take(bed, &name, &decisions(drift)).await.unwrap();
        let mut crm = bed.owner_psql(&name).await;
        for class in &found.statements {
            let said: Vec<_> = SAID.iter().filter(|(code, _)| *code == class.code).collect();
            assert!(!said.is_empty(), "{} is not tried", class.code);
            for (code, sql) in said {
                seen.insert(*code);
                let went = crm.run(format!("BEGIN; {sql}; ROLLBACK")).await;
                if went.is_err() {
                    crm.must("ROLLBACK").await;
                }
                assert_eq!(went.is_ok(), class.goes_on, "{}: {code}: {sql}: {went:?}", drift.name);
            }
        }
        crm.close().await;
        bed.drop_database(&name).await;
    }
    assert!(SAID.iter().all(|(code, _)| seen.contains(code)), "{seen:?}");
}
