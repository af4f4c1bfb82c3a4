//! What is tried: `statements.sql`, and by a superuser on one row of each recorded table, `work.txt`.

use std::sync::LazyLock;

/// A statement: the table that it is about, what it tries, and the text.
pub struct Statement {
    pub table: &'static str,
    pub what: &'static str,
    pub sql: &'static str,
}

/// Every statement.
pub static STATEMENTS: LazyLock<Vec<Statement>> = LazyLock::new(|| {
    let lines: Vec<&str> = include_str!("statements.sql").lines().collect();
    let headed =
        lines.windows(2).filter(|pair| pair[0].starts_with("-- ") && pair[0].contains(" | "));
    headed
        .map(|pair| {
            let (table, what) = pair[0].strip_prefix("-- ").unwrap().split_once(" | ").unwrap();
            Statement { table, what, sql: pair[1] }
        })
        .collect()
});

/// Table, columns, values and a change.
pub static WORK: LazyLock<Vec<[&str; 4]>> = LazyLock::new(|| {
    let lines = include_str!("work.txt").lines().skip(1);
    lines.map(|l| l.split(" | ").collect::<Vec<_>>().try_into().unwrap()).collect()
});
