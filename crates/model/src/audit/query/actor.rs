//! Whom an actor's name in a query means.

use uuid::Uuid;

/// What `actor_id` and `actor_label` are compared with. Letters count as they were typed and in lower case, because addresses
/// are kept in lower case and a comparison without case would use no index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActorMatch {
    /// `actor_id` is one of these.
    pub ids: Vec<String>,
    /// `actor_label` is one of these.
    pub labels: Vec<String>,
    /// `actor_label` is an e-mail that begins with one of these.
    pub beginnings: Vec<String>,
}

impl ActorMatch {
    /// A whole e-mail is a label; a UUID or a number is an id; anything else may be either, or the beginning of an e-mail.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = name.trim();
        let mut forms = vec![name.to_owned()];
        let lower = name.to_lowercase();
        if lower != name {
            forms.push(lower);
        }
        let is_mail = name
            .rsplit_once('@')
            .and_then(|(_, host)| host.rsplit_once('.'))
            .is_some_and(|(_, end)| end.len() >= 2 && end.chars().all(char::is_alphanumeric));
        let is_id = name.parse::<Uuid>().is_ok()
            || !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
        if is_mail {
            Self { labels: forms, ..Self::default() }
        } else if is_id {
            Self { ids: forms, ..Self::default() }
        } else {
            Self { ids: forms.clone(), labels: forms.clone(), beginnings: forms }
        }
    }
}

/// The first text, byte by byte, that is after every text with this beginning; `None` where there is none.
#[must_use]
pub fn end_of_beginning(beginning: &str) -> Option<String> {
    let mut kept = beginning.to_owned();
    while let Some(last) = kept.pop() {
        // A range of chars leaves out what is no character.
        if let Some(next) = (last..=char::MAX).nth(1) {
            kept.push(next);
            return Some(kept);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names() {
        let of = |name| {
            let m = ActorMatch::of(name);
            (m.ids.join(" "), m.labels.join(" "), m.beginnings.join(" "))
        };
        let text = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(of("ana@example.com"), text("", "ana@example.com", ""));
        assert_eq!(of(" Ana@Example.com "), text("", "Ana@Example.com ana@example.com", ""));
        assert_eq!(of("ana"), text("ana", "ana", "ana"));
        assert_eq!(of("ana@ex"), text("ana@ex", "ana@ex", "ana@ex"));
        assert_eq!(of("42"), text("42", "", ""));
        let id = "00000000-0000-4000-8000-000000000001";
        assert_eq!(of(id), text(id, "", ""));
    }

    #[test]
    fn ends() {
        assert_eq!(end_of_beginning("an").as_deref(), Some("ao"));
        assert_eq!(end_of_beginning("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(end_of_beginning("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(end_of_beginning("\u{10FFFF}"), None);
        assert_eq!(end_of_beginning(""), None);
    }

    proptest! {
        #[test]
        fn what_begins_so_lies_before_the_end(beginning in ".{1,5}", rest: String, other: String) {
            let end = end_of_beginning(&beginning);
            let within = |t: &str| t >= beginning.as_str() && end.as_deref().is_none_or(|e| t < e);
            let longer = format!("{beginning}{rest}");
            prop_assert!(within(&longer));
            prop_assert_eq!(within(&other), other.starts_with(&beginning));
        }
    }
}
