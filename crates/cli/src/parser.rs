//! From the words of the command line to [`Arguments`], or to what is wrong with them, in the language asked for.
//!
//! English errors are clap's own text, but for what Rust's library says of numbers. The Spanish ones say the same, made from the kind of an error and what clap tells of it;
//! of kinds that this command line cannot run into, clap's text stays.

use crate::args::Arguments;
use crate::failure::{Failure, Result};
use crate::language::Language;
use crate::output::{Output, plain};
use crate::{exit, help};
use atalaya_model::Code;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{FromArgMatches, ValueEnum};
use std::error::Error as _;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};

/// How to answer, as the words themselves say it: a word that is wrong must not hide `--json` or `--lang`, wherever they stand.
/// They are looked for as plain words; a value that looks like them changes the form of an error and nothing else.
pub fn form(given: &[OsString], otherwise: Language) -> Output {
    let words: Vec<_> = given.iter().skip(1).map(|word| word.to_string_lossy()).collect();
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let words = &words[..end];
    let language = words.iter().enumerate().find_map(|(n, word)| {
        let value = match word.strip_prefix("--lang")? {
            "" => words.get(n + 1)?,
            rest => rest.strip_prefix('=')?,
        };
        Language::from_str(value, false).ok()
    });
    Output::new(words.iter().any(|word| word == "--json"), language.unwrap_or(otherwise))
}

/// Reads them.
pub fn read(given: Vec<OsString>, language: Language) -> Result<Arguments, Error> {
    let mut command = help::command(language);
    let mut matches = command.try_get_matches_from_mut(given)?;
    Arguments::from_arg_matches_mut(&mut matches).map_err(|e| e.format(&mut command))
}

/// Says what was asked for instead of arguments (`--help`, `--version`), or what is wrong.
pub fn answer(error: &Error, output: &Output) -> Result<u8> {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if output.json && !asked_for {
        let own = if output.language == Language::Es { spanish(error) } else { None };
        return Err(failure(error, &own.unwrap_or_else(|| english(error, false))));
    }
    // Whoever closes the pipe has read enough of it.
    let _ = match output.language {
        Language::En if !asked_for => {
            let text = english(error, false);
            // What was typed may hold what a terminal would obey; the words of a person do not.
            let text = if text.lines().all(|line| plain(line) == line) {
                english(error, std::io::stderr().is_terminal())
            } else {
                text.lines().map(|line| plain(line) + "\n").collect()
            };
            std::io::stderr().lock().write_all(text.as_bytes())
        }
        Language::En => error.print(),
        Language::Es if asked_for => {
            let text = help::in_spanish(&rendered(error, std::io::stdout().is_terminal()));
            std::io::stdout().lock().write_all(text.as_bytes())
        }
        Language::Es => {
            let text = spanish(error).unwrap_or_else(|| {
                help::in_spanish(&rendered(error, std::io::stderr().is_terminal()))
            });
            std::io::stderr().lock().write_all(text.as_bytes())
        }
    };
    Ok(if asked_for { exit::OK } else { exit::of(Code::ValidationFailed) })
}

/// Clap's text; its colours are for a terminal whose user wants them.
fn rendered(error: &Error, terminal: bool) -> String {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let text = error.render();
    if terminal && !unwanted { text.ansi().to_string() } else { text.to_string() }
}

/// The same for programs: the first paragraphs on one line, and what it is about.
fn failure(error: &Error, text: &str) -> Failure {
    let message = if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        None
    } else {
        let of_usage = |part: &&str| !part.starts_with("Us") && !part.contains("'--help'");
        let lines = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
        let parts: Vec<_> = text.split("\n\n").take_while(of_usage).map(lines).collect();
        Some(parts.join("; ").trim_start_matches("error: ").to_owned())
    };
    let mut failure = match message {
        Some(text) => Failure::usage(text.clone(), text),
        None => Failure::usage(
            "A command is missing. `--help` lists the commands.",
            "Falta un comando. `--help` los enumera.",
        ),
    };
    failure = failure.with("kind", kind(error.kind()));
    let facts = [
        ("argument", ContextKind::InvalidArg),
        ("command", ContextKind::InvalidSubcommand),
        ("value", ContextKind::InvalidValue),
        ("suggestion", ContextKind::SuggestedArg),
        ("suggestion", ContextKind::SuggestedSubcommand),
        ("suggestion", ContextKind::SuggestedValue),
    ];
    for (name, of) in facts {
        let values = strings(error, of);
        if !values.is_empty() {
            failure = failure.with(name, values.join(", "));
        }
    }
    failure
}

const fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnknownArgument => "argument_unknown",
        ErrorKind::InvalidSubcommand => "command_unknown",
        ErrorKind::MissingRequiredArgument => "argument_missing",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "command_missing"
        }
        ErrorKind::ArgumentConflict => "argument_conflict",
        _ => "value_unusable",
    }
}

/// What an error tells of itself, as texts.
fn strings(error: &Error, of: ContextKind) -> Vec<String> {
    match error.get(of) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// The error in Spanish, in the form of clap's; `None` where it has no words for it.
fn spanish(error: &Error) -> Option<String> {
    let mut text = format!("error: {}", what(error)?);
    let mut tips = Vec::new();
    for of in
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
    {
        match strings(error, of).as_slice() {
            [] => {}
            [one] => tips.push(format!("existe uno parecido: '{one}'")),
            several => tips.push(format!("existen parecidos: '{}'", several.join("', '"))),
        }
    }
    tips.extend(strings(error, ContextKind::Suggested).iter().map(|tip| tip_in_spanish(tip)));
    if !tips.is_empty() {
        text.push('\n');
    }
    for tip in tips {
        text.push_str(&format!("\n  sugerencia: {tip}"));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text.push_str(&format!("\n\n{}", help::in_spanish(usage.to_string().trim_end())));
    }
    Some(text + "\n\nPara más información, pruebe '--help'.\n")
}

/// What is wrong.
fn what(error: &Error) -> Option<String> {
    let first = |of| strings(error, of).first().map(|text| plain(text));
    let argument = || first(ContextKind::InvalidArg);
    let value = || first(ContextKind::InvalidValue);
    let list = |of| strings(error, of).iter().map(|v| format!("\n  {v}")).collect::<String>();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("no se esperaba el argumento '{}'", argument()?),
        ErrorKind::InvalidSubcommand => {
            format!("no existe el comando '{}'", first(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument => {
            format!("faltan argumentos obligatorios:{}", list(ContextKind::InvalidArg))
        }
        ErrorKind::MissingSubcommand => {
            let commands = strings(error, ContextKind::ValidSubcommand).join(", ");
            let above = first(ContextKind::InvalidSubcommand)?;
            format!("falta un comando después de '{above}'\n  [comandos: {commands}]")
        }
        ErrorKind::InvalidValue => {
            let mut text = wrong_value(&value()?, &argument()?);
            let values = strings(error, ContextKind::ValidValue).join(", ");
            if !values.is_empty() {
                text.push_str(&format!("\n  [valores posibles: {values}]"));
            }
            text
        }
        ErrorKind::ValueValidation => {
            format!("{}{}", wrong_value(&value()?, &argument()?), reason(error))
        }
        ErrorKind::TooManyValues => {
            format!("sobra el valor '{}' de '{}'", value()?, argument()?)
        }
        ErrorKind::ArgumentConflict => {
            let (argument, others) = (argument()?, strings(error, ContextKind::PriorArg));
            match others.as_slice() {
                [other] if *other == argument => {
                    format!("el argumento '{argument}' no se puede repetir")
                }
                [other] => format!("el argumento '{argument}' no se puede usar con '{other}'"),
                _ => {
                    let others = list(ContextKind::PriorArg);
                    format!("el argumento '{argument}' no se puede usar con:{others}")
                }
            }
        }
        ErrorKind::InvalidUtf8 => "un argumento no es UTF-8 válido".to_owned(),
        _ => return None,
    })
}

fn wrong_value(value: &str, argument: &str) -> String {
    if value.is_empty() {
        format!("falta un valor para '{argument}'")
    } else {
        format!("el valor '{value}' no sirve para '{argument}'")
    }
}

/// Why a value does not serve, as the parser of that value says it.
fn reason(error: &Error) -> String {
    match (of_number(error, Language::Es), error.source()) {
        (Some(said), _) => format!(": {said}"),
        (None, Some(source)) => {
            format!(": {}", source.to_string().replace("NAME=CHOICE", "NOMBRE=OPCIÓN"))
        }
        (None, None) => String::new(),
    }
}

/// Why a number does not serve; `None` where it is no number that is asked for.
fn of_number(error: &Error, language: Language) -> Option<String> {
    let text = error.source()?.to_string();
    if text.contains("number too") {
        let (english, spanish) = ("this number is too large", "este número es demasiado grande");
        return Some(language.of(english, spanish).to_owned());
    }
    if text.contains("digit found in string") || text.contains("integer from empty string") {
        return Some(language.of("not a whole number", "no es un número entero").to_owned());
    }
    let (least, most) = text.split_once(" is not in ")?.1.split_once("..=")?;
    Some(match language {
        Language::En => format!("it must be between {least} and {most}"),
        Language::Es => format!("tiene que estar entre {least} y {most}"),
    })
}

/// Clap's text, with our words for what is wrong with a number.
fn english(error: &Error, terminal: bool) -> String {
    let text = rendered(error, terminal);
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    // The last place: the value itself, which stands before it, may read like this.
    match (of_number(error, Language::En), text.rsplit_once(&source)) {
        (Some(said), Some((before, behind))) => format!("{before}{said}{behind}"),
        _ => text,
    }
}

/// Clap's tips, which come as whole sentences.
fn tip_in_spanish(tip: &str) -> String {
    if let Some((value, how)) =
        tip.strip_prefix("to pass ").and_then(|rest| rest.split_once(" as a value, use "))
    {
        return format!("para pasar {value} como valor, use {how}");
    }
    if let Some((command, _)) =
        tip.strip_prefix("subcommand ").and_then(|rest| rest.split_once(" exists; to use it"))
    {
        return format!("el comando {command} existe; para usarlo, quite el '--' que lo precede");
    }
    match tip.strip_suffix(" exists") {
        Some(what) => format!("existe {what}"),
        None => tip.to_owned(),
    }
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
