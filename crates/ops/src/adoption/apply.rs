//! Applying.

use crate::Workplace;
use crate::context::no_entropy;
use atalaya_keys::entropy::Entropy;
use atalaya_model::adoption::{DatabaseKind, Inspection, Progress};
use atalaya_model::connection::Target;
use atalaya_model::{Code, Error, Result};
use atalaya_store::setup::{Administrator, Adoption};
use std::collections::BTreeMap;

/// Takes the database over, or refuses with the inspection's reasons before anything is touched. A run that was cut off is
/// run again and does what is left.
///
/// # Errors
/// `DECISION_MISSING`, `DB_NOT_A_CRM`, `DB_ROLE_UNSAFE`, `DB_RIGHTS_MISSING`, `ALREADY_ADOPTED`, or what the database says.
pub async fn apply(
    workplace: &Workplace,
    administrator: &Target,
    owner: Option<&Target>,
    local: bool,
    decisions: &BTreeMap<String, String>,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Inspection> {
    let inspection = super::inspect(administrator, owner).await?;
    // A database that was taken over half-way looks adopted; the steps find out what is left.
    if inspection.kind != DatabaseKind::Adopted {
        refuse(&inspection)?;
        decided(&inspection, decisions)?;
    }
    let administrator = Administrator::connect(administrator).await?;
    let owner = match owner {
        Some(target) => Some(Administrator::connect(target).await?),
        None => None,
    };
    let id = workplace.draw(Entropy::bytes::<6>).map_err(no_entropy)?;
    let adoption = Adoption {
        administrator: &administrator,
        owner: owner.as_ref(),
        installation: id.iter().map(|b| format!("{b:02x}")).collect(),
        local,
        decisions: decisions.clone(),
    };
    let applied = adoption.apply(&progress).await;
    if let Some(owner) = &owner {
        owner.close().await;
    }
    administrator.close().await;
    applied.map(|()| inspection)
}

/// Each choice that the data leaves open was made, and no other.
pub(super) fn decided(inspection: &Inspection, decisions: &BTreeMap<String, String>) -> Result<()> {
    let open: Vec<_> = inspection.findings.iter().filter(|f| !f.choices.is_empty()).collect();
    for finding in &open {
        let made = decisions.get(finding.code);
        if !made.is_some_and(|d| finding.choices.contains(&d.as_str())) {
            return Err(Error::new(
                Code::DecisionMissing,
                "The data leaves a choice that nobody made.",
            )
            .with("decision", finding.code)
            .with("choices", finding.choices.join(", ")));
        }
    }
    match decisions.keys().find(|k| !open.iter().any(|f| f.code == k.as_str())) {
        Some(unasked) => {
            Err(Error::invalid("decide", "Nothing asks for this decision.")
                .with("decision", unasked))
        }
        None => Ok(()),
    }
}

/// The first reason why applying cannot begin.
pub(super) fn refuse(inspection: &Inspection) -> Result<()> {
    if inspection.kind == DatabaseKind::Other {
        return Err(Error::new(Code::DbNotACrm, "This database is not a CRM that Atalaya knows.")
            .with("database", &inspection.database));
    }
    if inspection.can_apply {
        return Ok(());
    }
    let blocking = inspection.findings.first();
    let examples = blocking.map(|f| f.examples.join("; ")).unwrap_or_default();
    let (code, message) = match blocking.map(|f| f.code) {
        Some("version_unsupported") => {
            (Code::DbVersionUnsupported, "Atalaya needs PostgreSQL 15 or newer.")
        }
        Some("role_superuser") => (Code::DbRoleUnsafe, "A take-over is never done as superuser."),
        Some("right_missing") => {
            (Code::DbRightsMissing, "A login lacks a right for the take-over.")
        }
        Some("roles_of_another") => {
            let message = "Another administrator of this server made the roles of Atalaya, and this one may not use them.";
            return Err(Error::new(Code::DbRightsMissing, message).with("grant", examples));
        }
        // Unlike a database that is none of a CRM, this one can be taken over once what the finding names is changed.
        code => {
            let message = "The database differs from what the documents describe.";
            return Err(Error::new(Code::DbNotACrm, message)
                .with("finding", code.unwrap_or_default())
                .with("reason", examples));
        }
    };
    Err(Error::new(code, message).with("reason", examples))
}
