//! What every installation needs to have, made once and only where it is missing.
//!
//! Runs at the end of a set-up and again at each sign-in of the first administrator, so that a set-up that was cut off is
//! completed instead of leaving a workspace without keys.

use super::{LOCAL_ADMINISTRATOR, record_of, row_of, seal, trusted};
use crate::{Context, Signer};
use atalaya_keys::chain::RecipientRecord;
use atalaya_keys::context_key::PadKey;
use atalaya_keys::generate::{Shape, generate};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::{Code, Error, Result, Secret, TenantId};
use atalaya_store::{Done, Resource, recipients, secrets, tenants};

/// The key under which the API will sign its context; wrapped for it when it is approved.
const CONTEXT_KEY: &str = "ATALAYA_CONTEXT_KEY";

/// Enrols this operator as the first recipient if nobody is, and makes the missing secrets. On an adopted database
/// (`local` is false) nothing is generated that the CRM already uses. Answers how many secrets were made.
///
/// # Errors
/// `SIGNATURE_INVALID`, `ACCESS_DENIED`, or what the database says.
pub async fn ensure(
    cx: &Context,
    caller: &Caller,
    local: bool,
    administrator: Option<Secret>,
) -> Result<usize> {
    let signer = cx.signer()?;
    let facts = cx.store.facts().await?;
    let permit = cx.store.permit(caller, Action::RecipientList, Scope::All).await?;
    let rows = cx.store.view(permit, async |read| recipients::list(read).await).await?;
    if rows.is_empty() {
        // Only the pinned key may vouch for itself. For anybody else an empty list is somebody's doing.
        if signer.signing_key.public() != signer.first_key {
            return Err(Error::new(
                Code::SignatureInvalid,
                "The list of recipients of secrets is empty.",
            ));
        }
        let record = RecipientRecord::first(
            cx.workplace.uuid()?,
            facts.user_id,
            signer.identity.recipient().clone(),
            &signer.signing_key,
        );
        let row = row_of(&record, &facts.email);
        let permit = cx.store.permit(caller, Action::RecipientAdd, Scope::System).await?;
        cx.store
            .change(permit, async move |tx| {
                recipients::add(tx, &row).await?;
                Ok(Done::ok((), Resource { id: Some(row.id.to_string()), tenant: None }))
            })
            .await?;
    } else if !rows.iter().any(|r| own(signer, r)) {
        // Another operator's console: theirs to complete.
        return Ok(0);
    }
    make_missing(cx, caller, local, administrator).await
}

fn own(signer: &Signer, row: &recipients::Recipient) -> bool {
    record_of(row).is_ok_and(|r| !r.removed && r.signing_key == signer.signing_key.public())
}

async fn make_missing(
    cx: &Context,
    caller: &Caller,
    local: bool,
    administrator: Option<Secret>,
) -> Result<usize> {
    let permit = cx.store.permit(caller, Action::RecipientList, Scope::All).await?;
    let rows = cx.store.view(permit, async |read| recipients::list(read).await).await?;
    let signer = cx.signer()?;
    let recipients = trusted(&signer.first_key, &rows)?;
    let permit = cx.store.permit(caller, Action::SecretList, Scope::All).await?;
    let (there, tenants) = cx
        .store
        .view(permit, async |read| {
            let there = secrets::list(read).await?;
            let tenants = if local { tenants::list(read).await? } else { Vec::new() };
            Ok((there, tenants))
        })
        .await?;
    let has = |tenant: Option<i32>, name: &str| {
        there.iter().any(|s| s.tenant_id == tenant && s.name == name)
    };
    let mut wanted: Vec<(Option<TenantId>, &str, Secret)> = Vec::new();
    // Only the first administrator can derive it; the pads were installed from the same key.
    if signer.signing_key.public() == signer.first_key && !has(None, CONTEXT_KEY) {
        let key = hex(PadKey::derived(&signer.signing_key).expose());
        wanted.push((None, CONTEXT_KEY, key));
    }
    if let Some(value) = administrator.filter(|_| !has(None, LOCAL_ADMINISTRATOR)) {
        wanted.push((None, LOCAL_ADMINISTRATOR, value));
    }
    if local {
        for (name, shape) in
            [("JWT_SECRET_KEY", Shape::TokenKey), ("ADMIN_TOKEN", Shape::AdminToken)]
        {
            if !has(None, name) {
                wanted.push((None, name, draw(cx, shape)?));
            }
        }
        for tenant in tenants {
            if !has(Some(tenant.id.0), FERNET_KEY) {
                wanted.push((Some(tenant.id), FERNET_KEY, draw(cx, Shape::FernetKey)?));
            }
        }
    }
    if wanted.is_empty() {
        return Ok(0);
    }
    let permit = cx.store.permit(caller, Action::SecretCreate, Scope::System).await?;
    let mut job = cx.store.job(permit, caller.request_id);
    let made = wanted.len();
    for (tenant, name, value) in wanted {
        let version = seal(
            &cx.workplace,
            signer,
            &recipients,
            (tenant, name),
            value.expose().as_bytes(),
            "generated",
        )?;
        job.batch(async move |tx| {
            secrets::create(tx, &version).await?;
            let resource = Resource { id: Some(version.secret_id.to_string()), tenant };
            Ok(Done::ok((), resource).noting(serde_json::json!({ "name": version.name })))
        })
        .await?;
    }
    Ok(made)
}

/// The documented name of a tenant's Fernet key.
const FERNET_KEY: &str = "CREDENTIALS_FERNET_KEY";

fn draw(cx: &Context, shape: Shape) -> Result<Secret> {
    let value = cx
        .workplace
        .draw(|entropy| generate(shape, entropy))
        .map_err(crate::context::no_entropy)?;
    Ok(Secret::new(value.expose().to_owned()))
}

fn hex(bytes: &[u8]) -> Secret {
    use std::fmt::Write;
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    Secret::new(out)
}
