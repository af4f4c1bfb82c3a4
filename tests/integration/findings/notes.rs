//! Notes about findings that are none: who may write them, for whom they count, and until when.

use super::{events, found};
use crate::audit::left;
use crate::bed::{Copy, Person, bed, caller};
use atalaya_model::audit::{AuditFinding, FindingRuleName as Rule};
use atalaya_model::{Code, TenantId};
use atalaya_ops::findings::{self, Note};

#[tokio::test]
async fn a_note_says_who_wrote_it_and_stays_in_its_tenant() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.7", 40, "1 s", "2 days").await;
    let auditor = copy.person("auditor", Some(1));
    let cx = copy.context(auditor).await;
    let note = |text: Option<&str>| Note {
        rule: Rule::FailedLogins,
        subject: "198.51.100.7".into(),
        note: text.map(Into::into),
        tenant: None,
    };
    let request = caller(&cx.workplace);
    findings::note(&cx, &request, note(Some("Our own scanner"))).await.unwrap();
    left(&mut su, &request, "finding.noted", "ok", (&auditor.email, &auditor.login)).await;
    let noted = |list: Vec<AuditFinding>| list[0].note.clone().map(|n| (n.note, n.author));
    let expected = Some(("Our own scanner".to_owned(), auditor.email.clone()));
    assert_eq!(noted(found(&copy, auditor, Rule::FailedLogins).await), expected);
    // It explains nothing to the administrator of all; who only lists may not write one.
    let seen = noted(found(&copy, copy.person("ceo", None), Rule::FailedLogins).await);
    assert_eq!(seen, None);
    let admin = copy.person("admin", Some(1));
    let denied = copy.context(admin).await;
    let e = findings::note(&denied, &caller(&denied.workplace), note(None)).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    let twin = copy.person("auditor", Some(2));
    let mut psql = copy.psql(twin).await;
    assert_eq!(psql.one("SELECT count(*) FROM atalaya.finding_notes").await, "0");
    assert_eq!(
        psql.refused("SELECT atalaya.forget_finding_note(1, 'failed_logins', '198.51.100.7')")
            .await,
        "AT002"
    );
    let far = Note { tenant: Some(TenantId(2)), ..note(Some("x")) };
    let e = findings::note(&cx, &caller(&cx.workplace), far).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    for wrong in ["", "   ", &"x".repeat(1_001)] {
        let e = findings::note(&cx, &caller(&cx.workplace), note(Some(wrong))).await.unwrap_err();
        assert_eq!(e.code, Code::ValidationFailed);
    }
    findings::note(&cx, &caller(&cx.workplace), note(Some("Checked again"))).await.unwrap();
    findings::note(&cx, &caller(&cx.workplace), note(None)).await.unwrap();
    assert_eq!(noted(found(&copy, auditor, Rule::FailedLogins).await), None);
}

/// Who explained each finding of mass reads by a subject to this person, the newest first.
async fn explained(copy: &Copy, person: &Person, subject: &str) -> Vec<Option<String>> {
    let list = found(copy, person, Rule::MassReads).await;
    let about = list.into_iter().filter(|f| f.subject == subject);
    about.map(|f| f.note.map(|n| n.author)).collect()
}

async fn noting(copy: &Copy, person: &Person, subject: &str, tenant: Option<i32>) {
    let cx = copy.context(person).await;
    let note = Note {
        rule: Rule::MassReads,
        subject: subject.to_owned(),
        note: Some("As agreed".to_owned()),
        tenant: tenant.map(TenantId),
    };
    findings::note(&cx, &caller(&cx.workplace), note).await.unwrap();
}

#[tokio::test]
async fn nobody_explains_their_own_findings() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let (auditor, ceo) = (copy.person("auditor", Some(1)), copy.person("ceo", None));
    let local_ceo = copy.person("ceo", Some(1));
    let everywhere = copy.person("auditor", None);
    let by = |n: &Person| vec![Some(n.email.clone())];
    let nobody = vec![None];
    // Under her address, in capitals, and under one that she had before.
    let capitals = auditor.email.to_uppercase();
    let names = [auditor.email.as_str(), &capitals, "before@x"];
    for name in names {
        su.must(format!(
            "INSERT INTO public.system_events (event_type, severity, tenant_id, actor_id, actor_label, actor_kind, outcome, origin, occurred_at)
             SELECT 'pii_read', 'info', 1, CASE WHEN '{name}' = 'before@x' THEN '{}' END, '{name}', 'operator', 'ok', 'console',
                    now() - interval '1 day' - n * interval '1 s'
             FROM generate_series(1, 250) n",
            auditor.id
        ))
        .await;
    }
    for name in names {
        noting(&copy, auditor, name, None).await;
        for reader in [auditor, local_ceo, ceo] {
            assert_eq!(explained(&copy, reader, name).await, nobody, "{name} for {}", reader.email);
        }
        // Somebody else of the tenant does, for the tenant.
        noting(&copy, local_ceo, name, None).await;
        assert_eq!(explained(&copy, auditor, name).await, by(local_ceo));
        assert_eq!(explained(&copy, ceo, name).await, nobody);
        // Whoever watches all tenants does for themselves; for one tenant they do there only.
        noting(&copy, ceo, name, Some(1)).await;
        assert_eq!(explained(&copy, auditor, name).await.len(), 1);
        assert_ne!(explained(&copy, auditor, name).await, nobody);
        assert_eq!(explained(&copy, ceo, name).await, nobody);
        noting(&copy, ceo, name, None).await;
        assert_eq!(explained(&copy, ceo, name).await, by(ceo));
        assert_eq!(explained(&copy, everywhere, name).await, by(ceo));
    }
    // Nor anybody, where more names did it than are told apart: one of them may be theirs.
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_id, actor_label, actor_kind, outcome, origin, occurred_at)
         SELECT 'pii_read', 1, n::text, 'crowd@x', 'operator', 'ok', 'api', now() - interval '1 day' - n * interval '1 ms'
         FROM generate_series(1, 1001) n",
    )
    .await;
    noting(&copy, ceo, "crowd@x", None).await;
    assert_eq!(explained(&copy, ceo, "crowd@x").await, nobody);
    // Nor does who watches all of them.
    events(&mut su, "pii_read", &ceo.email, "192.0.2.1", 250, "1 s", "1 day").await;
    noting(&copy, ceo, &ceo.email, None).await;
    assert_eq!(explained(&copy, ceo, &ceo.email).await, nobody);
    noting(&copy, everywhere, &ceo.email, None).await;
    assert_eq!(explained(&copy, ceo, &ceo.email).await, by(everywhere));
}

#[tokio::test]
async fn what_comes_after_a_note_stands_out_again() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let ceo = copy.person("ceo", None);
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 250, "1 s", "1 day").await;
    noting(&copy, ceo, "ana@x", None).await;
    let expected = Some(ceo.email.clone());
    assert_eq!(explained(&copy, ceo, "ana@x").await, std::slice::from_ref(&expected));
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 250, "1 s", "-2 min").await;
    assert_eq!(explained(&copy, ceo, "ana@x").await, [None, expected]);
}

/// Who explained the only finding of a rule by a subject to this person.
async fn said(copy: &Copy, person: &Person, rule: Rule, subject: &str) -> Option<String> {
    let list = found(copy, person, rule).await;
    let about: Vec<_> = list.into_iter().filter(|f| f.subject == subject).collect();
    assert_eq!(about.len(), 1, "{about:?}");
    about[0].note.as_ref().map(|n| n.author.clone())
}

/// What was recorded after a note is not explained by it, whatever time it claims.
#[tokio::test]
async fn what_is_back_dated_after_a_note_stands_out_again() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let ceo = copy.person("ceo", None);
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 250, "1 s", "1 day").await;
    events(&mut su, "login_failed", "bob@x", "198.51.100.7", 40, "1 s", "2 days").await;
    events(&mut su, "login_success", "ana@x", "198.51.100.1", 10, "1 day", "10 days").await;
    events(&mut su, "login_success", "ana@x", "192.0.2.9", 3, "1 hour", "2 days").await;
    for day in 8..28 {
        let ago = format!("{day} days");
        su.must(format!(
            "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
             SELECT 'update_lead', 1, 'owl@x', 'user', 'ok', 'api', date_trunc('day', now(), 'UTC') - interval '{ago}' + interval '10 hours' + n * interval '1 min'
             FROM generate_series(1, 5) n"
        ))
        .await;
    }
    let night = "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
         SELECT 'update_lead', 1, 'owl@x', 'user', 'ok', 'api', date_trunc('day', now(), 'UTC') - interval '3 days' + interval '3 hours' + n * interval '1 min'
         FROM generate_series(1, 5) n";
    su.must(night).await;
    let findings = [
        (Rule::MassReads, "ana@x"),
        (Rule::FailedLogins, "198.51.100.7"),
        (Rule::NewIp, "ana@x 192.0.2.9"),
        (Rule::UnusualHours, "owl@x"),
    ];
    let cx = copy.context(ceo).await;
    for (rule, subject) in findings {
        let (subject, note) = (subject.to_owned(), Some("As agreed".to_owned()));
        let note = Note { rule, subject, note, tenant: None };
        findings::note(&cx, &caller(&cx.workplace), note).await.unwrap();
    }
    for (rule, subject) in findings {
        assert_eq!(said(&copy, ceo, rule, subject).await, Some(ceo.email.clone()), "{rule:?}");
    }
    // Far from each of them, and what nobody knows the record of, changes nothing.
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 3, "1 s", "3 days").await;
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 3, "1 s", "1 day").await;
    su.must(
        "UPDATE public.system_events SET recorded_at = NULL
         WHERE id IN (SELECT id FROM public.system_events WHERE event_type = 'pii_read' ORDER BY id DESC LIMIT 3)",
    )
    .await;
    assert_eq!(said(&copy, ceo, Rule::MassReads, "ana@x").await, Some(ceo.email.clone()));
    // Into the middle of each.
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 3, "1 s", "1 day 1 min").await;
    events(&mut su, "login_failed", "bob@x", "198.51.100.7", 3, "1 s", "2 days 5 s").await;
    events(&mut su, "login_success", "ana@x", "192.0.2.9", 1, "1 hour", "2 days 30 min").await;
    su.must(night).await;
    for (rule, subject) in findings {
        assert_eq!(said(&copy, ceo, rule, subject).await, None, "{rule:?}");
    }
    // Whoever has seen that too may explain it.
    noting(&copy, ceo, "ana@x", None).await;
    assert_eq!(said(&copy, ceo, Rule::MassReads, "ana@x").await, Some(ceo.email.clone()));
}

/// More ids than are told apart: all events are counted, and nobody explains what may be their own.
#[tokio::test]
async fn crowds_under_one_name() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let ceo = copy.person("ceo", None);
    let crowd = |label: &str, kind: &str, ids: u32, at: &str, apart: &str| {
        format!(
            "INSERT INTO public.system_events (event_type, tenant_id, actor_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
             SELECT '{kind}', 1, NULLIF(n % {ids}, 0)::text, '{label}', 'user', '192.0.2.9', 'ok', 'api',
                    date_trunc('day', now(), 'UTC') - {at} + n * interval '{apart}'
             FROM generate_series(1, 2500) n"
        )
    };
    for (label, ids) in [("many@example.com", 1_001), ("more@example.com", 1_002)] {
        su.must(crowd(
            label,
            "update_lead",
            ids,
            "interval '9 days' + interval '10 hours'",
            "1 ms",
        ))
        .await;
        events(&mut su, "login_success", label, "198.51.100.1", 10, "1 day", "10 days").await;
        su.must(crowd(
            label,
            "login_success",
            ids,
            "interval '2 days' + interval '10 hours'",
            "1 ms",
        ))
        .await;
        su.must(crowd(label, "update_lead", ids, "interval '3 days' - interval '3 hours'", "1 ms"))
            .await;
        for (rule, subject) in
            [(Rule::NewIp, format!("{label} 192.0.2.9")), (Rule::UnusualHours, label.to_owned())]
        {
            let cx = copy.context(ceo).await;
            let note = Some("As agreed".to_owned());
            let note = Note { rule, subject: subject.clone(), note, tenant: None };
            findings::note(&cx, &caller(&cx.workplace), note).await.unwrap();
            let list = found(&copy, ceo, rule).await;
            let about: Vec<_> = list.iter().filter(|f| f.subject == subject).collect();
            assert_eq!(about.iter().map(|f| f.count).collect::<Vec<_>>(), [2_500], "{rule:?}");
            // A thousand ids and some events without one.
            assert_eq!(about[0].note.is_some(), ids == 1_001, "{subject}: {rule:?}");
        }
    }
}
