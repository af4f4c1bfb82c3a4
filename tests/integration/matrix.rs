//! Each cell of the role x action matrix: through the operation, and past it with the operator's own login.

use crate::audit::events_of;
use crate::bed::{Bed, Copy, PLACES, Person, ROLES, bed, caller, second_bed};
use crate::psql::Psql;
use atalaya_model::access::{Action, Scope};
use atalaya_model::{Code, TenantId};
use std::collections::BTreeSet;

/// What psql would do for an action in a tenant, and the permissions that each open it. `None`: there is nothing in the
/// database that this action alone opens (an export reads what the list shows).
fn by_hand(action: Action, place: Option<i32>) -> Option<(String, &'static [&'static str])> {
    let tenant = place.map_or("NULL".to_owned(), |t| t.to_string());
    let is = place.map_or("IS NULL".to_owned(), |t| format!("= {t}"));
    let recipient = "INSERT INTO atalaya.recipients (id, kind, label, age_recipient, signing_key, signed_by, signature)
        SELECT gen_random_uuid(), 'kit', 'x', 'age1' || repeat('q', 58), decode(repeat('01', 32), 'hex'),
               (SELECT id FROM atalaya.recipients LIMIT 1), decode(repeat('01', 64), 'hex')";
    Some(match action {
        Action::AuditList | Action::AuditRead | Action::OverviewView if place.is_none() => (
            format!("SELECT FROM public.system_events WHERE tenant_id {is} LIMIT 1"),
            &["audit.system"],
        ),
        Action::AuditList | Action::AuditRead | Action::OverviewView => (
            format!("SELECT FROM public.system_events WHERE tenant_id {is} LIMIT 1"),
            &["audit.list", "audit.read"],
        ),
        Action::TenantList => {
            let id = place.unwrap_or(5);
            (
                format!("SELECT FROM public.tenants WHERE id = {id}"),
                &["tenants.list", "tenants.read"],
            )
        }
        // Their own row everybody sees: somebody else's.
        Action::UserList if place.is_some() => (
            format!(
                "SELECT FROM public.users WHERE tenant_id {is} AND email LIKE '%@empresa%' LIMIT 1"
            ),
            &["users.list", "users.read"],
        ),
        Action::SecretCreate | Action::SecretImport => (
            format!("INSERT INTO atalaya.secrets (tenant_id, name) VALUES ({tenant}, 'BY_HAND')"),
            &["secrets.create"],
        ),
        Action::SecretList if place.is_none() => (
            "SELECT FROM atalaya.secrets WHERE tenant_id IS NULL".into(),
            &["secrets.list", "secrets.read"],
        ),
        Action::RecipientList if place.is_none() => (
            "SELECT FROM atalaya.recipients WHERE user_id IS DISTINCT FROM atalaya.caller_id()"
                .into(),
            &["keys.list"],
        ),
        Action::RecipientAdd | Action::KitCreate | Action::KitUse if place.is_none() => {
            (recipient.into(), &["keys.create"])
        }
        _ => return None,
    })
}

async fn held(su: &mut Psql, role: &str) -> BTreeSet<String> {
    let sql = format!("SELECT permission FROM atalaya.role_permissions WHERE role = '{role}'");
    su.rows(sql).await.unwrap().into_iter().map(|r| r[0].clone().unwrap()).collect()
}

/// Whether a person of a role at `home` reaches `place` (`None`: the system).
fn reaches(home: Option<i32>, place: Option<i32>) -> bool {
    home.is_none() || home == place
}

#[tokio::test]
async fn every_cell_through_the_operation() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut refused = 0;
    for role in ROLES {
        let holds = held(&mut su, role).await;
        for home in PLACES {
            let cx = copy.context(copy.person(role, home)).await;
            for action in Action::ALL {
                let permission = action.spec().permission.map(|p| p.as_str().to_owned());
                for scope in [
                    Scope::All,
                    Scope::System,
                    Scope::Tenant(TenantId(1)),
                    Scope::Tenant(TenantId(2)),
                ] {
                    let there = match scope {
                        Scope::All => true,
                        Scope::System => home.is_none(),
                        Scope::Tenant(t) => reaches(home, Some(t.0)),
                    };
                    let may = permission.as_ref().is_none_or(|p| holds.contains(p) && there);
                    let request = caller(&cx.workplace);
                    let permit = cx.store.permit(&request, *action, scope).await;
                    assert_eq!(permit.is_ok(), may, "{role} at {home:?}: {action:?} in {scope:?}");
                    if let Err(e) = permit {
                        assert_eq!(e.code, Code::AccessDenied);
                        refused += 1;
                    }
                }
            }
            cx.store.close().await;
        }
    }
    // Each refusal is in the log, and in no tenant's.
    let denied = su.one("SELECT count(*) || ' ' || count(tenant_id) FROM public.system_events WHERE outcome = 'denied' AND origin = 'console'").await;
    assert_eq!(denied, format!("{refused} 0"));
}

/// Whether the statement gets anything done; it is undone.
async fn works(psql: &mut Psql, sql: &str) -> bool {
    psql.must("BEGIN").await;
    let done = match psql.rows(sql).await {
        Ok(rows) if sql.starts_with("SELECT") => !rows.is_empty(),
        Ok(_) => true,
        Err(e) => {
            assert_eq!(e.state, "42501", "{sql}: {}", e.text);
            false
        }
    };
    psql.must("ROLLBACK").await;
    done
}

async fn every_cell_by_psql(bed: &'static Bed) {
    let copy = bed.small().await;
    let mut su = copy.superuser().await;
    for role in ROLES {
        let holds = held(&mut su, role).await;
        for home in PLACES {
            let mut psql = copy.psql(copy.person(role, home)).await;
            for action in Action::ALL {
                for place in PLACES {
                    if let Some((sql, permissions)) = by_hand(*action, place) {
                        // Recipients are the installation's, and whoever works with secrets anywhere must be able to check them.
                        let there = reaches(home, place) || *action == Action::RecipientList;
                        let may = permissions.iter().any(|p| holds.contains(*p)) && there;
                        assert_eq!(
                            works(&mut psql, &sql).await,
                            may,
                            "{role} at {home:?}: {action:?} in {place:?}: {sql}"
                        );
                    }
                    // Nobody writes into the log that they did what they may not do.
                    let spec = action.spec();
                    let claim = format!(
                        "SELECT atalaya.record_event('{}', 'ok', {}, NULL, NULL, NULL, 'console', NULL, NULL)",
                        spec.event_type,
                        place.map_or("NULL".to_owned(), |t| t.to_string())
                    );
                    psql.must("BEGIN").await;
                    let claimed = psql.rows(claim).await;
                    psql.must("ROLLBACK").await;
                    let asks = su
                        .one(format!("SELECT coalesce(permission, '') FROM atalaya.event_types WHERE event_type = '{}'", spec.event_type))
                        .await;
                    let may = (asks.is_empty() || holds.contains(&asks))
                        && (place.is_none() || reaches(home, place));
                    match claimed {
                        Ok(_) => assert!(may, "{role} at {home:?} claims {action:?} in {place:?}"),
                        Err(e) => assert!(
                            !may && e.state == "AT002",
                            "{role} at {home:?}: {action:?} in {place:?}: {e:?}"
                        ),
                    }
                }
            }
            psql.close().await;
        }
    }
}

#[tokio::test]
async fn every_cell_by_psql_on_the_systems_version() {
    every_cell_by_psql(bed().await).await;
}

#[tokio::test]
async fn every_cell_by_psql_on_the_second_version() {
    if let Some(second) = second_bed().await {
        every_cell_by_psql(second).await;
    }
}

/// The same request by two equal users of different tenants.
async fn twins(copy: &Copy, role: &str) -> [(&'static Person, i32); 2] {
    [(copy.person(role, Some(1)), 1), (copy.person(role, Some(2)), 2)]
}

#[tokio::test]
async fn a_twin_gets_nothing_of_the_other() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    for role in ["ceo", "admin", "operator", "auditor"] {
        for (person, own) in twins(&copy, role).await {
            let cx = copy.context(person).await;
            let request = caller(&cx.workplace);
            let query = "tenant:1,2,system";
            let page = atalaya_ops::audit::list(&cx, &request, query, None, 500).await.unwrap();
            assert!(!page.rows.is_empty());
            assert!(page.rows.iter().all(|r| r.tenant_id == Some(own)), "{role} of {own}");
            assert_eq!(events_of(&mut su, &request).await.len(), 1);
            // By name of the other tenant, through the permit and by psql.
            let other = 3 - own;
            let permit = cx
                .store
                .permit(&caller(&cx.workplace), Action::AuditList, Scope::Tenant(TenantId(other)))
                .await;
            assert_eq!(permit.err().map(|e| e.code), Some(Code::AccessDenied));
            let mut psql = copy.psql(person).await;
            for table in [
                "public.system_events",
                "public.leads",
                "public.users",
                "atalaya.sessions",
                "atalaya.grants",
                "atalaya.change_records",
                "atalaya.event_hours",
                "atalaya.event_days",
            ] {
                let sql =
                    format!("SELECT count(*) FROM {table} WHERE tenant_id IS DISTINCT FROM {own}");
                assert_eq!(psql.one(sql).await, "0", "{role} of {own}: {table}");
            }
        }
    }
}
