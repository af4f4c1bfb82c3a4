//! The table of `audit list`.

use crate::output::{CELL, Output, cut, plain, table};
use atalaya_model::audit::AuditRow;
use unicode_width::UnicodeWidthStr;

/// With less room than this a message would be cut off before it says anything.
const MESSAGE: usize = 20;

/// What stands between two columns.
const GAP: usize = 2;

/// A line an event. The message takes what a terminal of so many `columns` leaves of a line; a file or a pipe has no width, and gets
/// none: what reads those takes `--json`.
pub fn text(output: Output, rows: &[AuditRow], columns: Option<usize>) -> String {
    if rows.is_empty() {
        return output.say("No events.", "No hay eventos.").to_owned();
    }
    let say = |english, spanish| output.say(english, spanish).to_owned();
    let mut lines = vec![vec![
        say("TIME (UTC)", "FECHA (UTC)"),
        say("SEVERITY", "SEVERIDAD"),
        say("OUTCOME", "RESULTADO"),
        say("EVENT", "EVENTO"),
        say("TENANT", "EMPRESA"),
        "IP".to_owned(),
        "ACTOR".to_owned(),
        "ID".to_owned(),
    ]];
    let cell = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), bounded);
    lines.extend(rows.iter().map(|r| {
        let time = r.occurred_at.to_string();
        let seconds = time.get(..19).filter(|_| time.ends_with('Z')).unwrap_or(&time);
        vec![
            seconds.replace('T', " "),
            cell(&r.severity),
            cell(&r.outcome),
            bounded(&r.event_type),
            r.tenant_id.map_or_else(|| "-".to_owned(), |t| t.to_string()),
            cell(&r.ip),
            cell(if r.actor_label.is_some() { &r.actor_label } else { &r.actor_id }),
            r.id.to_string(),
        ]
    }));
    let room = columns.unwrap_or_default().saturating_sub(width(&lines) + GAP);
    if room >= MESSAGE {
        let head = say("MESSAGE", "MENSAJE");
        let said = rows.iter().map(|r| r.message.as_deref().map_or("-".to_owned(), plain));
        for (line, said) in lines.iter_mut().zip(std::iter::once(head).chain(said)) {
            // The number stays the last.
            line.insert(line.len() - 1, cut(&said, room));
        }
    }
    table(&lines)
}

fn bounded(text: &str) -> String {
    cut(&plain(text), CELL)
}

/// How many columns of a terminal the table takes.
fn width(lines: &[Vec<String>]) -> usize {
    table(lines).lines().map(|line| line.width()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn row(event_type: &str, message: Option<&str>) -> AuditRow {
        AuditRow {
            id: atalaya_model::audit::EventId(7),
            occurred_at: "2026-03-01T10:00:00Z".parse().unwrap(),
            event_type: event_type.to_owned(),
            severity: Some("info".to_owned()),
            message: message.map(str::to_owned),
            tenant_id: None,
            actor_id: None,
            actor_label: Some("ana@example.com".to_owned()),
            actor_kind: None,
            resource_type: None,
            resource_id: None,
            ip: Some("203.0.113.77".to_owned()),
            origin: None,
            outcome: None,
        }
    }

    #[test]
    fn the_message_takes_what_is_left_of_a_line() {
        let long = "ceo@ana@example.com: ".to_owned() + &"a".repeat(1_000);
        let rows = [row("login", Some(&long)), row("login", Some("a\nb")), row("login", None)];
        let output = Output::new(false, Language::En);
        let none = text(output, &rows, None);
        assert!(!none.contains("MESSAGE"), "{none}");
        let without = none.lines().map(|line| line.width()).max().unwrap();
        assert_eq!(text(output, &rows, Some(without + GAP + MESSAGE - 1)), none);
        let wide = text(output, &rows, Some(without + 40));
        let lines: Vec<_> = wide.lines().collect();
        assert!(lines[0].contains("MESSAGE") && lines[0].ends_with("  ID"), "{wide}");
        assert!(lines[1].ends_with("…  7") && lines[2].contains("a\\u{a}b "), "{wide}");
        assert!(lines.iter().all(|line| line.width() <= without + 40), "{wide}");
        assert!(lines[0].width() == without + 40 && lines[3].ends_with("  7"), "{wide}");
    }

    #[test]
    fn a_value_of_any_length_leaves_the_table_its_width() {
        let rows = [row(&"x".repeat(100_000), None), row("山".repeat(500).as_str(), None)];
        let shown = text(Output::new(false, Language::Es), &rows, Some(80));
        assert!(shown.lines().all(|line| line.width() < 2 * 80), "{shown}");
    }
}
