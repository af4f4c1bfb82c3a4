//! The password of a local workspace's database administrator: a secret of the workspace, known to the recovery kit too.
//!
//! It changes when a kit is replaced. Until the server has taken the new one, the version before stays readable and stands
//! in the recovery file: at no point is the password in force one that nobody has.

use super::{bad_signature, sift};
use crate::setup::{draw_password, verifier};
use crate::{Context, Workplace};
use atalaya_keys::secret::SecretText;
use atalaya_keys::signed::{Place, SignedSecret};
use atalaya_model::access::{Action, Caller, Scope, decide};
use atalaya_model::connection::{Target, TlsMode};
use atalaya_model::{Code, Error, Result, Secret};
use atalaya_postgres::Cluster;
use atalaya_store::setup::Administrator;
use atalaya_store::{Done, Resource, recipients, secrets};

/// Login and password of a local workspace's database administrator, for later set-up steps and for the recovery kit.
pub(crate) const LOCAL_ADMINISTRATOR: &str = "ATALAYA_LOCAL_ADMINISTRATOR";

/// The secret's value: login and password, one line each.
pub(crate) struct Login {
    pub(crate) login: String,
    pub(crate) password: SecretText,
}

impl Login {
    /// Reads an opened version.
    ///
    /// # Errors
    /// `INTERNAL` where it has another form.
    pub(crate) fn parse(secret: SignedSecret) -> Result<Self> {
        let text = secret.value().into_text();
        let parts = text.as_ref().and_then(|t| t.expose().split_once('\n'));
        let (login, password) = parts.ok_or_else(|| {
            Error::new(Code::Internal, "The local administrator's secret is damaged.")
        })?;
        Ok(Self { login: login.to_owned(), password: password.to_owned().into() })
    }

    /// The same login with a new password.
    ///
    /// # Errors
    /// `INTERNAL` without random bytes.
    pub(crate) fn draw(workplace: &Workplace, login: &str) -> Result<Self> {
        Ok(Self { login: login.to_owned(), password: draw_password(workplace)? })
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> Secret {
        Secret::new(format!("{}\n{}", self.login, self.password.expose()))
    }
}

/// Sets the newest stored password, where an older one is still in force, and retires the older versions. Does nothing
/// where there is one version only. `database` is that of the local workspace.
///
/// # Errors
/// `SIGNATURE_INVALID`, `ACCESS_DENIED`, or what the database says; it can be called again.
pub(crate) async fn settle(cx: &Context, caller: &Caller, database: &str) -> Result<()> {
    // Asked beforehand: whoever may not do it has nothing to settle, and a sign-in is no attempt that belongs into the log.
    let facts = cx.store.facts().await?;
    let may = |action, scope| decide(&facts, action, &scope).is_ok();
    if !may(Action::SecretList, Scope::All) || !may(Action::SecretCreate, Scope::System) {
        return Ok(());
    }
    let listing = cx.store.permit(caller, Action::SecretList, Scope::All).await?;
    let stored = cx.store.view(listing, async |read| secrets::signed(read).await).await?;
    let mine = |v: &&secrets::SignedVersion| v.tenant_id.is_none() && v.name == LOCAL_ADMINISTRATOR;
    if stored.iter().filter(mine).count() < 2 {
        return Ok(());
    }
    let signer = cx.signer()?;
    let me = signer.signing_key.public();
    let (first_key, identity) = (signer.first_key, signer.identity.clone());
    let home = cx.workplace.home().to_owned();
    let workplace = cx.workplace.clone();
    let permit = cx.store.permit(caller, Action::SecretCreate, Scope::System).await?;
    cx.store
        .change(permit, async move |tx| {
            let chain = sift(&first_key, &recipients::list_for_change(tx).await?)?.trusted;
            let own = chain.current().into_iter().find(|r| r.signing_key == me).map(|r| r.id);
            let own = own.ok_or_else(|| {
                Error::new(Code::SignatureInvalid, "This operator is not enrolled.")
            })?;
            let mut logins = Vec::new();
            for wrap in secrets::wraps_for(tx, own).await? {
                if wrap.name != LOCAL_ADMINISTRATOR || wrap.tenant_id.is_some() {
                    continue;
                }
                let place = Place {
                    secret: wrap.secret_id,
                    tenant: None,
                    name: wrap.name.clone(),
                    version: wrap.version,
                };
                let opened = SignedSecret::open(&wrap.ciphertext, &identity, &place, &chain);
                logins.push((place, Login::parse(opened.map_err(bad_signature)?)?));
            }
            logins.sort_by_key(|(place, _)| std::cmp::Reverse(place.version));
            let Some((newest, _)) = logins.first() else {
                return Err(Error::new(Code::EntityNotFound, "This password is not for you."));
            };
            let newest = newest.clone();
            let logins: Vec<_> = logins.into_iter().map(|(_, login)| login).collect();
            // While this transaction waits for its commit nothing else settles; the server's answer comes first.
            put_in_force(&workplace, &home, database, &logins).await?;
            secrets::retire_before(tx, newest.secret, newest.version).await?;
            let note = serde_json::json!({ "name": newest.name, "version": newest.version });
            let resource = Resource { id: Some(newest.secret.to_string()), tenant: None };
            Ok(Done::ok((), resource).noting(note))
        })
        .await
}

/// Tries the passwords, newest first, and sets the newest with the first that the server takes.
async fn put_in_force(
    workplace: &Workplace,
    home: &std::path::Path,
    database: &str,
    logins: &[Login],
) -> Result<()> {
    let endpoint = Cluster::open(home)
        .await
        .and_then(|cluster| cluster.endpoint())
        .map_err(crate::connections::local::error)?;
    let mut refused = None;
    for (age, login) in logins.iter().enumerate() {
        let target = Target {
            host: endpoint.host.display().to_string(),
            port: endpoint.port,
            database: database.to_owned(),
            user: login.login.clone(),
            password: Secret::new(login.password.expose().to_owned()),
            tls: TlsMode::Disable,
            ca_file: None,
            ca_pem: None,
        };
        match Administrator::connect(&target).await {
            Ok(administrator) => {
                let set = match age {
                    0 => Ok(()),
                    _ => {
                        let verifier = verifier(workplace, &logins[0].password)?;
                        administrator.set_own_password(&verifier).await
                    }
                };
                administrator.close().await;
                return set;
            }
            Err(e) if e.code == Code::DbAuthFailed => refused = Some(e),
            Err(e) => return Err(e),
        }
    }
    Err(refused.unwrap_or_else(|| Error::new(Code::DbAuthFailed, "No password is stored.")))
}
