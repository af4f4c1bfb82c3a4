//! Measuring: a few runs that nobody counts, then the median of the others.

use crate::Outcome;
use std::time::Instant;

/// Each side of a comparison runs so often in a row, and the sides take turns so often.
pub const RUNS: usize = 11;
const TURNS: usize = 21;
/// The first two find nothing in the caches.
pub const COLD: usize = 2;

/// Median milliseconds.
pub async fn timed<T>(work: impl AsyncFn() -> Outcome<T>) -> Outcome<f64> {
    Ok(median(times(&work).await?))
}

async fn times<T>(work: &impl AsyncFn() -> Outcome<T>) -> Outcome<Vec<f64>> {
    let mut times = Vec::new();
    for run in 0..RUNS + COLD {
        let began = Instant::now();
        work().await?;
        if run >= COLD {
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    Ok(times)
}

/// Both sides take turns, so that what else the machine does meets both. The ratio is the median of the turns': a machine that is
/// slower for a minute is slower for both sides of a turn.
pub async fn beside<T>(
    name: &str,
    ours: impl AsyncFn() -> Outcome<T>,
    theirs: impl Fn() -> Outcome<Vec<f64>>,
) -> Outcome<()> {
    let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (mine, others) = (times(&ours).await?, theirs()?);
        ratios.push(median(mine.clone()) / median(others.clone()));
        a.extend(mine);
        b.extend(others);
    }
    println!("{name:<28}{:>9.2}  {:>9.2}  {:>6.2}", median(a), median(b), median(ratios));
    Ok(())
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
