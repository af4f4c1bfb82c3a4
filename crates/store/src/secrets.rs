//! The CRM's secrets as signed versions, each encrypted to its recipients. Values never reach this crate in the clear.

use crate::change::Tx;
use crate::error::run;
use crate::view::Read;
use atalaya_model::{Result, TenantId};
use uuid::Uuid;

/// A version to be written. The ciphertexts are age files, one per recipient.
pub struct NewVersion {
    /// Key of the version; it is inside the signed header of every ciphertext too.
    pub id: Uuid,
    /// Whose secret; `None` for the installation's.
    pub tenant: Option<TenantId>,
    /// Setting name.
    pub name: String,
    /// Key of the secret.
    pub secret_id: Uuid,
    /// 1 for the first.
    pub version: i32,
    /// Tells versions apart without telling the value.
    pub fingerprint: String,
    /// `strong`, `fair` or `weak`.
    pub strength: String,
    /// `generated` or `imported`.
    pub origin: String,
    /// Recipient who signed.
    pub signed_by: Uuid,
    /// Their signature.
    pub signature: Vec<u8>,
    /// Recipient and ciphertext.
    pub wraps: Vec<(Uuid, Vec<u8>)>,
}

/// What is known of a secret without opening it.
#[derive(Debug, Clone)]
pub struct SecretRow {
    /// Key.
    pub id: Uuid,
    /// Whose.
    pub tenant_id: Option<i32>,
    /// Setting name.
    pub name: String,
    /// The newest version.
    pub version: i32,
    /// Its fingerprint.
    pub fingerprint: String,
    /// `generated` or `imported`.
    pub origin: String,
}

/// Which secrets there are.
///
/// # Errors
/// What the database says.
pub async fn list(read: &mut Read) -> Result<Vec<SecretRow>> {
    all(read.connection()).await
}

/// As [`list`], inside a change.
///
/// # Errors
/// What the database says.
pub async fn list_for_change(tx: &mut Tx) -> Result<Vec<SecretRow>> {
    all(tx.connection()).await
}

async fn all(connection: &mut sqlx::PgConnection) -> Result<Vec<SecretRow>> {
    sqlx::query_as!(
        SecretRow,
        r#"SELECT s.id AS "id!", s.tenant_id, s.name AS "name!", v.version AS "version!",
             v.fingerprint AS "fingerprint!", v.origin AS "origin!"
           FROM atalaya.secrets s
           JOIN LATERAL (SELECT version, fingerprint, origin FROM atalaya.secret_versions
                         WHERE secret_id = s.id ORDER BY version DESC LIMIT 1) v ON true
           ORDER BY s.tenant_id NULLS FIRST, s.name"#
    )
    .fetch_all(connection)
    .await
    .map_err(run)
}

/// A version that is not retired, with its place and who signed it.
#[derive(Debug, Clone)]
pub struct SignedVersion {
    /// Key of the secret.
    pub secret_id: Uuid,
    /// Whose.
    pub tenant_id: Option<i32>,
    /// Setting name.
    pub name: String,
    /// 1 for the first.
    pub version: i32,
    /// 64 hex digits.
    pub fingerprint: String,
    /// Recipient who signed.
    pub signed_by: Uuid,
    /// Ed25519 signature, 64 bytes.
    pub signature: Vec<u8>,
}

/// Every version that is not retired, for checking its signature.
///
/// # Errors
/// What the database says.
pub async fn signed(read: &mut Read) -> Result<Vec<SignedVersion>> {
    sqlx::query_as!(
        SignedVersion,
        "SELECT v.secret_id, s.tenant_id, s.name, v.version, v.fingerprint, v.signed_by, v.signature
         FROM atalaya.secret_versions v JOIN atalaya.secrets s ON s.id = v.secret_id
         WHERE v.state <> 'retired' ORDER BY s.tenant_id NULLS FIRST, s.name, v.version"
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

/// Writes a further version of a secret, which becomes the current one. The one before stays accepted.
///
/// # Errors
/// `CONFLICT` where the version is there already, or what the database says.
pub async fn add_version(tx: &mut Tx, v: &NewVersion) -> Result<()> {
    sqlx::query!(
        "UPDATE atalaya.secret_versions SET state = 'accepted' WHERE secret_id = $1 AND state = 'current'",
        v.secret_id,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    insert_version(tx, v).await
}

/// Retires the versions of a secret before one.
///
/// # Errors
/// What the database says.
pub async fn retire_before(tx: &mut Tx, secret: Uuid, version: i32) -> Result<()> {
    sqlx::query!(
        "UPDATE atalaya.secret_versions SET state = 'retired' WHERE secret_id = $1 AND version < $2 AND state <> 'retired'",
        secret,
        version,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    Ok(())
}

/// Writes the first version of a secret with its ciphertexts.
///
/// # Errors
/// `CONFLICT` where the secret is there already, or what the database says.
pub async fn create(tx: &mut Tx, v: &NewVersion) -> Result<()> {
    sqlx::query!(
        "INSERT INTO atalaya.secrets (id, tenant_id, name) VALUES ($1, $2, $3)",
        v.secret_id,
        v.tenant.map(|t| t.0),
        v.name,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    insert_version(tx, v).await
}

async fn insert_version(tx: &mut Tx, v: &NewVersion) -> Result<()> {
    sqlx::query!(
        "INSERT INTO atalaya.secret_versions
           (id, secret_id, version, state, fingerprint, strength, origin, signed_by, signature)
         VALUES ($1, $2, $3, 'current', $4, $5, $6, $7, $8)",
        v.id,
        v.secret_id,
        v.version,
        v.fingerprint,
        v.strength,
        v.origin,
        v.signed_by,
        v.signature,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    for (recipient, ciphertext) in &v.wraps {
        add_wrap(tx, v.id, *recipient, ciphertext).await?;
    }
    Ok(())
}

/// One ciphertext with the place that its signature is about.
pub struct Wrap {
    /// Key of the version.
    pub version_id: Uuid,
    /// Key of the secret.
    pub secret_id: Uuid,
    /// Whose.
    pub tenant_id: Option<i32>,
    /// Setting name.
    pub name: String,
    /// 1 for the first.
    pub version: i32,
    /// age file.
    pub ciphertext: Vec<u8>,
}

/// The ciphertexts that one recipient can open, of versions that are not retired.
///
/// # Errors
/// What the database says.
pub async fn wraps_for(tx: &mut Tx, recipient: Uuid) -> Result<Vec<Wrap>> {
    sqlx::query_as!(
        Wrap,
        "SELECT w.secret_version_id AS version_id, v.secret_id, s.tenant_id, s.name, v.version, w.ciphertext
         FROM atalaya.secret_wraps w
         JOIN atalaya.secret_versions v ON v.id = w.secret_version_id
         JOIN atalaya.secrets s ON s.id = v.secret_id
         WHERE w.recipient_id = $1 AND v.state <> 'retired' ORDER BY s.tenant_id NULLS FIRST, s.name, v.version",
        recipient
    )
    .fetch_all(tx.connection())
    .await
    .map_err(run)
}

/// Adds one ciphertext: the version for one more recipient.
///
/// # Errors
/// What the database says.
pub async fn add_wrap(
    tx: &mut Tx,
    version_id: Uuid,
    recipient: Uuid,
    ciphertext: &[u8],
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO atalaya.secret_wraps (secret_version_id, recipient_id, ciphertext) VALUES ($1, $2, $3)",
        version_id,
        recipient,
        ciphertext,
    )
    .execute(tx.connection())
    .await
    .map_err(run)?;
    Ok(())
}
