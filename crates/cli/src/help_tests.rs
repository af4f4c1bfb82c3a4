use super::*;
use std::collections::BTreeSet;

/// Every command with its path, those of `help` left out.
fn all(command: &Command, path: &str, visit: &mut impl FnMut(&str, &Command)) {
    visit(path, command);
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        all(sub, format!("{path} {}", sub.get_name()).trim_start(), visit);
    }
}

#[test]
fn every_text_is_there_in_spanish_and_none_is_left_over() {
    let mut english = Arguments::command();
    english.build();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut missing = Vec::new();
    all(&english, "", &mut |path, command| {
        assert!(command.get_long_about().is_none(), "{path}: a text of several paragraphs");
        let words = COMMANDS.iter().find(|w| w.path == path);
        used.insert(format!("command {path}"));
        if words.is_none() {
            missing.push(format!("command {path}"));
        }
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "help") {
            let id = arg.get_id().as_str();
            assert!(arg.get_long_help().is_none(), "{path} {id}: a text of several paragraphs");
            let own = words.is_some_and(|w| w.arguments.iter().any(|g| of(g, id).is_some()));
            used.insert(if own {
                format!("argument {path} {id}")
            } else {
                format!("everywhere {id}")
            });
            if text(id, words).is_none() {
                missing.push(format!("argument {path} {id}"));
            }
            if let Some(heading) = arg.get_help_heading() {
                used.insert(format!("heading {heading}"));
                if of(HEADINGS, heading).is_none() {
                    missing.push(format!("heading {heading}"));
                }
            }
            if !arg.get_action().takes_values() {
                continue;
            }
            let place =
                arg.get_value_names().map_or_else(|| id.to_uppercase(), |n| n[0].to_string());
            if of(PLACES, &place).is_none() {
                missing.push(format!("place {place}"));
            }
            used.insert(format!("place {place}"));
            for value in arg.get_possible_values() {
                used.insert(format!("value {id} {}", value.get_name()));
                if meaning(id, value.get_name()).is_none() {
                    missing.push(format!("value {id} {}", value.get_name()));
                }
            }
        }
    });
    let arguments = COMMANDS.iter().flat_map(|w| {
        let ids = w.arguments.iter().flat_map(|group| group.iter());
        ids.map(|(id, _)| format!("argument {} {id}", w.path))
    });
    let there = COMMANDS
        .iter()
        .map(|w| format!("command {}", w.path))
        .chain(arguments)
        .chain(EVERYWHERE.iter().map(|(id, _)| format!("everywhere {id}")))
        .chain(HEADINGS.iter().map(|(heading, _)| format!("heading {heading}")))
        .chain(PLACES.iter().map(|(place, _)| format!("place {place}")))
        .chain(VALUES.iter().map(|(id, value, _)| format!("value {id} {value}")));
    let left: Vec<_> = there.filter(|entry| !used.contains(entry)).collect();
    assert_eq!((missing, left), (Vec::<String>::new(), Vec::new()));
}

/// What clap writes itself is gone from every page, and no text of ours is changed by taking it away.
#[test]
fn no_page_has_english_words_of_the_parser() {
    let mut spanish = command(Language::Es);
    let mut pages = Vec::new();
    all(&spanish.clone(), "", &mut |path, _| pages.push(path.to_owned()));
    for path in pages {
        let command = path
            .split_whitespace()
            .fold(&mut spanish, |command, name| command.find_subcommand_mut(name).unwrap());
        for text in [command.render_help(), command.render_long_help()] {
            let text = in_spanish(&text.to_string());
            let english = [
                "Usage",
                "Options",
                "Commands",
                "Arguments",
                "OPTIONS",
                "COMMAND",
                "Print ",
                "default",
                "ossible values",
                "FILE>",
            ];
            for word in english {
                assert!(!text.contains(word), "{path}: {word}: {text}");
            }
            assert!(text.contains("Uso: atalayactl") && text.contains("Opciones:"), "{text}");
        }
    }
    let texts = COMMANDS.iter().flat_map(|w| w.arguments.iter().flat_map(|g| g.iter()));
    for text in texts.map(|(_, text)| *text).chain(COMMANDS.iter().map(|w| w.about)) {
        assert_eq!(in_spanish(text), text);
    }
}

#[test]
fn the_language_of_queries_is_below_the_long_help_of_what_takes_one() {
    for (language, text) in
        [(Language::En, query_help::ENGLISH), (Language::Es, query_help::SPANISH)]
    {
        let mut whole = command(language);
        whole.build();
        all(&whole, "", &mut |path, command| {
            let takes = command.get_arguments().any(|arg| arg.get_id() == "query");
            let long = command.clone().render_long_help().to_string();
            assert_eq!(long.contains(text), takes, "{path}: {long}");
            assert!(!command.clone().render_help().to_string().contains(text), "{path}");
        });
    }
}

#[test]
fn english_is_what_the_arguments_say() {
    let text = command(Language::En).render_long_help().to_string();
    assert!(
        text.contains("Usage: atalayactl [OPTIONS] <COMMAND>")
            && text.contains("Exit codes: 0 done")
    );
}
