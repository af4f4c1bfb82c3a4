//! Recipients of secrets: who can open what, and who vouches for them.
//!
//! The signatures are made and checked in `keys`; here they are bytes.

use crate::change::Tx;
use crate::error::run;
use crate::view::Read;
use atalaya_model::Result;
use uuid::Uuid;

/// One row of `atalaya.recipients`.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Key.
    pub id: Uuid,
    /// `operator`, `kit` or `api`.
    pub kind: String,
    /// Whose, for an operator.
    pub user_id: Option<Uuid>,
    /// For people.
    pub label: String,
    /// age X25519 recipient (`age1...`).
    pub age_recipient: String,
    /// Ed25519 public key, 32 bytes.
    pub signing_key: Vec<u8>,
    /// Who vouches; `None` for the first administrator, who signs for themselves.
    pub signed_by: Option<Uuid>,
    /// Ed25519 signature, 64 bytes.
    pub signature: Vec<u8>,
    /// Whether it was removed.
    pub removed: bool,
}

/// Every recipient, removed ones too: their signatures may still be needed to check a chain.
///
/// # Errors
/// What the database says.
pub async fn list(read: &mut Read) -> Result<Vec<Recipient>> {
    all(read.connection()).await
}

/// As [`list`], inside a change.
///
/// # Errors
/// What the database says.
pub async fn list_for_change(tx: &mut Tx) -> Result<Vec<Recipient>> {
    all(tx.connection()).await
}

pub(crate) async fn all(connection: &mut sqlx::PgConnection) -> Result<Vec<Recipient>> {
    sqlx::query_as!(
        Recipient,
        r#"SELECT id, kind, user_id, label, age_recipient, signing_key, signed_by, signature,
             removed_at IS NOT NULL AS "removed!"
           FROM atalaya.recipients ORDER BY created_at, id"#
    )
    .fetch_all(connection)
    .await
    .map_err(run)
}

/// Enrols a recipient.
///
/// # Errors
/// What the database says.
pub async fn add(tx: &mut Tx, r: &Recipient) -> Result<()> {
    sqlx::query!(
        "INSERT INTO atalaya.recipients
           (id, kind, user_id, label, age_recipient, signing_key, signed_by, signature)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        r.id,
        r.kind,
        r.user_id,
        r.label,
        r.age_recipient,
        r.signing_key,
        r.signed_by,
        r.signature,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    Ok(())
}

/// Removes a recipient: nothing is encrypted to them any more, and what was is gone. Their row stays, because what they
/// signed must stay checkable.
///
/// # Errors
/// What the database says.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    sqlx::query!(
        "UPDATE atalaya.recipients SET removed_at = now() WHERE id = $1 AND removed_at IS NULL",
        id
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    sqlx::query_scalar!("SELECT atalaya.forget_wraps($1)", id)
        .fetch_one(tx.connection())
        .await
        .map_err(run)?;
    Ok(())
}
