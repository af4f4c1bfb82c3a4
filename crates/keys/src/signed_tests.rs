//! Signed versions: moved, forged and replaced.

use super::*;
use crate::chain::{NewRecipient, RecipientKind, RecipientRecord, verify_chain};

struct Stage {
    identity: Identity,
    key: SigningKey,
    id: Uuid,
    api: Identity,
    api_key: SigningKey,
    api_id: Uuid,
    records: Vec<RecipientRecord>,
}

fn stage() -> Stage {
    let mut entropy = Entropy::seeded([8; 32]);
    let identity = Identity::draw(&mut entropy).unwrap();
    let key = SigningKey::draw(&mut entropy).unwrap();
    let api = Identity::draw(&mut entropy).unwrap();
    let api_key = SigningKey::draw(&mut entropy).unwrap();
    let (id, api_id) = (Uuid::from_bytes([1; 16]), Uuid::from_bytes([2; 16]));
    let new = NewRecipient {
        id: api_id,
        kind: RecipientKind::Api,
        user: None,
        recipient: api.recipient().clone(),
        signing_key: api_key.public(),
    };
    let records = vec![
        RecipientRecord::first(id, id, identity.recipient().clone(), &key),
        RecipientRecord::enrolled(new, id, &key),
    ];
    Stage { identity, key, id, api, api_key, api_id, records }
}

impl Stage {
    fn trusted(&self) -> TrustedRecipients {
        verify_chain(&self.key.public(), &self.records).unwrap()
    }

    fn make(&self, value: &[u8]) -> SignedSecret {
        SignedSecret::make(&place(), value, self.id, &self.key, &mut Entropy::system()).unwrap()
    }
}

fn place() -> Place {
    Place {
        secret: Uuid::from_bytes([5; 16]),
        tenant: Some(3),
        name: "CREDENTIALS_FERNET_KEY".into(),
        version: 2,
    }
}

#[test]
fn a_version_opens_for_each_recipient_and_is_wrapped_again_without_the_signer() {
    let stage = stage();
    let wrap = stage.make(b"value").wrap_to(stage.identity.recipient()).unwrap();
    let opened = SignedSecret::open(&wrap, &stage.identity, &place(), &stage.trusted()).unwrap();
    assert_eq!(opened.value().expose(), b"value");
    assert!(opened.is(b"value") && !opened.is(b"valu"));
    let again = opened.wrap_to(stage.api.recipient()).unwrap();
    let by_api = SignedSecret::open(&again, &stage.api, &place(), &stage.trusted()).unwrap();
    assert_eq!(by_api.value().expose(), b"value");
    assert_eq!((by_api.signer, by_api.standing), (stage.id, Standing::Current));
    assert_eq!(by_api.fingerprint, opened.fingerprint);
}

#[test]
fn moved_to_another_place_it_is_refused() {
    let stage = stage();
    let signed = stage.make(b"value");
    let wrap = signed.wrap_to(stage.identity.recipient()).unwrap();
    let moves: [fn(&mut Place); 5] = [
        |place| place.secret = Uuid::from_bytes([6; 16]),
        |place| place.tenant = Some(4),
        |place| place.tenant = None,
        |place| place.name = "JWT_SECRET_KEY".into(),
        |place| place.version = 3,
    ];
    for (number, change) in moves.iter().enumerate() {
        let mut other = place();
        change(&mut other);
        let got = SignedSecret::open(&wrap, &stage.identity, &other, &stage.trusted());
        assert_eq!(got.unwrap_err(), SignedError::BadSignature, "move {number}");
        let row =
            verify_row(&other, &signed.fingerprint, stage.id, &signed.signature, &stage.trusted());
        assert_eq!(row, Err(SignedError::BadSignature));
    }
}

#[test]
fn a_value_that_the_attacker_encrypted_is_refused() {
    let stage = stage();
    let trusted = stage.trusted();
    let open = |plain: &[u8]| {
        let wrap = wrap::wrap(stage.identity.recipient(), plain).unwrap();
        SignedSecret::open(&wrap, &stage.identity, &place(), &trusted).unwrap_err()
    };
    assert_eq!(open(b"bare value"), SignedError::NotAnEnvelope);
    assert_eq!(open(&stage.make(b"v").envelope[..HEAD]), SignedError::NotAnEnvelope);

    // Signed by a stranger, under their own id and under the administrator's.
    let mallory = SigningKey::draw(&mut Entropy::system()).unwrap();
    for (id, expected) in [
        (Uuid::from_bytes([66; 16]), SignedError::UnknownSigner),
        (stage.id, SignedError::BadSignature),
    ] {
        let forged =
            SignedSecret::make(&place(), b"v", id, &mallory, &mut Entropy::system()).unwrap();
        assert_eq!(open(&forged.envelope), expected);
    }
    // The API's key is trusted to read, never to sign.
    let by_api =
        SignedSecret::make(&place(), b"v", stage.api_id, &stage.api_key, &mut Entropy::system())
            .unwrap();
    assert_eq!(open(&by_api.envelope), SignedError::UnknownSigner);

    // A genuine head before another value.
    let mut grafted = stage.make(b"v").envelope[..HEAD].to_vec();
    grafted.extend_from_slice(b"other");
    assert_eq!(open(&grafted), SignedError::BadSignature);
}

#[test]
fn a_row_is_verified_without_opening_it() {
    let stage = stage();
    let signed = stage.make(b"value");
    let trusted = stage.trusted();
    let text = signed.fingerprint.to_string();
    assert_eq!(text.len(), 64);
    let read: Fingerprint = text.parse().unwrap();
    assert_eq!(
        verify_row(&place(), &read, stage.id, &signed.signature, &trusted),
        Ok(Standing::Current)
    );
    let other = stage.make(b"value");
    assert_ne!(other.fingerprint, signed.fingerprint, "the same value shows nothing in common");
    assert_eq!(
        verify_row(&place(), &other.fingerprint, stage.id, &signed.signature, &trusted),
        Err(SignedError::BadSignature)
    );
    for bad in ["", &text[1..], &text.to_uppercase(), &"+".repeat(64)] {
        assert!(bad.parse::<Fingerprint>().is_err(), "{bad:?}");
    }
}

#[test]
fn a_removed_signer_leaves_a_mark() {
    let mut stage = stage();
    let wrap = stage.make(b"value").wrap_to(stage.identity.recipient()).unwrap();
    stage.records[0].removed = true;
    let opened = SignedSecret::open(&wrap, &stage.identity, &place(), &stage.trusted()).unwrap();
    assert_eq!(opened.standing, Standing::Removed);
}

#[test]
fn length_has_bounds_and_debug_shows_no_value() {
    let stage = stage();
    let make = |value: &[u8]| {
        SignedSecret::make(&place(), value, stage.id, &stage.key, &mut Entropy::system())
    };
    assert_eq!(make(b"").unwrap_err(), SignedError::BadLength);
    assert_eq!(make(&[1; MAX_VALUE + 1]).unwrap_err(), SignedError::BadLength);
    let shown = format!("{:?} {:?}", make(b"hunter2").unwrap(), stage.key);
    assert!(!shown.contains("hunter2") && shown.contains("SigningKey(***)"), "{shown}");
}

#[test]
fn ed25519_matches_rfc_8032_test_1() {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let bytes: Fingerprint = seed.parse().unwrap();
    let public = Fingerprint(SigningKey::from_bytes(&bytes.0).public());
    let expected = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(public.to_string(), expected);
}
