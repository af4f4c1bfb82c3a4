//! Days, months and years as people write them, in Spanish and English.

use super::when::{Day, Unit};
use chrono::NaiveDate;

/// Months by their names, in order; the first three letters or more of one will do.
const MONTHS: [&[&str]; 12] = [
    &["january", "enero"],
    &["february", "febrero"],
    &["march", "marzo"],
    &["april", "abril"],
    &["may", "mayo"],
    &["june", "junio"],
    &["july", "julio"],
    &["august", "agosto"],
    &["september", "septiembre", "setiembre"],
    &["october", "octubre"],
    &["november", "noviembre"],
    &["december", "diciembre"],
];

/// Words that change nothing.
const NOISE: [&str; 9] = ["the", "el", "la", "los", "las", "de", "del", "of", "on"];

/// Lower case, without accents, commas and words that change nothing.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            ',' => ' ',
            other => other,
        })
        .collect();
    let spaced = plain.replace("..", " .. ");
    spaced.split_whitespace().filter(|w| !NOISE.contains(w)).map(str::to_owned).collect()
}

/// 1 to 12, of a name or its beginning, `sept` and `sept.` too.
fn month(word: &str) -> Option<u32> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let is = |name: &&str| word.len() >= 3 && name.starts_with(word);
    let at = MONTHS.iter().position(|names| names.iter().any(is))?;
    u32::try_from(at + 1).ok()
}

/// The English name of a month.
pub(super) fn month_name(month: u32) -> &'static str {
    usize::try_from(month)
        .ok()
        .and_then(|m| MONTHS.get(m.checked_sub(1)?))
        .map_or("", |names| names[0])
}

fn year(word: &str) -> Option<i32> {
    (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
}

/// 1 to 31; `1st` and `2nd` too.
fn day_of_month(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
    let is_short = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
    is_short.then(|| digits.parse().ok())?.filter(|d| (1..=31).contains(d))
}

/// A unit of time in singular or plural.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" | "minutes" | "minuto" | "minutos" | "min" => Unit::Minute,
        "hour" | "hours" | "hora" | "horas" | "h" => Unit::Hour,
        "day" | "days" | "dia" | "dias" | "d" => Unit::Day,
        "week" | "weeks" | "semana" | "semanas" | "w" => Unit::Week,
        "month" | "months" | "mes" | "meses" => Unit::Month,
        "year" | "years" | "ano" | "anos" | "año" | "años" => Unit::Year,
        _ => return None,
    })
}

/// A date of which parts may be missing; at least one is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Partial {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
}

/// `2026-03-01`, `2026-03`, `2026`, `1 march 2026`, `march 1`, `march`, `1`.
pub(super) fn partial(words: &[String]) -> Option<Partial> {
    if let [word] = words
        && let Some(parts) = iso(word)
    {
        return Some(parts);
    }
    let mut found = Partial::default();
    for word in words {
        if let (Some(m), None) = (month(word), found.month) {
            found.month = Some(m);
        } else if let (Some(y), None) = (year(word), found.year) {
            found.year = Some(y);
        } else if let (Some(d), None) = (day_of_month(word), found.day) {
            found.day = Some(d);
        } else {
            return None;
        }
    }
    (found != Partial::default()).then_some(found)
}

fn iso(word: &str) -> Option<Partial> {
    if let Ok(date) = word.parse::<NaiveDate>()
        && word.len() == 10
    {
        use chrono::Datelike;
        return Some(Partial {
            year: Some(date.year()),
            month: Some(date.month()),
            day: Some(date.day()),
        });
    }
    let (y, m) = word.split_once('-')?;
    let m = (m.len() == 2).then(|| m.parse().ok())?.filter(|m| (1..=12).contains(m))?;
    Some(Partial { year: Some(year(y)?), month: Some(m), day: None })
}

impl Partial {
    /// The day, if day and month are known and there is such a day in that year, or in some year.
    pub(super) fn whole_day(self) -> Option<Day> {
        let day = Day { year: self.year, month: self.month?, day: self.day? };
        // 2024 had a 29th of February.
        NaiveDate::from_ymd_opt(day.year.unwrap_or(2024), day.month, day.day).map(|_| day)
    }
}
