//! Rows of `recipients` as the records that `keys` signs and checks.

use atalaya_keys::chain::{RecipientKind, RecipientRecord, TrustedRecipients, verify_chain};
use atalaya_model::{Code, Error, Result};
use atalaya_store::recipients::Recipient;

/// The row of a record.
pub(crate) fn row_of(record: &RecipientRecord, label: &str) -> Recipient {
    Recipient {
        id: record.id,
        kind: record.kind.as_str().to_owned(),
        user_id: record.user,
        label: label.to_owned(),
        age_recipient: record.recipient.as_str().to_owned(),
        signing_key: record.signing_key.to_vec(),
        signed_by: record.signed_by,
        signature: record.signature.to_vec(),
        removed: record.removed,
    }
}

/// The record of a row.
///
/// # Errors
/// `SIGNATURE_INVALID` where the row cannot be what somebody signed.
pub(crate) fn record_of(row: &Recipient) -> Result<RecipientRecord> {
    let wrong = || untrusted("A recipient of secrets is not what anybody signed.");
    Ok(RecipientRecord {
        id: row.id,
        kind: RecipientKind::from_word(&row.kind).ok_or_else(wrong)?,
        user: row.user_id,
        recipient: row.age_recipient.parse().map_err(|_| wrong())?,
        signing_key: row.signing_key.as_slice().try_into().map_err(|_| wrong())?,
        signed_by: row.signed_by,
        signature: row.signature.as_slice().try_into().map_err(|_| wrong())?,
        removed: row.removed,
    })
}

/// The recipients, proved to lead back to the pinned key.
///
/// # Errors
/// `SIGNATURE_INVALID`: somebody wrote into the table who was not entitled to; nothing is encrypted to anybody then.
pub(crate) fn trusted(first_key: &[u8; 32], rows: &[Recipient]) -> Result<TrustedRecipients> {
    let records = rows.iter().map(record_of).collect::<Result<Vec<_>>>()?;
    verify_chain(first_key, &records).map_err(|e| {
        untrusted("The list of recipients was changed by somebody unknown.").because(e)
    })
}

fn untrusted(message: &str) -> Error {
    Error::new(Code::SignatureInvalid, message)
}
