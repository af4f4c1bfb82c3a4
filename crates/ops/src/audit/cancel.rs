//! Cancelling what the server is doing, not only the waiting for it.

use atalaya_model::{Code, Error, Result};
use atalaya_store::Store;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a cancelled statement may go on before it is cancelled again.
const AGAIN: Duration = Duration::from_millis(100);

/// The result of `work`, a statement of the server process `backend`; once `cancel` is triggered, that statement is cancelled
/// on the server and the answer is `CANCELLED` with `message`.
pub(crate) async fn unless_cancelled<T>(
    store: &Store,
    backend: i32,
    cancel: &CancellationToken,
    message: &'static str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::pin!(work);
    tokio::select! {
        result = &mut work => result,
        () = cancel.cancelled() => {
            // A server that has not begun with the statement yet forgets a cancellation, so it is said again. Where it cannot be
            // said, the work ends by its own time limit: it is never dropped in the middle of a statement. One after the other,
            // because a cancellation that comes late would meet what the server process does next.
            loop {
                let cancelling = store.cancel(backend);
                tokio::pin!(cancelling);
                tokio::select! {
                    // With or without a result: the caller cancelled. The server is still given time to hear of it.
                    _ = &mut work => {
                        let _ = cancelling.await;
                        break;
                    }
                    _ = &mut cancelling => {}
                }
                tokio::select! {
                    _ = &mut work => break,
                    () = tokio::time::sleep(AGAIN) => {}
                }
            }
            Err(Error::new(Code::Cancelled, message))
        }
    }
}
