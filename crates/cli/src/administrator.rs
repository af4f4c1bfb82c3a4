//! The first administrator of a database that was taken over, where the console does not do it.

use crate::args::Administrator;
use crate::connection::Session;
use crate::failure::{Failure, Result};
use crate::kit::{self, Keeping};
use crate::{App, secret_file, terminal};
use atalaya_model::access::Origin;
use atalaya_model::adoption::{Candidate, DatabaseKind, Inspection, Progress};
use atalaya_model::connection::Target;
use atalaya_model::console::{Colour, ConnectionKind};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::{adoption, connections, setup};
use serde::Serialize;

/// A score that is accepted.
const ENOUGH: u8 = 3;

/// Everything that a person brings, judged already.
pub struct Plan {
    who: Administrator,
    /// Of the CEO who is linked.
    linked: Option<uuid::Uuid>,
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
        Ok(Some(Self { who, linked: None, connection_name, passphrase, keeping }))
    }

    /// Finds the CEO who is to be linked among those of the inspection, or that nobody has a new user's e-mail, before anything
    /// is changed.
    pub async fn judged(mut self, found: &Inspection, owner: Option<&Target>) -> Result<Self> {
        let listed = found.kind != DatabaseKind::Adopted || found.taken.is_some();
        if let Some(named) = self.who.link_ceo.as_deref().filter(|_| listed && found.can_link()) {
            self.linked = Some(ceo(&found.ceos, named)?);
        }
        if let (Some(email), Some(owner)) = (&self.who.email, owner)
            && found.kind == DatabaseKind::Legacy
            && found.can_apply
            && adoption::has_user(owner, email.trim()).await?
        {
            return Err(Failure::saying(
                Code::Conflict,
                "The CRM has a user with this e-mail. Nothing was changed. Give another one, or link an active CEO with --link-ceo.",
                "El CRM ya tiene un usuario con este correo. No se cambió nada. Use otro, o vincule a un CEO activo con --link-ceo.",
            )
            .with("email", email));
        }
        Ok(self)
    }

    /// Installs the administrator and the recovery kit. The session that this opens is ended again.
    pub async fn install(self, app: &App, administrator: Target) -> Result<Installed> {
        let Self { who, linked, connection_name, passphrase, keeping } = self;
        let setup = setup::Setup { administrator, kind: ConnectionKind::Remote, lease: None };
        let link_user_id = match (linked, &who.link_ceo) {
            // Where nobody could be listed before: somebody else was at work then.
            (None, Some(named)) => Some(ceo(&setup::candidates(&setup).await?, named)?),
            (linked, _) => linked,
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

/// The active CEO that was named by e-mail or id. Which of two that differ by case, nobody guesses, unless one is spelt so.
fn ceo(candidates: &[Candidate], named: &str) -> Result<uuid::Uuid> {
    let named = named.trim();
    let by = |fits: &dyn Fn(&Candidate) -> bool| -> Vec<uuid::Uuid> {
        candidates.iter().filter(|c| fits(c)).map(|c| c.user_id).collect()
    };
    let exact = by(&|c| c.email == named || c.user_id.to_string() == named.to_lowercase());
    let alike = by(&|c| c.email.to_lowercase() == named.to_lowercase());
    match (exact.as_slice(), alike.as_slice()) {
        ([one], _) | ([], [one]) => Ok(*one),
        ([], []) => {
            let there: Vec<_> = candidates.iter().take(5).map(|c| c.email.as_str()).collect();
            Err(Failure::saying(
                Code::EntityNotFound,
                "There is no active CEO with this e-mail or id. Nothing was changed. Name one of those that `adopt inspect` lists, \
                 or give --email and --first-name for a new user.",
                "No hay un CEO activo con este correo o id. No se cambió nada. Nombre uno de los que muestra `adopt inspect`, o use \
                 --email y --first-name para un usuario nuevo.",
            )
            .with("link_ceo", named)
            .with("ceos", there.join(", ")))
        }
        _ => Err(Failure::saying(
            Code::Conflict,
            "Several active CEOs have this e-mail in different spellings. Nothing was changed. Name one by its id.",
            "Varios CEO activos tienen este correo con distintas mayúsculas. No se cambió nada. Nombre a uno por su id.",
        )
        .with("link_ceo", named)),
    }
}

impl Installed {
    /// For people.
    pub fn text(&self, app: &App) -> String {
        let done = app.output.say(
            "The database is taken over and its first administrator is set up.",
            "La base de datos quedó adoptada y su primer administrador está listo.",
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
