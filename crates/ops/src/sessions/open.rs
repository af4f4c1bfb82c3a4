//! Signing in: the passphrase opens the keychain item, the item opens the database.

use super::attach::start;
use crate::connections::{self, book, destination};
use crate::context::{Context, Signer, Workplace};
use crate::secrets::{settle, sift};
use atalaya_keys::sealed::{ConnectionSecret, SealError};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::console::{Connection, ConnectionKind, Session};
use atalaya_model::{Code, Error, Instant, Result, Secret};
use atalaya_store::{Upkeep, recipients, tenants};
use uuid::Uuid;

/// A session that was just opened.
pub struct Opened {
    /// For the operations that follow.
    pub context: Context,
    /// For the screen.
    pub session: Session,
    /// Key of the session row.
    pub id: Uuid,
    /// The local Postgres, held while the console is open.
    pub lease: Option<atalaya_postgres::Lease>,
}

/// Opens a known connection with the operator's passphrase.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `KEYCHAIN_*`, `ENTITY_NOT_FOUND` for an unknown connection, `CONNECTION_CHANGED` for one that leads
/// somewhere else than when it was sealed, or what the database says.
pub async fn open(
    workplace: &Workplace,
    caller: &Caller,
    connection_id: &str,
    passphrase: Secret,
) -> Result<Opened> {
    let connection = book::find(workplace, connection_id)?;
    let secret = destination::open_item(workplace, &connection, passphrase.clone()).await?;
    let connected = connect(workplace, caller, &connection, &secret, None).await?;
    if secret.destination.is_none()
        && let Err(e) = destination::bind(workplace, &connection, secret, passphrase).await
    {
        tracing::warn!(code = ?e.code, "a keychain item could not be bound to its server");
    }
    let local = connection.kind == ConnectionKind::Local;
    // A set-up that was cut off is completed here; whoever may not make secrets has nothing to complete.
    match crate::secrets::ensure(&connected.context, caller, local, None).await {
        Ok(_) => {}
        Err(e) if e.code == Code::AccessDenied => {}
        // One false row must not shut everybody out, least of all who could deal with it. Nothing was encrypted, and
        // Overview says which row it is and what to do.
        Err(e) if e.code == Code::SignatureInvalid => {
            tracing::error!(detail = ?e.detail, "recipients of secrets are not all trusted");
        }
        Err(e) => return Err(e),
    }
    if local
        && let Err(e) = settle(&connected.context, caller, &connection.database).await
        && e.code != Code::AccessDenied
    {
        tracing::warn!(code = ?e.code, "the local administrator's password is not changed yet");
    }
    finish(connected, caller, connection).await
}

/// A connection that is open and has its session row, before upkeep and description.
pub(crate) struct Connected {
    pub(crate) context: Context,
    id: Uuid,
    lease: Option<atalaya_postgres::Lease>,
}

/// Opens a connection whose secrets are at hand: after the passphrase, in a set-up and in a restore. Nothing is sent to
/// another place than the secrets were sealed for.
///
/// # Errors
/// `CONNECTION_CHANGED`, or what the database says.
pub(crate) async fn connect(
    workplace: &Workplace,
    caller: &Caller,
    connection: &Connection,
    secret: &ConnectionSecret,
    lease: Option<atalaya_postgres::Lease>,
) -> Result<Connected> {
    let ca_pem = destination::check(connection, secret)?;
    let lease = match (connection.kind, lease) {
        (ConnectionKind::Local, None) => Some(connections::local::start(workplace).await?),
        (_, lease) => lease,
    };
    let target = connections::target(connection, lease.as_ref(), secret, ca_pem);
    let signer = Signer {
        identity: secret.identity.clone(),
        signing_key: secret.signing_key.clone(),
        first_key: secret.first_key,
    };
    let (context, id) = start(workplace, caller, &target, Some(signer)).await?;
    Ok(Connected { context, id, lease })
}

/// Does the upkeep of a sign-in and describes the session.
///
/// # Errors
/// What the database says.
pub(crate) async fn finish(
    connected: Connected,
    caller: &Caller,
    connection: Connection,
) -> Result<Opened> {
    let Connected { context, id, lease } = connected;
    // Upkeep that nobody waits for: a fault in it is logged, and the doctor shows it.
    for kind in [Upkeep::Partition, Upkeep::DirectChange] {
        if let Err(e) = context.store.upkeep(kind).await {
            tracing::warn!(code = ?e.code, ?kind, "upkeep failed");
        }
    }
    let opened_at = context.workplace.clock.instant();
    let connection = book::opened(&context.workplace, connection, opened_at)?;
    let session = describe(&context, caller, connection, opened_at).await?;
    Ok(Opened { context, session, id, lease })
}

/// The upkeep that is due by time while a session is open. A fault is logged; the next round tries again.
pub async fn upkeep(cx: &Context, session: Uuid) {
    for kind in
        [Upkeep::SessionTouch(session), Upkeep::Partition, Upkeep::DirectChange, Upkeep::RollUp]
    {
        if let Err(e) = cx.store.upkeep(kind).await {
            tracing::warn!(code = ?e.code, ?kind, "upkeep failed");
        }
    }
}

/// The session as the screen shows it: who, with which rights, over which tenants.
///
/// # Errors
/// What the database says.
pub async fn describe(
    cx: &Context,
    caller: &Caller,
    connection: Connection,
    opened_at: Instant,
) -> Result<Session> {
    let facts = cx.store.facts().await?;
    let (roles, permissions, all_tenants) = Session::rights(&facts);
    let has = |name: &str| permissions.iter().any(|p| p == name);
    let tenants = if has("tenants.list") {
        let permit = cx.store.permit(caller, Action::TenantList, Scope::All).await?;
        cx.store.view(permit, async |read| tenants::list(read).await).await?
    } else {
        Vec::new()
    };
    let recipients = if has("keys.list") {
        let permit = cx.store.permit(caller, Action::RecipientList, Scope::All).await?;
        let all = cx.store.view(permit, async |read| recipients::list(read).await).await?;
        // A false row is nobody's key.
        let trusted = cx.signer.as_ref().map(|s| sift(&s.first_key, &all));
        match trusted {
            Some(Ok(sifted)) => sifted.trusted.current().len() as i64,
            Some(Err(_)) => 0,
            None => all.iter().filter(|r| !r.removed).count() as i64,
        }
    } else {
        0
    };
    Ok(Session {
        connection,
        user_id: facts.user_id.to_string(),
        name: facts.name,
        email: facts.email,
        roles,
        permissions,
        all_tenants,
        tenants,
        server_version: cx.store.server_version().to_owned(),
        opened_at,
        recipients,
    })
}

/// What opening a keychain item can say.
pub(crate) fn seal_error(e: SealError) -> Error {
    let (code, message) = match e {
        SealError::WrongPassphrase => {
            (Code::WrongPassphrase, "The passphrase is not the right one.")
        }
        SealError::Damaged => (Code::KeychainItemDamaged, "The keychain item is damaged."),
        SealError::Newer => {
            (Code::KeychainItemDamaged, "The keychain item was written by a newer Atalaya.")
        }
        SealError::TooLarge(_) => (Code::Internal, "The keychain item would be too large."),
    };
    Error::new(code, message).because(e)
}
