//! Golden files for a security reviewer: the matrix, actions with their events and changes, upkeep, functions, policies.

use crate::bed::{Bed, ROLES, bed, second_bed};
use crate::golden::golden;
use crate::psql::Psql;
use atalaya_model::access::{Action, Audit, Permission};
use std::collections::BTreeMap;
use std::fmt::Write;

async fn lines(su: &mut Psql, sql: &str) -> String {
    let mut text = String::new();
    for row in su.rows(sql).await.unwrap() {
        writeln!(
            text,
            "{}",
            row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" | ")
        )
        .unwrap();
    }
    text
}

const MATRIX: &str = "SELECT p.permission, role.name, coalesce(h.rows, '-') FROM atalaya.permissions p
    CROSS JOIN atalaya.roles role LEFT JOIN atalaya.role_permissions h ON h.role = role.name AND h.permission = p.permission
    WHERE role.built_in ORDER BY 1, 2";

#[tokio::test]
async fn the_matrix_is_what_was_reviewed() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut matrix: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in su.rows(MATRIX).await.unwrap() {
        let [permission, role, rows] =
            row.into_iter().map(Option::unwrap).collect::<Vec<_>>().try_into().unwrap();
        matrix.entry(permission).or_default().insert(role, rows);
    }
    let mut text = format!("{:<22}{}\n", "", ROLES.map(|r| format!("{r:<14}")).concat().trim_end());
    for (permission, roles) in &matrix {
        let cells = ROLES.map(|r| format!("{:<14}", roles[r])).concat();
        writeln!(text, "{permission:<22}{}", cells.trim_end()).unwrap();
    }
    golden("matrix.txt", &text);
    // The closed list is one list, in both places.
    let known: Vec<_> = Permission::ALL.iter().map(|p| p.as_str().to_owned()).collect();
    assert_eq!(matrix.into_keys().collect::<Vec<_>>(), known);
    let built_in = su
        .one("SELECT string_agg(name, ',' ORDER BY name) FROM atalaya.roles WHERE built_in")
        .await;
    let mut roles = ROLES;
    roles.sort_unstable();
    assert_eq!(built_in, roles.join(","));
}

#[tokio::test]
async fn actions_and_event_types_agree() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut text = String::new();
    for action in Action::ALL {
        let spec = action.spec();
        let audit = if spec.audit == Audit::Each { "each" } else { "counted" };
        let permission = spec.permission.map_or("-", Permission::as_str);
        let changes: Vec<_> =
            spec.changes.iter().map(|c| format!("{} {}", c.operation, c.table)).collect();
        writeln!(
            text,
            "{action:?} | {} | {audit} | {permission} | {} | {}",
            spec.event_type,
            spec.resource,
            changes.join(", ")
        )
        .unwrap();
        let in_database = format!(
            "SELECT audit || ' ' || coalesce(permission, '-') || ' ' || entry FROM atalaya.event_types WHERE event_type = '{}'",
            spec.event_type
        );
        let got = su.one(in_database).await;
        let (got_audit, rest) =
            got.split_once(' ').unwrap_or_else(|| panic!("{} is no event type", spec.event_type));
        assert_eq!(got_audit, audit, "{action:?}");
        // The gate may ask for nothing where the program asks already; it never asks for another right.
        assert!(rest == format!("{permission} caller") || rest == "- caller", "{action:?}: {rest}");
        for change in spec.changes {
            let explained = format!(
                "SELECT count(*) FROM atalaya.event_changes WHERE event_type = '{}' AND table_name = '{}' AND operation = '{}'",
                spec.event_type, change.table, change.operation
            );
            assert_eq!(
                su.one(explained).await,
                "1",
                "{action:?}: {} {}",
                change.operation,
                change.table
            );
        }
    }
    golden("actions.txt", &text);
    let types = "SELECT t.event_type, t.severity, t.audit, t.entry, coalesce(t.permission, '-'),
        coalesce((SELECT string_agg(operation || ' ' || table_name || coalesce(' where ' || own_row || ' is the actor', '') || CASE WHEN across THEN ' of any tenant' ELSE '' END, ', ' ORDER BY table_name, operation)
                  FROM atalaya.event_changes c WHERE c.event_type = t.event_type), '-')
        FROM atalaya.event_types t ORDER BY 1";
    golden("event_types.txt", &lines(&mut su, types).await);
}

/// Owners of upkeep functions and what they may write.
const UPKEEP: &str = "SELECT p.oid::regprocedure::text, p.proowner::regrole::text,
    (SELECT count(*) FROM pg_auth_members m WHERE m.roleid = p.proowner
        -- 16 and newer keep the creator's membership, which may neither use nor become the role.
        AND (coalesce(to_jsonb(m) ->> 'inherit_option', 'true')::boolean OR coalesce(to_jsonb(m) ->> 'set_option', 'true')::boolean)) || ' members',
    coalesce((SELECT string_agg(w, ', ' ORDER BY w) FROM (
        SELECT format('%s %s(%s)', a.privilege_type, t.attrelid::regclass, string_agg(t.attname, ',' ORDER BY t.attname)) AS w
        FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE a.grantee = p.proowner AND a.privilege_type <> 'SELECT' GROUP BY a.privilege_type, t.attrelid
        UNION ALL
        SELECT format('%s %s', a.privilege_type, c.oid::regclass) FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
        WHERE a.grantee = p.proowner AND c.relowner <> p.proowner AND a.privilege_type <> 'SELECT') x), 'its own tables')
    FROM pg_proc p WHERE p.oid::regproc::text IN ('atalaya.touch_session', 'atalaya.note_direct_changes', 'atalaya.ensure_partitions', 'atalaya.roll_up')
    ORDER BY 1";

const FUNCTIONS: &str = "SELECT p.oid::regprocedure::text, p.proowner::regrole::text,
    CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END, coalesce(array_to_string(p.proconfig, '; '), 'NO SEARCH PATH'),
    coalesce((SELECT string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ' ' ORDER BY a.grantee::regrole::text)
              FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner), '-')
    FROM pg_proc p WHERE p.pronamespace = 'atalaya'::regnamespace ORDER BY 1";

const TABLES: &str = "SELECT c.oid::regclass::text, c.relowner::regrole::text,
    CASE WHEN c.relrowsecurity THEN 'row security' ELSE 'OPEN' END, CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'NOT FORCED' END
    FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND c.relkind IN ('r', 'p')
      AND c.relname !~ '_y\\d{4}m\\d\\d$' ORDER BY 1";

const POLICIES: &str = "SELECT p.polrelid::regclass::text, p.polname::text, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'RESTRICTIVE' END,
    p.polcmd::text, (SELECT string_agg(r::regrole::text, ' ' ORDER BY r::regrole::text) FROM unnest(p.polroles) r),
    coalesce(regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g'), '-'),
    coalesce(regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\\s+', ' ', 'g'), '-')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE NOT c.relispartition ORDER BY 1, 2";

const RIGHTS: &str = "SELECT what, who, how FROM (
    SELECT c.oid::regclass::text AS what, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS who,
           string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS how
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
    WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) AND a.grantee <> c.relowner GROUP BY c.oid, a.grantee
    UNION ALL
    SELECT t.attrelid::regclass::text, a.grantee::regrole::text,
           a.privilege_type || ' (' || string_agg(t.attname, ', ' ORDER BY t.attname) || ')'
    FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) a
    WHERE c.relnamespace IN ('public'::regnamespace, 'atalaya'::regnamespace) GROUP BY t.attrelid, a.grantee, a.privilege_type
    ) r ORDER BY 1, 2, 3";

const ROLES_NOW: &str = "SELECT r.rolname::text, concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN r.rolinherit THEN 'INHERIT' END) FROM pg_roles r WHERE r.rolname ~ '^atalaya_[a-z_]+$' ORDER BY 1";

async fn walls(bed: &'static Bed) -> Vec<(&'static str, String)> {
    let copy = bed.small().await;
    // During a take-over the administrator is lent some of it.
    let _alone = bed.adopting().await;
    let mut su = copy.superuser().await;
    su.must("SET search_path = pg_catalog").await;
    let mut out = Vec::new();
    for (name, sql) in [
        ("upkeep.txt", UPKEEP),
        ("functions.txt", FUNCTIONS),
        ("tables.txt", TABLES),
        ("policies.txt", POLICIES),
        ("rights.txt", RIGHTS),
        ("roles.txt", ROLES_NOW),
    ] {
        out.push((name, lines(&mut su, sql).await));
    }
    out
}

#[tokio::test]
async fn the_walls_are_what_was_reviewed_on_both_versions() {
    let first = walls(bed().await).await;
    for (name, text) in &first {
        golden(name, text);
    }
    let said = |name: &str| first.iter().find(|f| f.0 == name).unwrap().1.as_str();
    assert!(!said("functions.txt").contains("PUBLIC"), "a function for everybody");
    assert!(!said("functions.txt").contains("NO SEARCH PATH"));
    assert!(!said("tables.txt").contains("OPEN"), "{}", said("tables.txt"));
    assert!(!said("policies.txt").contains(" | - | - | - |"), "a policy to PUBLIC");
    let Some(second) = second_bed().await else { return };
    for (a, b) in first.iter().zip(walls(second).await) {
        assert_eq!(a.1, b.1, "{} differs on {}", a.0, second.major());
    }
}

#[tokio::test]
async fn every_partition_is_protected() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // Those of the coming months, and ones that are made later; in the last hour of a month one of them is the adopted one's.
    su.must("SELECT atalaya.ensure_partitions(9)").await;
    let bare = "SELECT string_agg(c.relname, ' ') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.system_events'::regclass AND c.relkind = 'r' AND NOT (
            c.relrowsecurity AND c.relforcerowsecurity
            AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner)
            AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'record\\_%') = 4)";
    assert_eq!(su.one(bare).await, "");
    assert!(
        su.one(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.system_events'::regclass"
        )
        .await
        .parse::<i32>()
        .unwrap()
            >= 10
    );
}
