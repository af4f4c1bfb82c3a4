//! Saved views: each done, denied, failed and audited; who sees whose, through the operation and through psql.

use crate::audit::left;
use crate::bed::{Copy, Person, bed, caller};
use atalaya_model::audit::SavedView;
use atalaya_model::{Code, TenantId};
use atalaya_ops::views::{self, Save};

fn view(name: &str, shared: bool) -> Save {
    Save {
        id: None,
        name: name.into(),
        query: " type:login_failed   ip:203.0.113.77 ".into(),
        shared,
        pinned: false,
        tenant: None,
    }
}

async fn seen(copy: &Copy, person: &Person) -> Vec<String> {
    let cx = copy.context(person).await;
    let views = views::list(&cx, &caller(&cx.workplace)).await.unwrap();
    views.into_iter().map(|v| v.name).collect()
}

async fn save(copy: &Copy, person: &Person, wanted: Save) -> Result<SavedView, Code> {
    let cx = copy.context(person).await;
    views::save(&cx, &caller(&cx.workplace), wanted).await.map_err(|e| e.code)
}

#[tokio::test]
async fn a_view_is_saved_changed_and_removed() {
    let copy = bed().await.small().await;
    let admin = copy.person("admin", Some(1));
    let cx = copy.context(admin).await;
    let mut su = copy.superuser().await;
    let request = caller(&cx.workplace);
    let saved = views::save(&cx, &request, view(" Bursts ", false)).await.unwrap();
    assert_eq!(
        (saved.name.as_str(), saved.query.as_str(), saved.own, saved.owner.as_deref()),
        ("Bursts", "type:login_failed ip:203.0.113.77", true, Some(admin.email.as_str()))
    );
    left(&mut su, &request, "view.saved", "ok", (&admin.email, &admin.login)).await;
    let place = format!("SELECT tenant_id FROM atalaya.audit_views WHERE id = '{}'", saved.id);
    assert_eq!(su.one(place).await, "1", "the only tenant that the caller has");

    let again = Save { id: Some(saved.id), pinned: true, ..view("Bursts of failures", true) };
    let changed = views::save(&cx, &caller(&cx.workplace), again).await.unwrap();
    assert_eq!((changed.id, changed.pinned, changed.shared), (saved.id, true, true));
    // Two views of one owner and one name would be told apart by nothing.
    let other = views::save(&cx, &caller(&cx.workplace), view("Other", false)).await.unwrap();
    let same = Save { id: Some(other.id), ..view("Bursts of failures", false) };
    assert_eq!(save(&copy, admin, same).await.unwrap_err(), Code::Conflict);

    let request = caller(&cx.workplace);
    views::remove(&cx, &request, saved.id).await.unwrap();
    left(&mut su, &request, "view.removed", "ok", (&admin.email, &admin.login)).await;
    assert_eq!(seen(&copy, admin).await, ["Other"]);
    let e = views::remove(&cx, &caller(&cx.workplace), saved.id).await.unwrap_err();
    assert_eq!(e.code, Code::EntityNotFound);
    // Everything was explained by its events.
    su.must("SELECT atalaya.note_direct_changes()").await;
    let direct = "SELECT count(*) FROM public.system_events WHERE event_type = 'db.direct_change'";
    assert_eq!(su.one(direct).await, "0");
}

#[tokio::test]
async fn what_is_shared_stays_in_its_tenant() {
    let copy = bed().await.small().await;
    let (one, two) = (copy.person("admin", Some(1)), copy.person("admin", Some(2)));
    let ceo = copy.person("ceo", None);
    save(&copy, one, view("mine", false)).await.unwrap();
    let shared = save(&copy, one, view("ours", true)).await.unwrap();
    save(&copy, ceo, view("everything", true)).await.unwrap();
    assert_eq!(seen(&copy, one).await, ["mine", "ours"]);
    assert_eq!(seen(&copy, copy.person("auditor", Some(1))).await, ["ours"]);
    assert!(seen(&copy, two).await.is_empty());
    assert_eq!(seen(&copy, ceo).await, ["everything", "ours"]);
    assert_eq!(seen(&copy, copy.person("auditor", None)).await, ["everything", "ours"]);

    // The twin can neither change nor remove it, with the console or with psql; and nobody speaks for another.
    let stolen = Save { id: Some(shared.id), ..view("stolen", true) };
    assert_eq!(save(&copy, two, stolen.clone()).await.unwrap_err(), Code::EntityNotFound);
    let auditor = copy.person("auditor", Some(1));
    assert_eq!(save(&copy, auditor, stolen).await.unwrap_err(), Code::EntityNotFound);
    let into_two = Save { tenant: Some(TenantId(2)), ..view("over there", true) };
    assert_eq!(save(&copy, one, into_two).await.unwrap_err(), Code::AccessDenied);
    for person in [two, auditor] {
        let mut psql = copy.psql(person).await;
        let n = psql
            .run(format!("UPDATE atalaya.audit_views SET name = 'x' WHERE id = '{}'", shared.id))
            .await
            .unwrap();
        assert_eq!(n, 0);
        let removed = psql.one(format!("SELECT atalaya.remove_audit_view('{}')", shared.id)).await;
        assert_eq!(removed, "f");
        let owned = format!(
            "INSERT INTO atalaya.audit_views (owner_id, name, query) VALUES ('{}', 'x', '')",
            one.id
        );
        assert_eq!(psql.refused(owned).await, "42501");
        assert_eq!(psql.refused("DELETE FROM atalaya.audit_views").await, "42501");
    }
    // Who may change the settings may clear up what somebody left behind.
    let cx = copy.context(ceo).await;
    views::remove(&cx, &caller(&cx.workplace), shared.id).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_a_view_is_refused_with_an_event() {
    let copy = bed().await.small().await;
    let admin = copy.person("admin", Some(1));
    let wrong = |name: &str, query: &str| Save { query: query.into(), ..view(name, false) };
    for (name, query) in
        [("", ""), (&*"x".repeat(81), ""), ("a\u{7}b", ""), ("q", "colour:red"), ("q", "\"open")]
    {
        let e = save(&copy, admin, wrong(name, query)).await.unwrap_err();
        assert_eq!(e, Code::ValidationFailed, "{name:?} {query:?}");
    }
    let closer = copy.person("closer", Some(1));
    let cx = copy.context(closer).await;
    let request = caller(&cx.workplace);
    let e = views::save(&cx, &request, view("x", false)).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    let mut su = copy.superuser().await;
    left(&mut su, &request, "view.saved", "denied", (&closer.email, &closer.login)).await;
    let mut psql = copy.psql(closer).await;
    assert_eq!(
        psql.refused(
            "INSERT INTO atalaya.audit_views (tenant_id, name, query) VALUES (1, 'x', '')"
        )
        .await,
        "42501"
    );
}
