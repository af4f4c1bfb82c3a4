//! Restoring with the kit: a new operator takes the place of the lost one.

use super::{next_recovery_file, recovery_file};
use crate::connections::{self, book};
use crate::context::heavy;
use crate::secrets::{name_of, row_of, sift};
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
use atalaya_store::recipients::Recipient;
use atalaya_store::setup::Administrator;
use atalaya_store::{Done, Resource, file, recipients, secrets};
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A saved kit has a page of text; more is none.
const KIT_FILE: usize = 64 * 1024;
/// A recovery file may carry a file of trusted certificates, as JSON.
const RECOVERY_FILE: usize = 3 * file::CERTIFICATES;

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
/// `KIT_WORDS_WRONG`, `KIT_FILE_INVALID`, `KIT_REPLACED`, `WEAK_PASSPHRASE`, `KEYCHAIN_*`, or what the database says.
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
    // What could stop it half-way is asked before anything is changed.
    connections::keychain_ready(workplace).await?;
    let (connection, administrator) = connect(administrator, &bundle).await?;
    let suffix = credentials.suffix("recovered");
    let recovered = async {
        let place = current_kit(&bundle.first_key, &kit, &connection.recipients().await?)?;
        let verifier = &credentials.verifier;
        connection.recover_operator(&bundle.first_key, place, &suffix, verifier).await
    }
    .await;
    connection.close().await;
    let (login, user) = recovered?;
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
    let enrolled = sessions::connect(workplace, caller, &entry, &secret, lease).await?;
    at("secrets");
    let skipped = take_place(&enrolled.context, caller, &kit, user).await?;
    if !skipped.is_empty() {
        let note = Some(skipped.join(", "));
        progress(Progress {
            step: "secrets_skipped",
            done: skipped.len() as u64,
            total: None,
            note,
        });
    }
    // Only now: the item that is there under this name may be of use until the new operator has taken the old one's
    // place. Where this does not work, the kit restores once more.
    at("keychain");
    connections::keep(workplace, &entry, &secret, request.passphrase).await?;
    sessions::finish(enrolled, caller, entry).await
}

/// Connects as the administrator, with the earlier password where the newer one was never set.
async fn connect(target: Target, bundle: &RecoveryBundle) -> Result<(Administrator, Target)> {
    let refused = match Administrator::connect(&target).await {
        Err(e) if e.code == Code::DbAuthFailed => e,
        answer => return answer.map(|connection| (connection, target)),
    };
    let Some(login) = &bundle.administrator else { return Err(refused) };
    if let Some(earlier) = &login.earlier {
        let before = target.with_login(login.login.clone(), Secret::new(earlier.clone()));
        match Administrator::connect(&before).await {
            Err(e) if e.code == Code::DbAuthFailed => {}
            answer => return answer.map(|connection| (connection, before)),
        }
    }
    // The password of a local workspace changes with its kit.
    Err(Error::new(Code::KitReplaced, "A newer kit has replaced this one.").because(refused))
}

/// The recipient that this kit is now, by rows that lead back to the pinned key.
///
/// # Errors
/// `KIT_REPLACED` where it was removed, `SIGNATURE_INVALID` where no trusted row is of it.
fn current_kit(first_key: &[u8; 32], kit: &Kit, rows: &[Recipient]) -> Result<uuid::Uuid> {
    let chain = sift(first_key, rows)?.trusted;
    let key = kit.signing_key().public();
    let current = chain.current();
    if let Some(found) =
        current.iter().find(|r| r.kind == RecipientKind::Kit && r.signing_key == key)
    {
        return Ok(found.id);
    }
    if rows.iter().any(|r| r.removed && r.signing_key == key) {
        return Err(Error::new(Code::KitReplaced, "A newer kit has replaced this one."));
    }
    Err(Error::new(Code::SignatureInvalid, "The database does not know this kit as trusted."))
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
    let text = read(&path, KIT_FILE)?;
    let text = Secret::new(std::str::from_utf8(&text).map(str::to_owned).map_err(|e| {
        Error::new(Code::KitFileInvalid, "This file is no recovery kit.").because(e)
    })?);
    heavy(move || Kit::load(passphrase.expose(), text.expose())).await?.map_err(|e| {
        let message = match &e {
            KitError::File(LockboxError::WrongPassphrase) => {
                "The passphrase of the kit is not the right one."
            }
            _ => "This file is no recovery kit, or it is damaged.",
        };
        Error::new(Code::KitFileInvalid, message).because(e)
    })
}

/// Reads a file that a person chose.
fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    file::read(path, limit).map_err(|e| {
        let message = match e.kind() {
            ErrorKind::InvalidInput => "This is no regular file.",
            ErrorKind::FileTooLarge => "The file is too large for a recovery file.",
            _ => "The file cannot be read.",
        };
        Error::new(Code::KitFileInvalid, message).with("path", path.display()).because(e)
    })
}

/// The recovery file that this kit opens, and the connection it belongs to.
fn find_bundle(
    workplace: &Workplace,
    kit: &Kit,
    chosen: Option<PathBuf>,
) -> Result<(RecoveryBundle, Option<String>)> {
    if let Some(path) = chosen {
        let file = read(&path, RECOVERY_FILE)?;
        let bundle = RecoveryBundle::open(kit, &file).map_err(|e| {
            Error::new(Code::KitFileInvalid, "This recovery file does not belong to this kit.")
                .because(e)
        })?;
        return Ok((bundle, None));
    }
    for connection in book::read(workplace)?.connections {
        // The second is there when a new kit was enrolled and the program died before it took the first one's name.
        for path in [
            recovery_file(workplace, &connection.id),
            next_recovery_file(workplace, &connection.id),
        ] {
            let Ok(file) = file::read(&path, RECOVERY_FILE) else { continue };
            if let Ok(bundle) = RecoveryBundle::open(kit, &file) {
                return Ok((bundle, Some(connection.id)));
            }
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

/// Enrols the new operator, signed by the kit, encrypts every secret to them, and removes the lost one. The names of
/// secrets that could not be opened: whoever can spoil one ciphertext must not be able to stop a restore with it.
async fn take_place(
    cx: &Context,
    caller: &Caller,
    kit: &Kit,
    user: uuid::Uuid,
) -> Result<Vec<String>> {
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
            let rows = recipients::list_for_change(tx).await?;
            let kit_id = current_kit(&first_key, &kit, &rows)?;
            // False rows stay out and are named on Overview.
            let chain = sift(&first_key, &rows)?.trusted;
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
            let mut skipped = Vec::new();
            let wraps = secrets::wraps_for(tx, kit_id).await?;
            for wrap in &wraps {
                let place = Place {
                    secret: wrap.secret_id,
                    tenant: wrap.tenant_id,
                    name: wrap.name.clone(),
                    version: wrap.version,
                };
                let opened = SignedSecret::open(&wrap.ciphertext, &kit.identity(), &place, &chain);
                let secret = match opened {
                    Ok(secret) => secret,
                    Err(e) => {
                        let name = name_of(&wrap.name, wrap.version, wrap.tenant_id);
                        tracing::error!(secret = name, error = %e, "a secret was left out of a restore");
                        skipped.push(name);
                        continue;
                    }
                };
                let ciphertext = secret.wrap_to(&recipient).map_err(|e| {
                    Error::new(Code::Internal, "A secret could not be encrypted.").because(e)
                })?;
                secrets::add_wrap(tx, wrap.version_id, id, &ciphertext).await?;
            }
            for operator in lost {
                recipients::remove(tx, operator).await?;
            }
            let note = serde_json::json!({ "secrets": wraps.len() - skipped.len(), "skipped": skipped });
            Ok(Done::ok(skipped, Resource { id: Some(id.to_string()), tenant: None }).noting(note))
        })
        .await
}
