//! Days, months, years, times of day and numbers as people write them, in Spanish and English.

use super::period::{Day, MOST, Unit};
use chrono::{NaiveDate, NaiveTime, Weekday};

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

/// Days of the week. `mar` is no Tuesday but March.
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["monday", "lunes", "mon", "lun"]),
    (Weekday::Tue, &["tuesday", "martes", "tue", "tues"]),
    (Weekday::Wed, &["wednesday", "miercoles", "wed", "mie"]),
    (Weekday::Thu, &["thursday", "jueves", "thu", "thur", "thurs", "jue"]),
    (Weekday::Fri, &["friday", "viernes", "fri", "vie"]),
    (Weekday::Sat, &["saturday", "sabado", "sat", "sab"]),
    (Weekday::Sun, &["sunday", "domingo", "sun", "dom"]),
];

/// Counts that are written as words, from one to twelve, each in both languages.
const NUMBERS: [&[&str]; 12] = [
    &["one", "a", "an", "un", "una", "uno"],
    &["two", "dos"],
    &["three", "tres"],
    &["four", "cuatro"],
    &["five", "cinco"],
    &["six", "seis"],
    &["seven", "siete"],
    &["eight", "ocho"],
    &["nine", "nueve"],
    &["ten", "diez"],
    &["eleven", "once"],
    &["twelve", "doce"],
];

/// Parts of a year by their place in it.
const ORDINALS: [&[&str]; 4] = [
    &["first", "1st", "primer", "primero", "primera", "1er", "1º", "1.º"],
    &["second", "2nd", "segundo", "segunda", "2do", "2º", "2.º"],
    &["third", "3rd", "tercer", "tercero", "tercera", "3er", "3º", "3.º"],
    &["fourth", "4th", "cuarto", "cuarta", "4to", "4º", "4.º"],
];

/// Words that change nothing.
const NOISE: [&str; 14] = [
    "the", "el", "la", "los", "las", "de", "del", "of", "on", "in", "en", "at", "during", "durante",
];

/// What a text says, word by word: lower case, without accents, commas and words that change nothing. What is written together
/// and means several words is taken apart (`24h`, `2..6`, `10:00-12:00`), `10 a.m.` becomes one.
pub(super) fn words(text: &str) -> Vec<String> {
    let spaced = plain(text).replace(',', " ").replace("..", " .. ").replace(['–', '—'], " .. ");
    let mut out: Vec<String> = Vec::new();
    for word in spaced.split_whitespace() {
        match word {
            "-" => out.push("..".to_owned()),
            "am" | "a.m." | "pm" | "p.m." | "a." | "p."
                if out.last().is_some_and(|w| is_hour(w)) =>
            {
                let half = if word.starts_with('a') { "am" } else { "pm" };
                out.last_mut().into_iter().for_each(|w| w.push_str(half));
            }
            "m." if out.last().is_some_and(|w| w.ends_with('m') && time_of_day(w).is_some()) => {}
            word => out.extend(apart(word)),
        }
    }
    without_noise(out)
}

/// In lower case and without the accents of Spanish vowels. `ñ` is a letter of its own.
pub(super) fn plain(text: &str) -> String {
    let folded = text.chars().flat_map(char::to_lowercase).map(|c| match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    });
    folded.collect()
}

/// "A las 10:00" behind a day is "at 10:00", behind a time it leads to another one; "el día 2" is the second of a month, "el año
/// 2025" a year.
fn without_noise(words: Vec<String>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        let next = rest.peek().map_or("", String::as_str);
        let behind_time = said.last().is_some_and(|w| time_of_day(w).is_some());
        let at = word == "a" && matches!(next, "las" | "la") && !behind_time;
        // "Enero de 26" is a month of a year for some and a day for others: what is kept here is understood by nobody.
        let of_what = matches!(word.as_str(), "de" | "del" | "of")
            && said.last().is_some_and(|w| month(w).is_some())
            && day_of_month(next).is_some();
        if of_what || !at && !NOISE.contains(&word.as_str()) {
            said.push(word);
        }
    }
    let mut out = Vec::new();
    let mut rest = said.into_iter().peekable();
    while let Some(word) = rest.next() {
        let next = rest.peek().map_or("", String::as_str);
        let named = match word.as_str() {
            "dia" | "day" => day_of_month(next).is_some(),
            "ano" | "año" | "year" => year(next).is_some(),
            // "A month ago" is not in August.
            "mes" | "month" => next != "ago" && month(next).is_some(),
            _ => false,
        };
        if !named {
            out.push(word);
        }
    }
    out
}

fn is_hour(word: &str) -> bool {
    word.split(':').next().is_some_and(|h| matches!(h.len(), 1 | 2))
        && word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || b == b':')
}

/// A word that stands for several.
fn apart(word: &str) -> Vec<String> {
    let of = |parts: &[&str]| parts.iter().map(|p| (*p).to_owned()).collect();
    if let Some((a, b)) = word.split_once('-') {
        let both = |is: fn(&str) -> bool| is(a) && is(b);
        if both(|w| time_of_day(w).is_some()) || both(|w| day_of_month(w).is_some()) {
            return of(&[a, "..", b]);
        }
        // 2026-Q1
        if year(a).is_some() && b.len() == 2 && b.starts_with(['q', 't', 'h']) {
            return of(&[a, b]);
        }
    }
    if let Some((day, time)) = word.split_once('t')
        && iso(day).is_some_and(|d| d.day.is_some())
        && time_of_day(time).is_some()
    {
        return of(&[day, time]);
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (count, letters) = word.split_at(digits);
    if digits > 0 && unit(letters).is_some() { of(&[count, letters]) } else { of(&[word]) }
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

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix('.').unwrap_or(word);
    WEEKDAYS.iter().find(|(_, names)| names.contains(&word)).map(|(day, _)| *day)
}

/// Its English name.
pub(super) fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(d, _)| *d == day).map_or("", |(_, names)| names[0])
}

pub(super) fn year(word: &str) -> Option<i32> {
    (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
}

/// 1 to 31; `1st` and `2nd` too.
pub(super) fn day_of_month(word: &str) -> Option<u32> {
    if matches!(word, "first" | "primero") {
        return Some(1);
    }
    const ENDINGS: [&str; 6] = ["st", "nd", "rd", "th", ".º", "º"];
    let digits = ENDINGS.iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
    let is_short = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
    is_short.then(|| digits.parse().ok())?.filter(|d| (1..=31).contains(d))
}

/// `10:00`, `9:30:15`, `3pm`, `3:30pm`, `noon`.
pub(super) fn time_of_day(word: &str) -> Option<NaiveTime> {
    if matches!(word, "noon" | "mediodia") {
        return NaiveTime::from_hms_opt(12, 0, 0);
    }
    let (clock, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (word, None),
    };
    let mut parts = clock.split(':');
    let mut part = |longest: bool| -> Option<Option<u32>> {
        let Some(text) = parts.next() else { return Some(None) };
        let fits = text.len() == 2 || !longest && text.len() == 1;
        let digits = fits && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse().ok().map(Some) } else { None }
    };
    let (hour, minute, second) = (part(false)??, part(true)?, part(true)?);
    if parts.next().is_some() || half.is_none() && minute.is_none() {
        return None;
    }
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute.unwrap_or(0), second.unwrap_or(0))
}

/// 1 to [`MOST`], in digits or up to twelve as a word.
pub(super) fn number(word: &str) -> Option<u32> {
    let spelt = place(&NUMBERS, word);
    spelt.or_else(|| word.parse().ok()).filter(|n| (1..=MOST).contains(n))
}

/// 1 to 4, of `first`, `primer` or `1`.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    place(&ORDINALS, word).or_else(|| word.parse().ok().filter(|n| (1..=4).contains(n)))
}

fn place(lists: &[&[&str]], word: &str) -> Option<u32> {
    lists.iter().position(|names| names.contains(&word)).and_then(|n| u32::try_from(n + 1).ok())
}

/// Whether a unit of time is said to be several.
pub(super) fn is_plural(word: &str) -> bool {
    word.ends_with('s') && word != "mes"
}

/// Whether a text begins with a year of four digits, as ISO 8601 has it.
pub(super) fn has_year(text: &str) -> bool {
    text.split_once('-').is_some_and(|(first, _)| year(first).is_some())
}

/// A unit of time in singular or plural.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" | "minutes" | "minuto" | "minutos" | "min" | "mins" => Unit::Minute,
        "hour" | "hours" | "hora" | "horas" | "h" | "hr" | "hrs" => Unit::Hour,
        "day" | "days" | "dia" | "dias" | "d" => Unit::Day,
        "week" | "weeks" | "semana" | "semanas" | "w" => Unit::Week,
        "month" | "months" | "mes" | "meses" => Unit::Month,
        "quarter" | "quarters" | "trimestre" | "trimestres" => Unit::Quarter,
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

/// `2026-03-01`, `2026-03`, `2026`, `25/3/2026`, `1 march 2026`, `march 1`, `march`, `1`.
pub(super) fn partial(words: &[&str]) -> Option<Partial> {
    if let [word] = words
        && let Some(parts) = iso(word).or_else(|| numeric(word))
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
    let mut parts = word.split(['-', '/']);
    let (y, m, d) = (year(parts.next()?)?, parts.next()?, parts.next());
    let two = |text: &str, most| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok())?.filter(|n| (1..=most).contains(n))
    };
    let day = match d {
        Some(d) => Some(two(d, 31)?),
        None => None,
    };
    let found = Partial { year: Some(y), month: Some(two(m, 12)?), day };
    let whole = day.is_none() || found.whole_day().is_some();
    (whole && parts.next().is_none()).then_some(found)
}

/// `25/3/2026` and `3/25/2026`, where the numbers tell which is the month; `3/2026`.
fn numeric(word: &str) -> Option<Partial> {
    let (a, b, y) = numbers(word)?;
    let Some(b) = b else { return Some(Partial { year: Some(y), month: Some(a), day: None }) };
    let (day, month) = if a == b || a > 12 {
        (a, b)
    } else if b > 12 {
        (b, a)
    } else {
        return None;
    };
    let found = Partial { year: Some(y), month: Some(month), day: Some(day) };
    found.whole_day().map(|_| found)
}

/// The numbers of `1/3/2026` or `1-3-2026`; of `3/2026` a month and no second.
fn numbers(word: &str) -> Option<(u32, Option<u32>, i32)> {
    let parts: Vec<&str> = word.split(['-', '/']).collect();
    match parts.as_slice() {
        [a, b, y] => Some((day_of_month(a)?, Some(day_of_month(b)?), year(y)?)),
        [m, y] => Some((day_of_month(m).filter(|m| *m <= 12)?, None, year(y)?)),
        _ => None,
    }
}

/// What a text means whose dates could be read with the day or with the month first: with its dates as ISO 8601 writes them, both
/// ways where no other date of the text tells which.
pub(super) fn both_ways(text: &str) -> Vec<String> {
    let spaced = text.replace("..", " .. ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let dates = words.iter().filter_map(|w| match numbers(w) {
        Some((a, Some(b), _)) => Some((a, b)),
        _ => None,
    });
    let dates: Vec<_> = dates.collect();
    if !dates.iter().any(|(a, b)| a != b && *a <= 12 && *b <= 12) {
        return Vec::new();
    }
    let write = |day_first: bool| {
        let words = words.iter().map(|word| match numbers(word) {
            Some((a, Some(b), y)) => {
                let (day, month) = if day_first { (a, b) } else { (b, a) };
                format!("{y:04}-{month:02}-{day:02}")
            }
            _ => (*word).to_owned(),
        });
        words.collect::<Vec<_>>().join(" ").replace(" .. ", "..")
    };
    let possible =
        |day_first: bool| dates.iter().all(|(a, b)| if day_first { *b <= 12 } else { *a <= 12 });
    [true, false].into_iter().filter(|way| possible(*way)).map(write).collect()
}

impl Partial {
    /// The day, if day and month are known and there is such a day in that year, or in some year.
    pub(super) fn whole_day(self) -> Option<Day> {
        let day = Day { year: self.year, month: self.month?, day: self.day? };
        // 2024 had a 29th of February.
        NaiveDate::from_ymd_opt(day.year.unwrap_or(2024), day.month, day.day).map(|_| day)
    }
}
