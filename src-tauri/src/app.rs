//! What the console holds while it runs: the machine, and where it stands between first run and an open session.

use crate::stage::{Place, Stage, Ticket};
use atalaya_keys::keychain::Keychain;
use atalaya_model::access::{Caller, Origin};
use atalaya_model::console::Session;
use atalaya_model::{Code, Error, Result};
use atalaya_ops::audit::{Cancel, Control};
use atalaya_ops::kit::Draft;
use atalaya_ops::setup::Setup;
use atalaya_ops::{Context, Workplace, sessions};
use atalaya_postgres::Lease;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::async_runtime::JoinHandle;
use uuid::Uuid;

/// How long the end of a session may wait for the database, for its event and again for its connections.
const PATIENCE: Duration = Duration::from_secs(3);

/// The console's state; one per program.
pub struct App {
    /// The machine.
    pub workplace: Workplace,
    place: Place<Box<Setup>, Open>,
    lease: Mutex<Option<Lease>>,
    /// The last sign of the user.
    pub last_activity: Mutex<Instant>,
    /// What is counted or exported at the moment.
    pub running: Running,
    /// Set from locking until the window has loaded anew.
    reloading: AtomicBool,
    /// Sessions that are being ended behind the locked window.
    ending: Mutex<Vec<JoinHandle<()>>>,
}

/// Cancels what is under way.
#[derive(Default)]
pub struct Running {
    /// The pages of the list, under the question that they belong to.
    pub list: Mutex<(String, Cancel)>,
    /// The count of the query on screen.
    pub count: Mutex<Cancel>,
    /// Its facets.
    pub facets: Mutex<Cancel>,
    /// Its histogram.
    pub histogram: Mutex<Cancel>,
    /// The export.
    pub export: Mutex<Control>,
    /// The search for findings.
    pub findings: Mutex<Cancel>,
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

fn locked() -> Error {
    Error::new(Code::NotSignedIn, "The console is locked.")
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
            place: Place::default(),
            lease: Mutex::default(),
            last_activity: Mutex::new(Instant::now()),
            running: Running::default(),
            reloading: AtomicBool::new(false),
            ending: Mutex::default(),
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
        self.place.open().ok_or_else(locked)
    }

    /// Asked again after something that a person took their time for, such as a dialog: the console may have been locked
    /// meanwhile, and another person may have signed in.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` when this session is no longer the open one.
    pub fn still(&self, open: &Arc<Open>) -> Result<()> {
        if self.place.is_open(open) { Ok(()) } else { Err(locked()) }
    }

    /// As [`Self::still`] for what needs no session.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` when the console was locked since the ticket was taken.
    pub fn unlocked_since(&self, ticket: Ticket) -> Result<()> {
        if self.place.ticket() == ticket { Ok(()) } else { Err(locked()) }
    }

    /// Whether a session or a set-up is held, which must not lie about for long.
    pub fn holds(&self) -> bool {
        self.place.holds()
    }

    /// Taken before work that ends in [`Self::opened`] or [`Self::set_up`].
    ///
    /// A page that is being loaded anew sends what was under way once more: Tauri takes the broken request for a fault of its
    /// transport. A sign-in sent like that would open a session behind the lock, so the old page gets no ticket any more.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` from locking until the window has loaded anew.
    pub fn ticket(&self) -> Result<Ticket> {
        if self.reloading.load(Ordering::SeqCst) { Err(locked()) } else { Ok(self.place.ticket()) }
    }

    /// The window has loaded its page.
    pub fn loaded(&self) {
        self.reloading.store(false, Ordering::SeqCst);
    }

    /// Begins a session; one that was open ends.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` when the console was locked since the ticket was taken; the new session has ended then.
    pub fn opened(
        &self,
        ticket: Ticket,
        opened: sessions::Opened,
        draft: Option<Draft>,
    ) -> Result<Session> {
        // Held even when the session is refused: the server is stopped through it when the program ends.
        self.keep(opened.lease);
        let session = opened.session.clone();
        let open = Open {
            context: opened.context,
            session: Mutex::new(opened.session),
            id: opened.id,
            draft: Mutex::new(draft.map(Arc::new)),
        };
        *held(&self.last_activity) = Instant::now();
        match self.place.enter(ticket, open) {
            Ok(before) => {
                self.end(before, "replaced");
                Ok(session)
            }
            Err(late) => {
                self.end(Stage::Open(Arc::new(late)), "locked");
                Err(locked())
            }
        }
    }

    /// Remembers a set-up between its steps; a session that was open ends.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN` when the console was locked since the ticket was taken.
    pub fn set_up(&self, ticket: Ticket, setup: Setup) -> Result<()> {
        *held(&self.last_activity) = Instant::now();
        match self.place.set_up(ticket, Box::new(setup)) {
            Ok(before) => {
                self.end(before, "replaced");
                Ok(())
            }
            Err(late) => {
                self.end(Stage::Setup(late), "locked");
                Err(locked())
            }
        }
    }

    /// Takes the set-up for its next step, which puts it back on failure.
    ///
    /// # Errors
    /// `CONFLICT` when none is under way.
    pub fn take_setup(&self) -> Result<Setup> {
        let taken = self.place.take_setup();
        taken.map(|s| *s).ok_or_else(|| Error::new(Code::Conflict, "No set-up is under way."))
    }

    /// Gives a set-up up, and a kit that was drawn; the database stays as it is.
    pub fn abandon(&self) {
        if let Ok(open) = self.open() {
            *held(&open.draft) = None;
        } else {
            let before = self.place.leave();
            self.end(before, "abandoned");
        }
    }

    /// Locks: from here on nothing is open, and nothing that was under way will open. The session's end is recorded, and
    /// its connections are closed, behind that; nobody waits for it.
    pub fn lock(&self, reason: &'static str) {
        self.reloading.store(true, Ordering::SeqCst);
        let before = self.place.leave();
        held(&self.running.list).1.cancel();
        held(&self.running.count).cancel();
        held(&self.running.facets).cancel();
        held(&self.running.histogram).cancel();
        held(&self.running.findings).cancel();
        held(&self.running.export).cancel();
        self.end(before, reason);
    }

    /// Lets go of what the console has left.
    fn end(&self, before: Stage<Box<Setup>, Open>, reason: &'static str) {
        match before {
            Stage::Idle => {}
            Stage::Setup(setup) => self.keep(setup.lease),
            Stage::Open(open) => {
                let caller = self.caller();
                // The keys go with the last holder of `open`; what records the end needs none.
                let context = Context {
                    store: open.context.store.clone(),
                    workplace: self.workplace.clone(),
                    signer: None,
                };
                let id = open.id;
                drop(open);
                let ending = tauri::async_runtime::spawn(async move {
                    record_end(&context, caller, id, reason).await;
                });
                let mut all = held(&self.ending);
                all.retain(|each| !each.inner().is_finished());
                all.push(ending);
            }
        }
    }

    /// Holds the local Postgres until the program ends.
    fn keep(&self, lease: Option<Lease>) {
        if let Some(lease) = lease {
            *held(&self.lease) = Some(lease);
        }
    }

    /// Locks and lets go of the local Postgres, which stops when nobody else uses it.
    pub async fn leave(&self) {
        self.lock("exit");
        let ending = std::mem::take(&mut *held(&self.ending));
        for each in ending {
            // Each has its own bounds.
            if let Err(e) = each.await {
                tracing::warn!(error = %e, "the end of a session broke off");
            }
        }
        let lease = held(&self.lease).take();
        if let Some(lease) = lease {
            lease.leave().await.map_or_else(
                |e| tracing::warn!(error = %e, "the local Postgres did not stop"),
                |_| (),
            );
        }
    }
}

/// Ends a session with its event if the database answers in time, and closes its connections.
async fn record_end(context: &Context, caller: Result<Caller>, id: Uuid, reason: &'static str) {
    let ended = async { sessions::end(context, &caller?, id, reason).await };
    match tokio::time::timeout(PATIENCE, ended).await {
        Ok(Ok(())) => {}
        Ok(Err(e)) => {
            tracing::warn!(code = ?e.code, "the end of the session could not be recorded")
        }
        Err(_) => tracing::warn!("the end of the session could not be recorded in time"),
    }
    if tokio::time::timeout(PATIENCE, context.store.close()).await.is_err() {
        tracing::warn!("a connection did not close in time");
    }
}
