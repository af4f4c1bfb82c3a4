//! The recovery kit of a set-up on the command line: shown once and asked back, or saved as an encrypted file.

use crate::args::Administrator;
use crate::connection::Session;
use crate::failure::{Failure, Result};
use crate::output::shown;
use crate::{App, secret_file, terminal};
use atalaya_model::console::{Connection, KitChallenge};
use atalaya_model::{Code, Error, Secret};
use atalaya_ops::{kit, setup};
use std::path::PathBuf;
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
    pub fn of(who: &Administrator) -> Result<Self> {
        let (Some(file), Some(passphrase)) = (&who.kit_file, &who.kit_passphrase_file) else {
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
        Ok(Self::File(file.clone(), passphrase))
    }
}

/// Makes the kit a recipient of everything; where it was saved.
pub async fn make(
    app: &App,
    session: &Session,
    connection: &Connection,
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
    confirmed?;
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
