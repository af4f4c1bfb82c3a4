//! `atalayactl`: the command line of Atalaya, for scripts, servers without a window, and database administrators.
//!
//! A shell like the console: it parses, opens a connection, calls one operation of `atalaya_ops` and renders the answer, as
//! text in Spanish or English or as JSON. Answers go to standard output; progress, questions and errors do not. No secret
//! is ever an argument, because other users of a machine can read those.
//!
//! To add a command: its arguments in `args` and `spanish`, a function in the module of its noun, its text and JSON shape in the README.

mod administrator;
mod adopt;
mod args;
mod audit;
mod connection;
mod db;
mod doctor;
mod event;
mod exit;
mod failure;
mod filter;
mod help;
mod hints;
mod json_text;
mod kit;
mod language;
mod list;
mod output;
mod parser;
mod phrases;
mod place;
mod query_help;
mod secret_file;
mod spanish;
mod stats;
mod terminal;
mod words;

use args::{Command, Kit};
use atalaya_keys::keychain::Keychain;
use atalaya_ops::Workplace;
use atalaya_ops::audit::Cancel;
use failure::{Failure, Result};
use language::Language;
use output::Output;

/// What every command works with.
pub struct App {
    /// This machine.
    pub workplace: Workplace,
    /// Where answers go.
    pub output: Output,
    /// Triggered by the first Ctrl-C; the second ends the program at once.
    pub cancel: Cancel,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<_> = std::env::args_os().collect();
    let language = Language::of_environment(|name| std::env::var(name).ok());
    let output = parser::form(&given, language);
    // Before anything else: an argument parser would repeat it in its complaint.
    if let Some(failure) = secret_in_arguments() {
        leave(&output, Err(failure));
    }
    let arguments = match parser::read(given, output.language) {
        Ok(arguments) => arguments,
        Err(error) => leave(&output, parser::answer(&error, &output)),
    };
    let output = Output::new(arguments.json, arguments.lang.unwrap_or(language));
    let workplace = Workplace::new(atalaya_postgres::home(), Keychain::system());
    let app = App { workplace, output, cancel: Cancel::new() };
    tokio::spawn(listen(app.cancel.clone()));
    let result = run(&app, arguments.command).await;
    leave(&app.output, result);
}

async fn run(app: &App, command: Command) -> Result<u8> {
    match command {
        Command::Db(db) => db::run(app, db).await,
        Command::Adopt(adopt) => adopt::run(app, adopt).await,
        Command::Audit(audit) => audit::run(app, audit).await,
        Command::Kit(Kit::New(how)) => kit::new(app, how).await,
        Command::Doctor(connection) => doctor::run(app, &connection).await,
    }
}

/// The first signal lets what is under way end cleanly, the second breaks off. To be ended and a terminal that closes count like
/// Ctrl-C.
async fn listen(cancel: Cancel) {
    while signalled().await {
        if cancel.is_cancelled() {
            std::process::exit(i32::from(exit::of(atalaya_model::Code::Cancelled)));
        }
        cancel.cancel();
    }
}

#[cfg(unix)]
async fn signalled() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut ended), Ok(mut closed)) =
        (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
        _ = ended.recv() => true,
        _ = closed.recv() => true,
    }
}

#[cfg(not(unix))]
async fn signalled() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}

/// Ends the program. Not by returning: a thread may still wait for a key on the terminal.
fn leave(output: &Output, result: Result<u8>) -> ! {
    let code = match result {
        Ok(code) => code,
        Err(failure) => {
            output.failure(&failure);
            exit::of(failure.error.code)
        }
    };
    terminal::settle();
    std::process::exit(i32::from(code))
}

/// A connection string or password among the arguments. It has been seen by then: the message says so.
fn secret_in_arguments() -> Option<Failure> {
    let given = std::env::args_os().skip(1).any(|argument| {
        let text = argument.to_string_lossy().to_ascii_lowercase();
        text.contains("postgres://")
            || text.contains("postgresql://")
            || (text.contains("postgres") && text.contains("://"))
            || text.contains("password=")
    });
    given.then(|| {
        Failure::usage(
            "A connection string was given as an argument, where every user of this machine can read it. \
             Write it into a file that only you can read (chmod 600) and give that with --dsn-file, or set ATALAYA_DSN. \
             If it held a password, change it.",
            "Se pasó una cadena de conexión como argumento, donde cualquier usuario de este equipo puede leerla. \
             Escríbala en un archivo que solo usted pueda leer (chmod 600) e indíquelo con --dsn-file, o use ATALAYA_DSN. \
             Si contenía una contraseña, cámbiela.",
        )
    })
}
