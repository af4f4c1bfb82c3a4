//! Negative controls: whatever is taken out of the wall must be noticed.

use super::probe::{Probe, Seen, TELLING, differences};
use super::statements::STATEMENTS;
use crate::bed::bed;
use tokio::sync::OnceCell;

/// What can go without any change for anybody, each with the reason why it stands there all the same.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    (
        "DROP TRIGGER bump_facts_truncate ON users",
        "users cannot be emptied without grants, whose own trigger does it",
    ),
    (
        "DROP TRIGGER follow_status ON users",
        "it is the login that changes: loopholes::a_login_is_shut_with_its_user",
    ),
    (
        "GRANT INSERT ON atalaya.role_permissions TO atalaya_operator",
        "every column of it is granted already",
    ),
];

/// Tables whose probes a table's policies reach into.
fn reached(table: &str) -> Vec<&str> {
    match table {
        "atalaya.secrets" => {
            vec!["atalaya.secrets", "atalaya.secret_versions", "atalaya.secret_wraps"]
        }
        "atalaya.secret_versions" => vec!["atalaya.secret_versions", "atalaya.secret_wraps"],
        "public.system_events" => vec!["public.system_events", "atalaya.change_records"],
        t if t.starts_with("public.system_events") => vec!["public.system_events"],
        t => vec![t],
    }
}

/// What the whole wall answers, on the first version: as it is, and with a careless policy on each table. Every copy says the
/// same ([`nothing_noticed_where_nothing_changed`]), so it is asked once.
pub async fn whole() -> &'static (Seen, Seen) {
    static WHOLE: OnceCell<(Seen, Seen)> = OnceCell::const_new();
    let ask = async || {
        let mut probe = Probe::begin(&bed().await.small().await).await;
        (probe.run(None, false).await, probe.run(None, true).await)
    };
    WHOLE.get_or_init(ask).await
}

struct Control {
    probe: Probe,
    seen: &'static Seen,
    careless: &'static Seen,
    missed: Vec<String>,
}

impl Control {
    async fn begin() -> Self {
        let (seen, careless) = whole().await;
        let probe = Probe::begin(&bed().await.small().await).await;
        Self { probe, seen, careless, missed: Vec::new() }
    }

    /// Makes the change and looks at what is near it.
    async fn notices(&mut self, change: &str, table: &str, as_whom: &[&str]) -> bool {
        let near = reached(table);
        let floor = change.starts_with("DROP POLICY floor");
        // A floor shows only where something careless lies on it.
        for careless in [floor, !floor] {
            let before = if careless { self.careless } else { self.seen };
            if self.probe.differs_after(change, &near, careless, as_whom, before).await {
                return true;
            }
        }
        false
    }

    async fn all(&mut self, changes: Vec<(String, String)>, as_whom: &[&str]) {
        assert!(!changes.is_empty());
        for (change, table) in changes {
            if !self.notices(&change, &table, as_whom).await
                && !WITHOUT_EFFECT.iter().any(|(c, _)| *c == change)
            {
                self.missed.push(change);
            }
        }
    }

    async fn changes(&mut self, sql: &str) -> Vec<(String, String)> {
        let rows = self.probe.su.rows(sql).await.unwrap();
        rows.into_iter().map(|r| (r[0].clone().unwrap(), r[1].clone().unwrap())).collect()
    }
}

#[tokio::test]
async fn nothing_noticed_where_nothing_changed() {
    let mut control = Control::begin().await;
    assert!(!control.notices("SELECT 1", "public.leads", &TELLING).await);
    let again = control.probe.run(None, false).await;
    assert_eq!(differences(control.seen, &again), Vec::<String>::new());
    // Every table of ours is tried.
    let tables = control
        .changes(
            "SELECT n.nspname || '.' || c.relname, '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname IN ('public', 'atalaya') AND c.relkind IN ('r', 'p') AND NOT c.relispartition",
        )
        .await;
    for (table, _) in tables {
        assert!(STATEMENTS.iter().any(|s| s.table == table), "{table} is not probed");
    }
}

#[tokio::test]
async fn no_policy_can_go_unnoticed() {
    let mut control = Control::begin().await;
    // A partition's backup policy waits for a grant that partitions do not have.
    let mut policies: Vec<(String, String)> = control
        .changes(
            "SELECT format('DROP POLICY %I ON %s', p.polname, p.polrelid::regclass), n.nspname || '.' || c.relname
             FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT (c.relispartition AND p.polname = 'backup_read') ORDER BY 1",
        )
        .await;
    // Those of one role show as that role; the callers' and the gate's as anybody.
    for (name, as_whom) in [
        ("owner_all", &["atalaya_owner"][..]),
        ("backup_read", &["atalaya_backup"]),
        ("legacy_", &["crm"]),
        ("operators_stay", &["crm"]),
        ("direct_change_", &["atalaya_upkeep_direct_change", "closer@1"]),
        ("roll_up_", &["atalaya_upkeep_roll_up", "closer@1"]),
        ("session_touch_", &["atalaya_upkeep_session_touch", "admin@1"]),
        ("roles_", &["atalaya_roles", "ceo@all", "admin@1"]),
        ("", &TELLING),
    ] {
        let (these, others) = policies.into_iter().partition(|(change, _)| change.contains(name));
        control.all(these, as_whom).await;
        policies = others;
    }
    assert_eq!(control.missed, Vec::<String>::new());
}

#[tokio::test]
async fn no_flag_and_no_trigger_can_go_unnoticed() {
    let mut control = Control::begin().await;
    // Where callers have no right at all, the flag is the second lock of a locked door; the golden file holds it.
    let flags = control
        .changes(
            "SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', c.oid::regclass), n.nspname || '.' || c.relname
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relrowsecurity AND NOT c.relispartition AND n.nspname IN ('public', 'atalaya')
               AND has_any_column_privilege('atalaya_operator', c.oid, 'SELECT') ORDER BY 1",
        )
        .await;
    control.all(flags, &TELLING).await;
    let triggers = control
        .changes(
            "SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass), n.nspname || '.' || c.relname
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname IN ('public', 'atalaya') ORDER BY 1",
        )
        .await;
    // What this one refuses is a change of another table.
    let (author, triggers): (Vec<_>, Vec<_>) =
        triggers.into_iter().partition(|(change, _)| change.contains("check_author"));
    let author =
        author.into_iter().map(|(change, _)| (change, "public.leads".to_owned())).collect();
    control.all(author, &["suspended"]).await;
    control.all(triggers, &["superuser", "crm"]).await;
    assert_eq!(control.missed, Vec::<String>::new());
}

#[tokio::test]
async fn no_further_right_can_be_given_unnoticed() {
    let mut control = Control::begin().await;
    // On each table, each right that operators do not have on the whole of it.
    let rights = control
        .changes(
            "SELECT format('GRANT %s ON %s TO atalaya_operator', r, c.oid::regclass), n.nspname || '.' || c.relname
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) r
             WHERE n.nspname IN ('public', 'atalaya') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND NOT has_table_privilege('atalaya_operator', c.oid, r)
               AND n.nspname || '.' || c.relname NOT IN ('atalaya.migrations', 'atalaya.adoption_steps') ORDER BY 1",
        )
        .await;
    control.all(rights, &["ceo@all", "admin@1"]).await;
    assert_eq!(control.missed, Vec::<String>::new());
}
