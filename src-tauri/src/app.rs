//! What the console holds while it runs: the machine, and where it stands between first run and an open session.

use atalaya_keys::keychain::Keychain;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::console::Session;
use atalaya_model::{Code, Error, Result};
use atalaya_ops::audit::Cancel;
use atalaya_ops::kit::Draft;
use atalaya_ops::setup::Setup;
use atalaya_ops::{Context, Workplace, sessions};
use atalaya_postgres::Lease;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long locking and leaving may wait for the database.
const PATIENCE: Duration = Duration::from_secs(3);

/// The console's state; one per program.
pub struct App {
    /// The machine.
    pub workplace: Workplace,
    stage: Mutex<Stage>,
    lease: Mutex<Option<Lease>>,
    /// The last sign of the user.
    pub last_activity: Mutex<Instant>,
    /// What is counted or exported at the moment.
    pub running: Running,
}

/// Cancels what is under way.
#[derive(Default)]
pub struct Running {
    /// The count of the filter on screen.
    pub count: Mutex<Cancel>,
    /// The export.
    pub export: Mutex<Cancel>,
}

#[derive(Default)]
enum Stage {
    #[default]
    Idle,
    Setup(Box<Setup>),
    Open(Arc<Open>),
}

/// An open session.
pub struct Open {
    /// For the operations.
    pub context: Context,
    /// As the screen shows it.
    pub session: Mutex<Session>,
    /// Key of the session row.
    pub id: Uuid,
    /// A recovery kit that was drawn and not confirmed.
    pub draft: Mutex<Option<Arc<Draft>>>,
}

/// A lock whose holder panicked guards plain values that are never half written.
pub fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    /// The console on this machine.
    ///
    /// # Errors
    /// `INTERNAL` where the machine has no place for data.
    pub fn new() -> Result<Self> {
        let home = atalaya_postgres::home();
        Ok(Self {
            workplace: Workplace::new(home, Keychain::system()),
            stage: Mutex::default(),
            lease: Mutex::default(),
            last_activity: Mutex::new(Instant::now()),
            running: Running::default(),
        })
    }

    /// A caller for one request.
    ///
    /// # Errors
    /// `INTERNAL` without random bytes.
    pub fn caller(&self) -> Result<Caller> {
        self.workplace.caller(Origin::Console)
    }

    /// The open session.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN`.
    pub fn open(&self) -> Result<Arc<Open>> {
        match &*held(&self.stage) {
            Stage::Open(open) => Ok(open.clone()),
            _ => Err(Error::new(Code::NotSignedIn, "The console is locked.")),
        }
    }

    /// Begins a session.
    pub fn opened(&self, opened: sessions::Opened, draft: Option<Draft>) {
        if let Some(lease) = opened.lease {
            *held(&self.lease) = Some(lease);
        }
        *held(&self.last_activity) = Instant::now();
        *held(&self.stage) = Stage::Open(Arc::new(Open {
            context: opened.context,
            session: Mutex::new(opened.session),
            id: opened.id,
            draft: Mutex::new(draft.map(Arc::new)),
        }));
    }

    /// Remembers a set-up between its steps.
    pub fn set_up(&self, setup: Setup) {
        *held(&self.stage) = Stage::Setup(Box::new(setup));
    }

    /// Takes the set-up for its next step, which puts it back on failure.
    ///
    /// # Errors
    /// `CONFLICT` when none is under way.
    pub fn take_setup(&self) -> Result<Setup> {
        let mut stage = held(&self.stage);
        match std::mem::take(&mut *stage) {
            Stage::Setup(setup) => Ok(*setup),
            other => {
                *stage = other;
                Err(Error::new(Code::Conflict, "No set-up is under way."))
            }
        }
    }

    /// Gives a set-up up; the database stays as it is.
    pub fn abandon(&self) {
        let mut stage = held(&self.stage);
        if matches!(*stage, Stage::Setup(_)) {
            *stage = Stage::Idle;
        }
    }

    /// Ends the session: with its event if the database answers in time, and in any case without keys and connections.
    /// Answers whether there was one.
    pub async fn lock(&self, reason: &'static str) -> bool {
        let Stage::Open(open) = std::mem::take(&mut *held(&self.stage)) else { return false };
        held(&self.running.count).cancel();
        held(&self.running.export).cancel();
        let ended = async {
            let caller = self.caller()?;
            sessions::end(&open.context, &caller, open.id, reason).await
        };
        match tokio::time::timeout(PATIENCE, ended).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => {
                tracing::warn!(code = ?e.code, "the end of the session could not be recorded")
            }
            Err(_) => tracing::warn!("the end of the session could not be recorded in time"),
        }
        if tokio::time::timeout(PATIENCE, open.context.store.close()).await.is_err() {
            tracing::warn!("a connection did not close in time");
        }
        true
    }

    /// Locks and lets go of the local Postgres, which stops when nobody else uses it.
    pub async fn leave(&self) {
        self.lock("exit").await;
        let lease = held(&self.lease).take();
        if let Some(lease) = lease {
            lease.leave().await.map_or_else(
                |e| tracing::warn!(error = %e, "the local Postgres did not stop"),
                |_| (),
            );
        }
    }
}
