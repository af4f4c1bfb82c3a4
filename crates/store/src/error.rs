//! What Postgres says, as the product's codes. Named constraints and the gate's own states are mapped here and nowhere else.

use atalaya_model::{Code, Error};

/// When an error happened; the same error means different things at different times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// While connecting.
    Connect,
    /// While a statement ran: nothing was committed.
    Run,
    /// While committing: the outcome is not known if the connection broke.
    Commit,
}

/// Maps an error of a statement that ran.
pub(crate) fn run(e: sqlx::Error) -> Error {
    translate(e, Stage::Run)
}

/// Maps an error.
pub(crate) fn translate(e: sqlx::Error, stage: Stage) -> Error {
    let (code, message) = describe(&e, stage);
    let mut error = Error::new(code, message);
    if let Some(db) = e.as_database_error()
        && let Some(constraint) = db.constraint()
    {
        error = error.with("constraint", constraint);
    }
    error.because(e)
}

fn describe(e: &sqlx::Error, stage: Stage) -> (Code, &'static str) {
    match e {
        sqlx::Error::Database(db) if db.code().as_deref() == Some(QUERY_CANCELED) => {
            canceled(db.message())
        }
        sqlx::Error::Database(db) => state(db.code().as_deref().unwrap_or_default(), stage),
        sqlx::Error::Tls(cause) => tls(cause.as_ref()),
        sqlx::Error::Io(io) => match io.get_ref() {
            Some(inner) if inner.is::<rustls::Error>() => tls(inner),
            _ => lost(stage),
        },
        sqlx::Error::PoolTimedOut => {
            (Code::DbBusy, "No connection to the database became free in time.")
        }
        sqlx::Error::PoolClosed => (Code::NotSignedIn, "The console was locked."),
        sqlx::Error::RowNotFound => (Code::EntityNotFound, "It is not there, or not for you."),
        sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => {
            lost(stage)
        }
        sqlx::Error::Configuration(_) => {
            (Code::DbCertificateInvalid, "The file of trusted certificates cannot be used.")
        }
        _ => (Code::Internal, "The database answered something unexpected."),
    }
}

/// Whether an error is the fault of one statement, and says nothing of the next one: a division, a cast, a right that is missing,
/// memory. A connection that broke, a caller who is no longer known and a cancellation concern all of them.
pub(crate) fn of_one_statement(e: &Error) -> bool {
    let source = e.source.as_ref().and_then(|source| source.downcast_ref::<sqlx::Error>());
    match source {
        Some(sqlx::Error::Database(db)) => {
            let state = db.code().unwrap_or_default();
            !["AT", "08", "25", "28", "57"].iter().any(|class| state.starts_with(class))
        }
        Some(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => true,
        _ => false,
    }
}

/// The database's own code of an error; a fact for whoever looks for its cause.
#[must_use]
pub fn sql_state(e: &Error) -> Option<String> {
    let source = e.source.as_ref()?.downcast_ref::<sqlx::Error>()?;
    Some(source.as_database_error()?.code()?.into_owned())
}

/// `query_canceled`.
const QUERY_CANCELED: &str = "57014";

/// One state for two causes, told apart by the message alone. A server may translate it, and what cancels on purpose here
/// (`ops::audit`) says so itself; so whatever is not plainly a person's cancellation ran out of time.
fn canceled(message: &str) -> (Code, &'static str) {
    if message.contains("user request") {
        (Code::Cancelled, "The query was cancelled.")
    } else {
        (Code::DbTimeout, "The query took longer than it may, and was given up.")
    }
}

const fn lost(stage: Stage) -> (Code, &'static str) {
    match stage {
        Stage::Connect => (Code::DbUnreachable, "The database server does not answer."),
        Stage::Run => (Code::DbLost, "The connection to the database broke. Nothing was changed."),
        Stage::Commit => (
            Code::CommitUnknown,
            "The connection broke while saving; it may or may not have been saved.",
        ),
    }
}

fn tls(cause: &(dyn std::error::Error + 'static)) -> (Code, &'static str) {
    let certificate = matches!(
        cause.downcast_ref::<rustls::Error>(),
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented)
    ) || cause.is::<rustls::client::VerifierBuilderError>();
    if certificate {
        (Code::DbCertificateInvalid, "The server's certificate is not trusted for this host.")
    } else {
        (Code::DbTlsRefused, "The server does not offer an encrypted connection.")
    }
}

/// SQLSTATE to code. Class `AT` is raised by our own functions (migrations/README.md).
fn state(state: &str, stage: Stage) -> (Code, &'static str) {
    match state {
        "28P01" => (Code::DbAuthFailed, "The server refused the user or the password."),
        // The password is right: the login is shut, as that of a suspended operator, or comes from a place not let in.
        "28000" => (Code::DbLoginShut, "The server does not let this login in."),
        "3D000" => (Code::DbMissing, "The server has no database of that name."),
        "AT001" => (Code::AccessDenied, "The database knows no active user for this login."),
        "AT002" => (Code::AccessDenied, "The database refused it."),
        "AT004" => (Code::AlreadyAdopted, "This database has been set up before."),
        "AT005" => (Code::ValidationFailed, "The database refused a value."),
        "AT006" => (Code::Conflict, "Your rights changed meanwhile; please try again."),
        "42501" if stage == Stage::Connect => {
            (Code::DbLoginShut, "The login may not use this database.")
        }
        "42501" => (Code::AccessDenied, "The database refused it: a right is missing."),
        "23505" => (Code::Conflict, "There is one like it already."),
        "23503" => (Code::Conflict, "Something that it refers to is not there, or still needed."),
        "23502" | "23514" | "22001" | "22003" | "22007" | "22008" | "22P02" | "22021" => {
            (Code::ValidationFailed, "A value does not have the form that it must have.")
        }
        "55P03" | "40001" | "40P01" | "53300" | "53200" | "53400" | "57P03" => {
            (Code::DbBusy, "The database is busy; please try again.")
        }
        "53100" => (Code::DiskFull, "The database server's disk is full."),
        "57P01" | "57P02" | "57P05" | "25P03" | "08000" | "08003" | "08006" => lost(stage),
        _ => (Code::Internal, "The database answered something unexpected."),
    }
}
