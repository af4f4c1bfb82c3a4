//! Restoring with the kit: a new operator takes the place of the lost one.

use super::recovery_file;
use crate::connections::{self, book};
use crate::context::heavy;
use crate::secrets::{bad_signature, row_of, trusted};
use crate::sessions::{self, Opened};
use crate::setup::{Credentials, check_passphrase};
use crate::{Context, Workplace};
use atalaya_keys::chain::{NewRecipient, RecipientKind, RecipientRecord};
use atalaya_keys::kit::{Kit, KitError};
use atalaya_keys::lockbox::LockboxError;
use atalaya_keys::recovery::RecoveryBundle;
use atalaya_keys::signed::{Place, SignedSecret};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::adoption::Progress;
use atalaya_model::connection::{ConnectionInput, Target, TlsMode};
use atalaya_model::console::{Colour, Connection, ConnectionKind};
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_store::setup::Administrator;
use atalaya_store::{Done, Resource, recipients, secrets};
use serde::Deserialize;
use std::path::PathBuf;

/// What a person brings to a restore.
#[derive(Debug, Deserialize)]
pub struct Restore {
    /// The 24 words, or
    pub words: Option<Secret>,
    /// the kit as a file, with
    pub file: Option<PathBuf>,
    /// its passphrase.
    pub file_passphrase: Option<Secret>,
    /// The recovery file, where it is not in the data folder any more.
    pub recovery_file: Option<PathBuf>,
    /// A database administrator's connection, for a database that is not this machine's own.
    pub connection: Option<ConnectionInput>,
    /// The new console passphrase.
    pub passphrase: Secret,
}

/// Opens the recovery file with the kit, makes a login and keys for the lost operator's user, and signs in.
///
/// # Errors
/// `KIT_WORDS_WRONG`, `KIT_FILE_INVALID`, `WEAK_PASSPHRASE`, `KEYCHAIN_*`, or what the database says.
pub async fn restore(
    workplace: &Workplace,
    caller: &Caller,
    request: Restore,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Opened> {
    let at = |step| progress(Progress { step, done: 0, total: None, note: None });
    check_passphrase(&request.passphrase, &[])?;
    at("kit");
    let kit = open_kit(request.words, request.file, request.file_passphrase).await?;
    let (bundle, known) = find_bundle(workplace, &kit, request.recovery_file)?;
    at("start");
    let (administrator, lease, kind) = reach(workplace, &bundle, request.connection).await?;
    at("administrator");
    let credentials = Credentials::draw(workplace)?;
    let connection = Administrator::connect(&administrator).await?;
    let suffix = credentials.suffix("recovered");
    let recovered =
        connection.recover_operator(&bundle.first_key, &suffix, &credentials.verifier).await;
    connection.close().await;
    let (login, user) = recovered?;
    at("keychain");
    let id = known.unwrap_or(workplace.uuid()?.simple().to_string());
    let old = book::find(workplace, &id).ok();
    let entry = Connection {
        name: old.as_ref().map_or_else(|| bundle.connection.database.clone(), |c| c.name.clone()),
        colour: old.as_ref().map_or(Colour::Slate, |c| c.colour),
        production: old.as_ref().is_some_and(|c| c.production),
        kind,
        host: administrator.host.clone(),
        port: administrator.port,
        database: administrator.database.clone(),
        user: login.clone(),
        tls: administrator.tls,
        ca_file: administrator.ca_file.as_ref().map(|p| p.display().to_string()),
        last_opened: None,
        id,
    };
    let secret = credentials.secret(&bundle.installation, login, bundle.first_key);
    connections::keep(workplace, &entry, &secret, request.passphrase).await?;
    let enrolled = sessions::connect(workplace, caller, &entry, &secret, lease).await?;
    at("secrets");
    take_place(&enrolled.context, caller, &kit, user).await?;
    sessions::finish(enrolled, caller, entry).await
}

async fn open_kit(
    words: Option<Secret>,
    file: Option<PathBuf>,
    passphrase: Option<Secret>,
) -> Result<Kit> {
    if let Some(words) = words.filter(|w| !w.is_empty()) {
        return Kit::parse(words.expose()).map_err(|e| {
            let error =
                Error::new(Code::KitWordsWrong, "These are not the words of a recovery kit.");
            match &e {
                KitError::UnknownWords(positions) => {
                    let list: Vec<_> = positions.iter().map(ToString::to_string).collect();
                    error.with("positions", list.join(", "))
                }
                _ => error,
            }
            .because(e)
        });
    }
    let (Some(path), Some(passphrase)) = (file, passphrase) else {
        return Err(Error::invalid("words", "Enter the 24 words, or choose the kit's file."));
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Error::new(Code::KitFileInvalid, "The file cannot be read.").because(e))?;
    heavy(move || Kit::load(passphrase.expose(), &text)).await?.map_err(|e| {
        let message = match &e {
            KitError::File(LockboxError::WrongPassphrase) => {
                "The passphrase of the kit is not the right one."
            }
            _ => "This file is no recovery kit, or it is damaged.",
        };
        Error::new(Code::KitFileInvalid, message).because(e)
    })
}

/// The recovery file that this kit opens, and the connection it belongs to.
fn find_bundle(
    workplace: &Workplace,
    kit: &Kit,
    chosen: Option<PathBuf>,
) -> Result<(RecoveryBundle, Option<String>)> {
    if let Some(path) = chosen {
        let file = std::fs::read(&path)
            .map_err(|e| Error::new(Code::KitFileInvalid, "The file cannot be read.").because(e))?;
        let bundle = RecoveryBundle::open(kit, &file).map_err(|e| {
            Error::new(Code::KitFileInvalid, "This recovery file does not belong to this kit.")
                .because(e)
        })?;
        return Ok((bundle, None));
    }
    for connection in book::read(workplace)?.connections {
        let Ok(file) = std::fs::read(recovery_file(workplace, &connection.id)) else { continue };
        if let Ok(bundle) = RecoveryBundle::open(kit, &file) {
            return Ok((bundle, Some(connection.id)));
        }
    }
    Err(Error::new(Code::KitFileInvalid, "No recovery file on this machine belongs to this kit."))
}

/// The administrator's way in: from the bundle for this machine's own Postgres, from a person for any other.
async fn reach(
    workplace: &Workplace,
    bundle: &RecoveryBundle,
    connection: Option<ConnectionInput>,
) -> Result<(Target, Option<atalaya_postgres::Lease>, ConnectionKind)> {
    if let Some(administrator) = &bundle.administrator {
        let lease = connections::local::start(workplace).await?;
        let endpoint = lease.endpoint();
        let target = Target {
            host: endpoint.host.display().to_string(),
            port: endpoint.port,
            database: bundle.connection.database.clone(),
            user: administrator.login.clone(),
            password: Secret::new(administrator.password.clone()),
            tls: TlsMode::Disable,
            ca_file: None,
            ca_pem: None,
        };
        return Ok((target, Some(lease), ConnectionKind::Local));
    }
    let input = connection.ok_or_else(|| {
        Error::invalid("connection", "This database needs the connection of its administrator.")
    })?;
    Ok((input.into_target()?, None, ConnectionKind::Remote))
}

/// Enrols the new operator, signed by the kit, encrypts every secret to them, and removes the lost one.
async fn take_place(cx: &Context, caller: &Caller, kit: &Kit, user: uuid::Uuid) -> Result<()> {
    let id = cx.workplace.uuid()?;
    let label = cx.store.facts().await?.email;
    let kit = kit.clone();
    let signer = cx.signer()?;
    let first_key = signer.first_key;
    let recipient = signer.identity.recipient().clone();
    let signing_key = signer.signing_key.public();
    let permit = cx.store.permit(caller, Action::KitUse, Scope::System).await?;
    cx.store
        .change(permit, async move |tx| {
            let chain = trusted(&first_key, &recipients::list_for_change(tx).await?)?;
            let kit_key = kit.signing_key().public();
            let kit_id = chain
                .current()
                .into_iter()
                .find(|r| r.kind == RecipientKind::Kit && r.signing_key == kit_key)
                .map(|r| r.id)
                .ok_or_else(|| {
                    Error::new(Code::KitWordsWrong, "A newer kit has replaced this one.")
                })?;
            let new = NewRecipient {
                id,
                kind: RecipientKind::Operator,
                user: Some(user),
                recipient: recipient.clone(),
                signing_key,
            };
            let lost: Vec<_> = chain
                .current()
                .into_iter()
                .filter(|r| r.kind == RecipientKind::Operator && r.user == Some(user))
                .map(|r| r.id)
                .collect();
            let record = RecipientRecord::enrolled(new, kit_id, &kit.signing_key());
            recipients::add(tx, &row_of(&record, &label)).await?;
            let wraps = secrets::wraps_for(tx, kit_id).await?;
            for wrap in &wraps {
                let place = Place {
                    secret: wrap.secret_id,
                    tenant: wrap.tenant_id,
                    name: wrap.name.clone(),
                    version: wrap.version,
                };
                let secret = SignedSecret::open(&wrap.ciphertext, &kit.identity(), &place, &chain)
                    .map_err(bad_signature)?;
                let ciphertext = secret.wrap_to(&recipient).map_err(|e| {
                    Error::new(Code::Internal, "A secret could not be encrypted.").because(e)
                })?;
                secrets::add_wrap(tx, wrap.version_id, id, &ciphertext).await?;
            }
            for operator in lost {
                recipients::remove(tx, operator).await?;
            }
            let note = serde_json::json!({ "secrets": wraps.len() });
            Ok(Done::ok((), Resource { id: Some(id.to_string()), tenant: None }).noting(note))
        })
        .await
}
