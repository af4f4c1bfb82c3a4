//! A raw connection, as `psql` has one: whoever knows a login's password can send any text.

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use std::path::Path;

/// A connection as one login. Statements go as text, like in psql.
pub struct Psql(PgConnection);

/// What Postgres refused: its state and its words.
#[derive(Debug)]
pub struct Said {
    pub state: String,
    pub text: String,
}

impl From<sqlx::Error> for Said {
    fn from(e: sqlx::Error) -> Self {
        let db = e.as_database_error();
        let state = db.and_then(|d| d.code()).map_or("-----".into(), |c| c.into_owned());
        Self { state, text: e.to_string() }
    }
}

impl Psql {
    pub async fn connect(
        host: &Path,
        port: u16,
        user: &str,
        password: &str,
        database: &str,
    ) -> Result<Self, Said> {
        let options = PgConnectOptions::new_without_pgpass()
            .socket(host)
            .port(port)
            .username(user)
            .password(password)
            .database(database)
            .log_statements("off".parse().unwrap());
        Ok(Self(options.connect().await?))
    }

    /// All rows of all statements, each cell as text.
    pub async fn rows(&mut self, sql: impl Into<String>) -> Result<Vec<Vec<Option<String>>>, Said> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.into())).fetch_all(&mut self.0).await?;
        Ok(rows.iter().map(cells).collect())
    }

    /// Runs it; how many rows it touched.
    pub async fn run(&mut self, sql: impl Into<String>) -> Result<u64, Said> {
        Ok(sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut self.0).await?.rows_affected())
    }

    /// Runs what must work.
    pub async fn must(&mut self, sql: impl Into<String>) -> u64 {
        let sql = sql.into();
        self.run(sql.clone()).await.unwrap_or_else(|e| panic!("{sql}\n{} {}", e.state, e.text))
    }

    /// The one cell of the last row; what must be there.
    pub async fn one(&mut self, sql: impl Into<String>) -> String {
        let sql = sql.into();
        let rows = self
            .rows(sql.clone())
            .await
            .unwrap_or_else(|e| panic!("{sql}\n{} {}", e.state, e.text));
        rows.last().and_then(|r| r.first()).cloned().flatten().unwrap_or_default()
    }

    /// The state with which Postgres refuses it.
    pub async fn refused(&mut self, sql: impl Into<String>) -> String {
        let sql = sql.into();
        match self.run(sql.clone()).await {
            Ok(n) => panic!("not refused, {n} rows: {sql}"),
            Err(e) => e.state,
        }
    }

    /// The connection itself, for statements with parameters.
    pub fn into_inner(self) -> PgConnection {
        self.0
    }

    pub async fn close(self) {
        self.0.close().await.unwrap();
    }
}

fn cells(row: &PgRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|i| {
            let value = row.try_get_raw(i).unwrap();
            value.as_str().ok().map(str::to_owned)
        })
        .collect()
}
