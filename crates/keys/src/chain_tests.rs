//! The chain of recipients, each forgery tried.

use super::*;
use crate::entropy::Entropy;
use crate::wrap::Identity;

struct Person {
    id: Uuid,
    identity: Identity,
    key: SigningKey,
}

fn person(number: u8) -> Person {
    let mut entropy = Entropy::seeded([number; 32]);
    Person {
        id: Uuid::from_bytes([number; 16]),
        identity: Identity::draw(&mut entropy).unwrap(),
        key: SigningKey::draw(&mut entropy).unwrap(),
    }
}

fn new(person: &Person, kind: RecipientKind) -> NewRecipient {
    NewRecipient {
        id: person.id,
        kind,
        user: (kind == RecipientKind::Operator).then_some(person.id),
        recipient: person.identity.recipient().clone(),
        signing_key: person.key.public(),
    }
}

/// Root 1, kit 2 and operator 3 signed by 1, API 4 signed by 3.
fn set() -> (Vec<Person>, Vec<RecipientRecord>) {
    let people: Vec<_> = (1..=4).map(person).collect();
    let [root, kit, eva, api] = &people[..] else { panic!() };
    let records = vec![
        RecipientRecord::first(root.id, root.id, root.identity.recipient().clone(), &root.key),
        RecipientRecord::enrolled(new(kit, RecipientKind::Kit), root.id, &root.key),
        RecipientRecord::enrolled(new(eva, RecipientKind::Operator), root.id, &root.key),
        RecipientRecord::enrolled(new(api, RecipientKind::Api), eva.id, &eva.key),
    ];
    (people, records)
}

fn pinned(people: &[Person]) -> [u8; 32] {
    people[0].key.public()
}

#[test]
fn a_genuine_set_is_trusted_in_every_order() {
    let (people, mut records) = set();
    for _ in 0..records.len() {
        records.rotate_left(1);
        let trusted = verify_chain(&pinned(&people), &records).unwrap();
        assert_eq!(trusted.current().len(), 4);
        assert!(trusted.signer(people[3].id).is_none(), "the API signs nothing");
        assert_eq!(trusted.signer(people[1].id).unwrap().1, Standing::Current);
    }
}

#[test]
fn another_pinned_key_refuses_everything() {
    let (people, records) = set();
    let other = person(9).key.public();
    assert_eq!(verify_chain(&other, &records).unwrap_err(), ChainError::WrongRoot(people[0].id));
    assert_eq!(verify_chain(&other, &[]).unwrap_err(), ChainError::NoRoot);
    let without_root = &records[1..];
    assert_eq!(verify_chain(&pinned(&people), without_root).unwrap_err(), ChainError::NoRoot);
}

#[test]
fn every_signed_field_is_covered() {
    let (people, records) = set();
    let mallory = person(66);
    let changes: [fn(&mut RecipientRecord, &Person); 6] = [
        |record, mallory| record.recipient = mallory.identity.recipient().clone(),
        |record, mallory| record.signing_key = mallory.key.public(),
        |record, mallory| record.user = Some(mallory.id),
        |record, _| record.kind = RecipientKind::Kit,
        |record, mallory| record.id = mallory.id,
        |record, _| record.signature[5] ^= 1,
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut forged = records.clone();
        change(&mut forged[2], &mallory);
        let error = verify_chain(&pinned(&people), &forged).unwrap_err();
        assert!(
            matches!(error, ChainError::BadSignature(_) | ChainError::NotChained(_)),
            "change {number}: {error:?}"
        );
    }
}

#[test]
fn a_stranger_who_signs_their_own_record_is_refused() {
    let (people, records) = set();
    let mallory = person(66);
    let tries = [
        // A second root.
        RecipientRecord::first(
            mallory.id,
            mallory.id,
            mallory.identity.recipient().clone(),
            &mallory.key,
        ),
        // Signed by itself, by a missing signer, in the root's name with another key, by the API.
        RecipientRecord::enrolled(new(&mallory, RecipientKind::Operator), mallory.id, &mallory.key),
        RecipientRecord::enrolled(
            new(&mallory, RecipientKind::Operator),
            Uuid::from_bytes([77; 16]),
            &mallory.key,
        ),
        RecipientRecord::enrolled(
            new(&mallory, RecipientKind::Operator),
            people[0].id,
            &mallory.key,
        ),
        RecipientRecord::enrolled(
            new(&mallory, RecipientKind::Operator),
            people[3].id,
            &people[3].key,
        ),
    ];
    for (number, record) in tries.into_iter().enumerate() {
        for place in [0, records.len()] {
            let mut forged = records.clone();
            forged.insert(place, record.clone());
            let error = verify_chain(&pinned(&people), &forged).unwrap_err();
            let named = match error {
                ChainError::NotChained(id)
                | ChainError::BadSignature(id)
                | ChainError::WrongRoot(id)
                | ChainError::Twice(id) => id,
                ChainError::NoRoot => panic!("try {number}"),
            };
            assert_eq!(named, mallory.id, "try {number}: {error:?}");
        }
    }
}

#[test]
fn two_who_vouch_for_each_other_are_refused() {
    let (people, mut records) = set();
    let (a, b) = (person(66), person(67));
    records.push(RecipientRecord::enrolled(new(&a, RecipientKind::Operator), b.id, &b.key));
    records.push(RecipientRecord::enrolled(new(&b, RecipientKind::Operator), a.id, &a.key));
    let error = verify_chain(&pinned(&people), &records).unwrap_err();
    assert_eq!(error, ChainError::NotChained(a.id));
}

#[test]
fn a_signature_does_not_serve_a_second_signer() {
    let (people, mut records) = set();
    records[1].signed_by = Some(people[2].id);
    let error = verify_chain(&pinned(&people), &records).unwrap_err();
    assert_eq!(error, ChainError::BadSignature(people[1].id));
}

#[test]
fn an_id_is_there_once() {
    let (people, mut records) = set();
    records.push(records[1].clone());
    let error = verify_chain(&pinned(&people), &records).unwrap_err();
    assert_eq!(error, ChainError::Twice(people[1].id));
}

#[test]
fn removed_ones_get_nothing_new_and_their_word_stands_with_a_mark() {
    let (people, mut records) = set();
    records[2].removed = true;
    let trusted = verify_chain(&pinned(&people), &records).unwrap();
    let eva = people[2].id;
    assert!(trusted.find(eva).is_none());
    assert!(trusted.current().iter().all(|record| record.id != eva));
    assert_eq!(trusted.signer(eva).unwrap().1, Standing::Removed);
    assert_eq!(trusted.vouched_by_removed(), [people[3].id]);
    // Signed again by somebody current, the mark is gone.
    let root = &people[0];
    records[3] = RecipientRecord::enrolled(new(&people[3], RecipientKind::Api), root.id, &root.key);
    let trusted = verify_chain(&pinned(&people), &records).unwrap();
    assert!(trusted.vouched_by_removed().is_empty());
}

#[test]
fn words_of_the_column_and_kinds_fit() {
    for kind in [RecipientKind::Operator, RecipientKind::Kit, RecipientKind::Api] {
        assert_eq!(RecipientKind::from_word(kind.as_str()), Some(kind));
    }
    assert_eq!(RecipientKind::from_word("superuser"), None);
}

#[test]
fn sifting_keeps_the_genuine_and_leaves_out_every_false_one() {
    let (people, records) = set();
    let (a, b) = (person(66), person(67));
    let mut mixed = records.clone();
    // A second root, two who vouch for each other, one in the root's name, one whom the API vouches for, and one who
    // hangs on a false one.
    let second = RecipientRecord::first(a.id, a.id, a.identity.recipient().clone(), &a.key);
    mixed.insert(0, second);
    let forged = |id: u8, signer: Uuid, key: &SigningKey| {
        let mut new = new(&b, RecipientKind::Kit);
        new.id = Uuid::from_bytes([id; 16]);
        RecipientRecord::enrolled(new, signer, key)
    };
    let id = |n: u8| Uuid::from_bytes([n; 16]);
    mixed.push(forged(80, id(81), &b.key));
    mixed.push(forged(81, id(80), &b.key));
    mixed.push(forged(82, people[0].id, &b.key));
    mixed.push(forged(83, people[3].id, &people[3].key));
    mixed.push(forged(84, a.id, &a.key));
    // The kit's row was changed; who hangs on nothing else stays.
    let kit = mixed.iter().position(|r| r.id == people[1].id).unwrap();
    mixed[kit].recipient = a.identity.recipient().clone();
    let changed = mixed[kit].clone();
    for _ in 0..mixed.len() {
        mixed.rotate_left(1);
        let trusted = sift(&pinned(&people), &mixed).unwrap();
        let mut kept: Vec<_> = trusted.current().iter().map(|r| r.id).collect();
        kept.sort();
        assert_eq!(kept, [people[0].id, people[2].id, people[3].id]);
        assert!(!trusted.is(&changed) && trusted.is(&records[2]));
    }
    assert_eq!(sift(&pinned(&people), &records[1..]).unwrap_err(), ChainError::NoRoot);
    assert_eq!(sift(&a.key.public(), &records).unwrap_err(), ChainError::NoRoot);
    let mut root = records.clone();
    root[0].signature[0] ^= 1;
    assert_eq!(sift(&pinned(&people), &root).unwrap_err(), ChainError::NoRoot);
}
