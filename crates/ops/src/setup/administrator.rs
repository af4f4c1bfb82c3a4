//! The first administrator: a new user, or a CEO who is there already.

use super::credentials::Credentials;
use super::local::PENDING;
use super::{Setup, check_passphrase};
use crate::connections::{self, book};
use crate::context::{heavy, no_entropy};
use crate::sessions::{self, Opened};
use crate::{Workplace, secrets};
use atalaya_keys::context_key::PadKey;
use atalaya_model::access::Caller;
use atalaya_model::adoption::{Candidate, Progress};
use atalaya_model::console::{Colour, Connection, ConnectionKind};
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_store::setup::{Administrator, FirstAdministrator, PadPairs};
use serde::Deserialize;
use uuid::Uuid;

/// What the wizard asks for.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// The CEO to link; `None` makes a new user.
    pub link_user_id: Option<Uuid>,
    /// Name of a new user; its first word is the first name, unless `last_name` is given.
    pub name: String,
    /// Last name of a new user, where it was asked for apart.
    #[serde(default)]
    pub last_name: Option<String>,
    /// E-mail of a new user.
    pub email: String,
    /// The console's passphrase.
    pub passphrase: Secret,
    /// A password for the CRM itself, now or later.
    pub crm_password: Option<Secret>,
    /// Name of the connection.
    pub connection_name: String,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is production.
    pub production: bool,
}

/// CEOs of the taken-over database who could be linked.
///
/// # Errors
/// What the database says.
pub async fn candidates(setup: &Setup) -> Result<Vec<Candidate>> {
    let administrator = Administrator::connect(&setup.administrator).await?;
    let found = administrator.candidates().await;
    administrator.close().await;
    found
}

/// Installs the first administrator, keeps their keys in the keychain, signs in and makes what the workspace needs.
///
/// The keychain item and the connection are written before the login is made: whatever cuts this off, either nothing
/// happened or the passphrase opens the console, which then completes the rest by itself.
///
/// # Errors
/// `VALIDATION_FAILED`, `WEAK_PASSPHRASE`, `KEYCHAIN_*`, `ALREADY_ADOPTED`, or what the database says.
pub async fn administrator(
    workplace: &Workplace,
    caller: &Caller,
    setup: Setup,
    request: Request,
    progress: impl Fn(Progress) + Send + Sync,
) -> std::result::Result<Opened, (Error, Setup)> {
    match install(workplace, caller, &setup, request, progress).await {
        Ok(mut opened) => {
            opened.lease = opened.lease.or(setup.lease);
            Ok(opened)
        }
        // The wizard stays where it is and can try again.
        Err(e) => Err((e, setup)),
    }
}

async fn install(
    workplace: &Workplace,
    caller: &Caller,
    setup: &Setup,
    request: Request,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Opened> {
    let at = |step| progress(Progress { step, done: 0, total: None, note: None });
    let (first_name, last_name, email) = identity(&request)?;
    if let Some(id) = request.link_user_id
        && !candidates(setup).await?.iter().any(|c| c.user_id == id)
    {
        return Err(Error::new(Code::EntityNotFound, "There is no active CEO to link.")
            .with("link_user_id", id));
    }
    check_passphrase(&request.passphrase, &[&request.name, &request.email])?;
    let name = book::check_name(&request.connection_name)?;
    at("administrator");
    let password_hash = match request.crm_password.filter(|p| !p.is_empty()) {
        Some(password) => Some(hash(password).await?),
        None => None,
    };
    let credentials = Credentials::draw(workplace)?;
    let digest = workplace.draw(PadKey::draw).map_err(no_entropy)?;
    let pads = |key: &PadKey| {
        let (inner, outer) = key.pads();
        (*inner, *outer)
    };
    let first = FirstAdministrator {
        user_id: request.link_user_id.map_or_else(|| workplace.uuid(), Ok)?,
        link: request.link_user_id.is_some(),
        email,
        first_name,
        last_name,
        password_hash,
        login_suffix: credentials.suffix(&request.email),
        verifier: credentials.verifier.clone(),
        first_key: credentials.signing_key.public(),
        pads: PadPairs {
            context: pads(&PadKey::derived(&credentials.signing_key)),
            digest: pads(&digest),
        },
    };
    let target = &setup.administrator;
    let connection = Administrator::connect(target).await?;
    let login = connection.login_name(&first.login_suffix).await?;
    let entry = Connection {
        id: workplace.uuid()?.simple().to_string(),
        name,
        colour: request.colour,
        production: request.production,
        kind: setup.kind,
        host: target.host.clone(),
        port: target.port,
        database: target.database.clone(),
        user: login.clone(),
        tls: target.tls,
        ca_file: target.ca_file.as_ref().map(|p| p.display().to_string()),
        last_opened: None,
    };
    at("keychain");
    let installation = login.split('_').nth(1).unwrap_or_default().to_owned();
    let secret = credentials.secret(&installation, login, first.first_key);
    connections::keep(workplace, &entry, &secret, request.passphrase).await?;
    let installed = connection.install_first_administrator(&first).await;
    connection.close().await;
    if let Err(e) = installed {
        // Nothing was made: what was kept for it goes.
        if let Err(e) = book::remove(workplace, &entry.id).await {
            tracing::warn!(code = ?e.code, "an unused keychain item stays");
        }
        return Err(e);
    }
    at("secrets");
    let connected = sessions::connect(workplace, caller, &entry, &secret, None).await?;
    let local = setup.kind == ConnectionKind::Local;
    let administrator =
        local.then(|| Secret::new(format!("{}\n{}", target.user, target.password.expose())));
    secrets::ensure(&connected.context, caller, local, administrator).await?;
    if local && let Err(e) = workplace.keychain.delete(PENDING).await {
        tracing::warn!(error = %e, "the set-up's keychain item stays");
    }
    sessions::finish(connected, caller, entry).await
}

/// First name, last name and e-mail of a new user; empty for a linked one.
fn identity(request: &Request) -> Result<(String, String, String)> {
    if request.link_user_id.is_some() {
        return Ok(Default::default());
    }
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "A name has 1 to 100 characters."));
    }
    let email = request.email.trim();
    let fine = email.len() <= 255
        && !email.chars().any(|c| c.is_control() || c.is_whitespace())
        && email.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        });
    if !fine {
        return Err(Error::invalid("email", "This is no e-mail address."));
    }
    let (first, last) = match &request.last_name {
        Some(last) => (name, last.as_str()),
        None => name.split_once(' ').unwrap_or((name, "")),
    };
    let last = last.trim();
    if last.chars().count() > 100 || last.chars().any(char::is_control) {
        return Err(Error::invalid("last_name", "A last name has 100 characters at most."));
    }
    Ok((first.to_owned(), last.to_owned(), email.to_owned()))
}

/// A bcrypt hash as the CRM's own programs read it. bcrypt ignores what is beyond 72 bytes, so more is refused.
async fn hash(password: Secret) -> Result<String> {
    if password.expose().chars().count() < 10 || password.expose().len() > 72 {
        return Err(Error::invalid("crm_password", "A password has 10 characters to 72 bytes."));
    }
    heavy(move || bcrypt::non_truncating_hash(password.expose(), 12))
        .await?
        .map_err(|e| Error::new(Code::Internal, "The password could not be hashed.").because(e))
}
