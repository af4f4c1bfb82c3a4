//! Long work in batches: each batch is a change of its own, under a permit that is asked for again.

use crate::change::{Done, Tx};
use crate::permit::{Permit, Store};
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use uuid::Uuid;

/// A running job. Its batches stop as soon as the caller's rights end.
pub struct Job {
    store: Store,
    caller: Caller,
    action: Action,
    scope: Scope,
    next: Option<Permit>,
}

impl Store {
    /// Begins a job under a permit. `id` ties its events together as their request.
    #[must_use]
    pub fn job(&self, mut permit: Permit, id: Uuid) -> Job {
        let caller = Caller { request_id: id, ..permit.caller.clone() };
        let (action, scope) = (permit.action, permit.scope);
        permit.caller.clone_from(&caller);
        Job { store: self.clone(), caller, action, scope, next: Some(permit) }
    }
}

impl Job {
    /// Runs one batch as one change.
    ///
    /// # Errors
    /// As [`Store::change`]; `ACCESS_DENIED` once the caller's rights have ended.
    pub async fn batch<T>(
        &mut self,
        body: impl AsyncFnOnce(&mut Tx) -> Result<Done<T>>,
    ) -> Result<T> {
        let permit = match self.next.take() {
            Some(permit) => permit,
            None => self.store.permit(&self.caller, self.action, self.scope).await?,
        };
        self.store.change(permit, body).await
    }
}
