//! A rule that finds more than it reports: what weighs most is kept, and the answer says that there is more.

use super::{WEEK, shown_by};
use crate::bed::{bed, caller};
use crate::psql::Psql;
use atalaya_model::audit::{AuditFindings, FindingRuleName as Rule};
use atalaya_ops::findings;
use tokio_util::sync::CancellationToken;

/// So many small things of each rule, all of them newer than a large one of each; `from` tells those of one call from others.
async fn small_ones(su: &mut Psql, from: u32, to: u32) {
    su.must(format!(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
         SELECT 'login_failed', 1, 'ana@x', 'user', ('10.9.' || n / 200 || '.' || n % 200)::inet, 'failed', 'api',
                now() - interval '1 day' - n * interval '1 min' - m * interval '1 s'
         FROM generate_series({from}, {to}) n, generate_series(1, 11) m
         UNION ALL
         SELECT 'role_changed', 1, 'actor' || n || '@example.com', 'user', NULL, 'ok', 'api', now() - interval '1 day' - n * interval '1 min'
         FROM generate_series({from}, {to}) n
         UNION ALL
         SELECT 'login_success', 1, 'bob@example.com', 'user', ('10.8.' || n / 200 || '.' || n % 200)::inet, 'ok', 'api',
                now() - interval '1 day' - n * interval '1 min'
         FROM generate_series({from}, {to}) n"
    ))
    .await;
}

#[tokio::test]
async fn many_small_ones_hide_no_large_one() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    su.must("DELETE FROM public.system_events").await;
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, actor_label, actor_kind, ip, outcome, origin, occurred_at)
         SELECT kind, 1, who, 'user', ip::inet, CASE kind WHEN 'login_failed' THEN 'failed' ELSE 'ok' END, 'api',
                now() - ago - n * interval '1 s'
         FROM (VALUES ('login_failed', 'ana@x', '198.51.100.7', 3000, interval '5 days'),
                      ('role_changed', 'eva@example.com', NULL, 40, interval '5 days'),
                      ('login_success', 'bob@example.com', '192.0.2.1', 10, interval '20 days'),
                      ('login_success', 'bob@example.com', '192.0.2.9', 30, interval '5 days')) AS v (kind, who, ip, many, ago),
              generate_series(1, many) n",
    )
    .await;
    let admin = copy.person("admin", Some(1));
    let cx = copy.context(admin).await;
    let list = async || -> AuditFindings {
        findings::list(&cx, &caller(&cx.workplace), WEEK, CancellationToken::new()).await.unwrap()
    };
    let large = |all: &AuditFindings, rule| {
        let found: Vec<_> = all.found.iter().filter(|f| f.rule == rule).collect();
        assert!(found.is_sorted_by(|a, b| a.until >= b.until), "the newest first");
        let heaviest = found.iter().max_by_key(|f| f.count).unwrap();
        (found.len(), heaviest.subject.clone(), heaviest.count)
    };
    let expected = [
        (Rule::FailedLogins, "198.51.100.7", 3_000),
        (Rule::RightsRaised, "eva@example.com", 40),
        (Rule::NewIp, "bob@example.com 192.0.2.9", 30),
    ];
    small_ones(&mut su, 1, 199).await;
    let all = list().await;
    for (rule, subject, count) in expected {
        assert_eq!(large(&all, rule), (200, subject.to_owned(), count), "{rule:?}");
    }
    assert_eq!(all.more, [], "two hundred are all of them");
    small_ones(&mut su, 200, 250).await;
    let all = list().await;
    for (rule, subject, count) in expected {
        assert_eq!(large(&all, rule), (200, subject.to_owned(), count), "{rule:?}");
        let more = all.more.iter().find(|m| m.rule == rule).unwrap();
        assert_eq!(more.shown, 200);
    }
    assert_eq!(all.more.len(), expected.len());
    // What is left out is found by hand.
    let failed = all.more.iter().find(|m| m.rule == Rule::FailedLogins).unwrap();
    assert_eq!(shown_by(&copy, admin, &failed.query).await, 250 * 11 + 3_000);
}
