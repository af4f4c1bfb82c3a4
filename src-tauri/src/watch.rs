//! Telling the window when the database is lost and when it answers again.

use crate::app::App;
use atalaya_model::Instant;
use atalaya_model::console::ConnectionState;
use atalaya_ops::{Context, connections};
use std::time::Duration;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter, Manager};
use uuid::Uuid;

const EVERY: Duration = Duration::from_secs(5);
/// A server that does not answer for this long is lost, whether its connection stands or not.
const ANSWER: Duration = Duration::from_secs(5);
const UPKEEP_EVERY: u32 = 12;

/// Starts the watch. While a session is open it also does the upkeep that is due by time.
pub fn start(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        // The session that lost its database, and when. A later session has not.
        let mut lost: Option<(Uuid, Instant)> = None;
        let mut round: u32 = 0;
        // Beside the watch: sums of a log that was just taken over take a while.
        let mut upkeep: Option<JoinHandle<()>> = None;
        // The session that it was done for last: a new one does not wait for its sums.
        let mut kept: Option<Uuid> = None;
        loop {
            tokio::time::sleep(EVERY).await;
            round = round.wrapping_add(1);
            let app = handle.state::<App>();
            let Ok(open) = app.open() else {
                lost = None;
                continue;
            };
            lost = lost.filter(|(session, _)| *session == open.id);
            let asked = tokio::time::timeout(ANSWER, open.context.store.ping()).await;
            let alive = matches!(asked, Ok(Ok(())));
            match (alive, lost) {
                (false, None) => {
                    lost = Some((open.id, app.workplace.clock.instant()));
                    tell(&handle, false);
                }
                (true, Some((_, since))) => {
                    lost = None;
                    tell(&handle, true);
                    if let Ok(caller) = app.caller()
                        && let Err(e) =
                            connections::found_again(&open.context, &caller, since).await
                    {
                        tracing::warn!(code = ?e.code, "a lost connection could not be recorded");
                    }
                }
                _ => {}
            }
            let resting = upkeep.as_ref().is_none_or(|u| u.inner().is_finished());
            let due = kept != Some(open.id) || round.is_multiple_of(UPKEEP_EVERY);
            if alive && resting && due {
                kept = Some(open.id);
                // Without the keys, which must not outlive the session's lock.
                let context = Context {
                    store: open.context.store.clone(),
                    workplace: app.workplace.clone(),
                    signer: None,
                };
                let id = open.id;
                upkeep = Some(tauri::async_runtime::spawn(async move {
                    atalaya_ops::sessions::upkeep(&context, id).await;
                }));
            }
        }
    });
}

fn tell(handle: &AppHandle, alive: bool) {
    if let Err(e) = handle.emit("connection-state", ConnectionState { alive }) {
        tracing::warn!(error = %e, "the window was not told about the connection");
    }
}
