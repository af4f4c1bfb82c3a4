//! Questions on the terminal itself, not on standard input or output, which may be a file or a pipe.

use crate::App;
use crate::failure::{Failure, Result};
use atalaya_model::{Code, Error, Secret};
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[cfg(unix)]
const TERMINAL: (&str, &str) = ("/dev/tty", "/dev/tty");
#[cfg(not(unix))]
const TERMINAL: (&str, &str) = ("CONIN$", "CONOUT$");

/// Leaves the screen as it is and goes to another one, whose content no scrollback keeps.
const OTHER_SCREEN: &str = "\x1b[?1049h\x1b[H\x1b[2J";
const BACK: &str = "\x1b[2J\x1b[?1049l";

/// Set while the terminal does not echo.
static HIDDEN: AtomicBool = AtomicBool::new(false);

/// Waits a moment for a question to give the terminal back, before the program ends.
pub fn settle() {
    for _ in 0..60 {
        if !HIDDEN.load(Ordering::Acquire) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Reads without showing what is typed.
fn hidden(prompt: &str) -> std::io::Result<String> {
    HIDDEN.store(true, Ordering::Release);
    let typed = rpassword::prompt_password(prompt);
    HIDDEN.store(false, Ordering::Release);
    typed
}

/// Whether there is somebody to ask.
pub fn there() -> bool {
    OpenOptions::new().read(true).open(TERMINAL.0).is_ok()
}

/// Asks for a secret without showing it.
pub async fn secret(prompt: String) -> Result<Secret> {
    on_a_thread(move || hidden(&format!("{prompt} "))).await.map(Secret::new)
}

/// Asks for a new passphrase twice.
pub async fn new_passphrase(app: &App) -> Result<Secret> {
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    for _ in 0..3 {
        let first = secret(say(
            "New passphrase of the console:",
            "Nueva frase de contraseña de la consola:",
        ))
        .await?;
        let again = secret(say("Once more:", "Otra vez:")).await?;
        if first.expose() == again.expose() {
            return Ok(first);
        }
        app.output.note(app.output.say("They differ.", "No coinciden."));
    }
    Err(Failure::usage(
        "The passphrases differed three times.",
        "Las frases no coincidieron tres veces.",
    ))
}

/// Asks for `yes` (or `sí`). Anything else is no.
pub async fn agreed(app: &App, question: &str) -> Result<bool> {
    let prompt = format!("{question} [{}] ", app.output.say("yes/no", "sí/no"));
    let asking = on_a_thread(move || {
        OpenOptions::new().write(true).open(TERMINAL.1)?.write_all(prompt.as_bytes())?;
        let mut line = String::new();
        BufReader::new(OpenOptions::new().read(true).open(TERMINAL.0)?).read_line(&mut line)?;
        Ok(line)
    });
    // The thread stays behind in its reading; the program ends without waiting for it.
    let line = tokio::select! {
        line = asking => line?,
        () = app.cancel.cancelled() => return Err(Failure::cancelled()),
    };
    Ok(matches!(line.trim().to_lowercase().as_str(), "yes" | "y" | "si" | "sí" | "s"))
}

/// Shows a text on a screen of its own until Enter is pressed.
pub async fn show_once(text: Secret, prompt: String) -> Result<()> {
    on_a_thread(move || {
        let mut screen = OpenOptions::new().write(true).open(TERMINAL.1)?;
        screen.write_all(OTHER_SCREEN.as_bytes())?;
        screen.write_all(text.expose().as_bytes())?;
        let waited = hidden(&format!("\n{prompt} "));
        screen.write_all(BACK.as_bytes())?;
        waited.map(drop)
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(
    ask: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let asked = tokio::task::spawn_blocking(ask)
        .await
        .map_err(|e| Error::new(Code::Internal, "A question broke off.").because(e))?;
    asked.map_err(|e| match e.kind() {
        ErrorKind::Interrupted | ErrorKind::UnexpectedEof => Failure::cancelled(),
        _ => Failure::usage(
            "There is no terminal to ask on. Give passphrases in files (--passphrase-file) and consent with --yes.",
            "No hay una terminal donde preguntar. Indique las frases en archivos (--passphrase-file) y acepte con --yes.",
        ),
    })
}
