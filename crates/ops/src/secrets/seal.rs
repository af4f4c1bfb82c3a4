//! From a value to a signed version, encrypted to its recipients.

use crate::{Signer, Workplace};
use atalaya_keys::chain::{RecipientKind, RecipientRecord, TrustedRecipients};
use atalaya_keys::signed::{Place, SignedError, SignedSecret, SigningKey};
use atalaya_keys::weak;
use atalaya_model::{Code, Error, Result, TenantId};
use atalaya_store::secrets::NewVersion;
use uuid::Uuid;

/// The first version of a secret: signed by this operator, one ciphertext for each current recipient.
///
/// # Errors
/// `SIGNATURE_INVALID` when this operator is no trusted recipient, `INTERNAL` without random bytes.
pub(crate) fn seal(
    workplace: &Workplace,
    signer: &Signer,
    trusted: &TrustedRecipients,
    (tenant, name): (Option<TenantId>, &str),
    value: &[u8],
    origin: &str,
) -> Result<NewVersion> {
    let me = own_id(signer, trusted)?;
    let place = Place {
        secret: workplace.uuid()?,
        tenant: tenant.map(|t| t.0),
        name: name.to_owned(),
        version: 1,
    };
    let readers = trusted.current();
    seal_version(workplace, (me, &signer.signing_key), readers, &place, value, origin)
}

/// A version of a secret, signed by the recipient `me`, one ciphertext for each of `readers`. The API is no recipient of
/// the local administrator's password; it has nothing to administer.
///
/// # Errors
/// `INTERNAL` without random bytes.
pub(crate) fn seal_version<'a>(
    workplace: &Workplace,
    (me, key): (Uuid, &SigningKey),
    readers: impl IntoIterator<Item = &'a RecipientRecord>,
    place: &Place,
    value: &[u8],
    origin: &str,
) -> Result<NewVersion> {
    let signed = workplace
        .draw(|entropy| SignedSecret::make(place, value, me, key, entropy))
        .map_err(bad_signature)?;
    let mut wraps = Vec::new();
    for recipient in readers {
        if recipient.kind == RecipientKind::Api && place.name == super::LOCAL_ADMINISTRATOR {
            continue;
        }
        let ciphertext = signed.wrap_to(&recipient.recipient).map_err(|e| {
            Error::new(Code::Internal, "A secret could not be encrypted.").because(e)
        })?;
        wraps.push((recipient.id, ciphertext));
    }
    let judged = std::str::from_utf8(value).map(|text| weak::judge(&place.name, text));
    Ok(NewVersion {
        id: workplace.uuid()?,
        tenant: place.tenant.map(TenantId),
        name: place.name.clone(),
        secret_id: place.secret,
        version: place.version,
        fingerprint: signed.fingerprint.to_string(),
        // What is no setting of the CRM was made here with 256 bits.
        strength: match (origin, judged) {
            ("imported", Ok(judged)) => judged.verdict.as_str().to_owned(),
            _ => "strong".to_owned(),
        },
        origin: origin.to_owned(),
        signed_by: me,
        signature: signed.signature.to_vec(),
        wraps,
    })
}

/// The recipient that this operator is.
///
/// # Errors
/// `SIGNATURE_INVALID` when they are none.
fn own_id(signer: &Signer, trusted: &TrustedRecipients) -> Result<Uuid> {
    let key = signer.signing_key.public();
    trusted.current().into_iter().find(|r| r.signing_key == key).map(|r| r.id).ok_or_else(|| {
        Error::new(
            Code::SignatureInvalid,
            "This operator is not enrolled as a recipient of secrets.",
        )
    })
}

/// What a signature or an envelope can say.
pub(crate) fn bad_signature(e: SignedError) -> Error {
    match e {
        SignedError::NoEntropy => {
            Error::new(Code::Internal, "The operating system gave no random bytes.").because(e)
        }
        SignedError::BadLength => {
            Error::invalid("value", "A secret has 1 to 65,536 bytes.").because(e)
        }
        _ => {
            Error::new(Code::SignatureInvalid, "A stored secret is not signed by somebody trusted.")
                .because(e)
        }
    }
}
