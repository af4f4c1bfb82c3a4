//! Confirming a kit: some words are asked back, then it becomes a recipient of everything.

use super::{Draft, recovery_file};
use crate::Context;
use crate::connections::book::write_file;
use crate::secrets::{LOCAL_ADMINISTRATOR, bad_signature, row_of, trusted};
use atalaya_keys::chain::{NewRecipient, RecipientKind, RecipientRecord};
use atalaya_keys::recovery::{Administrator, ConnectionParameters, RecoveryBundle};
use atalaya_keys::signed::{Place, SignedSecret};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::console::Connection;
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_store::{Done, Resource, recipients, secrets};

/// Enrols the kit when `words` are those at the asked positions: it is signed by this operator, every secret is encrypted
/// to it too, an earlier kit is removed, and the recovery file is written to the data folder.
///
/// # Errors
/// `KIT_WORDS_WRONG`, `SIGNATURE_INVALID`, `ACCESS_DENIED`, or what the database says.
pub async fn confirm(
    cx: &Context,
    caller: &Caller,
    connection: &Connection,
    draft: &Draft,
    words: &[Secret],
) -> Result<()> {
    let answers: [&str; 3] = match words {
        [a, b, c] => [a.expose(), b.expose(), c.expose()],
        _ => return Err(wrong_words()),
    };
    if !draft.challenge.passed(&draft.kit, answers) {
        return Err(wrong_words());
    }
    let id = cx.workplace.uuid()?;
    let recipient = draft.kit.identity().recipient().clone();
    let signing_key = draft.kit.signing_key().public();
    let signer = cx.signer()?;
    let me = signer.signing_key.public();
    let (first_key, identity) = (signer.first_key, signer.identity.clone());
    let signing = signer.signing_key.clone();
    let permit = cx.store.permit(caller, Action::KitCreate, Scope::System).await?;
    let administrator = cx
        .store
        .change(permit, async move |tx| {
            let chain = trusted(&first_key, &recipients::list_for_change(tx).await?)?;
            let own = chain
                .current()
                .into_iter()
                .find(|r| r.signing_key == me)
                .map(|r| r.id)
                .ok_or_else(|| {
                    Error::new(Code::SignatureInvalid, "This operator is not enrolled.")
                })?;
            let old: Vec<_> = chain
                .current()
                .into_iter()
                .filter(|r| r.kind == RecipientKind::Kit)
                .map(|r| r.id)
                .collect();
            let new = NewRecipient {
                id,
                kind: RecipientKind::Kit,
                user: None,
                recipient: recipient.clone(),
                signing_key,
            };
            let record = RecipientRecord::enrolled(new, own, &signing);
            recipients::add(tx, &row_of(&record, "recovery kit")).await?;
            let mut administrator = None;
            let wraps = secrets::wraps_for(tx, own).await?;
            for wrap in &wraps {
                let place = Place {
                    secret: wrap.secret_id,
                    tenant: wrap.tenant_id,
                    name: wrap.name.clone(),
                    version: wrap.version,
                };
                let secret = SignedSecret::open(&wrap.ciphertext, &identity, &place, &chain)
                    .map_err(bad_signature)?;
                let ciphertext = secret.wrap_to(&recipient).map_err(|e| {
                    Error::new(Code::Internal, "A secret could not be encrypted.").because(e)
                })?;
                secrets::add_wrap(tx, wrap.version_id, id, &ciphertext).await?;
                if wrap.name == LOCAL_ADMINISTRATOR && wrap.tenant_id.is_none() {
                    administrator = secret.value().into_text();
                }
            }
            for kit in old {
                recipients::remove(tx, kit).await?;
            }
            let note = serde_json::json!({ "secrets": wraps.len() });
            let resource = Resource { id: Some(id.to_string()), tenant: None };
            Ok(Done::ok(administrator, resource).noting(note))
        })
        .await?;
    let bundle = RecoveryBundle {
        installation: connection.user.split('_').nth(1).unwrap_or_default().to_owned(),
        first_key,
        connection: parameters(connection)?,
        administrator: administrator.map(|text| local_administrator(text.expose())).transpose()?,
    };
    let file = bundle.seal(&draft.kit).map_err(|e| {
        Error::new(Code::Internal, "The recovery file could not be made.").because(e)
    })?;
    write_file(&recovery_file(&cx.workplace, &connection.id), &file)
}

fn wrong_words() -> Error {
    Error::new(Code::KitWordsWrong, "These are not the words at the positions asked for.")
}

/// Where the database is. The certificates to trust go in as text: the file is on the machine that may be lost.
fn parameters(connection: &Connection) -> Result<ConnectionParameters> {
    let ca = match &connection.ca_file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|e| {
            Error::new(Code::FileUnwritable, "The file of trusted certificates cannot be read.")
                .because(e)
        })?),
        None => None,
    };
    Ok(ConnectionParameters {
        host: connection.host.clone(),
        port: connection.port,
        database: connection.database.clone(),
        tls: connection.tls.as_str().to_owned(),
        ca,
    })
}

/// The stored form of [`LOCAL_ADMINISTRATOR`]: login and password, one line each.
fn local_administrator(text: &str) -> Result<Administrator> {
    let (login, password) = text.split_once('\n').ok_or_else(|| {
        Error::new(Code::Internal, "The local administrator's secret is damaged.")
    })?;
    Ok(Administrator { login: login.to_owned(), password: password.to_owned() })
}
