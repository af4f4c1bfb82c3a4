//! How the rules are tuned, and what people noted about findings that are none.

use crate::change::Tx;
use crate::error::run;
use crate::instant::PgInstant;
use crate::view::Read;
use atalaya_model::audit::{FindingNote, FindingRule, FindingRuleName};
use atalaya_model::{Code, Error, Result, TenantId};
use uuid::Uuid;

/// How the rules are tuned; one that this program does not know is left out.
///
/// # Errors
/// What the database says.
pub async fn rules(read: &mut Read) -> Result<Vec<FindingRule>> {
    let rows = sqlx::query!(
        "SELECT rule, enabled, threshold, window_minutes FROM atalaya.finding_rules ORDER BY rule"
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    let known = rows.into_iter().filter_map(|r| {
        Some(FindingRule {
            rule: FindingRuleName::from_column(&r.rule)?,
            enabled: r.enabled,
            threshold: r.threshold,
            window_minutes: r.window_minutes,
        })
    });
    let mut rules: Vec<_> = known.collect();
    rules.sort_by_key(|r| FindingRuleName::ALL.iter().position(|n| *n == r.rule));
    Ok(rules)
}

/// Tunes a rule.
///
/// # Errors
/// `ACCESS_DENIED` without `settings.update` over all tenants, or what the database says.
pub async fn update_rule(tx: &mut Tx, rule: FindingRule) -> Result<()> {
    let changed = sqlx::query!(
        "UPDATE atalaya.finding_rules SET enabled = $2, threshold = $3, window_minutes = $4 WHERE rule = $1",
        rule.rule.as_str(),
        rule.enabled,
        rule.threshold,
        rule.window_minutes,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    if changed.rows_affected() == 0 {
        return Err(Error::new(
            Code::AccessDenied,
            "The rules are the same for all tenants; changing them asks for that.",
        ));
    }
    Ok(())
}

/// A note, with what tells which findings it explains.
#[derive(Debug, Clone)]
pub struct Noted {
    /// For whose log it was written; `None`: for all tenants.
    pub tenant: Option<TenantId>,
    /// Who wrote it.
    pub author_id: Uuid,
    /// What was written.
    pub note: FindingNote,
}

/// What was noted about findings that are none, newest first.
///
/// # Errors
/// What the database says.
pub async fn notes(read: &mut Read) -> Result<Vec<Noted>> {
    let rows = sqlx::query!(
        r#"SELECT n.tenant_id, n.author_id, n.rule, n.subject, n.note, coalesce(u.email, '') AS "author!", n.noted_at AS "at: PgInstant"
           FROM atalaya.finding_notes n LEFT JOIN public.users u ON u.id = n.author_id
           ORDER BY n.noted_at DESC LIMIT 10000"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            let note = FindingNote {
                rule: FindingRuleName::from_column(&r.rule)?,
                subject: r.subject,
                note: r.note,
                author: r.author,
                at: r.at.0,
            };
            Some(Noted { tenant: r.tenant_id.map(TenantId), author_id: r.author_id, note })
        })
        .collect())
}

/// Replaces the note about a subject; `None` takes it back.
///
/// # Errors
/// `ACCESS_DENIED` without `audit.review` there, or what the database says.
pub async fn note(
    tx: &mut Tx,
    tenant: Option<TenantId>,
    rule: FindingRuleName,
    subject: &str,
    note: Option<&str>,
) -> Result<()> {
    let tenant = tenant.map(|t| t.0);
    sqlx::query_scalar!(
        "SELECT atalaya.forget_finding_note($1, $2, $3)",
        tenant,
        rule.as_str(),
        subject
    )
    .fetch_one(tx.connection())
    .await
    .map_err(run)?;
    if let Some(note) = note {
        sqlx::query!(
            "INSERT INTO atalaya.finding_notes (tenant_id, rule, subject, note) VALUES ($1, $2, $3, $4)",
            tenant,
            rule.as_str(),
            subject,
            note,
        )
        .execute(tx.connection())
        .await
        .map_err(run)?;
    }
    Ok(())
}
