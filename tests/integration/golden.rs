//! Golden files: what a security reviewer reads, compared with what the code and the database say now.

use std::path::Path;

/// Compares with `tests/golden/<name>`; with `UPDATE_GOLDEN=1` in the environment it is written anew.
pub fn golden(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    if before == now {
        return;
    }
    let gone = before.lines().filter(|l| !now.lines().any(|n| n == *l)).map(|l| format!("- {l}"));
    let new = now.lines().filter(|l| !before.lines().any(|b| b == *l)).map(|l| format!("+ {l}"));
    let shown: Vec<_> = gone.chain(new).take(40).collect();
    panic!(
        "golden/{name} differs; review it, then run again with UPDATE_GOLDEN=1\n{}",
        shown.join("\n")
    );
}
