//! `doctor`: what is wrong with this machine, and with a database where one is named.

use crate::App;
use crate::args::Connection;
use crate::failure::Result;
use crate::output::{plain, table};
use crate::{connection, exit, phrases};
use atalaya_model::overview::{Health, HealthLine};
use atalaya_ops::doctor;

/// Looks, tells, repairs nothing. A database that cannot be opened is a finding, not a failure of the doctor.
pub async fn run(app: &App, how: &Connection) -> Result<u8> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut lines = doctor::machine(&app.workplace, is_set).await;
    if connection::is_given(how) {
        lines.extend(database(app, how).await?);
    } else {
        lines.push(HealthLine {
            code: "database_skipped",
            state: Health::Ok,
            detail: String::new(),
        });
    }
    let healthy = lines.iter().all(|line| line.state != Health::Failed);
    let json = serde_json::json!({ "healthy": healthy, "checks": lines });
    app.output.answer(&json, || text(app, &lines))?;
    Ok(if healthy { exit::OK } else { exit::FINDINGS })
}

async fn database(app: &App, how: &Connection) -> Result<Vec<HealthLine>> {
    let session = match connection::open(app, how).await {
        Ok(session) => session,
        Err(failure) if exit::of(failure.error.code) == 3 || exit::of(failure.error.code) == 5 => {
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

fn text(app: &App, lines: &[HealthLine]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let mark = match line.state {
                Health::Ok => app.output.say("ok", "bien"),
                Health::Warning => app.output.say("look", "revisar"),
                Health::Failed => app.output.say("FAILED", "FALLA"),
            };
            let what = phrases::check(line.code, app.output.language).to_owned();
            vec![mark.to_owned(), what, plain(&line.detail)]
        })
        .collect();
    table(&rows)
}
