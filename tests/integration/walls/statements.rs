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
    include_str!("statements.sql")
        .split("\n\n")
        .skip(1)
        .map(|block| {
            let (head, sql) = block.split_once('\n').unwrap();
            let (table, what) = head.strip_prefix("-- ").unwrap().split_once(" | ").unwrap();
            Statement { table, what, sql: sql.trim_end() }
        })
        .collect()
});

/// Table, columns, values and a change.
pub static WORK: LazyLock<Vec<[&str; 4]>> = LazyLock::new(|| {
    let lines = include_str!("work.txt").lines().skip(1);
    lines.map(|l| l.split(" | ").collect::<Vec<_>>().try_into().unwrap()).collect()
});
