//! Asking every rule.

use super::explained::{about, explained};
use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::{AuditQuery, Facets, Moment};
use atalaya_model::audit::{
    AuditFinding, AuditFindings, FindingRule, FindingRuleName, Outcome, Severity,
};
use atalaya_model::{Error, Instant, Result};
use atalaya_store::Read;
use atalaya_store::findings::{self, Burst, Found, Period};
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Sign-ins.
const SIGN_INS: &[&str] = &["login_success", "console.opened"];
/// What raises or gives rights.
const RIGHTS: &[&str] = &[
    "role_changed",
    "grant.created",
    "role.created",
    "role.updated",
    "operator.created",
    "operator.recovered",
];
/// Single reads of personal data, and of events.
const READS: &[&str] = &["read_lead", "pii_read", "event.viewed"];
/// Exports.
const EXPORTS: &[&str] = &["export_leads", "log.exported"];
/// A burst of failed logins this many times over the threshold is critical.
const CRITICAL: i64 = 10;
/// Silence is shown with what stood around it, in seconds.
const AROUND: i64 = 3_600;

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
/// that runs out of patience keeps nothing back of what the others find.
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
                let (mut found, mut late) = (Vec::new(), Vec::new());
                let notes = findings::notes(read).await?;
                for rule in findings::rules(read).await?.into_iter().filter(|r| r.enabled) {
                    let ask = async |read: &mut Read| {
                        ask(read, rule, period, silence, asked.offset).await
                    };
                    let Some(all) = read.within(asked.patience, ask).await? else {
                        late.push(rule.rule);
                        continue;
                    };
                    found.extend(all.into_iter().map(|one| {
                        let about = about(rule.rule, &one);
                        let one = finding(rule, one);
                        AuditFinding { note: explained(&one, &about, &notes, &tenants), ..one }
                    }));
                }
                found.sort_by_key(|f| std::cmp::Reverse(f.until));
                Ok(AuditFindings { found, late })
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

async fn ask(
    read: &mut Read,
    rule: FindingRule,
    period: Period,
    silence: Period,
    offset: i32,
) -> Result<Vec<Found>> {
    let burst = |types| Burst { types, by_address: false, done: true };
    match rule.rule {
        FindingRuleName::FailedLogins => {
            let logins = Burst { types: &["login_failed"], by_address: true, done: false };
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

/// With the query that shows what was found.
fn finding(rule: FindingRule, found: Found) -> AuditFinding {
    let types = |types: &[&str]| types.iter().map(|t| (*t).to_owned()).collect();
    let actor = vec![found.subject.clone()];
    let done = vec![Outcome::Ok];
    // An address comes from the database's own type, so it is one.
    let address = |text: &str| text.parse().into_iter().collect();
    let only = match rule.rule {
        FindingRuleName::FailedLogins => Facets {
            types: types(&["login_failed"]),
            networks: address(&found.subject),
            ..Facets::default()
        },
        FindingRuleName::NewIp => Facets {
            types: types(SIGN_INS),
            actors: actor,
            outcomes: done,
            networks: found.address.as_deref().map(address).unwrap_or_default(),
            ..Facets::default()
        },
        FindingRuleName::RightsRaised => {
            Facets { types: types(RIGHTS), actors: actor, outcomes: done, ..Facets::default() }
        }
        FindingRuleName::MassReads => {
            Facets { types: types(READS), actors: actor, outcomes: done, ..Facets::default() }
        }
        FindingRuleName::MassExports => {
            Facets { types: types(EXPORTS), actors: actor, outcomes: done, ..Facets::default() }
        }
        FindingRuleName::UnusualHours => Facets { actors: actor, ..Facets::default() },
        FindingRuleName::SilentGap => Facets::default(),
    };
    let around = if rule.rule == FindingRuleName::SilentGap { AROUND * 1_000_000 } else { 0 };
    let moved = |t: Instant, by: i64| {
        Some(Moment::At(Instant::from_postgres(t.to_postgres().saturating_add(by))))
    };
    let query = AuditQuery {
        only,
        after: moved(found.at, -around),
        // The end of a period is not part of it.
        before: moved(found.until, around + 1),
        ..AuditQuery::default()
    };
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
        query: query.to_string(),
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
