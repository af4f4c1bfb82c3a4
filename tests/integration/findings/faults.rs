//! A rule that fails keeps nothing back of the others; what concerns all of them ends the list.

use super::{WEEK, events};
use crate::bed::{Copy, bed, caller};
use atalaya_model::audit::{AuditFindings, FindingRuleName as Rule};
use atalaya_model::{Code, Result};
use atalaya_ops::findings;
use tokio_util::sync::CancellationToken;

/// The findings where reads of personal data meet `fault`, an expression that is asked for each such event.
async fn with_fault(copy: &Copy, fault: &str) -> Result<AuditFindings> {
    let mut su = copy.superuser().await;
    events(&mut su, "login_failed", "ana@x", "198.51.100.7", 40, "1 s", "2 days").await;
    events(&mut su, "pii_read", "ana@x", "192.0.2.1", 250, "1 s", "1 day").await;
    events(&mut su, "export_leads", "eva@x", "192.0.2.1", 6, "1 min", "1 day").await;
    su.must(
        "CREATE FUNCTION public.raise_state(state TEXT) RETURNS boolean LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = state; END $$;
         GRANT EXECUTE ON FUNCTION public.raise_state TO PUBLIC",
    )
    .await;
    su.must(format!(
        "CREATE POLICY faulty ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (event_type <> 'pii_read' OR {fault})"
    ))
    .await;
    let admin = copy.person("admin", Some(1));
    // In a log of some size rules find their types by an index, and look at no other event.
    su.must(format!("ALTER ROLE {} SET enable_seqscan = off", admin.login)).await;
    let cx = copy.context(admin).await;
    findings::list(&cx, &caller(&cx.workplace), WEEK, CancellationToken::new()).await
}

#[tokio::test]
async fn a_rule_that_fails_is_named_with_the_reason() {
    for (fault, state, code) in [
        ("1 / (length(event_type) - 8) > 0", "22012", Code::Internal),
        ("event_type::int > 0", "22P02", Code::ValidationFailed),
        ("public.raise_state('42501')", "42501", Code::AccessDenied),
        ("public.raise_state('53200')", "53200", Code::DbBusy),
    ] {
        let copy = bed().await.small().await;
        let all = with_fault(&copy, fault).await.unwrap();
        // These look at reads, whatever they find.
        for rule in [Rule::MassReads, Rule::UnusualHours, Rule::SilentGap] {
            let one = all.failed.iter().find(|f| f.rule == rule).unwrap();
            assert_eq!((one.code, one.state.as_deref()), (code, Some(state)), "{fault}: {one:?}");
            assert!(!one.message.is_empty() && !one.message.contains("planted"), "{one:?}");
        }
        for rule in [Rule::FailedLogins, Rule::MassExports] {
            assert!(all.found.iter().any(|f| f.rule == rule), "{fault}, {rule:?}: {all:?}");
        }
        assert_eq!((all.failed.len(), all.late.len()), (3, 0));
    }
}

#[tokio::test]
async fn what_concerns_everything_ends_the_list() {
    for (fault, code) in [
        ("public.raise_state('AT001')", Code::AccessDenied),
        ("public.raise_state('AT006')", Code::Conflict),
        ("pg_terminate_backend(pg_backend_pid())", Code::DbLost),
    ] {
        let copy = bed().await.small().await;
        let e = with_fault(&copy, fault).await.unwrap_err();
        assert_eq!(e.code, code, "{fault}: {e:?}");
    }
}
