//! Where the console stands (nothing open, a set-up under way, a session open) and what may still arrive there.
//!
//! Work that ends in an open session or a set-up takes seconds to minutes, and the console may be locked meanwhile. Such
//! work begins with a [`Ticket`]; locking makes all tickets void, so that what was under way opens nothing afterwards.
//!
//! Deliberately absent: what a session or a set-up is, and how one ends (`app`). Nothing here waits for anything.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Leave to put the result of some work here, unless the console was locked since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

/// The place. `S` is a set-up, `O` an open session.
pub struct Place<S, O>(Mutex<Now<S, O>>);

struct Now<S, O> {
    stage: Stage<S, O>,
    /// How often everything before became void.
    turn: u64,
}

/// Where the console stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Stage<S, O> {
    /// First run, or locked.
    Idle,
    /// The database is there, its first administrator is missing.
    Setup(S),
    /// Signed in.
    Open(Arc<O>),
}

impl<S, O> Default for Place<S, O> {
    fn default() -> Self {
        Self(Mutex::new(Now { stage: Stage::Idle, turn: 0 }))
    }
}

impl<S, O> Place<S, O> {
    fn now(&self) -> MutexGuard<'_, Now<S, O>> {
        // Plain values that are never half written: a panic elsewhere leaves them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Taken before work begins that ends in [`Self::enter`] or [`Self::set_up`].
    pub fn ticket(&self) -> Ticket {
        Ticket(self.now().turn)
    }

    /// The open session.
    pub fn open(&self) -> Option<Arc<O>> {
        match &self.now().stage {
            Stage::Open(open) => Some(open.clone()),
            _ => None,
        }
    }

    /// Whether this session is still the open one.
    pub fn is_open(&self, open: &Arc<O>) -> bool {
        matches!(&self.now().stage, Stage::Open(now) if Arc::ptr_eq(now, open))
    }

    /// Whether anything is held that must not lie about: a session or a set-up.
    pub fn holds(&self) -> bool {
        !matches!(self.now().stage, Stage::Idle)
    }

    /// Opens a session and gives what it took the place of. Every other ticket is void from now on.
    ///
    /// # Errors
    /// The session, when the ticket is void.
    pub fn enter(&self, ticket: Ticket, open: O) -> Result<Stage<S, O>, O> {
        let mut now = self.now();
        if ticket.0 != now.turn {
            return Err(open);
        }
        now.turn += 1;
        Ok(std::mem::replace(&mut now.stage, Stage::Open(Arc::new(open))))
    }

    /// Remembers a set-up and gives what it took the place of.
    ///
    /// # Errors
    /// The set-up, when the ticket is void.
    pub fn set_up(&self, ticket: Ticket, setup: S) -> Result<Stage<S, O>, S> {
        let mut now = self.now();
        if ticket.0 != now.turn {
            return Err(setup);
        }
        Ok(std::mem::replace(&mut now.stage, Stage::Setup(setup)))
    }

    /// Takes the set-up for its next step, which puts it back with [`Self::set_up`] when it fails.
    pub fn take_setup(&self) -> Option<S> {
        let mut now = self.now();
        match std::mem::replace(&mut now.stage, Stage::Idle) {
            Stage::Setup(setup) => Some(setup),
            other => {
                now.stage = other;
                None
            }
        }
    }

    /// Leaves the place empty, makes all tickets void, and gives what was there.
    pub fn leave(&self) -> Stage<S, O> {
        let mut now = self.now();
        now.turn += 1;
        std::mem::replace(&mut now.stage, Stage::Idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Here = Place<&'static str, &'static str>;

    #[test]
    fn what_was_under_way_when_it_was_locked_opens_nothing() {
        let place = Here::default();
        let ticket = place.ticket();
        assert_eq!(place.leave(), Stage::Idle);
        assert_eq!(place.enter(ticket, "late"), Err("late"));
        assert_eq!(place.set_up(ticket, "late"), Err("late"));
        assert!(place.open().is_none() && !place.holds());
        assert_eq!(place.enter(place.ticket(), "new"), Ok(Stage::Idle));
        assert!(place.open().is_some());
    }

    #[test]
    fn what_a_session_or_set_up_replaces_is_given_back_to_be_ended() {
        let place = Here::default();
        place.set_up(place.ticket(), "setup").unwrap();
        assert!(place.holds());
        assert_eq!(place.enter(place.ticket(), "first"), Ok(Stage::Setup("setup")));
        let first = place.open().unwrap();
        assert!(place.is_open(&first));
        assert_eq!(place.enter(place.ticket(), "second"), Ok(Stage::Open(first.clone())));
        assert!(!place.is_open(&first), "a replaced session passes for the open one");
        let second = place.open().unwrap();
        assert_eq!(place.set_up(place.ticket(), "again"), Ok(Stage::Open(second)));
        assert!(place.open().is_none());
    }

    #[test]
    fn of_two_sign_ins_under_way_one_opens() {
        let place = Here::default();
        let (one, other) = (place.ticket(), place.ticket());
        place.enter(one, "one").unwrap();
        assert_eq!(place.enter(other, "other"), Err("other"));
    }

    #[test]
    fn a_set_up_that_was_taken_is_not_put_back_after_locking() {
        let place = Here::default();
        place.set_up(place.ticket(), "setup").unwrap();
        let ticket = place.ticket();
        assert_eq!(place.take_setup(), Some("setup"));
        assert_eq!(place.take_setup(), None);
        assert_eq!(place.set_up(ticket, "setup"), Ok(Stage::Idle));
        assert_eq!(place.take_setup(), Some("setup"));
        place.leave();
        assert_eq!(place.set_up(ticket, "setup"), Err("setup"));
    }

    #[test]
    fn the_same_values_in_another_session_are_another_session() {
        let place = Here::default();
        place.enter(place.ticket(), "same").unwrap();
        let before = place.open().unwrap();
        place.leave();
        place.enter(place.ticket(), "same").unwrap();
        assert!(!place.is_open(&before));
    }
}
