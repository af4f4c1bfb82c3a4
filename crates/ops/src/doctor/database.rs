//! The database: reach, the second wall, migrations, the recipients' chain.

use super::{line, unless_named};
use crate::Context;
use crate::secrets::trusted;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope, decide};
use atalaya_model::overview::{Health, HealthLine};
use atalaya_store::doctor::{self, Installation};
use atalaya_store::recipients;

/// Looks at the database that the caller is signed in on. That it could be opened says that the login is bound by row
/// security; it is listed so that a reader sees that it was checked.
///
/// # Errors
/// `ACCESS_DENIED`, or what the database says.
pub async fn database(cx: &Context, caller: &Caller) -> Result<Vec<HealthLine>> {
    // Health is part of the overview, and is audited as that.
    let permit = cx.store.permit(caller, Action::OverviewView, Scope::All).await?;
    let (installation, partitions, openings) = cx
        .store
        .view(permit, async |read| {
            Ok((
                doctor::installation(read).await?,
                doctor::partitions(read).await?,
                doctor::openings(read).await?,
            ))
        })
        .await?;
    let open: Vec<_> =
        partitions.iter().filter(|p| !p.protected()).map(|p| p.name.clone()).collect();
    let mut lines = vec![
        line("database", Health::Ok, cx.store.server_version()),
        line("login_safe", Health::Ok, ""),
        migrations(&installation),
    ];
    lines.push(if open.is_empty() {
        line("partitions", Health::Ok, partitions.len().to_string())
    } else {
        line("partitions", Health::Failed, open.join(", "))
    });
    lines.push(unless_named("tables", Health::Failed, &openings.tables));
    lines.push(unless_named("operators_safe", Health::Failed, &openings.logins));
    lines.push(unless_named("owners_lent", Health::Warning, &openings.owners));
    lines.push(chain(cx, caller, &installation).await?);
    Ok(lines)
}

fn migrations(found: &Installation) -> HealthLine {
    match (found.unknown, found.missing) {
        (0, 0) => line("migrations", Health::Ok, found.migrations.to_string()),
        (0, missing) => line("migrations_missing", Health::Warning, missing.to_string()),
        (unknown, _) => line("migrations_unknown", Health::Failed, unknown.to_string()),
    }
}

/// The chain of recipients back to the first administrator's key: the pinned one where this operator's keys are at hand,
/// otherwise only the one that the database names, which says less.
async fn chain(cx: &Context, caller: &Caller, found: &Installation) -> Result<HealthLine> {
    let named: Option<[u8; 32]> = found.first_key.as_deref().and_then(|k| k.try_into().ok());
    let pinned = cx.signer.as_ref().map(|s| s.first_key);
    let Some(first_key) = pinned.or(named) else {
        return Ok(line("recipients", Health::Failed, ""));
    };
    if pinned.is_some() && named != pinned {
        return Ok(line("recipients", Health::Failed, ""));
    }
    // Asked beforehand: a doctor's visit is no attempt that belongs into the log as denied.
    let facts = cx.store.facts().await?;
    if decide(&facts, Action::RecipientList, &Scope::All).is_err() {
        return Ok(line("recipients_hidden", Health::Warning, ""));
    }
    let permit = cx.store.permit(caller, Action::RecipientList, Scope::All).await?;
    let rows = cx.store.view(permit, async |read| recipients::list(read).await).await?;
    Ok(match trusted(&first_key, &rows) {
        Err(_) => line("recipients", Health::Failed, ""),
        Ok(chain) => {
            let live = chain.current().len().to_string();
            match pinned {
                Some(_) => line("recipients", Health::Ok, live),
                None => line("recipients_not_pinned", Health::Warning, live),
            }
        }
    })
}
