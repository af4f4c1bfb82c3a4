//! The recovery kit on the command line, of a set-up or a further one: shown once on the terminal itself and asked back, or
//! saved as an encrypted file. The words never go to standard output, which may be a pipe or a file.

use crate::args::{Connection, KitNew};
use crate::connection::{self, Session};
use crate::failure::{Failure, Result};
use crate::output::shown;
use crate::{App, exit, secret_file, terminal};
use atalaya_model::console::{self, KitChallenge};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::{kit, setup};
use serde::Serialize;
use std::path::{Path, PathBuf};
use zeroize::Zeroize;

/// How often the words are asked back before a new kit would be the better advice.
const ATTEMPTS: u32 = 3;

/// How the kit is kept.
pub enum Keeping {
    /// On paper: shown on the terminal.
    Terminal,
    /// As a file under a passphrase of its own.
    File(PathBuf, Secret),
}

impl Keeping {
    /// Judged before anything is done.
    pub fn of(file: Option<&Path>, passphrase: Option<&Path>) -> Result<Self> {
        let (Some(file), Some(passphrase)) = (file, passphrase) else {
            return if terminal::there() {
                Ok(Self::Terminal)
            } else {
                Err(Failure::usage(
                    "There is no terminal to show the recovery kit on; save it with --kit-file and --kit-passphrase-file.",
                    "No hay una terminal donde mostrar el kit de recuperación; guárdelo con --kit-file y --kit-passphrase-file.",
                ))
            };
        };
        if file.exists() {
            return Err(Failure::saying(
                Code::Conflict,
                "The kit's file is there already; a kit is never replaced unseen.",
                "El archivo del kit ya existe; un kit nunca se reemplaza sin que usted lo vea.",
            )
            .with("path", shown(file)));
        }
        let passphrase = secret_file::passphrase(passphrase)?;
        if setup::strength(&passphrase, &[]).score < 3 {
            return Err(
                Error::new(Code::WeakPassphrase, "This passphrase is too easy to guess.").into()
            );
        }
        Ok(Self::File(file.to_owned(), passphrase))
    }
}

/// What `kit new` did.
#[derive(Debug, Serialize)]
struct Made {
    connection_id: String,
    /// Where the kit was saved; `null` when it was shown on the terminal.
    kit_file: Option<String>,
}

/// `kit new`: a further kit, which takes the place of the one before. Opening the session asks for the passphrase.
pub async fn new(app: &App, how: KitNew) -> Result<u8> {
    let keeping = Keeping::of(how.kit_file.as_deref(), how.kit_passphrase_file.as_deref())?;
    let to = Connection {
        dsn_file: None,
        connection: how.connection,
        passphrase_file: how.passphrase_file,
    };
    let session = connection::open_with_keys(app, &to).await?;
    let made = match session.connection.clone() {
        Some(connection) => make(app, &session, &connection, &keeping)
            .await
            .map(|kit_file| Made { connection_id: connection.id, kit_file }),
        None => Err(Error::new(Code::NotSignedIn, "This needs the operator's keys.").into()),
    };
    session.close().await;
    let made = made?;
    app.output.answer(&made, || {
        let done = app.output.say(
            "The new recovery kit counts. The one before opens nothing any more: destroy it.",
            "El nuevo kit de recuperación ya vale. El anterior no abre nada: destrúyalo.",
        );
        match &made.kit_file {
            Some(path) => format!("{done}\n{path}"),
            None => done.to_owned(),
        }
    })?;
    Ok(exit::OK)
}

/// Makes the kit a recipient of everything; where it was saved.
pub async fn make(
    app: &App,
    session: &Session,
    connection: &console::Connection,
    keeping: &Keeping,
) -> Result<Option<String>> {
    let draft = kit::begin(&app.workplace)?;
    let mut challenge = draft.shown();
    let saved = match keeping {
        Keeping::File(path, passphrase) => {
            let saved = kit::save(&app.workplace, &draft, passphrase.clone(), path).await?;
            Some(saved.path)
        }
        Keeping::Terminal => {
            let (text, prompt) = page(app, &challenge);
            terminal::show_once(text, prompt).await?;
            None
        }
    };
    let mut attempt = 1;
    let confirmed = loop {
        let answers = match keeping {
            Keeping::File(..) => words_at(&challenge),
            Keeping::Terminal => ask(app, &challenge.ask).await?,
        };
        let done =
            kit::confirm(&session.context, &session.caller, connection, &draft, &answers).await;
        match done {
            Err(e) if e.code == Code::KitWordsWrong && attempt < ATTEMPTS => {
                attempt += 1;
                app.output.note(app.output.say("Not these words.", "No son esas palabras."));
            }
            done => break done,
        }
    };
    challenge.words.iter_mut().for_each(Zeroize::zeroize);
    challenge.qr_svg.zeroize();
    let skipped = confirmed?;
    if !skipped.is_empty() {
        let said = app
            .output
            .say("The kit lacks what did not open", "Al kit le falta lo que no se pudo abrir");
        app.output.note(&format!("{said}: {}", skipped.join(", ")));
    }
    Ok(saved)
}

/// The page with the words, four a line, and the question below it.
fn page(app: &App, challenge: &KitChallenge) -> (Secret, String) {
    let head = app.output.say(
        "RECOVERY KIT\n\nWrite these 24 words on paper, in this order. They open everything when this machine is lost, \
         and they are never shown again.\n\n",
        "KIT DE RECUPERACIÓN\n\nAnote estas 24 palabras en papel, en este orden. Abren todo si se pierde este equipo, \
         y no se vuelven a mostrar.\n\n",
    );
    let mut text = String::with_capacity(1024);
    text.push_str(head);
    for (n, word) in challenge.words.iter().enumerate() {
        text.push_str(&format!("{:>4}. {word:<10}", n + 1));
        if n % 4 == 3 {
            text.push('\n');
        }
    }
    let prompt = app.output.say("Written down? Press Enter.", "¿Anotadas? Pulse Intro.");
    (Secret::new(text), prompt.to_owned())
}

/// Three words, typed unseen.
async fn ask(app: &App, positions: &[u8]) -> Result<Vec<Secret>> {
    let mut answers = Vec::with_capacity(positions.len());
    for position in positions {
        let prompt = format!("{} {position}:", app.output.say("Word", "Palabra"));
        answers.push(terminal::secret(prompt).await?);
    }
    Ok(answers)
}

/// The same words, for a kit that is in a file by now.
fn words_at(challenge: &KitChallenge) -> Vec<Secret> {
    let word = |position: &u8| challenge.words.get(usize::from(*position).saturating_sub(1));
    challenge.ask.iter().filter_map(word).map(|w| Secret::new(w.clone())).collect()
}
