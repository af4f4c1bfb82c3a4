//! Asking every rule.

use super::explained::{about, explained};
use super::shown::{self, EXPORTS, FAILED_LOGINS, READS, RIGHTS, SIGN_INS};
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::{
    AuditFinding, AuditFindings, FindingRule, FindingRuleName, FindingsCut, FindingsFailed,
    Severity,
};
use atalaya_model::{Error, Result};
use atalaya_store::findings::{self, Burst, Found, Heap, Period};
use atalaya_store::{Apart, Read, sql_state};
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A burst of failed logins this many times over the threshold is critical.
const CRITICAL: i64 = 10;

/// Over which days, and for whose clock.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// 1 to 90 days back from now.
    pub days: i64,
    /// The reader's distance from UTC in minutes; tells which hours are night.
    pub offset: i32,
    /// How long one rule may take on the server.
    pub patience: Duration,
}

/// What the enabled rules find in what the caller may see, newest first, each with the note that explains it to this caller. A rule
/// that runs out of patience or fails keeps nothing back of what the others find; where one finds more than it reports, the
/// answer says so.
/// Once `cancel` is triggered the statement is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, `VALIDATION_FAILED`, `ACCESS_DENIED`, or what the database says.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    asked: Asked,
    cancel: CancellationToken,
) -> Result<AuditFindings> {
    if !(1..=90).contains(&asked.days) {
        return Err(Error::invalid("days", "Findings look back 1 to 90 days."));
    }
    let permit = cx.store.permit(caller, Action::FindingList, Scope::All).await?;
    let now = cx.workplace.clock.now();
    // A clock that runs ahead by less than what is marked as late still counts.
    let period = Period {
        since: (now - TimeDelta::days(asked.days)).into(),
        until: (now + TimeDelta::minutes(5)).into(),
    };
    let silence = Period { until: now.into(), ..period };
    let store = cx.store.clone();
    cx.store
        .view(permit, async move |read| {
            let backend = read.backend();
            let tenants = read.reach().tenants.clone();
            let work = async {
                let mut all = AuditFindings {
                    found: Vec::new(),
                    late: Vec::new(),
                    failed: Vec::new(),
                    more: Vec::new(),
                };
                let notes = findings::notes(read).await?;
                for rule in findings::rules(read).await?.into_iter().filter(|r| r.enabled) {
                    let ask = async |read: &mut Read| {
                        ask(read, rule, period, silence, asked.offset).await
                    };
                    let heap = match read.apart(asked.patience, ask).await? {
                        Apart::Answered(heap) => heap,
                        Apart::Late => {
                            all.late.push(rule.rule);
                            continue;
                        }
                        Apart::Failed(e) => {
                            tracing::warn!(rule = rule.rule.as_str(), error = ?e, "a rule of findings failed");
                            all.failed.push(failed(rule.rule, e));
                            continue;
                        }
                    };
                    if heap.more {
                        all.more.push(FindingsCut {
                            rule: rule.rule,
                            shown: heap.found.len(),
                            query: shown::of_all(rule.rule, period.since),
                        });
                    }
                    all.found.extend(heap.found.into_iter().map(|one| {
                        let (about, recorded) = (about(rule.rule, &one), one.recorded);
                        let one = finding(rule, one);
                        let note = explained(&one, recorded, &about, &notes, &tenants);
                        AuditFinding { note, ..one }
                    }));
                }
                all.found.sort_by_key(|f| std::cmp::Reverse(f.until));
                Ok(all)
            };
            crate::audit::unless_cancelled(
                &store,
                backend,
                &cancel,
                "The search was cancelled.",
                work,
            )
            .await
        })
        .await
}

fn failed(rule: FindingRuleName, e: Error) -> FindingsFailed {
    FindingsFailed { rule, code: e.code, state: sql_state(&e), message: e.message }
}

async fn ask(
    read: &mut Read,
    rule: FindingRule,
    period: Period,
    silence: Period,
    offset: i32,
) -> Result<Heap> {
    let burst = |types| Burst { types, by_address: false, done: true };
    match rule.rule {
        FindingRuleName::FailedLogins => {
            let logins = Burst { types: FAILED_LOGINS, by_address: true, done: false };
            findings::bursts(read, logins, rule, period).await
        }
        FindingRuleName::NewIp => findings::new_addresses(read, SIGN_INS, rule, period).await,
        FindingRuleName::RightsRaised => findings::bursts(read, burst(RIGHTS), rule, period).await,
        FindingRuleName::MassReads => findings::bursts(read, burst(READS), rule, period).await,
        FindingRuleName::MassExports => findings::bursts(read, burst(EXPORTS), rule, period).await,
        FindingRuleName::UnusualHours => findings::unusual_hours(read, rule, period, offset).await,
        FindingRuleName::SilentGap => findings::silent_gaps(read, rule, silence).await,
    }
}

fn finding(rule: FindingRule, found: Found) -> AuditFinding {
    let (query, shows) = shown::of(rule.rule, &found);
    AuditFinding {
        rule: rule.rule,
        severity: severity(rule, &found),
        at: found.at,
        until: found.until,
        count: found.count,
        subject: match found.address {
            Some(address) => format!("{} {address}", found.subject),
            None => found.subject,
        },
        query,
        shows,
        note: None,
    }
}

fn severity(rule: FindingRule, found: &Found) -> Severity {
    match rule.rule {
        FindingRuleName::FailedLogins if found.count >= CRITICAL * i64::from(rule.threshold) => {
            Severity::Critical
        }
        FindingRuleName::NewIp | FindingRuleName::UnusualHours => Severity::Info,
        _ => Severity::Warning,
    }
}
