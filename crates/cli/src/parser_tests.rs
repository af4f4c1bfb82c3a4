use super::*;

fn words(line: &[&str]) -> Vec<OsString> {
    std::iter::once("atalayactl").chain(line.iter().copied()).map(OsString::from).collect()
}

fn wrong(line: &[&str], language: Language) -> Error {
    read(words(line), language).unwrap_err()
}

#[test]
fn language_and_form_are_found_wherever_they_stand() {
    let of = |line: &[&str]| {
        let output = form(&words(line), Language::En);
        (output.json, output.language)
    };
    assert_eq!(of(&["audit", "list"]), (false, Language::En));
    assert_eq!(of(&["--lang", "es"]), (false, Language::Es));
    assert_eq!(of(&["audit", "lits", "--lang=es", "--json"]), (true, Language::Es));
    assert_eq!(of(&["--lang", "fr"]), (false, Language::En));
    assert_eq!(of(&["--lang"]), (false, Language::En));
    assert_eq!(of(&["--language", "es"]), (false, Language::En));
    assert_eq!(of(&["--", "--lang", "es", "--json"]), (false, Language::En));
}

#[test]
fn whatever_is_wrong_is_said_in_spanish() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["audit", "list", "--limt", "3"],
            &[
                "error: no se esperaba el argumento '--limt'\n\n  sugerencia: existe uno parecido: '--limit'",
                "\n\nUso: atalayactl audit list",
                "Para más información, pruebe '--help'.",
            ],
        ),
        (
            &["audt"],
            &["no existe el comando 'audt'", "existen parecidos: 'adopt', 'audit'", "<COMANDO>"],
        ),
        (
            &["audit", "export"],
            &["faltan argumentos obligatorios:\n  --format <FORMATO>\n  --output <ARCHIVO>"],
        ),
        (
            &["audit", "list", "--limit", "1", "--limit", "2"],
            &["'--limit <N>' no se puede repetir"],
        ),
        (&["--lang", "es"], &["falta un comando después de 'atalayactl'\n  [comandos: db, adopt"]),
        (
            &["audit", "list", "--severity", "loud"],
            &[
                "el valor 'loud' no sirve para '--severity <SEVERIDAD>'",
                "[valores posibles: info, warning, critical]",
            ],
        ),
        (&["audit", "list", "--limit"], &["falta un valor para '--limit <N>'"]),
        (&["audit", "list", "--limit", "0"], &["'--limit <N>': tiene que estar entre 1 y 10000"]),
        (&["audit", "list", "--limit", "x"], &["'--limit <N>': no es un número entero"]),
        (&["audit", "show", "x"], &["el valor 'x' no sirve para '<ID>': no es un número entero"]),
        (&["audit", "list", "--tenant", "x"], &["'--tenant <ID>': no es un número entero"]),
        (&["adopt", "plan", "--decide", "x"], &["'--decide <NOMBRE=OPCIÓN>': NOMBRE=OPCIÓN"]),
        (&["db", "status", "--json=1"], &["sobra el valor '1' de '--json'"]),
        (
            &["doctor", "--connection", "a", "--dsn-file", "b"],
            &["'--connection <NOMBRE>' no se puede usar con '--dsn-file <ARCHIVO>'"],
        ),
        (&["audit", "show", "-x"], &["para pasar '-x' como valor, use '-- -x'"]),
        (&["--", "audit"], &["el comando 'audit' existe; para usarlo, quite el '--'"]),
    ];
    for (line, parts) in cases {
        let text = spanish(&wrong(line, Language::Es)).unwrap_or_else(|| panic!("{line:?}"));
        for part in *parts {
            assert!(text.contains(part), "{line:?}: {text}");
        }
        for english in ["argument ", "value ", "Usage", "OPTIONS", "FILE", "tip:"] {
            assert!(!text.contains(english), "{line:?}: {text}");
        }
    }
}

#[test]
fn of_numbers_english_too_says_what_is_allowed() {
    let cases: &[(&[&str], &str)] = &[
        (&["audit", "list", "--limit", "0"], "'--limit <LIMIT>': it must be between 1 and 10000\n"),
        (&["audit", "list", "--limit", "x"], "'x' for '--limit <LIMIT>': not a whole number\n"),
        (&["audit", "list", "--tenant", "0"], "between 1 and 2147483647\n"),
        (&["audit", "show", "99999999999999999999"], "'<ID>': this number is too large\n"),
        (
            &["audit", "show", "invalid digit found in string"],
            "'invalid digit found in string' for '<ID>': not a whole number\n",
        ),
        (&["adopt", "plan", "--decide", "x"], "'--decide <NAME=CHOICE>': NAME=CHOICE\n"),
        (&["audit", "list", "--limt", "3"], "unexpected argument '--limt'"),
    ];
    for (line, said) in cases {
        let text = english(&wrong(line, Language::En), false);
        assert!(text.contains(said), "{line:?}: {text}");
    }
    let text = spanish(&wrong(&["audit", "show", "99999999999999999999"], Language::Es)).unwrap();
    assert!(text.contains("'<ID>': este número es demasiado grande"), "{text}");
}

#[test]
fn a_value_that_a_terminal_would_obey_is_shown_harmless() {
    let text = spanish(&wrong(&["audit", "list", "--limit", "\u{1b}[2J"], Language::Es)).unwrap();
    assert!(text.contains("\\u{1b}[2J"), "{text}");
}

#[test]
fn programs_get_one_line_and_what_it_is_about() {
    let of = |line: &[&str], language| {
        let error = wrong(line, language);
        let text = spanish(&error).filter(|_| language == Language::Es);
        failure(&error, &text.unwrap_or_else(|| rendered(&error, false)))
    };
    let line = ["audit", "list", "--limt", "3"];
    let english = of(&line, Language::En);
    assert_eq!(
        english.own_text(Language::En).unwrap(),
        "unexpected argument '--limt' found; tip: a similar argument exists: '--limit'"
    );
    assert_eq!(english.error.detail["kind"], "argument_unknown");
    assert_eq!(english.error.detail["argument"], "--limt");
    assert_eq!(english.error.detail["suggestion"], "--limit");
    let spanish = of(&["audit", "export"], Language::Es);
    assert_eq!(
        spanish.own_text(Language::Es).unwrap(),
        "faltan argumentos obligatorios: --format <FORMATO> --output <ARCHIVO>"
    );
    let none = of(&[], Language::Es);
    assert_eq!(none.error.detail["kind"], "command_missing");
    assert_eq!(none.own_text(Language::Es).unwrap(), "Falta un comando. `--help` los enumera.");
}
