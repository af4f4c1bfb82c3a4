//! `doctor`: what is wrong with this machine, and with a database where one is named.

use crate::App;
use crate::args::Connection;
use crate::failure::Result;
use crate::output::{plain, table};
use crate::{connection, exit, phrases};
use atalaya_model::Code;
use atalaya_model::console::{KeychainCheck, KeychainState};
use atalaya_model::overview::{Health, HealthLine};
use atalaya_ops::{connections, doctor};
use serde::Serialize;

/// What the doctor says of one thing.
#[derive(Serialize)]
struct Line {
    code: &'static str,
    state: Health,
    /// Safe facts; of the keychain the operating system's own words.
    detail: String,
    /// What is in the keychain's way.
    reason: Option<KeychainState>,
}

impl From<HealthLine> for Line {
    fn from(line: HealthLine) -> Self {
        let HealthLine { code, state, detail } = line;
        Self { code, state, detail, reason: None }
    }
}

impl From<KeychainCheck> for Line {
    fn from(check: KeychainCheck) -> Self {
        let KeychainCheck { code, state, detail } = check;
        let reason = (state != KeychainState::Ready).then_some(state);
        let state = if reason.is_some() { Health::Failed } else { Health::Ok };
        Self { code, state, detail, reason }
    }
}

/// Looks, tells, repairs nothing. A database that cannot be opened is a finding, not a failure of the doctor.
pub async fn run(app: &App, how: &Connection) -> Result<u8> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let keychain = connections::keychain_doctor(&app.workplace).await;
    let mut lines: Vec<Line> = keychain.into_iter().map(Into::into).collect();
    lines.extend(doctor::machine(&app.workplace, is_set).await.into_iter().map(Into::into));
    let database = if connection::is_given(how) {
        database(app, how).await?
    } else {
        let (code, detail) = ("database_skipped", String::new());
        vec![HealthLine { code, state: Health::Ok, detail }]
    };
    lines.extend(database.into_iter().map(Into::into));
    let healthy = lines.iter().all(|line| line.state != Health::Failed);
    let json = serde_json::json!({ "healthy": healthy, "checks": lines });
    app.output.answer(&json, || text(app, &lines))?;
    Ok(if healthy { exit::OK } else { exit::FINDINGS })
}

async fn database(app: &App, how: &Connection) -> Result<Vec<HealthLine>> {
    let session = match connection::open(app, how).await {
        Ok(session) => session,
        Err(failure) if finding(failure.error.code) => {
            app.output.failure(&failure);
            let code = serde_json::to_value(failure.error.code).unwrap_or_default();
            let detail = code.as_str().unwrap_or_default().to_owned();
            return Ok(vec![HealthLine { code: "database", state: Health::Failed, detail }]);
        }
        Err(failure) => return Err(failure),
    };
    let lines = tokio::select! {
        lines = doctor::database(&session.context, &session.caller) => lines.map_err(Into::into),
        () = app.cancel.cancelled() => Err(crate::failure::Failure::cancelled()),
    };
    session.close().await;
    lines
}

/// What the doctor is asked about, unlike a wrong option or passphrase: no way in, no server, no keychain.
fn finding(code: Code) -> bool {
    matches!(exit::of(code), 3 | 5)
        || matches!(code, Code::KeychainMissing | Code::KeychainLocked | Code::KeychainTimeout)
}

/// Why, in words; where those say little, what the operating system said too, which speaks a language of its own.
fn why(app: &App, line: &Line) -> String {
    let Some(reason) = line.reason else { return plain(&line.detail) };
    let words = phrases::keychain(reason, app.output.language);
    match reason {
        KeychainState::Missing | KeychainState::Failed => {
            format!("{words} ({})", plain(&line.detail))
        }
        _ => words.to_owned(),
    }
}

fn text(app: &App, lines: &[Line]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let mark = match line.state {
                Health::Ok => app.output.say("ok", "bien"),
                Health::Warning => app.output.say("look", "revisar"),
                Health::Failed => app.output.say("FAILED", "FALLA"),
            };
            let what = phrases::check(line.code, app.output.language).to_owned();
            vec![mark.to_owned(), what, why(app, line)]
        })
        .collect();
    table(&rows)
}
