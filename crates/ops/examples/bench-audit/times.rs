//! Measuring: a few runs that nobody counts, then the median of the others.

use crate::Outcome;
use std::time::Instant;

/// Each side of a comparison runs so often in a row, and the sides take turns so often.
pub const RUNS: usize = 11;
const TURNS: usize = 7;
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

/// Both sides take turns, so that what else the machine does meets both.
pub async fn beside<T>(
    name: &str,
    ours: impl AsyncFn() -> Outcome<T>,
    theirs: impl Fn() -> Outcome<Vec<f64>>,
) -> Outcome<()> {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        a.extend(times(&ours).await?);
        b.extend(theirs()?);
    }
    let (a, b) = (median(a), median(b));
    println!("{name:<28}{a:>9.2}  {b:>9.2}  {:>6.2}", a / b);
    Ok(())
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
