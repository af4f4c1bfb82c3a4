//! The second wall: what each login can do by psql alone, and that nothing of the wall can be taken away unnoticed.
//!
//! [`probe`] tries every statement of [`statements`] as every kind of login and says what came of it. The whole answer is a
//! golden file, for a reviewer; the negative controls drop one policy, trigger or flag after the other inside a
//! transaction and ask whether the answer changes. To add a table: its statements, then `UPDATE_GOLDEN=1`.

mod controls;
mod probe;
mod statements;

use crate::bed::{Bed, second_bed};
use crate::golden::golden;
use probe::{Probe, differences};
use std::collections::BTreeMap;
use std::fmt::Write;

/// One line a statement with what most logins get, then the others.
fn readable(seen: &BTreeMap<(String, String), String>) -> String {
    let mut by_statement: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for ((statement, who), outcome) in seen {
        by_statement.entry(statement).or_default().entry(outcome).or_default().push(who);
    }
    let mut text = String::new();
    for (statement, outcomes) in by_statement {
        let most = outcomes.iter().max_by_key(|(_, who)| who.len()).map(|(outcome, _)| *outcome);
        writeln!(text, "{statement}: {}", most.unwrap_or_default()).unwrap();
        for (outcome, who) in outcomes.into_iter().filter(|(o, _)| Some(*o) != most) {
            writeln!(text, "    {outcome}: {}", who.join(" ")).unwrap();
        }
    }
    without_months(text)
}

/// Which months there are depends on the day: they are numbered instead, in their order.
fn without_months(mut text: String) -> String {
    let named = "system_events_y2026m12".len();
    let months: std::collections::BTreeSet<String> = text
        .match_indices("system_events_y")
        .filter_map(|(at, _)| text.get(at..at + named).map(str::to_owned))
        .collect();
    for (n, month) in months.iter().enumerate() {
        text = text.replace(month, &format!("system_events_month{}", n + 1));
    }
    text
}

async fn probe_all(
    bed: &'static Bed,
) -> (BTreeMap<(String, String), String>, BTreeMap<(String, String), String>) {
    let mut probe = Probe::begin(&bed.small().await).await;
    let seen = probe.run(None, false).await;
    let careless = probe.run(None, true).await;
    (seen, careless)
}

#[tokio::test]
async fn what_each_login_can_do_is_what_was_reviewed() {
    let (seen, careless) = controls::whole().await;
    golden("access.txt", &readable(seen));
    // With a policy added that lets everybody do everything: what the restrictive floor still holds.
    golden("floor.txt", &readable(careless));
    let Some(second) = second_bed().await else { return };
    let (other, other_careless) = probe_all(second).await;
    assert_eq!(differences(seen, &other), Vec::<String>::new());
    assert_eq!(differences(careless, &other_careless), Vec::<String>::new());
}
