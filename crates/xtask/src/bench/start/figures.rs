//! The starts that were measured and what they say.

use std::time::Duration;

use anyhow::{Result, bail};

/// The console may take this many times as long as an empty window.
const BAR: f64 = 1.5;

/// One start: from the call of the program to the page's begin, and to its being usable.
#[derive(Clone, Copy)]
pub struct Start {
    pub page: Duration,
    pub interactive: Duration,
}

/// All starts of one program.
pub struct Starts {
    pub what: &'static str,
    pub measured: Vec<Start>,
}

/// Prints the table, of which the first row is what the others are compared with. A missed bar is an
/// error.
pub fn report(rows: &[Starts]) -> Result<()> {
    let Some((empty, others)) = rows.split_first() else { return Ok(()) };
    println!("\nms from start to interactive, {} starts each, in turns", empty.measured.len());
    println!(
        "{:<22}{:>8}{:>9}{:>9}{:>13}{:>9}",
        "", "median", "fastest", "slowest", "page begins", "ratio"
    );
    let base = print(empty, None);
    let mut worst: f64 = 0.0;
    for row in others {
        let ratio = print(row, Some(base)) / base;
        worst = worst.max(ratio);
    }
    if worst > BAR {
        bail!("the bar of {BAR} is missed: {worst:.2}");
    }
    println!("the bar of {BAR} holds: {worst:.2} at most");
    Ok(())
}

/// Prints a row and gives its median.
fn print(row: &Starts, base: Option<f64>) -> f64 {
    let of = |part: fn(&Start) -> Duration| {
        let mut all: Vec<_> =
            row.measured.iter().map(|it| part(it).as_secs_f64() * 1000.0).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let (page, all) = (median(&of(|it| it.page)), of(|it| it.interactive));
    let middle = median(&all);
    let (fastest, slowest) = (all.first().unwrap_or(&0.0), all.last().unwrap_or(&0.0));
    let ratio = base.map_or_else(String::new, |base| format!("{:.2}", middle / base));
    println!("{:<22}{middle:>8.0}{fastest:>9.0}{slowest:>9.0}{page:>13.0}{ratio:>9}", row.what);
    middle
}

/// Of sorted numbers; 0 of none.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(half), sorted.get(half.wrapping_sub(1))) {
        (1, Some(middle), _) => *middle,
        (0, Some(above), Some(below)) => f64::midpoint(*above, *below),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(interactive: &[u64]) -> Starts {
        let start =
            |ms: &u64| Start { page: Duration::ZERO, interactive: Duration::from_millis(*ms) };
        Starts { what: "", measured: interactive.iter().map(start).collect() }
    }

    #[test]
    fn the_bar_is_held_by_medians() {
        assert!(report(&[starts(&[100, 100, 100]), starts(&[149, 150, 900])]).is_ok());
        assert!(report(&[starts(&[100, 100, 100]), starts(&[10, 151, 900])]).is_err());
    }

    #[test]
    fn a_median_of_an_even_number_lies_between() {
        assert!((median(&[1.0, 2.0, 4.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }
}
