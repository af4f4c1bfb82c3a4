//! What `cargo xtask bench audit` measures: the operations of the log on a throw-away server, beside the same prepared
//! statements through `pgbench` as the same login under the same policies, and beside `OFFSET` and `COUNT(*)` as CRM Ventas pages.
//!
//! Arguments: how many events, and the one part to measure (`pages`, `numbers`, `export`) where not all are. Prints medians in milliseconds and ratios.

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
    let part = std::env::args().nth(2);
    let done = measure(&place, rows, |each| part.as_deref().is_none_or(|it| it == each)).await;
    place.cx.store.close().await;
    std::fs::remove_dir_all(&place.folder)?;
    done
}

async fn measure(place: &Place, rows: i64, wanted: impl Fn(&str) -> bool) -> Outcome<()> {
    place.fill(rows)?;
    if wanted("pages") {
        pages::measure(place, rows).await?;
    }
    if wanted("numbers") {
        numbers::measure(place).await?;
    }
    if wanted("export") {
        export::measure(place, rows).await?;
    }
    Ok(())
}
