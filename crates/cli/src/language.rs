//! Spanish or English.

use clap::ValueEnum;

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Spanish
    Es,
    /// English
    En,
}

impl Language {
    /// That of the environment, as POSIX orders the variables; English where none says Spanish.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()));
        match locale {
            Some(locale)
                if locale == "es" || locale.starts_with("es_") || locale.starts_with("es.") =>
            {
                Self::Es
            }
            _ => Self::En,
        }
    }

    /// The two texts in this language.
    pub const fn both<'t>(
        self,
        english: (&'t str, &'t str),
        spanish: (&'t str, &'t str),
    ) -> (&'t str, &'t str) {
        match self {
            Self::En => english,
            Self::Es => spanish,
        }
    }

    /// The text in this language.
    pub const fn of<'t>(self, english: &'t str, spanish: &'t str) -> &'t str {
        match self {
            Self::En => english,
            Self::Es => spanish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |pairs: &'static [(&str, &str)]| {
            Language::of_environment(move |name| {
                pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
            })
        };
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LANG", "es_AR.UTF-8")]), Language::Es);
        assert_eq!(of(&[("LANG", "es_AR.UTF-8"), ("LC_ALL", "C.UTF-8")]), Language::En);
        assert_eq!(of(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "es")]), Language::Es);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "es.UTF-8")]), Language::Es);
        assert_eq!(of(&[("LANG", "est_EE")]), Language::En);
    }
}
