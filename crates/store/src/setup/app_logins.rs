//! Logins that work on a CRM's tables without owning them: its program may run as one, or several, while the tables belong to
//! another.

use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{Finding, FindingSeverity};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// Which those are.
const APP_LOGINS: &str = include_str!("../../../../migrations/steps/app_logins.sql");

/// The findings that ask whether a login is one of the CRM's, by its kind: whoever goes on gains what the group has besides.
const ASKED: [(&str, &str); 3] =
    [("program", "app_login_partial"), ("some", "app_login_some"), ("public", "app_login_public")];
/// The answer that lets them go on, and the other one.
const CHOICES: [&str; 2] = [ADMIT, "leave"];
const ADMIT: &str = "admit";

/// One such login.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct AppLogin {
    pub(super) login: String,
    /// `program`, `some`, `public`.
    kind: String,
    /// Classes of documented statements.
    says: Vec<String>,
    /// It may as much as it will, so that it gains nothing.
    complete: bool,
    /// Row security would hold for it.
    bound: bool,
}

/// Asks, as the owner of the tables.
pub(super) async fn ask(connection: &mut PgConnection) -> Result<Vec<AppLogin>> {
    sqlx::query_as(APP_LOGINS).fetch_all(connection).await.map_err(run)
}

/// Kinds that go on with these decisions.
fn admitted(decisions: &BTreeMap<String, String>) -> Vec<&'static str> {
    ASKED
        .iter()
        .filter(|(_, code)| decisions.get(*code).is_some_and(|d| d == ADMIT))
        .map(|(kind, _)| *kind)
        .collect()
}

/// Those that go on with these decisions.
pub(super) fn noted(found: &[AppLogin], decisions: &BTreeMap<String, String>) -> Vec<String> {
    let kinds = admitted(decisions);
    found
        .iter()
        .filter(|l| l.bound && (l.complete || kinds.contains(&l.kind.as_str())))
        .map(|l| l.login.clone())
        .collect()
}

/// The same as a query: `login`.
pub(super) fn noted_query(decisions: &BTreeMap<String, String>) -> String {
    let kinds: Vec<_> = admitted(decisions).iter().map(|k| format!("'{k}'")).collect();
    let kinds = if kinds.is_empty() { "NULL".to_owned() } else { kinds.join(", ") };
    format!(
        "SELECT l.login FROM (\n{APP_LOGINS}) l WHERE l.bound AND (l.complete OR l.kind IN ({kinds}))"
    )
}

/// What an inspection says of them.
pub(super) fn findings(found: &[AppLogin]) -> Vec<Finding> {
    use FindingSeverity::{Blocking, Info, Warning};
    let named = |code, severity, choices: &[&'static str], which: &dyn Fn(&AppLogin) -> bool| {
        let those: Vec<_> = found.iter().filter(|l| which(l)).collect();
        let shown = |l: &&AppLogin| match l.kind.as_str() {
            "program" => l.login.clone(),
            _ => format!("{} ({})", l.login, l.says.join(", ")),
        };
        (!those.is_empty()).then(|| Finding {
            code,
            severity,
            table: None,
            count: i64::try_from(those.len()).ok(),
            examples: those.iter().take(10).map(shown).collect(),
            choices: choices.to_vec(),
        })
    };
    let program = |l: &AppLogin| l.kind == "program";
    let mut out = vec![
        named("app_login_unbound", Blocking, &[], &|l| program(l) && !l.bound),
        named("app_login", Info, &[], &|l| program(l) && l.bound && l.complete),
    ];
    for (kind, code) in ASKED {
        out.push(named(code, Warning, &CHOICES, &|l| {
            // Of a program that nothing binds was said above. One that says little and is not bound cannot go on.
            l.kind == kind && !l.complete && (l.bound || !program(l))
        }));
    }
    out.into_iter().flatten().collect()
}
