//! `--help` in the language asked for: clap's command as `args` describes it, or the same with the texts of `spanish`.
//!
//! Clap has no other languages. What it writes itself is replaced where it lets a caller say it; [`in_spanish`] replaces the
//! few words that are left in the text that it gives.

use crate::args::Arguments;
use crate::language::Language;
use crate::query_help;
use crate::spanish::{
    COMMANDS, EVERYWHERE, EXIT_CODES, HEADINGS, HELP, HELP_COMMAND, PLACES, VALUES, Words,
};
use clap::builder::PossibleValue;
use clap::{Arg, Command, CommandFactory};

/// Clap's own words around usage and lists.
const OWN: [(&str, &str); 6] = [
    ("Usage:", "Uso:"),
    ("Commands:", "Comandos:"),
    ("Options:", "Opciones:"),
    ("Arguments:", "Argumentos:"),
    ("[OPTIONS]", "[OPCIONES]"),
    ("<COMMAND>", "<COMANDO>"),
];

/// The command as the parser takes it.
pub fn command(language: Language) -> Command {
    let mut command = Arguments::command();
    if language == Language::Es {
        // What clap adds by itself (`help`, `--help`, `--version`) is there once it is built.
        command.build();
        command = translated(command, "").after_help(EXIT_CODES);
    }
    command
}

/// A text of clap with its own words in Spanish.
pub fn in_spanish(text: &str) -> String {
    OWN.iter().fold(text.to_owned(), |text, (english, spanish)| text.replace(english, spanish))
}

fn translated(command: Command, path: &str) -> Command {
    let words = COMMANDS.iter().find(|w| w.path == path);
    let command = match words {
        Some(words) => command.about(words.about),
        None => command,
    };
    // There is one such text, below the commands that take a query.
    let command = match command.get_after_long_help() {
        Some(_) => command.after_long_help(query_help::SPANISH),
        None => command,
    };
    command.mut_args(|arg| argument(arg, words)).mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        if name == "help" {
            return helping(sub);
        }
        translated(sub, format!("{path} {name}").trim_start())
    })
}

/// `help` holds all commands once more, without their arguments.
fn helping(command: Command) -> Command {
    fn abouts(command: Command, path: &str) -> Command {
        let about = COMMANDS.iter().find(|w| w.path == path).map_or(HELP_COMMAND, |w| w.about);
        command.about(about).mut_subcommands(|sub| {
            let below = format!("{path} {}", sub.get_name());
            abouts(sub, below.trim_start())
        })
    }
    abouts(command, "").about(HELP_COMMAND)
}

fn argument(arg: Arg, words: Option<&Words>) -> Arg {
    let id = arg.get_id().to_string();
    if id == "help" {
        return arg.help(HELP.0).long_help(HELP.1);
    }
    let Some(text) = text(&id, words) else { return arg };
    let heading = arg.get_help_heading().and_then(|heading| of(HEADINGS, heading));
    let place =
        arg.get_value_names().map_or_else(|| id.to_uppercase(), |names| names[0].to_string());
    let place = arg.get_action().takes_values().then(|| of(PLACES, &place)).flatten();
    let (short, long) = noted(text, &arg);
    let mut arg =
        arg.help(short).long_help(long).hide_default_value(true).hide_possible_values(true);
    if let Some(heading) = heading {
        arg = arg.help_heading(heading);
    }
    if let Some(place) = place {
        arg = arg.value_name(place);
    }
    arg
}

fn of(group: &[(&'static str, &'static str)], key: &str) -> Option<&'static str> {
    group.iter().find(|(id, _)| *id == key).map(|(_, text)| *text)
}

fn text(id: &str, words: Option<&Words>) -> Option<&'static str> {
    let own = words.and_then(|w| w.arguments.iter().find_map(|group| of(group, id)));
    own.or_else(|| of(EVERYWHERE, id))
}

/// The text with what clap would say of values and of the default, as `-h` and as `--help` say it.
fn noted(text: &str, arg: &Arg) -> (String, String) {
    let (mut short, mut long) = (text.to_owned(), text.to_owned());
    let default: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
    if arg.get_action().takes_values() && !default.is_empty() {
        let note = format!("[por omisión: {}]", default.join(" "));
        short.push_str(&format!(" {note}"));
        long.push_str(&format!("\n\n{note}"));
    }
    let values =
        if arg.get_action().takes_values() { arg.get_possible_values() } else { Vec::new() };
    if !values.is_empty() {
        let names: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
        short.push_str(&format!(" [valores posibles: {}]", names.join(", ")));
        long.push_str("\n\nValores posibles:");
        let width = names.iter().map(|name| name.len()).max().unwrap_or_default() + 1;
        for name in names {
            let meaning = meaning(arg.get_id().as_str(), name).unwrap_or_default();
            long.push_str(&format!("\n- {:width$} {meaning}", format!("{name}:")));
        }
    }
    (short, long)
}

fn meaning(id: &str, value: &str) -> Option<&'static str> {
    VALUES.iter().find(|(of, name, _)| *of == id && *name == value).map(|(_, _, text)| *text)
}

#[cfg(test)]
#[path = "help_tests.rs"]
mod tests;
