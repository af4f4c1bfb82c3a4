//! Confirming a kit: some words are asked back, then it becomes a recipient of everything.
//!
//! The order lets a program that dies at any point, and a person who then tries again, lose nothing:
//! 1. the new recovery file is written beside the old one (it opens with the new kit alone, which counts for nothing yet);
//! 2. one transaction enrols the kit, removes the one before and, for a local workspace, stores a new password of the
//!    database's administrator: until here the old kit restores, from here on the new one;
//! 3. the new recovery file takes the old one's name. It knows both passwords;
//! 4. the new password is set ([`crate::secrets::settle`]), so that the old kit opens nothing. A sign-in does it too.

use super::{Draft, next_recovery_file, recovery_file};
use crate::Context;
use crate::connections::book::write_file;
use crate::connections::destination;
use crate::secrets::{
    self as versions, LOCAL_ADMINISTRATOR, Login, bad_signature, name_of, row_of, trusted,
};
use atalaya_keys::chain::{NewRecipient, RecipientKind, RecipientRecord};
use atalaya_keys::recovery::{Administrator, ConnectionParameters, RecoveryBundle};
use atalaya_keys::signed::{Place, SignedSecret};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::console::{Connection, ConnectionKind};
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_store::{Done, Resource, recipients, secrets};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Enrols the kit when `words` are those at the asked positions: it is signed by this operator, every secret is encrypted
/// to it too, an earlier kit is removed and what it knew made worthless, and the recovery file is written to the data
/// folder. May be called again with the same draft, after whatever error: what was done is not done twice. Versions of a
/// tenant's that nobody trusted signed, or that do not open, are left out; their names come back, and are in the event.
///
/// # Errors
/// `KIT_WORDS_WRONG`, `SIGNATURE_INVALID`, `ACCESS_DENIED`, `FILE_UNWRITABLE`, `DISK_FULL`, or what the database says.
pub async fn confirm(
    cx: &Context,
    caller: &Caller,
    connection: &Connection,
    draft: &Draft,
    words: &[Secret],
) -> Result<Vec<String>> {
    let answers: [&str; 3] = match words {
        [a, b, c] => [a.expose(), b.expose(), c.expose()],
        _ => return Err(wrong_words()),
    };
    if !draft.challenge.passed(&draft.kit, answers) {
        return Err(wrong_words());
    }
    let local = connection.kind == ConnectionKind::Local;
    if local {
        // A change that was cut off first: the file has room for two passwords, and one of them must be in force.
        versions::settle(cx, caller, &connection.database).await?;
    }
    let fresh = Arc::new(AtomicBool::new(false));
    let enrolled = enrol(cx, caller, connection, draft, fresh.clone()).await;
    if let Err(e) = &enrolled {
        // The kit counts for nothing, and its words may be thrown away: nothing may be left that they open. Where nobody
        // knows whether the commit was done, the file stays for the next try.
        if fresh.load(Ordering::Relaxed)
            && e.code != Code::CommitUnknown
            && let Err(e) = std::fs::remove_file(next_recovery_file(&cx.workplace, &connection.id))
        {
            tracing::warn!(error = %e, "a recovery file of no kit stays");
        }
    }
    let skipped = enrolled?;
    let file = recovery_file(&cx.workplace, &connection.id);
    std::fs::rename(next_recovery_file(&cx.workplace, &connection.id), &file)
        .map_err(|e| crate::audit::unwritable(e, &file))?;
    if local && let Err(e) = versions::settle(cx, caller, &connection.database).await {
        // The kit counts and its file knows both passwords: the next sign-in sets the new one.
        tracing::warn!(code = ?e.code, "the local administrator's password is not changed yet");
    }
    Ok(skipped)
}

/// Steps 1 and 2; what was left out. `fresh` says whether a file was written for a kit that was not enrolled before.
async fn enrol(
    cx: &Context,
    caller: &Caller,
    connection: &Connection,
    draft: &Draft,
    fresh: Arc<AtomicBool>,
) -> Result<Vec<String>> {
    let (id, kit) = (draft.id, draft.kit.clone());
    let recipient = kit.identity().recipient().clone();
    let signing_key = kit.signing_key().public();
    let signer = cx.signer()?;
    let me = signer.signing_key.public();
    let (first_key, identity) = (signer.first_key, signer.identity.clone());
    let signing = signer.signing_key.clone();
    let mut bundle = RecoveryBundle {
        installation: connection.user.split('_').nth(1).unwrap_or_default().to_owned(),
        first_key,
        connection: parameters(connection)?,
        administrator: None,
    };
    let file = next_recovery_file(&cx.workplace, &connection.id);
    let permit = cx.store.permit(caller, Action::KitCreate, Scope::System).await?;
    // A new password is a new version of a secret, which is a change of its own kind, in the same transaction.
    let rotation = match connection.kind {
        ConnectionKind::Local => {
            Some(cx.store.permit(caller, Action::SecretCreate, Scope::System).await?)
        }
        ConnectionKind::Remote => None,
    };
    let workplace = cx.workplace.clone();
    cx.store
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
            let again = chain.find(id).is_some_and(|r| r.signing_key == signing_key);
            let old: Vec<_> = chain
                .current()
                .into_iter()
                .filter(|r| r.kind == RecipientKind::Kit && r.id != id)
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
            if !again {
                recipients::add(tx, &row_of(&record, "recovery kit")).await?;
            }
            let wraps = secrets::wraps_for(tx, own).await?;
            let mut logins: Vec<(Place, Login)> = Vec::new();
            let mut skipped = Vec::new();
            for wrap in &wraps {
                let place = Place {
                    secret: wrap.secret_id,
                    tenant: wrap.tenant_id,
                    name: wrap.name.clone(),
                    version: wrap.version,
                };
                let secret = match SignedSecret::open(&wrap.ciphertext, &identity, &place, &chain) {
                    Ok(secret) => secret,
                    // Whoever writes secrets in one tenant must not be able to stop every kit with a false one.
                    Err(e) if wrap.tenant_id.is_some() => {
                        let name = name_of(&wrap.name, wrap.version, wrap.tenant_id);
                        tracing::error!(secret = name, error = %e, "a secret was left out of a kit");
                        skipped.push(name);
                        continue;
                    }
                    // The installation's own are written with rights over all tenants, and a kit without them may restore
                    // nothing.
                    Err(e) => return Err(bad_signature(e).with("secret", &wrap.name)),
                };
                if !again {
                    let ciphertext = secret.wrap_to(&recipient).map_err(|e| {
                        Error::new(Code::Internal, "A secret could not be encrypted.").because(e)
                    })?;
                    secrets::add_wrap(tx, wrap.version_id, id, &ciphertext).await?;
                }
                if wrap.name == LOCAL_ADMINISTRATOR && wrap.tenant_id.is_none() {
                    logins.push((place, Login::parse(secret)?));
                }
            }
            // Newest first.
            logins.sort_by_key(|(place, _)| std::cmp::Reverse(place.version));
            if let (Some(permit), Some((place, login)), false, false) =
                (rotation, logins.first(), old.is_empty(), again)
            {
                let next = Place { version: place.version + 1, ..place.clone() };
                let drawn = Login::draw(&workplace, &login.login)?;
                // To whoever is a recipient after this: not to the kits that go, and to the one that comes.
                let readers = chain
                    .current()
                    .into_iter()
                    .filter(|r| !old.contains(&r.id))
                    .chain(std::iter::once(&record));
                let version = versions::seal_version(
                    &workplace,
                    (own, &signing),
                    readers,
                    &next,
                    drawn.text().expose().as_bytes(),
                    "generated",
                )?;
                secrets::add_version(tx, &version).await?;
                let resource = Resource { id: Some(next.secret.to_string()), tenant: None };
                let note = serde_json::json!({ "name": next.name, "version": next.version });
                tx.also(permit, Done::ok((), resource).noting(note)).await?;
                logins.insert(0, (next, drawn));
            }
            bundle.administrator = logins.first().map(|(_, login)| Administrator {
                login: login.login.clone(),
                password: login.password.expose().to_owned(),
                earlier: logins.get(1).map(|(_, login)| login.password.expose().to_owned()),
            });
            let sealed = bundle.seal(&kit).map_err(|e| {
                Error::new(Code::Internal, "The recovery file could not be made.").because(e)
            })?;
            // Before the commit: a disk that is full must not leave a kit without its file.
            write_file(&file, &sealed)?;
            fresh.store(!again, Ordering::Relaxed);
            for kit in old {
                recipients::remove(tx, kit).await?;
            }
            let note = serde_json::json!({
                "secrets": wraps.len() - skipped.len(), "skipped": skipped, "again": again
            });
            let resource = Resource { id: Some(id.to_string()), tenant: None };
            Ok(Done::ok(skipped, resource).noting(note))
        })
        .await
}

fn wrong_words() -> Error {
    Error::new(Code::KitWordsWrong, "These are not the words at the positions asked for.")
}

/// Where the database is. The certificates to trust go in as text: the file is on the machine that may be lost.
fn parameters(connection: &Connection) -> Result<ConnectionParameters> {
    let ca =
        destination::way(connection)?.ca_pem.map(String::from_utf8).transpose().map_err(|e| {
            Error::invalid("ca_file", "The file of trusted certificates is no text.").because(e)
        })?;
    Ok(ConnectionParameters {
        host: connection.host.clone(),
        port: connection.port,
        database: connection.database.clone(),
        tls: connection.tls.as_str().to_owned(),
        ca,
    })
}
