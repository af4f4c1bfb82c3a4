//! Rows of `recipients` as the records that `keys` signs and checks.

use atalaya_keys::chain::{self, RecipientKind, RecipientRecord, TrustedRecipients};
use atalaya_keys::signed::{Fingerprint, Place, verify_row};
use atalaya_model::{Code, Error, Result};
use atalaya_store::recipients::Recipient;
use atalaya_store::secrets::SignedVersion;

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

/// Recipients that lead back to the pinned key, and the names of live rows that do not.
#[derive(Debug)]
pub(crate) struct Sifted {
    pub(crate) trusted: TrustedRecipients,
    /// `kit 6ba7b810-...`: kind and key of the row. Nothing is ever encrypted to these, and nothing they signed counts.
    pub(crate) distrusted: Vec<String>,
}

/// Tells the genuine rows from the false ones. For what only reads, and for getting back in: whoever can write one row
/// must not be able to shut everybody out with it. What encrypts something new asks [`trusted`].
///
/// # Errors
/// `SIGNATURE_INVALID` where not even the first administrator's row is genuine.
pub(crate) fn sift(first_key: &[u8; 32], rows: &[Recipient]) -> Result<Sifted> {
    let records: Vec<_> = rows.iter().filter_map(|row| record_of(row).ok()).collect();
    let trusted = chain::sift(first_key, &records).map_err(|e| {
        untrusted("The list of recipients was changed by somebody unknown.").because(e)
    })?;
    let genuine = |row: &Recipient| record_of(row).is_ok_and(|record| trusted.is(&record));
    // A false row that was removed receives nothing and is trusted in nothing: it needs nobody's attention any more.
    let distrusted = rows
        .iter()
        .filter(|row| !row.removed && !genuine(row))
        .map(|row| format!("{} {}", row.kind, row.id))
        .collect();
    Ok(Sifted { trusted, distrusted })
}

/// The recipients, each of them proved to lead back to the pinned key.
///
/// # Errors
/// `SIGNATURE_INVALID`: somebody wrote into the table who was not entitled to (`recipients` names the rows); nothing is
/// encrypted to anybody then, because half a set could quietly leave somebody out.
pub(crate) fn trusted(first_key: &[u8; 32], rows: &[Recipient]) -> Result<TrustedRecipients> {
    let sifted = sift(first_key, rows)?;
    if sifted.distrusted.is_empty() {
        return Ok(sifted.trusted);
    }
    Err(untrusted("The list of recipients was changed by somebody unknown.")
        .with("recipients", sifted.distrusted.join(", ")))
}

/// Versions whose row no trusted recipient signed, as `NAME v1` or `NAME v1 (tenant 3)`. They are used nowhere.
pub(crate) fn unsigned(trusted: &TrustedRecipients, versions: &[SignedVersion]) -> Vec<String> {
    let genuine = |v: &SignedVersion| {
        let place = Place {
            secret: v.secret_id,
            tenant: v.tenant_id,
            name: v.name.clone(),
            version: v.version,
        };
        let Ok(fingerprint) = v.fingerprint.parse::<Fingerprint>() else { return false };
        let Ok(signature) = v.signature.as_slice().try_into() else { return false };
        verify_row(&place, &fingerprint, v.signed_by, signature, trusted).is_ok()
    };
    let name = |v: &SignedVersion| name_of(&v.name, v.version, v.tenant_id);
    versions.iter().filter(|v| !genuine(v)).map(name).collect()
}

/// A version for people: `NAME v1` or `NAME v1 (tenant 3)`.
pub(crate) fn name_of(name: &str, version: i32, tenant: Option<i32>) -> String {
    match tenant {
        Some(tenant) => format!("{name} v{version} (tenant {tenant})"),
        None => format!("{name} v{version}"),
    }
}

fn untrusted(message: &str) -> Error {
    Error::new(Code::SignatureInvalid, message)
}
