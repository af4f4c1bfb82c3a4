//! Embedded Postgres.
