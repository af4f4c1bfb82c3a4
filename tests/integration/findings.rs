//! Findings: what each rule finds and what it leaves alone, whose log it looks into, tuning.

mod faults;
mod more;
mod names;
mod notes;

use crate::audit::left;
use crate::bed::{Copy, Person, bed, caller};
use crate::psql::Psql;
use atalaya_model::Code;
use atalaya_model::audit::{AuditFinding, FindingRule, FindingRuleName as Rule, Severity};
use atalaya_ops::findings::{self, Asked};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const WEEK: Asked = Asked { days: 7, offset: 0, patience: Duration::from_secs(60) };

async fn found(copy: &Copy, person: &Person, rule: Rule) -> Vec<AuditFinding> {
    let cx = copy.context(person).await;
    let all =
        findings::list(&cx, &caller(&cx.workplace), WEEK, CancellationToken::new()).await.unwrap();
    assert_eq!((all.late, all.failed), (vec![], vec![]));
    all.found.into_iter().filter(|f| f.rule == rule).collect()
}

/// `count` events of an actor in tenant 1, `spacing` apart, the last of them `ago` before now.
async fn events(
    su: &mut Psql,
    kind: &str,
    actor: &str,
    ip: &str,
    count: u32,
    spacing: &str,
    ago: &str,
) {
    su.must(format!(
        "INSERT INTO public.system_events (event_type, severity, tenant_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
         SELECT '{kind}', 'info', 1, '{actor}', 'user', '{ip}', CASE WHEN '{kind}' = 'login_failed' THEN 'failed' ELSE 'ok' END, 'api',
                now() - interval '{ago}' - interval '{spacing}' * n
         FROM generate_series(0, {count} - 1) n"
    ))
    .await;
}

/// How many rows the query of a finding shows.
async fn shown(copy: &Copy, person: &Person, finding: &AuditFinding) -> i64 {
    shown_by(copy, person, &finding.query).await
}

async fn shown_by(copy: &Copy, person: &Person, query: &str) -> i64 {
    let cx = copy.context(person).await;
    atalaya_ops::audit::count(&cx, &caller(&cx.workplace), query, CancellationToken::new())
        .await
        .unwrap()
        .count
}

#[tokio::test]
async fn bursts_of_failed_logins() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // 40 in 40 s, 10 minutes later 20 more; another address below the threshold; one burst too old.
    events(&mut su, "login_failed", "ana@x", "198.51.100.7", 40, "1 s", "2 days").await;
    events(&mut su, "login_failed", "eva@x", "198.51.100.7", 20, "1 s", "2 days -10 min").await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.8", 9, "1 s", "1 day").await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.9", 40, "1 s", "30 days").await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::FailedLogins).await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!((list[0].subject.as_str(), list[0].count), ("198.51.100.7", 60));
    assert_eq!(list[0].severity, Severity::Warning);
    assert_eq!(shown(&copy, admin, &list[0]).await, 60, "{}", list[0].query);
    assert!(found(&copy, copy.person("admin", Some(2)), Rule::FailedLogins).await.is_empty());
    assert_eq!(found(&copy, copy.person("ceo", None), Rule::FailedLogins).await, list);
}

#[tokio::test]
async fn a_burst_that_does_not_begin_with_the_minute() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // 12 a minute for three minutes, from 10 s before a full minute on; two more long after.
    su.must(
        "INSERT INTO public.system_events (event_type, severity, tenant_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
         SELECT 'login_failed', 'info', 1, 'ana@x', 'user', '198.51.100.7', 'failed', 'api',
                date_trunc('minute', now() - interval '1 day') - interval '10 s' + interval '5 s' * (n + CASE WHEN n > 35 THEN 240 ELSE 0 END)
         FROM generate_series(0, 37) n",
    )
    .await;
    let ceo = copy.person("ceo", None);
    let list = found(&copy, ceo, Rule::FailedLogins).await;
    assert_eq!(list.iter().map(|f| f.count).collect::<Vec<_>>(), [36]);
    assert_eq!(shown(&copy, ceo, &list[0]).await, 36, "{}", list[0].query);
}

#[tokio::test]
async fn reads_on_both_sides_of_the_hour_are_counted_together() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // 210 within four minutes, half of them before a full hour; as many by somebody else within four hours.
    for (who, apart) in [("ana@x", "1 s"), ("eva@x", "70 s")] {
        su.must(format!(
            "INSERT INTO public.system_events (event_type, severity, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
             SELECT 'pii_read', 'info', 1, '{who}', 'user', 'ok', 'api',
                    date_trunc('hour', now() - interval '1 day') + (n - 105) * interval '{apart}'
             FROM generate_series(0, 209) n"
        ))
        .await;
    }
    let ceo = copy.person("ceo", None);
    let list = found(&copy, ceo, Rule::MassReads).await;
    let list: Vec<_> = list.iter().filter(|f| f.subject.ends_with("@x")).collect();
    assert_eq!(
        list.iter().map(|f| (f.subject.as_str(), f.count)).collect::<Vec<_>>(),
        [("ana@x", 210)]
    );
}

#[tokio::test]
async fn an_address_that_an_actor_never_had() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    events(&mut su, "login_success", "ana@x", "198.51.100.1", 10, "1 day", "10 days").await;
    events(&mut su, "login_success", "ana@x", "198.51.100.1", 2, "1 hour", "1 day").await;
    events(&mut su, "login_success", "ana@x", "192.0.2.9", 3, "1 hour", "2 days").await;
    // Too little is known of this one.
    events(&mut su, "login_success", "new@x", "192.0.2.10", 3, "1 hour", "2 days").await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::NewIp).await;
    let subjects: Vec<_> = list.iter().map(|f| (f.subject.as_str(), f.count)).collect();
    assert_eq!(subjects, [("ana@x 192.0.2.9", 3)]);
    assert_eq!(shown(&copy, admin, &list[0]).await, 3);
}

#[tokio::test]
async fn rights_reads_and_exports() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    events(&mut su, "role_changed", "ana@x", "192.0.2.1", 2, "1 min", "1 day").await;
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 150, "1 s", "1 day").await;
    events(&mut su, "read_lead", "ana@x", "192.0.2.1", 60, "1 s", "1 day").await;
    events(&mut su, "read_lead", "eva@x", "192.0.2.1", 150, "1 s", "1 day").await;
    events(&mut su, "export_leads", "eva@x", "192.0.2.1", 6, "1 min", "1 day").await;
    let admin = copy.person("admin", Some(1));
    for (rule, subject, count) in [
        (Rule::RightsRaised, "ana@x", 2),
        (Rule::MassReads, "ana@x", 210),
        (Rule::MassExports, "eva@x", 6),
    ] {
        // Whoever set the copy up gave rights too.
        let of_the_test = |list: Vec<_>| {
            list.into_iter()
                .filter(|f: &AuditFinding| f.subject.ends_with("@x"))
                .collect::<Vec<_>>()
        };
        let list = of_the_test(found(&copy, admin, rule).await);
        let subjects: Vec<_> = list.iter().map(|f| (f.subject.as_str(), f.count)).collect();
        assert_eq!(subjects, [(subject, count)], "{rule:?}");
        assert_eq!(shown(&copy, admin, &list[0]).await, count);
        let twin = found(&copy, copy.person("admin", Some(2)), rule).await;
        assert!(of_the_test(twin).is_empty());
    }
}

#[tokio::test]
async fn hours_at_which_nobody_was_there() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let at = |actor: &str, day: &str, hour: u32, n: u32| {
        format!(
            "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
             SELECT 'update_lead', 1, '{actor}', 'user', 'ok', 'api',
                    date_trunc('day', now(), 'UTC') - interval '{day}' + interval '{hour} hours' + n * interval '1 min'
             FROM generate_series(1, {n}) n"
        )
    };
    for day in 8..28 {
        su.must(at("ana@x", &format!("{day} days"), 10, 5)).await;
        su.must(at("owl@x", &format!("{day} days"), 2, 5)).await;
    }
    su.must(at("ana@x", "3 days", 3, 4)).await;
    su.must(at("owl@x", "3 days", 3, 4)).await;
    su.must(at("ana@x", "2 days", 11, 4)).await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::UnusualHours).await;
    let subjects: Vec<_> = list.iter().map(|f| (f.subject.as_str(), f.count)).collect();
    assert_eq!(subjects, [("ana@x", 4)], "an hour beside the usual ones is usual too");
    // The same moments are daytime for a reader eight hours further east, and ana's usual ones evening.
    let cx = copy.context(admin).await;
    let east = Asked { offset: 480, ..WEEK };
    let all =
        findings::list(&cx, &caller(&cx.workplace), east, CancellationToken::new()).await.unwrap();
    assert_eq!(all.found.iter().filter(|f| f.rule == Rule::UnusualHours).count(), 1);
}

#[tokio::test]
async fn a_silence_that_is_none_of_the_usual_ones() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // Every minute for two days, with a hole of ten hours in it.
    events(&mut su, "read_lead", "ana@x", "192.0.2.1", 1440, "1 min", "2 min").await;
    events(&mut su, "read_lead", "ana@x", "192.0.2.1", 1440, "1 min", "34 hours").await;
    let list = found(&copy, copy.person("admin", Some(1)), Rule::SilentGap).await;
    let hole = list.iter().find(|f| {
        let hours = (f.until.to_postgres() - f.at.to_postgres()) / 3_600_000_000;
        (9..=10).contains(&hours)
    });
    assert!(hole.is_some(), "{list:?}");
}

#[tokio::test]
async fn a_silence_of_a_small_log_that_began_before_the_period() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    su.must("DELETE FROM public.system_events").await;
    // Some sixty events at work, then nothing for forty days, then somebody is there again.
    events(&mut su, "read_lead", "ana@x", "192.0.2.1", 60, "3 hours", "40 days").await;
    events(&mut su, "read_lead", "ana@x", "192.0.2.1", 20, "5 min", "1 min").await;
    let list = found(&copy, copy.person("admin", Some(1)), Rule::SilentGap).await;
    let days: Vec<_> = list
        .iter()
        .map(|f| (f.until.to_postgres() - f.at.to_postgres()) / (24 * 3_600_000_000))
        .collect();
    assert_eq!(days, [39], "{list:?}");
}

#[tokio::test]
async fn what_is_usual_in_between_is_not_counted_as_unusual() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    for (day, hours, each) in [("8 days", 0..20, 10), ("3 days", 0..1, 3), ("3 days", 0..1, 22)] {
        for back in hours {
            su.must(format!(
                "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
                 SELECT 'update_lead', 1, 'ana@x', 'user', 'ok', 'api',
                        date_trunc('day', now(), 'UTC') - interval '{day}' - interval '{back} days' + interval '{each} hours' + n * interval '1 min'
                 FROM generate_series(1, 5) n"
            ))
            .await;
        }
    }
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, outcome, origin, occurred_at)
         SELECT 'update_lead', 1, 'ana@x', 'user', 'ok', 'api', date_trunc('day', now(), 'UTC') - interval '3 days' + interval '10 hours' + n * interval '1 min'
         FROM generate_series(1, 40) n",
    )
    .await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::UnusualHours).await;
    let counts: Vec<_> = list.iter().map(|f| f.count).collect();
    assert_eq!(counts, [5, 5], "at three and at twenty-two: {list:?}");
    for finding in &list {
        assert_eq!(shown(&copy, admin, finding).await, finding.count, "{}", finding.query);
    }
}

#[tokio::test]
async fn rules_are_tuned_for_all_and_only_by_whom_may() {
    let copy = bed().await.small().await;
    let ceo = copy.person("ceo", None);
    let cx = copy.context(ceo).await;
    let mut su = copy.superuser().await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.8", 9, "1 s", "1 day").await;
    let rules = findings::rules(&cx, &caller(&cx.workplace)).await.unwrap();
    assert_eq!(rules.len(), Rule::ALL.len());
    let tuned =
        FindingRule { rule: Rule::FailedLogins, enabled: true, threshold: 9, window_minutes: 5 };
    let request = caller(&cx.workplace);
    findings::update_rule(&cx, &request, tuned).await.unwrap();
    left(&mut su, &request, "finding_rule.updated", "ok", (&ceo.email, &ceo.login)).await;
    assert_eq!(found(&copy, ceo, Rule::FailedLogins).await.len(), 1);
    let off = FindingRule { enabled: false, ..tuned };
    findings::update_rule(&cx, &caller(&cx.workplace), off).await.unwrap();
    assert!(found(&copy, ceo, Rule::FailedLogins).await.is_empty());
    for wrong in [
        FindingRule { threshold: 0, ..tuned },
        FindingRule { threshold: 1_000_001, ..tuned },
        FindingRule { window_minutes: 0, ..tuned },
        FindingRule { window_minutes: 129_601, ..tuned },
    ] {
        let e = findings::update_rule(&cx, &caller(&cx.workplace), wrong).await.unwrap_err();
        assert_eq!(e.code, Code::ValidationFailed);
    }
    // Whoever may change the settings of one tenant does not set the alarms of all.
    for person in [copy.person("ceo", Some(1)), copy.person("auditor", None)] {
        let cx = copy.context(person).await;
        let request = caller(&cx.workplace);
        let e = findings::update_rule(&cx, &request, tuned).await.unwrap_err();
        assert_eq!(e.code, Code::AccessDenied);
        left(&mut su, &request, "finding_rule.updated", "denied", (&person.email, &person.login))
            .await;
        let mut psql = copy.psql(person).await;
        assert_eq!(
            psql.run("UPDATE atalaya.finding_rules SET enabled = FALSE").await.unwrap_or(0),
            0
        );
    }
    su.must("SELECT atalaya.note_direct_changes()").await;
    let direct = "SELECT count(*) FROM public.system_events WHERE event_type = 'db.direct_change'";
    assert_eq!(su.one(direct).await, "0");
}

#[tokio::test]
async fn a_rule_that_takes_too_long_keeps_nothing_back_of_the_others() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.7", 40, "1 s", "2 days").await;
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 250, "1 s", "1 day").await;
    events(&mut su, "export_leads", "eva@x", "192.0.2.1", 6, "1 min", "1 day").await;
    su.must(
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (event_type <> 'pii_read' OR pg_sleep(0.1) IS NOT NULL)",
    )
    .await;
    let admin = copy.person("admin", Some(1));
    // In a log of some size rules find their types by an index, and look at no other event.
    su.must(format!("ALTER ROLE {} SET enable_seqscan = off", admin.login)).await;
    let cx = copy.context(admin).await;
    let asked = Asked { patience: Duration::from_millis(1_500), ..WEEK };
    let began = Instant::now();
    let all =
        findings::list(&cx, &caller(&cx.workplace), asked, CancellationToken::new()).await.unwrap();
    // These look at reads, whatever they find.
    for rule in [Rule::MassReads, Rule::UnusualHours, Rule::SilentGap] {
        assert!(all.late.contains(&rule), "{rule:?}: {all:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    for rule in [Rule::FailedLogins, Rule::MassExports] {
        assert!(all.found.iter().any(|f| f.rule == rule), "{rule:?}: {all:?}");
    }
}

/// What a finding counts is what its query shows, however many there are of one address, and also where two share an hour's edge or
/// happened at the same moment.
#[tokio::test]
async fn many_bursts_of_one_address() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    // 60 bursts, two hours apart, each of which grows; every second one with two at each moment, and two more 40 s and 10 minutes later.
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
         SELECT 'login_failed', 1, 'ana@x', 'user', '198.51.100.7', 'failed', 'api',
                date_trunc('hour', now()) - interval '2 hours' * burst + interval '1 s' * second
         FROM (SELECT burst, CASE WHEN burst % 2 = 0 THEN n / 2 ELSE n END AS second
               FROM generate_series(1, 60) burst, generate_series(0, 20 + burst) n
               UNION ALL
               SELECT burst, (20 + burst) / (1 + (burst + 1) % 2) + later
               FROM generate_series(1, 60) burst, unnest(ARRAY[40, 600]) later) AS failures",
    )
    .await;
    let admin = copy.person("admin", Some(1));
    let list = found(&copy, admin, Rule::FailedLogins).await;
    assert_eq!(list.len(), 60);
    for (at, finding) in list.iter().enumerate() {
        // The window is a minute: what came ten minutes later does not belong to it.
        assert_eq!(finding.count, at as i64 + 23, "{finding:?}");
        if at % 10 == 0 {
            assert_eq!(shown(&copy, admin, finding).await, finding.count, "{}", finding.query);
        }
    }
}

#[tokio::test]
async fn whoever_may_not_list_the_log_finds_nothing() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let cx = copy.context(closer).await;
    let request = caller(&cx.workplace);
    let e = findings::list(&cx, &request, WEEK, CancellationToken::new()).await.unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    let mut su = copy.superuser().await;
    left(&mut su, &request, "findings.viewed", "denied", (&closer.email, &closer.login)).await;
    let ceo = copy.context(copy.person("ceo", None)).await;
    for days in [0, 91, i64::MAX] {
        let asked = Asked { days, ..WEEK };
        let e = findings::list(&ceo, &caller(&ceo.workplace), asked, CancellationToken::new())
            .await
            .unwrap_err();
        assert_eq!(e.code, Code::ValidationFailed);
    }
}
