//! The thread on which keychain calls block, and how it is left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::KeychainError;

/// Threads that were left behind end when the system answers at last. As long as this many are
/// still stuck, no further one is risked.
const MOST_STUCK: usize = 8;

type Job = Box<dyn FnOnce() + Send>;

/// A thread, started at the first call and again after it was left behind.
#[derive(Default)]
pub(super) struct KeychainThread {
    jobs: Option<mpsc::Sender<Job>>,
    alive: Arc<AtomicUsize>,
}

impl KeychainThread {
    pub(super) async fn call<T: Send + 'static>(
        &mut self,
        limit: Duration,
        work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (answer, answered) = oneshot::channel();
        self.submit(Box::new(move || {
            // Whoever waited may be gone while this stood in the queue behind a stuck call.
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        }))?;
        match tokio::time::timeout(limit, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => {
                self.jobs = None;
                Err(KeychainError::Other("the keychain call ended without an answer".into()))
            }
            Err(_) => {
                self.jobs = None;
                Err(KeychainError::TimedOut)
            }
        }
    }

    fn submit(&mut self, job: Job) -> Result<(), KeychainError> {
        let job = match &self.jobs {
            None => job,
            Some(jobs) => match jobs.send(job) {
                Ok(()) => return Ok(()),
                // It panicked inside a store: a new one takes the job.
                Err(mpsc::SendError(job)) => job,
            },
        };
        let jobs = self.start()?;
        let sent = jobs.send(job);
        self.jobs = Some(jobs);
        sent.map_err(|_| KeychainError::Other("the keychain thread did not start".into()))
    }

    fn start(&self) -> Result<mpsc::Sender<Job>, KeychainError> {
        if self.alive.load(Ordering::Acquire) > MOST_STUCK {
            return Err(KeychainError::TimedOut);
        }
        let (jobs, queue) = mpsc::channel::<Job>();
        let counted = Counted::new(&self.alive);
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let _counted = counted;
                while let Ok(job) = queue.recv() {
                    job();
                }
            })
            .map_err(|error| KeychainError::Other(error.to_string()))?;
        Ok(jobs)
    }
}

/// Counts a thread for as long as it lives, a panic included.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
