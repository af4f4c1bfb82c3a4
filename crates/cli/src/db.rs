//! `db`: the embedded Postgres by hand.

use crate::args::Db;
use crate::failure::Result;
use crate::output::table;
use crate::{App, exit, phrases};
use atalaya_ops::server::{self, ServerStatus};

/// Runs one of the commands. `status` answers 0 whatever the state is: the state is the answer.
pub async fn run(app: &App, db: Db) -> Result<u8> {
    let status = match db {
        Db::Start => server::start(&app.workplace).await?,
        Db::Stop { force } => server::stop(&app.workplace, force).await?,
        Db::Status => server::status(&app.workplace).await?,
    };
    app.output.answer(&status, || text(app, &status))?;
    Ok(exit::OK)
}

fn text(app: &App, status: &ServerStatus) -> String {
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut rows = vec![vec![
        say("state", "estado"),
        phrases::server_state(status.state, app.output.language).to_owned(),
    ]];
    let mut row = |name: String, value: Option<String>| {
        if let Some(value) = value {
            rows.push(vec![name, value]);
        }
    };
    row(say("process", "proceso"), status.pid.map(|pid| pid.to_string()));
    row(say("version", "versión"), Some(status.version.clone()));
    row(say("folder", "carpeta"), Some(status.folder.clone()));
    row(say("socket", "socket"), status.host.clone());
    row(say("port", "puerto"), status.port.map(|port| port.to_string()));
    row(say("in use", "en uso"), status.in_use.then(|| say("yes", "sí")));
    table(&rows)
}
