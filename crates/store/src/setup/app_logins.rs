//! Logins that work on a CRM's tables without owning them: its program may run as one, while the tables belong to another.

use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{Finding, FindingSeverity};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// Which those are.
pub(super) const APP_LOGINS: &str = include_str!("../../../../migrations/steps/app_logins.sql");

/// The finding that asks whether a login that would gain rights is one of the CRM's.
pub(super) const PARTIAL: &str = "app_login_partial";
/// The answer that lets it go on.
pub(super) const ADMIT: &str = "admit";

/// One such login.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct AppLogin {
    pub(super) login: String,
    /// It may as much as it will, so that it gains nothing.
    complete: bool,
    /// Row security would hold for it.
    bound: bool,
}

/// Asks, as the owner of the tables.
pub(super) async fn ask(connection: &mut PgConnection) -> Result<Vec<AppLogin>> {
    sqlx::query_as(APP_LOGINS).fetch_all(connection).await.map_err(run)
}

/// Those that go on with these decisions.
pub(super) fn noted(found: &[AppLogin], decisions: &BTreeMap<String, String>) -> Vec<String> {
    let admitted = decisions.get(PARTIAL).is_some_and(|d| d == ADMIT);
    found.iter().filter(|l| l.bound && (l.complete || admitted)).map(|l| l.login.clone()).collect()
}

/// What an inspection says of them.
pub(super) fn findings(found: &[AppLogin]) -> Vec<Finding> {
    use FindingSeverity::{Blocking, Info, Warning};
    let named = |code, severity, choices: &[&'static str], which: &dyn Fn(&AppLogin) -> bool| {
        let examples: Vec<String> =
            found.iter().filter(|l| which(l)).map(|l| l.login.clone()).collect();
        (!examples.is_empty()).then(|| Finding {
            code,
            severity,
            table: None,
            count: i64::try_from(examples.len()).ok(),
            examples,
            choices: choices.to_vec(),
        })
    };
    [
        named("app_login_unbound", Blocking, &[], &|l| !l.bound),
        named(PARTIAL, Warning, &[ADMIT, "leave"], &|l| l.bound && !l.complete),
        named("app_login", Info, &[], &|l| l.bound && l.complete),
    ]
    .into_iter()
    .flatten()
    .collect()
}
