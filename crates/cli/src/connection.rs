//! From options, environment and keychain to an open session, and its orderly end.

use crate::App;
use crate::args::Connection;
use crate::failure::{Failure, Result};
use crate::{secret_file, terminal};
use atalaya_model::access::{Caller, Origin};
use atalaya_model::connection::Target;
use atalaya_model::console::ConnectionKind;
use atalaya_model::{Code, Secret};
use atalaya_ops::connections::book;
use atalaya_ops::server::{self, ServerState};
use atalaya_ops::{Context, sessions};
use std::time::Duration;

/// Names of the setting, the first for `atalayactl` alone (CONTRACT, Settings).
const VARIABLES: [&str; 3] = ["ATALAYA_DSN", "POSTGRES_DSN", "DATABASE_URL"];

/// How long an end may take that waits for a slow server.
const END_LIMIT: Duration = Duration::from_secs(5);

/// An open session of an operator.
pub struct Session {
    /// Which one; `None` for a login from a connection string.
    pub connection: Option<atalaya_model::console::Connection>,
    /// For the operations.
    pub context: Context,
    /// Who asks, through which door.
    pub caller: Caller,
    id: uuid::Uuid,
    lease: Option<atalaya_postgres::Lease>,
    /// Whether the embedded Postgres ran before, started by hand: then it goes on.
    stays: bool,
}

/// Opens a session: a DSN file, else the environment, else the keychain. A connection that is named wins over the
/// environment.
pub async fn open(app: &App, how: &Connection) -> Result<Session> {
    let work = open_any(app, how);
    tokio::select! {
        session = work => session,
        // A prompt ends by itself; this is for a server that does not answer.
        () = app.cancel.cancelled() => Err(Failure::cancelled()),
    }
}

/// Opens a connection of the keychain, whatever the environment says: for what needs the operator's keys.
pub async fn open_with_keys(app: &App, how: &Connection) -> Result<Session> {
    tokio::select! {
        session = with_keychain(app, how, true) => session,
        () = app.cancel.cancelled() => Err(Failure::cancelled()),
    }
}

async fn open_any(app: &App, how: &Connection) -> Result<Session> {
    if let Some(file) = &how.dsn_file {
        return with_login(app, &secret_file::target(file)?).await;
    }
    if how.connection.is_none()
        && how.passphrase_file.is_none()
        && let Some((name, dsn)) = environment(|name| std::env::var(name).ok())?
    {
        let target = Target::parse(&dsn).map_err(|e| e.with("variable", name))?;
        return with_login(app, &target).await;
    }
    with_keychain(app, how, false).await
}

/// Whether a database is named without asking anybody.
pub fn is_given(how: &Connection) -> bool {
    how.dsn_file.is_some()
        || how.connection.is_some()
        || how.passphrase_file.is_some()
        || VARIABLES.iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

/// The one connection string of the environment, and the variable that holds it.
fn environment(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<(&'static str, Secret)>> {
    let mut found: Option<(&'static str, Secret)> = None;
    for name in VARIABLES {
        let Some(value) = variable(name).filter(|v| !v.trim().is_empty()).map(Secret::new) else {
            continue;
        };
        match &found {
            Some((first, earlier)) if earlier.expose() != value.expose() => {
                return Err(Failure::usage(
                    format!(
                        "{first} and {name} are both set and differ. Unset one, or use --dsn-file."
                    ),
                    format!(
                        "{first} y {name} están definidas y difieren. Quite una, o use --dsn-file."
                    ),
                ));
            }
            Some(_) => {}
            None => found = Some((name, value)),
        }
    }
    Ok(found)
}

async fn with_login(app: &App, target: &Target) -> Result<Session> {
    let caller = app.workplace.caller(Origin::Cli)?;
    let (context, id) = sessions::attach(&app.workplace, &caller, target).await?;
    // A server that nobody opens a console on needs its partitions and its look at direct changes all the same.
    sessions::upkeep(&context, id).await;
    Ok(Session { connection: None, context, caller, id, lease: None, stays: true })
}

/// With the keys of the operator, or only what a login can do as well.
async fn with_keychain(app: &App, how: &Connection, keys: bool) -> Result<Session> {
    let known = book::read(&app.workplace)?;
    let wanted = how.connection.as_deref().or(known.selected.as_deref());
    let connection = match wanted {
        Some(name) => {
            let mut fits = known.connections.iter().filter(|c| c.id == name || c.name == name);
            let (first, second) = (fits.next(), fits.next());
            if second.is_some() {
                return Err(Failure::usage(
                    "Several connections have this name; give the id.",
                    "Varias conexiones tienen este nombre; indique el id.",
                )
                .with("connection", name));
            }
            first
        }
        None => None,
    };
    let Some(connection) = connection else {
        if let Some(name) = &how.connection {
            return Err(Failure::saying(
                Code::EntityNotFound,
                "There is no connection of this name in the console on this machine. Names distinguish upper and lower case.",
                "La consola de este equipo no tiene una conexión con ese nombre. Los nombres distinguen mayúsculas de minúsculas.",
            )
            .with("connection", name));
        }
        return Err(Failure::saying(
            Code::EntityNotFound,
            "No connection is given: use --dsn-file, set ATALAYA_DSN, or open one in the console first.",
            "No se indicó una conexión: use --dsn-file, defina ATALAYA_DSN, o abra antes una en la consola.",
        ));
    };
    // Whatever is wrong with the embedded Postgres is said by opening it.
    let stays = connection.kind == ConnectionKind::Local
        && server::status(&app.workplace)
            .await
            .is_ok_and(|s| s.state == ServerState::Running && !s.in_use);
    let passphrase = match &how.passphrase_file {
        Some(file) => secret_file::passphrase(file)?,
        None if !keys && !terminal::there() => {
            return Err(Failure::usage(
                "There is no terminal to ask for the passphrase on. Give it in a file (--passphrase-file), or the connection string of an operator's login (--dsn-file or ATALAYA_DSN).",
                "No hay una terminal donde preguntar la frase de contraseña. Indíquela en un archivo (--passphrase-file), o la cadena de conexión de un operador (--dsn-file o ATALAYA_DSN).",
            ));
        }
        None => {
            let prompt = match app.output.language {
                crate::language::Language::En => format!("Passphrase for {}:", connection.name),
                crate::language::Language::Es => {
                    format!("Frase de contraseña de {}:", connection.name)
                }
            };
            terminal::secret(prompt).await?
        }
    };
    let caller = app.workplace.caller(Origin::Cli)?;
    let opened = sessions::open(&app.workplace, &caller, &connection.id, passphrase).await?;
    Ok(Session { stays, ..Session::of(opened, caller) })
}

impl Session {
    /// Of a session that a set-up opened.
    pub fn of(opened: sessions::Opened, caller: Caller) -> Self {
        Self {
            connection: Some(opened.session.connection),
            context: opened.context,
            caller,
            id: opened.id,
            lease: opened.lease,
            stays: false,
        }
    }

    /// Ends the session with its event and lets the embedded Postgres go.
    pub async fn close(self) {
        let end = async {
            // Where the database is gone there is nothing to end; the command's own error says so.
            let _ = sessions::end(&self.context, &self.caller, self.id, "finished").await;
            self.context.store.close().await;
        };
        let _ = tokio::time::timeout(END_LIMIT, end).await;
        if let Some(lease) = self.lease
            && !self.stays
        {
            let _ = lease.leave().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_must_agree() {
        let of = |pairs: &'static [(&str, &str)]| {
            environment(move |name| {
                pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
            })
        };
        assert!(of(&[]).unwrap().is_none());
        let (name, _) = of(&[("POSTGRES_DSN", "a"), ("DATABASE_URL", "a")]).unwrap().unwrap();
        assert_eq!(name, "POSTGRES_DSN");
        let refused = of(&[("ATALAYA_DSN", "secret-a"), ("DATABASE_URL", "secret-b")]).unwrap_err();
        let (english, spanish) = *refused.text.unwrap();
        for text in [english, spanish] {
            assert!(text.contains("ATALAYA_DSN") && text.contains("DATABASE_URL"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }
}
