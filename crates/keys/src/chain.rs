//! Recipients, each signed by another one, back to the first administrator.
//!
//! Every keychain item (and the API's identity) pins the first administrator's signing key. A
//! record is believed when its statement (*id, kind, user, age recipient, signing key, signer id*)
//! is signed by a recipient that is itself believed. So a writer of the database can neither put
//! their own key in somebody's row nor add a recipient. Whoever encrypts something new refuses the
//! whole set for one false record, because half a set would quietly leave somebody out of the next
//! wrap. Whoever reads, signs in or restores goes on with the genuine ones ([`sift`]) and reports
//! the false: otherwise one row would be enough to shut everybody out.
//!
//! Decisions:
//! - The root is the one record without a signer; it signs itself and carries the pinned key.
//! - Operators and the recovery kit sign; the API does not. It runs on the most exposed host, and
//!   must not be able to let a further reader in.
//! - The label is not signed: it is for people, who may change their name. Screens that decide
//!   something show the user's row and the recipient text.
//! - **Removed recipients** receive no new wrap and sign nothing new; what they signed before stays
//!   valid, marked [`Standing::Removed`]. Otherwise the first administrator's leaving would cut
//!   off everyone. There is no clock that an attacker with an old key could not set back, so
//!   removal for cause also means: rotate what they could read, and have their records and
//!   versions signed again by a current operator ([`TrustedRecipients::vouched_by_removed`]).
//! - `removed_at` itself is not signed. A writer of the database who clears it brings back a
//!   genuine former recipient, never one of their own; the event in the sealed log shows it.

use std::collections::HashMap;

use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use crate::mac::Canonical;
use crate::signed::{SigningKey, verified};
use crate::wrap::Recipient;

const STATEMENT: &str = "atalaya recipient v1";

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientKind {
    /// A person with a console.
    Operator,
    /// The recovery kit.
    Kit,
    /// A running API; reads, never signs.
    Api,
}

impl RecipientKind {
    /// The word in `recipients.kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Kit => "kit",
            Self::Api => "api",
        }
    }

    /// The kind for a word of `recipients.kind`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Operator, Self::Kit, Self::Api].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether recipients of this kind may sign.
    pub const fn signs(self) -> bool {
        !matches!(self, Self::Api)
    }
}

/// A row of `recipients`, as far as it is signed or needed to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientRecord {
    /// `recipients.id`.
    pub id: Uuid,
    /// `recipients.kind`.
    pub kind: RecipientKind,
    /// `recipients.user_id`.
    pub user: Option<Uuid>,
    /// `recipients.age_recipient`.
    pub recipient: Recipient,
    /// `recipients.signing_key`.
    pub signing_key: [u8; 32],
    /// `recipients.signed_by`; none for the first administrator, who signs itself.
    pub signed_by: Option<Uuid>,
    /// `recipients.signature`.
    pub signature: [u8; 64],
    /// Whether `recipients.removed_at` is set.
    pub removed: bool,
}

impl RecipientRecord {
    fn statement(&self) -> Canonical {
        Canonical::new(STATEMENT)
            .field(self.id.as_bytes())
            .field(self.kind.as_str().as_bytes())
            .optional(self.user.as_ref().map(|user| &user.as_bytes()[..]))
            .field(self.recipient.as_str().as_bytes())
            .field(&self.signing_key)
            .optional(self.signed_by.as_ref().map(|signer| &signer.as_bytes()[..]))
    }

    /// The first administrator's record, signed by its own key.
    pub fn first(id: Uuid, user: Uuid, recipient: Recipient, key: &SigningKey) -> Self {
        Self {
            id,
            kind: RecipientKind::Operator,
            user: Some(user),
            recipient,
            signing_key: key.public(),
            signed_by: None,
            signature: [0; 64],
            removed: false,
        }
        .signed_with(key)
    }

    /// A further recipient, signed by `signer`.
    pub fn enrolled(new: NewRecipient, signer: Uuid, key: &SigningKey) -> Self {
        Self {
            id: new.id,
            kind: new.kind,
            user: new.user,
            recipient: new.recipient,
            signing_key: new.signing_key,
            signed_by: Some(signer),
            signature: [0; 64],
            removed: false,
        }
        .signed_with(key)
    }

    fn signed_with(mut self, key: &SigningKey) -> Self {
        self.signature = key.sign(&self.statement());
        self
    }
}

/// What somebody who wants to become a recipient hands over.
#[derive(Debug, Clone)]
pub struct NewRecipient {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: RecipientKind,
    /// The user behind it; none for kit and API.
    pub user: Option<Uuid>,
    /// Where values are encrypted to.
    pub recipient: Recipient,
    /// Its public signing key.
    pub signing_key: [u8; 32],
}

/// Whether a signer still is a current recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Yes.
    Current,
    /// It was removed; what it signed should be signed again.
    Removed,
}

/// Why a set of recipients is refused. Carries the id of the record, never a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ChainError {
    /// No record without a signer.
    #[error("there is no first administrator among the recipients")]
    NoRoot,
    /// The record without a signer does not carry the pinned key.
    #[error("recipient {0} claims to be the first administrator and is not")]
    WrongRoot(Uuid),
    /// Two records bear one id.
    #[error("recipient {0} is there twice")]
    Twice(Uuid),
    /// Signed by somebody who is missing, may not sign, or does not lead back to the root.
    #[error("recipient {0} does not lead back to the first administrator")]
    NotChained(Uuid),
    /// The signature does not fit the record.
    #[error("the signature of recipient {0} is wrong")]
    BadSignature(Uuid),
}

/// A verified set of recipients.
#[derive(Debug, Clone)]
pub struct TrustedRecipients {
    records: HashMap<Uuid, RecipientRecord>,
}

impl TrustedRecipients {
    /// Those to whom new versions may be encrypted, in a stable order.
    pub fn current(&self) -> Vec<&RecipientRecord> {
        let mut out: Vec<_> = self.records.values().filter(|record| !record.removed).collect();
        out.sort_by_key(|record| record.id);
        out
    }

    /// Whether exactly this record is among them.
    pub fn is(&self, record: &RecipientRecord) -> bool {
        self.records.get(&record.id) == Some(record)
    }

    /// A recipient that is trusted for new wraps.
    pub fn find(&self, id: Uuid) -> Option<&RecipientRecord> {
        self.records.get(&id).filter(|record| !record.removed)
    }

    /// Key and standing of somebody whose signature may count.
    pub fn signer(&self, id: Uuid) -> Option<([u8; 32], Standing)> {
        let record = self.records.get(&id).filter(|record| record.kind.signs())?;
        let standing = if record.removed { Standing::Removed } else { Standing::Current };
        Some((record.signing_key, standing))
    }

    /// Current recipients whose record only a removed one vouches for: to be signed again.
    pub fn vouched_by_removed(&self) -> Vec<Uuid> {
        let mut out: Vec<_> = self
            .records
            .values()
            .filter(|record| !record.removed)
            .filter(|record| record.signed_by.is_some_and(|signer| self.records[&signer].removed))
            .map(|record| record.id)
            .collect();
        out.sort();
        out
    }
}

/// Tells the records that lead back to the pinned key from those that do not; the latter are left out. This is for reading
/// and for getting back in. Who encrypts something new must know of every false record first, and asks
/// [`TrustedRecipients::is`] for each, or [`verify_chain`].
///
/// # Errors
/// [`ChainError::NoRoot`] when the first administrator's own record is missing or changed: then nobody is trusted.
pub fn sift(
    first_key: &[u8; 32],
    records: &[RecipientRecord],
) -> Result<TrustedRecipients, ChainError> {
    let is_root = |record: &&RecipientRecord| {
        record.signed_by.is_none()
            && record.kind == RecipientKind::Operator
            && &record.signing_key == first_key
            && verified(first_key, &record.statement(), &record.signature)
    };
    let root = records.iter().find(is_root).ok_or(ChainError::NoRoot)?;
    let mut believed = HashMap::from([(root.id, root.clone())]);
    let mut open: Vec<_> = records.iter().collect();
    loop {
        let before = believed.len();
        // A record is judged once its signer is believed, and then for good: each signature is verified once.
        open.retain(|record| {
            let signer = record.signed_by.and_then(|id| believed.get(&id));
            let Some(signer) = signer else { return true };
            if signer.kind.signs()
                && verified(&signer.signing_key, &record.statement(), &record.signature)
            {
                believed.entry(record.id).or_insert_with(|| (*record).clone());
            }
            false
        });
        if believed.len() == before {
            return Ok(TrustedRecipients { records: believed });
        }
    }
}

/// Verifies that every record leads back to the pinned key of the first administrator.
///
/// # Errors
/// The first fault found, see [`ChainError`]; there is no partial success.
pub fn verify_chain(
    first_key: &[u8; 32],
    records: &[RecipientRecord],
) -> Result<TrustedRecipients, ChainError> {
    let mut by_id = HashMap::with_capacity(records.len());
    for record in records {
        if by_id.insert(record.id, record.clone()).is_some() {
            return Err(ChainError::Twice(record.id));
        }
    }
    let mut roots = records.iter().filter(|record| record.signed_by.is_none());
    let root = roots.next().ok_or(ChainError::NoRoot)?;
    if let Some(second) = roots.next() {
        let false_one = if &root.signing_key == first_key { second } else { root };
        return Err(ChainError::WrongRoot(false_one.id));
    }
    if &root.signing_key != first_key || root.kind != RecipientKind::Operator {
        return Err(ChainError::WrongRoot(root.id));
    }
    for record in records {
        let signer = match record.signed_by {
            None => record,
            Some(id) => {
                let signer = by_id.get(&id).filter(|signer| signer.kind.signs());
                signer.ok_or(ChainError::NotChained(record.id))?
            }
        };
        if !verified(&signer.signing_key, &record.statement(), &record.signature) {
            return Err(ChainError::BadSignature(record.id));
        }
        // Two records could vouch for each other: walk up, and not for longer than there are steps.
        let mut step = record;
        for _ in 0..records.len() {
            match step.signed_by.and_then(|id| by_id.get(&id)) {
                Some(above) => step = above,
                None => break,
            }
        }
        if step.id != root.id {
            return Err(ChainError::NotChained(record.id));
        }
    }
    Ok(TrustedRecipients { records: by_id })
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
