//! The first administrator of a database that was taken over, where the console does not do it.

use crate::args::Administrator;
use crate::connection::Session;
use crate::failure::{Failure, Result};
use crate::kit::{self, Keeping};
use crate::{App, secret_file, terminal};
use atalaya_model::access::Origin;
use atalaya_model::adoption::Progress;
use atalaya_model::connection::Target;
use atalaya_model::console::{Colour, ConnectionKind};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::{connections, setup};
use serde::Serialize;

/// A score that is accepted.
const ENOUGH: u8 = 3;

/// Everything that a person brings, judged already.
pub struct Plan {
    who: Administrator,
    connection_name: String,
    passphrase: Secret,
    keeping: Keeping,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Installed {
    connection_id: String,
    connection_name: String,
    user_id: String,
    email: String,
    /// Where the kit was saved; `null` when it was shown on the terminal.
    kit_file: Option<String>,
}

impl Plan {
    /// `None` where no administrator was asked for.
    pub async fn of(app: &App, who: Administrator, target: &Target) -> Result<Option<Self>> {
        if who.email.is_none() && who.link_ceo.is_none() {
            let stray = who.connection_name.is_some()
                || who.passphrase_file.is_some()
                || who.kit_file.is_some();
            if stray {
                return Err(Failure::usage(
                    "Say who becomes the administrator: --email with --first-name, or --link-ceo.",
                    "Indique quién será el administrador: --email con --first-name, o --link-ceo.",
                ));
            }
            return Ok(None);
        }
        connections::keychain_ready(&app.workplace).await?;
        let keeping = Keeping::of(who.kit_file.as_deref(), who.kit_passphrase_file.as_deref())?;
        let passphrase = match &who.passphrase_file {
            Some(file) => secret_file::passphrase(file)?,
            None => terminal::new_passphrase(app).await?,
        };
        let known = [&who.email, &who.link_ceo, &who.first_name, &who.last_name];
        let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
        if setup::strength(&passphrase, &known).score < ENOUGH {
            return Err(
                Error::new(Code::WeakPassphrase, "This passphrase is too easy to guess.").into()
            );
        }
        let connection_name = who
            .connection_name
            .clone()
            .unwrap_or_else(|| target.database.chars().take(60).collect());
        Ok(Some(Self { who, connection_name, passphrase, keeping }))
    }

    /// Installs the administrator and the recovery kit. The session that this opens is ended again.
    pub async fn install(self, app: &App, administrator: Target) -> Result<Installed> {
        let Self { who, connection_name, passphrase, keeping } = self;
        let setup = setup::Setup { administrator, kind: ConnectionKind::Remote, lease: None };
        let link_user_id = match &who.link_ceo {
            Some(email) => Some(ceo(&setup, email).await?),
            None => None,
        };
        let request = setup::Request {
            link_user_id,
            name: who.first_name.unwrap_or_default(),
            last_name: Some(who.last_name.unwrap_or_default()),
            email: who.email.or(who.link_ceo).unwrap_or_default(),
            passphrase,
            crm_password: None,
            connection_name,
            colour: Colour::default(),
            production: false,
        };
        let caller = app.workplace.caller(Origin::Cli)?;
        let progress = |at: Progress| {
            app.output.progress(crate::phrases::step(at.step, app.output.language));
        };
        let opened = setup::administrator(&app.workplace, &caller, setup, request, progress)
            .await
            .map_err(|(e, _)| e);
        app.output.progress_done();
        let opened = opened?;
        let described = opened.session.clone();
        let session = Session::of(opened, caller);
        let kept = kit::make(app, &session, &described.connection, &keeping).await;
        session.close().await;
        let kit_file = kept?;
        Ok(Installed {
            connection_id: described.connection.id,
            connection_name: described.connection.name,
            user_id: described.user_id,
            email: described.email,
            kit_file,
        })
    }
}

/// The active CEO of that e-mail; which of two that differ by case, nobody guesses.
async fn ceo(setup: &setup::Setup, email: &str) -> Result<uuid::Uuid> {
    let wanted = email.trim().to_lowercase();
    let candidates = setup::candidates(setup).await?;
    let mut fits = candidates.iter().filter(|c| c.email.to_lowercase() == wanted);
    match (fits.next(), fits.next()) {
        (Some(one), None) => Ok(one.user_id),
        (Some(_), Some(_)) => Err(Failure::saying(
            Code::Conflict,
            "Several active CEOs have this e-mail in different spellings.",
            "Varios CEO activos tienen este correo con distintas mayúsculas.",
        )),
        _ => Err(Failure::saying(
            Code::EntityNotFound,
            "There is no active CEO with this e-mail. The database is taken over all the same; run the command again \
             with another --link-ceo, or with --email and --first-name for a new user.",
            "No hay un CEO activo con este correo. La base de datos quedó a cargo de todos modos; repita el comando con \
             otro --link-ceo, o con --email y --first-name para un usuario nuevo.",
        )
        .with("email", email)),
    }
}

impl Installed {
    /// For people.
    pub fn text(&self, app: &App) -> String {
        let done = app.output.say(
            "The database is taken over and its first administrator is set up.",
            "La base de datos quedó a cargo y su primer administrador está listo.",
        );
        let open = app.output.say("Connection in the console", "Conexión en la consola");
        let kit = match &self.kit_file {
            Some(path) => {
                format!("\n{}: {path}", app.output.say("Recovery kit", "Kit de recuperación"))
            }
            None => String::new(),
        };
        format!("{done}\n{open}: {} ({}){kit}", self.connection_name, self.email)
    }
}
