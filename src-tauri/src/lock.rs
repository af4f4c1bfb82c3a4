//! Locking by itself: after minutes without a sign of the user, and after the machine slept.

use crate::app::{App, held};
use atalaya_ops::connections::book;
use serde::Serialize;
use std::time::{Duration, Instant};
use tauri::{AppHandle, Emitter, Manager};

const TICK: Duration = Duration::from_secs(1);
/// A tick that took this much longer than it should was a sleep.
const SLEPT: i64 = 20;

#[derive(Clone, Serialize)]
struct Locked {
    reason: &'static str,
}

/// Locks now: the session and its keys go, then the webview forgets everything by being loaded anew. Nothing here waits for
/// the database, which may be the reason for locking.
pub fn lock(handle: &AppHandle, reason: &'static str) {
    handle.state::<App>().lock(reason);
    if let Err(e) = handle.emit("session-locked", Locked { reason }) {
        tracing::warn!(error = %e, "the window was not told that it is locked");
    }
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        // The page keeps the reason over its reload, and hears that its command was done, which it would repeat otherwise.
        // The session is gone already; this is courtesy.
        tokio::time::sleep(Duration::from_millis(80)).await;
        if let Some(window) = handle.get_webview_window("main")
            && let Err(e) = window.reload()
        {
            tracing::error!(error = %e, "the window could not be loaded anew; closing");
            handle.exit(1);
        }
    });
}

/// Starts the clock that locks.
pub fn start(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let clock = handle.state::<App>().workplace.clock;
        let mut before = clock.now();
        loop {
            tokio::time::sleep(TICK).await;
            let now = clock.now();
            // The wall clock runs on while the machine sleeps, the timer does not.
            let slept = (now - before).num_seconds() > SLEPT;
            before = now;
            let app = handle.state::<App>();
            if slept {
                // Also where nothing is open yet: a sign-in may be under way, or words on screen.
                lock(&handle, "suspend");
            } else if app.holds() && idle(&app) {
                lock(&handle, "idle");
            }
        }
    });
}

fn idle(app: &App) -> bool {
    let minutes =
        book::read(&app.workplace).map(|b| b.preferences.auto_lock_minutes).unwrap_or_default();
    let limit = Duration::from_secs(u64::from(minutes.clamp(1, 120)) * 60);
    let last: Instant = *held(&app.last_activity);
    last.elapsed() >= limit
}
