//! Where in a long text something is: the part around it, with a mark below.

use crate::output::{cut, plain};
use unicode_width::UnicodeWidthStr;

/// So many characters are shown on each side, and of the place itself.
const AROUND: usize = 60;

/// What lies between two places, which are counted in UTF-16 units.
pub fn part(text: &str, from: usize, to: usize) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16_lossy(units.get(from..to.min(units.len())).unwrap_or_default())
}

/// The text around a place and a mark under the place. Nothing where that is the text as a whole: a mark would say nothing.
pub fn shown(text: &str, from: usize, to: usize) -> Option<String> {
    let length = text.encode_utf16().count();
    if from == 0 && to >= length {
        return None;
    }
    let (before, place, behind) =
        (part(text, 0, from), part(text, from, to), part(text, to, length));
    let skipped = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skipped).collect();
    let before = format!("{}{}", if skipped > 0 { "…" } else { "" }, plain(&before));
    let whole = plain(&place);
    let place = cut(&whole, AROUND);
    // Behind a place that is cut itself nothing is shown: it would look as if it came next.
    let behind = if place == whole { ended(&behind) } else { String::new() };
    let mark = format!("{}{}", " ".repeat(before.width()), "^".repeat(place.width().max(1)));
    Some(format!("  {before}{place}{behind}\n  {mark}"))
}

fn ended(behind: &str) -> String {
    let more = if behind.chars().nth(AROUND).is_some() { "…" } else { "" };
    format!("{}{more}", plain(&behind.chars().take(AROUND).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, from: usize, to: usize) -> (String, String) {
        let shown = shown(text, from, to).unwrap();
        let (above, below) = shown.split_once('\n').unwrap();
        (above.to_owned(), below.to_owned())
    }

    #[test]
    fn the_mark_stands_under_the_place() {
        let marked = ("  type:a severity:grave x".into(), "                  ^^^^^".into());
        assert_eq!(lines("type:a severity:grave x", 16, 21), marked);
        // Ideographs and faces take two columns, a face two units, and what a terminal would obey is shown as more characters.
        let marked = ("  山😀\\u{1b} tipe:x".into(), "             ^^^^".into());
        assert_eq!(lines("山😀\u{1b} tipe:x", 5, 9), marked);
        assert_eq!(shown("tipe", 0, 4), None);
    }

    #[test]
    fn of_a_long_text_the_part_around_is_shown() {
        let text = format!("{} tipe:x {}", "a".repeat(3_000), "b".repeat(900));
        let (above, below) = lines(&text, 3_001, 3_005);
        assert!(above.starts_with("  …aaa") && above.ends_with("bbb…"), "{above}");
        assert_eq!(above.chars().count(), 2 + 1 + AROUND + 4 + AROUND + 1);
        assert_eq!(below, format!("{}^^^^", " ".repeat(2 + 1 + AROUND)));
        let (above, below) = lines(&format!("x \"{}", "a".repeat(3_000)), 2, 3_003);
        assert!(above.ends_with("aaa…"), "{above}");
        assert_eq!(below.len(), 2 + 2 + AROUND);
    }
}
