//! From the text of a query to what the log is asked: the one door for screen, command line and exports.

use crate::Context;
use atalaya_model::audit::query::{AuditQuery, Sought, placed};
use atalaya_model::{Code, Error, Instant, Result};
use chrono::Local;
use std::time::Duration;

/// What the list, the facets and the tail may take on the server, all statements of one call together. Whoever waits longer than
/// two seconds at a screen has to narrow the question; the rest of them is for the row that the server looks at when the limit
/// comes (it hears of it between rows), and for the way there and back.
pub(super) const SCREEN: Duration = Duration::from_millis(1_500);

/// What counting may take, in the background.
pub(super) const BACKGROUND: Duration = Duration::from_secs(30);

/// Reads a query for a reader whose clock shows `now`, in this machine's zone: periods in words mean the reader's days.
///
/// # Errors
/// `VALIDATION_FAILED` with the place and kind of what is wrong.
pub(super) fn sought(text: &str, now: Instant) -> Result<Sought> {
    let clock = now.to_chrono().ok_or_else(|| {
        Error::invalid("cursor", "This is no cursor of the log: its time is in no calendar.")
    })?;
    let query = AuditQuery::parse(text)?;
    query.at(&clock.with_timezone(&Local)).map_err(|e| placed(e, text))
}

/// What the clock shows.
pub(super) fn now(cx: &Context) -> Instant {
    cx.workplace.clock.instant()
}

/// Time that is being used up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    began: tokio::time::Instant,
    whole: Duration,
}

impl Budget {
    pub(super) fn begin(whole: Duration) -> Self {
        Self { began: tokio::time::Instant::now(), whole }
    }

    /// What is left; nothing is too broad.
    pub(super) fn left(&self) -> Result<Duration> {
        let rest = self.rest();
        if rest.is_zero() { Err(too_broad()) } else { Ok(rest) }
    }

    /// What is left, also where that is nothing.
    pub(super) fn rest(&self) -> Duration {
        self.whole.saturating_sub(self.began.elapsed())
    }

    pub(super) fn used(&self) -> Duration {
        self.began.elapsed()
    }
}

/// A statement that ran out of its time was asked too much.
pub(super) fn broad(e: Error) -> Error {
    if e.code == Code::DbTimeout { too_broad().because(e) } else { e }
}

pub(super) fn too_broad() -> Error {
    Error::new(
        Code::QueryTooBroad,
        "The log cannot answer this in the time that a screen waits. Narrow it: a period, a type, a tenant.",
    )
}
