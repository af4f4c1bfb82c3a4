//! Databases that have drifted from the documents: each is taken over without loss, or refused with the reason before
//! anything is touched.

use super::content::{Content, content};
use super::sameness::{catalogue, differences};
use crate::bed::{Bed, CRM, bed, first_administrator, second_bed, workplace};
use atalaya_model::Code;
use atalaya_model::adoption::Inspection;
use atalaya_ops::adoption;
use std::collections::BTreeMap;

/// One drifted database.
pub struct Drift {
    pub name: &'static str,
    /// What made it so, as the CRM's login, from the fixture's schema and rows.
    pub made_by: &'static str,
    /// What the operator chooses; the finding of each has to be there.
    pub decisions: &'static [(&'static str, &'static str)],
    /// Findings that have to be there besides.
    pub found: &'static [&'static str],
}

/// What is taken over.
pub const TAKEN: &[Drift] = &[
    Drift {
        name: "as documented",
        made_by: "SELECT 1",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "duplicate credentials without a unique constraint",
        made_by: "ALTER TABLE credentials DROP CONSTRAINT credentials_tenant_id_name_key;
            INSERT INTO credentials (tenant_id, name, value, updated_at) SELECT tenant_id, name, 'newer of ' || id, now() + interval '1 second'
            FROM credentials WHERE id % 10 = 0;
            INSERT INTO credentials (tenant_id, name, value, updated_at) SELECT tenant_id, name, 'older of ' || id, '2001-01-01' FROM credentials WHERE id % 15 = 0",
        decisions: &[("credential_duplicates", "newest")],
        found: &["constraint_missing"],
    },
    Drift {
        name: "global rows without a tenant",
        made_by: "ALTER TABLE credentials ALTER tenant_id DROP NOT NULL; ALTER TABLE leads ALTER tenant_id DROP NOT NULL;
            INSERT INTO credentials (tenant_id, name, value) VALUES (NULL, 'GLOBAL', 'a'), (NULL, 'GLOBAL', 'b');
            INSERT INTO leads (tenant_id, phone_number) VALUES (NULL, '1')",
        decisions: &[],
        found: &["credential_without_tenant", "lead_without_tenant", "constraint_missing"],
    },
    Drift {
        name: "no updated_at",
        made_by: "ALTER TABLE tenants DROP updated_at; ALTER TABLE users DROP updated_at; ALTER TABLE leads DROP updated_at;
            ALTER TABLE credentials DROP updated_at, DROP created_at",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "events with a tenant of their own, a cascading key and columns nobody knows",
        made_by: "ALTER TABLE system_events ADD tenant_id INTEGER, ADD user_id UUID, ADD ip_address TEXT NOT NULL DEFAULT '-';
            UPDATE system_events SET tenant_id = (id / 100) % 9, ip_address = '10.0.0.' || id % 200, user_id = (SELECT id FROM users WHERE email = 'ceo@example.com') WHERE id % 3 <> 0;
            UPDATE system_events SET tenant_id = NULL WHERE tenant_id IN (0, 8) AND (id / 100) % 2 = 0;
            ALTER TABLE system_events ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
            ALTER TABLE system_events ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE NOT VALID;
            CREATE INDEX system_events_tenant_idx ON system_events (tenant_id)",
        decisions: &[],
        found: &["tenant_dangling", "events_taken_along"],
    },
    Drift {
        name: "severities of their own",
        made_by: "ALTER TABLE system_events DROP CONSTRAINT system_events_severity_check;
            ALTER TABLE system_events ADD CONSTRAINT of_the_crm CHECK (severity <> 'never');
            UPDATE system_events SET severity = CASE (id / 100) % 5 WHEN 0 THEN 'ERROR' WHEN 1 THEN ' warn' WHEN 2 THEN 'púrpura' WHEN 3 THEN NULL ELSE 'info' END",
        decisions: &[("severity_unknown", "critical")],
        found: &["severity_other"],
    },
    Drift {
        name: "created_at for occurred_at",
        made_by: "ALTER TABLE system_events RENAME occurred_at TO created_at",
        decisions: &[("event_time_column", "rename")],
        found: &[],
    },
    Drift {
        name: "users without a tenant and names",
        made_by: "ALTER TABLE users DROP tenant_id, DROP first_name, DROP last_name",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "forty tables of another module",
        made_by: "DO $$BEGIN FOR n IN 1..40 LOOP
                EXECUTE format('CREATE TABLE dental_%s (id serial PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants (id), note text)', n);
                EXECUTE format('INSERT INTO dental_%s (tenant_id, note) SELECT id, clinic_name FROM tenants', n);
            END LOOP; END$$",
        decisions: &[],
        found: &["other_table_with_tenant"],
    },
    Drift {
        name: "a row of 2099, one of 1970, and one without a time",
        made_by: "INSERT INTO system_events (event_type, occurred_at) VALUES ('future', '2099-12-31 23:59:59.999999+00'), ('past', '1970-01-01 00:00:00+00'), ('never', NULL),
                ('for ever', 'infinity')",
        decisions: &[("event_time_missing", "set_aside")],
        found: &["event_future", "event_ancient"],
    },
    Drift {
        name: "no credentials and no log yet",
        made_by: "DROP TABLE credentials; DROP TABLE system_events",
        decisions: &[],
        found: &["missing_table"],
    },
    Drift {
        name: "numbers drawn in other ways",
        made_by: "ALTER TABLE tenants ALTER id DROP DEFAULT; DROP SEQUENCE tenants_id_seq;
            ALTER TABLE tenants ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 1000);
            ALTER SEQUENCE leads_id_seq AS bigint; ALTER SEQUENCE leads_id_seq INCREMENT 3 CACHE 4; ALTER SEQUENCE leads_id_seq RENAME TO \"Lead numbers\";
            CREATE TABLE notes (id integer DEFAULT nextval('credentials_id_seq'), text text)",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "identity ids of events, always",
        made_by: "ALTER TABLE system_events ALTER id DROP DEFAULT; DROP SEQUENCE system_events_id_seq;
            ALTER TABLE system_events ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 7 INCREMENT 3 CACHE 2 MAXVALUE 900000000000);
            SELECT setval('system_events_id_seq', (SELECT max(id) FROM system_events) + 10)",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "identity ids and generated columns elsewhere, and identity by default in events",
        made_by: "ALTER TABLE system_events ALTER id DROP DEFAULT; DROP SEQUENCE system_events_id_seq;
            ALTER TABLE system_events ALTER id ADD GENERATED BY DEFAULT AS IDENTITY;
            SELECT setval('system_events_id_seq', (SELECT max(id) FROM system_events));
            ALTER TABLE leads ALTER id DROP DEFAULT; ALTER TABLE leads ALTER id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME of_leads);
            SELECT setval('of_leads', (SELECT max(id) FROM leads));
            ALTER TABLE leads ADD full_name text GENERATED ALWAYS AS (coalesce(first_name, '') || ' ' || coalesce(last_name, '')) STORED;
            ALTER TABLE users ADD \"eMail Lower\" text GENERATED ALWAYS AS (lower(email)) STORED",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "duplicate credentials with identity ids and a generated column",
        made_by: "ALTER TABLE credentials DROP CONSTRAINT credentials_tenant_id_name_key, ALTER id DROP DEFAULT;
            ALTER TABLE credentials ALTER id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME of_credentials);
            SELECT setval('of_credentials', (SELECT max(id) FROM credentials));
            ALTER TABLE credentials ADD \"nameLower\" text GENERATED ALWAYS AS (lower(name)) STORED;
            INSERT INTO credentials (tenant_id, name, value) SELECT tenant_id, name, 'again' FROM credentials WHERE id % 10 = 0",
        decisions: &[("credential_duplicates", "oldest")],
        found: &[],
    },
    Drift {
        name: "mixed-case names, views and a materialised view",
        made_by: "ALTER TABLE system_events ADD \"actorId\" text, ADD \"When it was\" timestamptz DEFAULT now(); CREATE INDEX \"eventsByActor\" ON system_events (\"actorId\");
            ALTER TABLE leads ADD \"Score %\" numeric(5,2) DEFAULT 1.5; CREATE UNIQUE INDEX \"leads Unique\" ON leads (tenant_id, \"phone_number\", id);
            CREATE TABLE \"Appointments\" (id int PRIMARY KEY, \"tenant_id\" int REFERENCES tenants (id), lead_id int REFERENCES leads (id) ON DELETE SET NULL);
            INSERT INTO \"Appointments\" SELECT id, tenant_id, id FROM leads LIMIT 20;
            CREATE VIEW staff AS SELECT id, email, first_name FROM users WHERE status = 'active';
            CREATE MATERIALIZED VIEW leads_per_tenant AS SELECT tenant_id, count(*) AS n FROM leads GROUP BY 1",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "a log that is published and has statistics and comments",
        made_by: "CREATE PUBLICATION feed FOR TABLE system_events, leads; CREATE STATISTICS of_events (dependencies) ON event_type, severity FROM system_events;
            COMMENT ON TABLE system_events IS 'ours'; COMMENT ON COLUMN leads.source IS 'ours'; ALTER TABLE leads SET (fillfactor = 70);
            ALTER TABLE credentials SET UNLOGGED; ALTER TABLE users REPLICA IDENTITY FULL",
        decisions: &[],
        found: &["published_log"],
    },
    Drift {
        name: "row security already on, without a rule, and an unlogged log",
        made_by: "ALTER TABLE leads ENABLE ROW LEVEL SECURITY; ALTER TABLE system_events ENABLE ROW LEVEL SECURITY; ALTER TABLE system_events SET UNLOGGED",
        decisions: &[],
        found: &[],
    },
    Drift {
        name: "columns that nobody knows on users and tenants",
        made_by: "ALTER TABLE users ADD last_login timestamptz, ADD \"Odd Name\" text DEFAULT 'x'; ALTER TABLE tenants ADD plan text NOT NULL DEFAULT 'free'",
        decisions: &[],
        found: &[],
    },
];

pub async fn make(bed: &'static Bed, drift: &Drift) -> String {
    let name = bed.database(Some(bed.small_legacy().await)).await;
    bed.owner_psql(&name).await.must(drift.made_by).await;
    name
}

pub fn decisions(drift: &Drift) -> BTreeMap<String, String> {
    drift.decisions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

pub async fn take(
    bed: &Bed,
    name: &str,
    decisions: &BTreeMap<String, String>,
) -> atalaya_model::Result<Inspection> {
    let (place, _) = workplace();
    adoption::apply(
        &place,
        &bed.administrator(name),
        Some(&bed.owner(name)),
        false,
        decisions,
        |_| (),
    )
    .await
}

#[tokio::test]
async fn every_drifted_database_is_taken_over_without_loss() {
    let bed = bed().await;
    for drift in TAKEN {
        let name = make(bed, drift).await;
        let before: Content = content(bed, &name).await;
        let _alone = bed.adopting().await;
        let found = take(bed, &name, &decisions(drift))
            .await
            .unwrap_or_else(|e| panic!("{}: {e:?}", drift.name));
        for code in drift.found.iter().chain(drift.decisions.iter().map(|(k, _)| k)) {
            assert!(
                found.findings.iter().any(|f| f.code == *code),
                "{}: {code} in {:?}",
                drift.name,
                found.findings
            );
        }
        before.assert_kept(bed, &name, drift.name).await;
        // The documented statements work on it, whatever it was before.
        let mut crm = bed.owner_psql(&name).await;
        crm.must("INSERT INTO system_events (event_type, severity, message, payload) VALUES ('x', 'info', 'after', '{\"tenant_id\": 2}')").await;
        crm.must("INSERT INTO credentials (tenant_id, name, value, category) VALUES (1, 'AFTER', 'v', 'c')
                  ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value, updated_at = NOW()").await;
        crm.must("UPDATE users SET status = 'active', updated_at = NOW() WHERE email = 'ceo@example.com'").await;
        let mut su = bed.superuser(&name).await;
        assert_eq!(
            su.one("SELECT count(*) FROM system_events WHERE origin IS NULL OR outcome IS NULL")
                .await,
            "0",
            "{}",
            drift.name
        );
        assert_eq!(
            su.one("SELECT origin FROM system_events WHERE message = 'after'").await,
            "legacy",
            "{}",
            drift.name
        );
        bed.drop_database(&name).await;
    }
}

#[tokio::test]
async fn and_given_back_as_it_was_and_taken_again() {
    let bed = bed().await;
    for drift in TAKEN {
        given_back(bed, drift).await;
    }
}

#[tokio::test]
async fn also_on_the_second_version() {
    if let Some(bed) = second_bed().await {
        for drift in TAKEN.iter().step_by(4) {
            given_back(bed, drift).await;
        }
    }
}

async fn given_back(bed: &'static Bed, drift: &Drift) {
    let name = make(bed, drift).await;
    let before: Content = content(bed, &name).await;
    let shape = catalogue(bed, &name).await;
    let _alone = bed.adopting().await;
    take(bed, &name, &decisions(drift)).await.unwrap();
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), None).await;
    opened.context.store.close().await;
    let mut crm = bed.owner_psql(&name).await;
    crm.must("INSERT INTO system_events (event_type, severity, message) SELECT 'x', 'info', 'since' FROM generate_series(1, 7)").await;
    crm.must("INSERT INTO leads (tenant_id, phone_number) VALUES (1, 'since')").await;
    crm.close().await;
    adoption::revert(None, &bed.administrator(&name), &bed.owner(&name), |_| ())
        .await
        .unwrap_or_else(|e| panic!("{}: {e:?}", drift.name));

    let mut crm = bed.owner_psql(&name).await;
    assert_eq!(
        crm.one("SELECT count(*) FROM system_events WHERE message = 'since'").await,
        "7",
        "{}",
        drift.name
    );
    assert_eq!(
        crm.must("DELETE FROM system_events WHERE message = 'since'").await,
        7,
        "{}",
        drift.name
    );
    // What Atalaya did is in the log, too, and its first administrator is a user.
    assert_ne!(
        crm.one("SELECT count(*) FROM system_events WHERE event_type = 'installation.created'")
            .await,
        "0"
    );
    assert_eq!(
        crm.must("DELETE FROM leads WHERE phone_number = 'since'").await,
        1,
        "{}",
        drift.name
    );
    assert_eq!(
        crm.must("DELETE FROM users WHERE email = 'ada@example.com'").await,
        1,
        "{}",
        drift.name
    );
    before.assert_back(bed, &name, drift.name).await;
    let made = ["system_events", "credentials"]
        .iter()
        .any(|t| drift.made_by.contains(&format!("DROP TABLE {t}")));
    if !made {
        let differ = differences(&shape, &catalogue(bed, &name).await);
        assert!(differ.is_empty(), "{}:\n{}", drift.name, differ.join("\n"));
    }
    // The program alone again: it owns its tables, and may change them.
    crm.must("CREATE TABLE IF NOT EXISTS credentials (id int); ALTER TABLE leads ADD COLUMN again INT; ALTER TABLE leads DROP COLUMN again").await;
    crm.close().await;
    let mut su = bed.superuser(&name).await;
    let lent = format!("SELECT pg_has_role('{CRM}', 'atalaya_owner', 'MEMBER')");
    assert_eq!(su.one(lent).await, "f", "{}", drift.name);
    // And again.
    if !made {
        take(bed, &name, &decisions(drift))
            .await
            .unwrap_or_else(|e| panic!("{}: again: {e:?}", drift.name));
        before.assert_kept(bed, &name, drift.name).await;
    }
    su.close().await;
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn what_was_finished_does_not_go_back() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let (administrator, owner) = (bed.administrator(&name), bed.owner(&name));
    // Not before somebody administers it.
    assert_eq!(
        adoption::finish(None, &administrator, &owner, |_| ()).await.unwrap_err().code,
        Code::Conflict
    );
    let (place, _) = workplace();
    let opened = first_administrator(&place, bed.setup(&name), None).await;
    opened.context.store.close().await;
    adoption::finish(None, &administrator, &owner, |_| ()).await.unwrap();
    let mut crm = bed.owner_psql(&name).await;
    assert_eq!(crm.refused("SELECT 1 FROM leads").await, "42501");
    crm.close().await;
    let e = adoption::revert(None, &administrator, &owner, |_| ()).await.unwrap_err();
    assert_eq!((e.code, e.detail["reason"].as_str()), (Code::Conflict, "finished"), "{e:?}");
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn what_the_crm_had_beside_the_documents_goes_on() {
    let bed = bed().await;
    let drift = |name: &str| TAKEN.iter().find(|d| d.name.starts_with(name)).unwrap();
    let _alone = bed.adopting().await;
    let name = make(bed, drift("columns that nobody knows")).await;
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let mut crm = bed.owner_psql(&name).await;
    assert_eq!(crm.must("UPDATE users SET last_login = now(), \"Odd Name\" = 'y' WHERE email = 'ceo@example.com'").await, 1);
    crm.must("INSERT INTO tenants (clinic_name, plan) VALUES ('New', 'paid')").await;
    assert_eq!(crm.refused("UPDATE users SET db_role = 'x'").await, "42501");
    bed.drop_database(&name).await;

    let name = make(bed, drift("events with a tenant")).await;
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let mut crm = bed.owner_psql(&name).await;
    crm.must("INSERT INTO system_events (event_type, tenant_id, ip_address, message) VALUES ('x', 3, '1.2.3.4', 'own')").await;
    let mut su = bed.superuser(&name).await;
    assert_eq!(su.one("SELECT concat_ws(' ', tenant_id, origin, ip_address) FROM system_events WHERE message = 'own'").await, "3 legacy 1.2.3.4");
    // No key of a log takes its rows along any more.
    crm.must("DELETE FROM leads WHERE tenant_id = 7; DELETE FROM credentials WHERE tenant_id = 7; DELETE FROM users WHERE tenant_id = 7").await;
    let events = su.one("SELECT count(*) FROM system_events WHERE tenant_id = 7").await;
    assert_ne!(events, "0");
    crm.must("DELETE FROM tenants WHERE id = 7").await;
    assert_eq!(su.one("SELECT count(*) FROM system_events WHERE tenant_id = 7").await, events);
    bed.drop_database(&name).await;

    // Views, other tables with keys into these, and names in mixed case.
    let name = make(bed, drift("mixed-case names")).await;
    take(bed, &name, &BTreeMap::new()).await.unwrap();
    let mut crm = bed.owner_psql(&name).await;
    assert_ne!(crm.one("SELECT count(*) FROM staff").await, "0");
    crm.must("UPDATE staff SET first_name = 'Ana' WHERE email = 'ceo@example.com'").await;
    crm.must("REFRESH MATERIALIZED VIEW leads_per_tenant").await;
    assert_ne!(crm.one("SELECT sum(n) FROM leads_per_tenant").await, "");
    crm.must(
        "INSERT INTO system_events (event_type, \"actorId\", message) VALUES ('x', '17', 'mixed')",
    )
    .await;
    assert_eq!(
        crm.one("SELECT count(\"When it was\") FROM system_events WHERE \"actorId\" = '17'").await,
        "1"
    );
    crm.must("INSERT INTO leads (tenant_id, phone_number, \"Score %\") VALUES (1, 'mixed', 9.75)")
        .await;
    crm.must(
        "INSERT INTO \"Appointments\" SELECT 100000, 1, id FROM leads WHERE phone_number = 'mixed'",
    )
    .await;
    assert_eq!(crm.refused("INSERT INTO \"Appointments\" VALUES (100001, 1, -5)").await, "23503");
    crm.must("DELETE FROM leads WHERE phone_number = 'mixed'").await;
    assert_eq!(
        crm.one("SELECT count(*) FROM \"Appointments\" WHERE id = 100000 AND lead_id IS NULL")
            .await,
        "1"
    );
    bed.drop_database(&name).await;

    let name = make(bed, drift("severities of their own")).await;
    take(bed, &name, &decisions(drift("severities of their own"))).await.unwrap();
    let mut crm = bed.owner_psql(&name).await;
    crm.must("INSERT INTO system_events (event_type, severity, message) VALUES ('x', 'fatal', 'own'), ('x', 'lila', 'own')").await;
    let mut su = bed.superuser(&name).await;
    assert_eq!(
        su.one("SELECT string_agg(severity, ',') FROM system_events WHERE message = 'own'").await,
        "critical,critical"
    );
    assert_eq!(su.one("SELECT string_agg(original ->> 'severity', ',' ORDER BY id) FROM (SELECT * FROM atalaya.set_aside ORDER BY id DESC LIMIT 2) s").await, "fatal,lila");
    bed.drop_database(&name).await;
}
