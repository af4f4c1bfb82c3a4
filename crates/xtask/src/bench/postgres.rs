//! How long a user waits for the embedded Postgres.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use atalaya_postgres::{Bootstrap, Cluster, find_binaries};

use crate::place;

/// Any well-formed verifier will do: nobody signs in here.
const VERIFIER: &str = "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

pub fn measure() -> Result<()> {
    let home = std::env::temp_dir().join(format!("atalaya-bench-{}", std::process::id()));
    let measured = place::wait(in_home(&home));
    let _ = std::fs::remove_dir_all(&home);
    measured
}

async fn in_home(home: &Path) -> Result<()> {
    let binaries = find_binaries().await?;
    println!("PostgreSQL {}", binaries.version());
    let cluster = Cluster::at(home, binaries)?;
    let bootstrap = Bootstrap {
        database: "atalaya".into(),
        administrator: "atalaya_admin".into(),
        verifier: VERIFIER.into(),
    };
    timed("make", cluster.init(&bootstrap)).await?;
    let first = timed("start", cluster.attach_or_start()).await?;
    let second = timed("attach", cluster.attach_or_start()).await?;
    second.leave().await?;
    timed("stop", first.leave()).await?;
    Ok(())
}

async fn timed<T>(
    what: &str,
    work: impl Future<Output = atalaya_postgres::Result<T>>,
) -> Result<T> {
    let began = Instant::now();
    let done = work.await?;
    println!("{what:<8}{:>7} ms", began.elapsed().as_millis());
    Ok(done)
}
