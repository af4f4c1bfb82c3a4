//! Which findings a note explains. Rule and subject alone are not enough: whoever a finding is about would explain it away,
//! now and for good, and one tenant's auditor would do so for whoever watches all of them.

use atalaya_model::Instant;
use atalaya_model::access::Tenants;
use atalaya_model::audit::{AuditFinding, FindingNote, FindingRuleName};
use atalaya_store::findings::{Found, MOST_IDS, Noted};

/// Whom a finding is about.
pub(super) enum About {
    /// These, by each name that the log has for them, in lower case. None where it is about an address, from which anybody may have
    /// tried, or about silence.
    Actors(Vec<String>),
    /// More names than are told apart: whoever writes a note may be one of them.
    Anybody,
}

pub(super) fn about(rule: FindingRuleName, found: &Found) -> About {
    if found.actor_ids.len() > MOST_IDS as usize {
        return About::Anybody;
    }
    About::Actors(match rule {
        FindingRuleName::FailedLogins | FindingRuleName::SilentGap => Vec::new(),
        FindingRuleName::NewIp
        | FindingRuleName::RightsRaised
        | FindingRuleName::MassReads
        | FindingRuleName::MassExports
        | FindingRuleName::UnusualHours => {
            found.actor_ids.iter().chain([&found.subject]).map(|name| name.to_lowercase()).collect()
        }
    })
}

/// The newest note that explains a finding to whoever reads the log of these tenants. It was written once
/// the finding had ended and all of it was recorded (what comes later stands out again, whatever time it claims), by somebody
/// else, and there is such a note for each tenant that is read, or one for all.
pub(super) fn explained(
    finding: &AuditFinding,
    recorded: Option<Instant>,
    about: &About,
    notes: &[Noted],
    tenants: &Tenants,
) -> Option<FindingNote> {
    let About::Actors(actors) = about else { return None };
    let counting: Vec<_> = notes
        .iter()
        .filter(|n| n.note.rule == finding.rule && n.note.subject == finding.subject)
        .filter(|n| n.note.at >= finding.until && recorded.is_none_or(|r| n.note.at >= r))
        .filter(|n| !own(n, actors))
        .collect();
    if let Some(one) = counting.iter().find(|n| n.tenant.is_none()) {
        return Some(one.note.clone());
    }
    let Tenants::Only(read) = tenants else { return None };
    let here = |tenant| counting.iter().find(|n| n.tenant == Some(tenant));
    let of_each: Option<Vec<_>> = read.iter().copied().map(here).collect();
    of_each?.into_iter().map(|n| &n.note).max_by_key(|n| n.at).cloned()
}

fn own(noted: &Noted, actors: &[String]) -> bool {
    let (id, email) = (noted.author_id.to_string(), noted.note.author.to_lowercase());
    actors.iter().any(|name| *name == id || !email.is_empty() && *name == email)
}
