//! Working with an operator's login from a connection string: no passphrase, and therefore no keys.

use crate::context::{Context, Signer, Workplace};
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Origin, Scope};
use atalaya_model::connection::Target;
use atalaya_store::{Done, Resource, Store, sessions};
use uuid::Uuid;

/// Opens the database with a login whose password is at hand. It has its session row and its events like any other; what
/// asks for keys answers `NOT_SIGNED_IN`. The caller ends the session with [`super::end`].
///
/// # Errors
/// What connecting can say, `DB_ROLE_UNSAFE`, `DB_NOT_A_CRM`, or `ACCESS_DENIED` where the login belongs to no user.
pub async fn attach(
    workplace: &Workplace,
    caller: &Caller,
    target: &Target,
) -> Result<(Context, Uuid)> {
    start(workplace, caller, target, None).await
}

/// Connects and opens the session row.
pub(super) async fn start(
    workplace: &Workplace,
    caller: &Caller,
    target: &Target,
    signer: Option<Signer>,
) -> Result<(Context, Uuid)> {
    let (application, client) = match caller.origin {
        Origin::Cli => ("atalayactl", concat!("atalayactl/", env!("CARGO_PKG_VERSION"))),
        _ => ("atalaya", concat!("atalaya/", env!("CARGO_PKG_VERSION"))),
    };
    let store = Store::open(target, application).await?;
    let context = Context { store, workplace: workplace.clone(), signer };
    let id = workplace.uuid()?;
    let permit = context.store.permit(caller, Action::ConsoleOpen, Scope::All).await?;
    context
        .store
        .change(permit, async move |tx| {
            sessions::open(tx, id, client).await?;
            Ok(Done::ok((), Resource { id: Some(id.to_string()), tenant: None }))
        })
        .await?;
    Ok((context, id))
}
