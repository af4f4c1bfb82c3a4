//! What `cargo xtask bench audit` measures: the operations of the log on a throw-away server, beside the same prepared
//! statements through `pgbench` as the same login under the same policies, and beside `OFFSET` and `COUNT(*)` as CRM Ventas pages.
//!
//! One argument: how many events. Prints medians in milliseconds and ratios.

#![expect(clippy::print_stdout, reason = "its figures are its output")]

mod export;
mod numbers;
mod pages;
mod peer;
mod place;
mod times;

use place::Place;
use std::error::Error;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// One thread waits for the server and goes on with what it said, as the console's workers do.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let rows: i64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let place = Place::new().await?;
    let done = measure(&place, rows).await;
    place.cx.store.close().await;
    std::fs::remove_dir_all(&place.folder)?;
    done
}

async fn measure(place: &Place, rows: i64) -> Outcome<()> {
    place.fill(rows)?;
    pages::measure(place, rows).await?;
    numbers::measure(place).await?;
    export::measure(place, rows).await
}
